"""Findings as a queue: settled here in bulk, or in place on the item's own screen."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles.actions.findings import settle_finding
from articles.admin.base import ReadOnlyAdmin, person
from articles.admin.filters import DateFilter, NewspaperFilter
from articles.errors import ActionRefused
from articles.models import Finding, FindingState

LIMIT = 500


@admin.action(description="采纳（文字已改好）", permissions=["settle"])
def accept_selected(model_admin: FindingAdmin, request: HttpRequest, queryset: QuerySet[Finding]) -> None:
    _settle(request, queryset, FindingState.ACCEPTED)


@admin.action(description="排除（原文没有错）", permissions=["settle"])
def dismiss_selected(model_admin: FindingAdmin, request: HttpRequest, queryset: QuerySet[Finding]) -> None:
    _settle(request, queryset, FindingState.DISMISSED)


@admin.action(description="重新打开", permissions=["settle"])
def reopen_selected(model_admin: FindingAdmin, request: HttpRequest, queryset: QuerySet[Finding]) -> None:
    _settle(request, queryset, FindingState.OPEN)


def _settle(request: HttpRequest, queryset: QuerySet[Finding], state: FindingState) -> None:
    """Each on its own; it can be taken back, so there is no page to confirm it."""
    found = list(queryset[: LIMIT + 1])
    done = 0
    for finding in found[:LIMIT]:
        try:
            settle_finding(finding=finding, state=state, actor=person(request))
        except ActionRefused as refusal:
            messages.error(request, f"“{finding}”没有处理：{refusal}")
        else:
            done += 1
    messages.success(request, f"{done} 个疑点已设为“{state.label}”。")
    if len(found) > LIMIT:
        messages.warning(request, f"一次最多处理 {LIMIT} 个：其余请再来一次。")


@admin.register(Finding)
class FindingAdmin(ReadOnlyAdmin[Finding]):
    empty_note = "引擎读版时查出的疑点列在这里。"
    list_display = ("said", "quoted", "fixed", "blocking", "state", "where")
    list_filter = ("state", "is_blocking", DateFilter, NewspaperFilter)
    list_select_related = ("page__issue__newspaper", "article", "notice")
    ordering = ("-pk",)
    sortable_by = ()
    actions = (accept_selected, dismiss_selected, reopen_selected)
    fields = ("where", "kind", "said", "quoted", "fixed", "piece", "is_blocking", "state")
    readonly_fields = ("where", "said", "quoted", "fixed")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Finding]:
        return super().get_queryset(request).select_related("page__issue__newspaper", "article", "notice")

    def has_settle_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("articles.change_finding")

    # They quote what they doubt, identity numbers among it: those are in clear on the notice's own screen.

    @admin.display(description="说明")
    def said(self, finding: Finding) -> str:
        return finding.veiled(finding.message)

    @admin.display(description="原文")
    def quoted(self, finding: Finding) -> str:
        return finding.veiled(finding.quote)

    @admin.display(description="建议")
    def fixed(self, finding: Finding) -> str:
        return finding.veiled(finding.fix)

    @admin.display(description="见报前")
    def blocking(self, finding: Finding) -> SafeString | str:
        return format_html('<span class="badge badge-todo">{}</span>', "必须处理") if finding.is_blocking else ""

    @admin.display(description="在哪里")
    def where(self, finding: Finding) -> SafeString:
        item: Any = finding.article or finding.notice
        name, target = (item.snapshot_key, item) if item else ("page", finding.page)
        href = reverse(f"admin:articles_{name}_change", args=[target.pk])
        anchor = f"#b-{finding.piece}" if finding.piece else "#findings"
        words = f"{finding.page}　{item.title}" if item else str(finding.page)
        return format_html('<a href="{}{}">{}</a>', href, anchor, words)
