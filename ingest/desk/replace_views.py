"""The screens of find-and-replace over many pages: ask and look, then what became of each page, and undo."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from articles.admin.base import demand, person, whole_number
from articles.admin.searching import read_for_drafts
from articles.models import Issue, Newspaper, Page
from articles.people import display_name
from articles.search.query import LENGTH_LIMIT, QueryRefused
from articles.search.types import Query
from ingest.desk.layout import Refusal
from ingest.desk.replacing import HITS, PAGES, WORDS_LIMIT, check_words, chosen_from, preview, replace_in, undo
from ingest.desk.scopes import OfPages, OfQuery, Scope
from ingest.desk.views import may_use
from ingest.models import ReplacedState, Replacement

TOGETHER = 400
"""Characters of what is asked: it stands in the address, nine bytes each, and servers take some four thousand."""


class ReplaceForm(forms.Form):
    words = forms.CharField(label="找", max_length=WORDS_LIMIT, strip=False)
    by = forms.CharField(label="换成", max_length=WORDS_LIMIT, required=False, strip=False, help_text="留空就是删去。")
    issue = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**62)
    q = forms.CharField(
        label="查询",
        max_length=LENGTH_LIMIT,
        required=False,
        help_text="只换查到的稿件和公告里的字，草稿也在内。写法同站内搜索：标题:、栏目:、报纸:、2021-12、-排除。",
    )
    newspaper = forms.ModelChoiceField(Newspaper.objects.all(), label="报纸", required=False, empty_label="所有报纸")
    start = forms.DateField(label="从", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    end = forms.DateField(label="到", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def clean_q(self) -> Query | None:
        text = self.cleaned_data["q"]
        try:
            return read_for_drafts(text) if text else None
        except QueryRefused as refused:
            raise forms.ValidationError(refused.message) from None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        by_days = [data.get(name) for name in ("newspaper", "start", "end")]
        if data.get("q") and any(by_days):
            raise forms.ValidationError("有查询时，报纸和日期请写在查询里，例如：报纸:报纸的名称 2021-12..2022-03。")
        if not ("q" in self.errors or data.get("q") or data.get("issue") or all(by_days[1:])):
            raise forms.ValidationError("请写查询，或给出起止日期，或从某一期的“查找替换”进来。")
        if data.get("start") and data.get("end") and data["start"] > data["end"]:
            raise forms.ValidationError("“从”要在“到”之前。")
        words, by = data.get("words", ""), data.get("by", "")
        if len(words) + len(by) + len(self.data.get("q", "")) > TOGETHER:
            raise forms.ValidationError(f"查询、找的和换成的加起来不能超过 {TOGETHER} 字。")
        try:
            check_words(words, by)
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return data

    def scope(self) -> Scope:
        data = self.cleaned_data
        if data["issue"]:
            return OfPages(Page.objects.filter(issue=data["issue"]))
        if data["q"]:
            return OfQuery(data["q"])
        found = Page.objects.filter(issue__date__range=(data["start"], data["end"]))
        return OfPages(found.filter(issue__newspaper=data["newspaper"]) if data["newspaper"] else found)

    @property
    def asked(self) -> dict[str, str]:
        """What was asked, as it is sent again: with the form for the hits, and for the next screen."""
        return {name: str(self.data[name]) for name in self.fields if self.data.get(name)}


def screen(request: HttpRequest) -> HttpResponse:
    """GET asks and shows every hit; POST does what is ticked."""
    demand(may_use(request))
    if request.method == "POST":
        return _do(request)
    form = ReplaceForm(request.GET) if "words" in request.GET else ReplaceForm(initial=request.GET.dict())
    found = None
    if form.is_valid():
        try:
            found = preview(form.scope(), form.cleaned_data["words"], after=request.GET.get("after", ""))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    issue = Issue.objects.filter(pk=whole_number(request.GET.get("issue")) or 0).select_related("newspaper").first()
    context = {
        **admin.site.each_context(request),
        "title": "批量查找替换",
        "form": form,
        "issue": issue,
        "found": found,
        "asked": form.asked if found else {},
        "more": _address(form.asked, found.after) if found and found.after else "",
        "key": secrets.token_hex(16),
        "limits": {"pages": PAGES, "hits": HITS},
    }
    return TemplateResponse(request, "admin/ingest/desk/replace.html", context)


def _address(asked: Mapping[str, str], after: str = "") -> str:
    return f"{reverse('admin:articles_page_replace')}?{urlencode({**asked, 'after': after} if after else asked)}"


def _do(request: HttpRequest) -> HttpResponse:
    form = ReplaceForm(request.POST)
    if not form.is_valid():
        messages.error(request, "没有替换：" + "；".join(str(e) for found in form.errors.values() for e in found))
        return HttpResponseRedirect(reverse("admin:articles_page_replace"))
    stamps = {
        name.removeprefix("stamp-"): str(value) for name, value in request.POST.items() if name.startswith("stamp-")
    }
    try:
        chosen = chosen_from(request.POST.getlist("hit"), stamps)
        if not chosen:
            raise Refusal("没有勾选任何一处。")
        covered = form.scope().covers([each.page for each in chosen])
        made = replace_in(
            words=form.cleaned_data["words"],
            by=form.cleaned_data["by"],
            chosen=[each for each in chosen if each.page in covered],
            scope={name: value for name, value in form.asked.items() if name not in ("words", "by")},
            key=request.POST.get("key", "")[:64],
            actor=person(request),
        )
    except Refusal as refusal:
        messages.error(request, f"没有替换：{refusal}")
        return HttpResponseRedirect(_address(form.asked))
    address = reverse("admin:articles_page_replaced", args=[made.pk])
    after = request.POST.get("after", "")
    return HttpResponseRedirect(f"{address}?{urlencode({'after': after})}" if after else address)


def result(request: HttpRequest, number: int) -> HttpResponse:
    """What became of each page; a POST takes it all back."""
    demand(may_use(request))
    made = Replacement.objects.select_related("actor", "undone_by").filter(pk=number).first()
    if made is None:
        raise Http404("没有这次替换。")
    if request.method == "POST":
        if not undo(replacement=made, actor=person(request)):
            messages.warning(request, "这次替换已经撤销过了。")
        return HttpResponseRedirect(reverse("admin:articles_page_replaced", args=[made.pk]))
    asked = {**made.scope, "words": made.words, "by": made.by}
    after = request.GET.get("after", "")[:64]
    rows = list(made.pages.select_related("page__issue__newspaper"))
    context = {
        **admin.site.each_context(request),
        "title": f"批量替换：{made}",
        "made": made,
        "groups": [(state.label, found) for state in ReplacedState if (found := [r for r in rows if r.state == state])],
        "undone_by": display_name(made.undone_by) if made.undone_by else "",
        "can_undo": made.undone_at is None and any(row.state == ReplacedState.DONE for row in rows),
        "more": _address(asked, after) if after else "",
        "again": _address(asked),
    }
    return TemplateResponse(request, "admin/ingest/desk/replaced.html", context)
