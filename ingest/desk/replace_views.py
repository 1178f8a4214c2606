"""The screens of find-and-replace over many pages: ask and look, then what became of each page, and undo."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from articles.admin.base import demand, person, whole_number
from articles.models import Issue, Newspaper, Page
from ingest.desk.layout import Refusal
from ingest.desk.replacing import HITS, PAGES, WORDS_LIMIT, check_words, chosen_from, preview, replace_in, undo
from ingest.desk.views import may_use
from ingest.models import ReplacedState, Replacement


class ReplaceForm(forms.Form):
    words = forms.CharField(label="找", max_length=WORDS_LIMIT, strip=False)
    by = forms.CharField(label="换成", max_length=WORDS_LIMIT, required=False, strip=False, help_text="留空就是删去。")
    issue = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**62)
    newspaper = forms.ModelChoiceField(Newspaper.objects.all(), label="报纸", required=False, empty_label="所有报纸")
    start = forms.DateField(label="从", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    end = forms.DateField(label="到", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("issue") and not (data.get("start") and data.get("end")):
            raise forms.ValidationError("请给出起止日期，或从某一期的“查找替换”进来。")
        if data.get("start") and data.get("end") and data["start"] > data["end"]:
            raise forms.ValidationError("“从”要在“到”之前。")
        try:
            check_words(data.get("words", ""), data.get("by", ""))
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return data

    def pages(self) -> QuerySet[Page]:
        data = self.cleaned_data
        if data["issue"]:
            return Page.objects.filter(issue=data["issue"])
        found = Page.objects.filter(issue__date__range=(data["start"], data["end"]))
        return found.filter(issue__newspaper=data["newspaper"]) if data["newspaper"] else found

    def scope(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data["issue"]:
            return {"issue": data["issue"]}
        paper = {"newspaper": data["newspaper"].pk} if data["newspaper"] else {}
        return {**paper, "start": data["start"].isoformat(), "end": data["end"].isoformat()}


def screen(request: HttpRequest) -> HttpResponse:
    """GET asks and shows every hit; POST does what is ticked."""
    demand(may_use(request))
    if request.method == "POST":
        return _do(request)
    is_asked = "words" in request.GET
    form = ReplaceForm(request.GET) if is_asked else ReplaceForm(initial=request.GET.dict())
    found = None
    if is_asked and form.is_valid():
        found = preview(form.pages(), form.cleaned_data["words"], after=whole_number(request.GET.get("after")) or 0)
    asked = {name: value for name, value in request.GET.items() if name != "after"}
    issue = Issue.objects.filter(pk=whole_number(request.GET.get("issue")) or 0).select_related("newspaper").first()
    context = {
        **admin.site.each_context(request),
        "title": "批量查找替换",
        "form": form,
        "issue": issue,
        "found": found,
        "asked": asked,
        "more": urlencode({**asked, "after": found.after}) if found and found.after else "",
        "key": secrets.token_hex(16),
        "limits": {"pages": PAGES, "hits": HITS},
    }
    return TemplateResponse(request, "admin/ingest/desk/replace.html", context)


def _do(request: HttpRequest) -> HttpResponse:
    form = ReplaceForm(request.POST)
    back = reverse("admin:articles_page_replace")
    if not form.is_valid():
        messages.error(request, "没有替换：" + "；".join(str(e) for found in form.errors.values() for e in found))
        return HttpResponseRedirect(back)
    stamps = {
        name.removeprefix("stamp-"): str(value) for name, value in request.POST.items() if name.startswith("stamp-")
    }
    try:
        chosen = chosen_from(request.POST.getlist("hit"), stamps)
        if not chosen:
            raise Refusal("没有勾选任何一处。")
        made = replace_in(
            words=form.cleaned_data["words"],
            by=form.cleaned_data["by"],
            chosen=[each for each in chosen if form.pages().filter(pk=each.page).exists()],
            scope=form.scope(),
            key=request.POST.get("key", "")[:64],
            actor=person(request),
        )
    except Refusal as refusal:
        messages.error(request, f"没有替换：{refusal}")
        return HttpResponseRedirect(back)
    more = request.POST.get("more", "")
    address = reverse("admin:articles_page_replaced", args=[made.pk])
    return HttpResponseRedirect(f"{address}?{urlencode({'more': more})}" if more else address)


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
    rows = list(made.pages.select_related("page__issue__newspaper"))
    context = {
        **admin.site.each_context(request),
        "title": f"批量替换：{made}",
        "made": made,
        "groups": [(state.label, found) for state in ReplacedState if (found := [r for r in rows if r.state == state])],
        "can_undo": made.undone_at is None and any(row.state == ReplacedState.DONE for row in rows),
        "more": request.GET.get("more", ""),
    }
    return TemplateResponse(request, "admin/ingest/desk/replaced.html", context)
