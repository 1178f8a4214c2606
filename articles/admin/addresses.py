"""OldAddress in the admin: pasted in pairs, an old address and one of ours."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import Resolver404, resolve, reverse

from articles.actions.addresses import Target, drop_old_address, set_old_address
from articles.admin.base import GuardedAdmin, demand, person
from articles.errors import ActionRefused
from articles.models import Article, DateState, Issue, Newspaper, Notice, OldAddress, Page

LINES_LIMIT = 1_000


class PairsForm(forms.Form):
    lines = forms.CharField(
        label="旧网址和新网址",
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text=(
            "一行一对，中间空一格，例如：http://old.example/html/2012-03/05/content_1.htm /a/123/ 。"
            f"新网址是本站公开的网址：稿件、公告、某一版、某一期或某份报纸。一次不超过 {LINES_LIMIT} 行。"
        ),
        error_messages={"required": "请至少写一行。"},
    )

    def clean_lines(self) -> list[tuple[str, Target]]:
        lines = [(n, line) for n, line in enumerate(self.cleaned_data["lines"].splitlines(), 1) if line.strip()]
        if len(lines) > LINES_LIMIT:
            raise forms.ValidationError(f"一次不超过 {LINES_LIMIT} 行，现有 {len(lines)} 行。")
        found, wrong = [], []
        for number, line in lines:
            parts = line.split()
            target = thing_at(parts[1]) if len(parts) == 2 else None
            if len(parts) != 2:
                wrong.append(f"第 {number} 行：须是两个网址，中间空一格。")
            elif target is None:
                wrong.append(f"第 {number} 行：“{parts[1][:80]}”不是本站稿件、公告、版、期或报纸的网址。")
            else:
                found.append((parts[0], target))
        if wrong:
            raise forms.ValidationError(wrong[:20])
        return found


def thing_at(address: str) -> Target | None:
    """What stands at one of our public addresses, whether or not it is public yet."""
    try:
        match = resolve(urlsplit(address).path)
    except (Resolver404, ValueError):
        return None
    given = match.kwargs
    if match.url_name == "article":
        return Article.objects.filter(pk=given["pk"]).first()
    if match.url_name == "notice":
        return Notice.objects.filter(pk=given["pk"]).first()
    if match.url_name == "newspaper":
        return Newspaper.objects.filter(slug=given["newspaper"]).first()
    if match.url_name not in ("issue", "page"):
        return None
    issues = Issue.objects.filter(newspaper__slug=given["newspaper"], date=given["date"])
    issue = issues.filter(date_state=DateState.CONFIRMED).first()
    if issue is None or match.url_name == "issue":
        return issue
    return Page.objects.filter(issue=issue, number=given["number"]).first()


@admin.action(description="去掉所选的旧网址", permissions=["change"])
def drop_selected(model_admin: OldAddressAdmin, request: HttpRequest, queryset: QuerySet[OldAddress]) -> None:
    dropped = list(queryset[:LINES_LIMIT])
    with transaction.atomic():
        for old in dropped:
            drop_old_address(old=old, actor=person(request))
    messages.success(request, f"已去掉 {len(dropped)} 个旧网址；去向记在各条的历史里。")


@admin.register(OldAddress)
class OldAddressAdmin(GuardedAdmin[OldAddress]):
    empty_note = "旧站的网址登记之后，读者打开它就转到现在的页面。"
    list_display = ("path", "leads_to", "created_at")
    list_select_related = ("article", "notice", "page__issue__newspaper", "issue__newspaper", "newspaper")
    ordering = ("-pk",)
    sortable_by = ()
    search_fields = ("path",)
    search_help_text = "旧网址的开头，例如 /html/2012-03"
    actions = (drop_selected,)
    fields = ("path", "leads_to", "created_at")
    readonly_fields = ("path", "leads_to", "created_at")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[OldAddress], search_term: str
    ) -> tuple[QuerySet[OldAddress], bool]:
        """From the beginning on, so that the index serves."""
        term = search_term.strip()
        return (queryset.filter(path__startswith=term) if term else queryset), False

    def has_change_permission(self, request: HttpRequest, obj: OldAddress | None = None) -> bool:
        """A row is not edited: its old address is set anew, or dropped from the list."""
        return obj is None and super().has_change_permission(request, obj)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        demand(self.has_add_permission(request))
        form = PairsForm(request.POST if request.method == "POST" else None, label_suffix="")
        if request.method == "POST" and form.is_valid():
            try:
                with transaction.atomic():
                    for address, target in form.cleaned_data["lines"]:
                        set_old_address(address=address, target=target, actor=person(request))
            except ActionRefused as refusal:
                form.add_error("lines", str(refusal))
            else:
                messages.success(request, f"已记下 {len(form.cleaned_data['lines'])} 个旧网址。")
                return HttpResponseRedirect(reverse("admin:articles_oldaddress_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "添加旧网址",
            "form": form,
            "back": reverse("admin:articles_oldaddress_changelist"),
        }
        return TemplateResponse(request, "admin/articles/old_addresses.html", context)

    @admin.display(description="现在在")
    def leads_to(self, old: OldAddress) -> str:
        return str(old.target)
