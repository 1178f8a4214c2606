"""What was recorded and nobody may change: history, what readers saw, withdrawals."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles.admin.base import ReadOnlyAdmin, whole_number
from articles.admin.filters import DateFilter, NewspaperFilter
from articles.masking import mask
from articles.models import HistoryEntry, Snapshot, Target, Withdrawal
from articles.people import display_name

LISTED = 100


def history_page(
    model_admin: Any,
    request: HttpRequest,
    obj: Model,
    entries: QuerySet[HistoryEntry],
    *,
    is_veiled: bool = False,
) -> HttpResponse:
    """The history of a thing that has no text versions, newest first."""
    found = list(entries[: LISTED + 1])
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": f"历史：{obj}",
        "rows": [
            {"entry": entry, "before": [] if is_veiled else plain_values(entry.before)} for entry in found[:LISTED]
        ],
        "is_cut": len(found) > LISTED,
        "limit": LISTED,
        "back": reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk]),
    }
    return TemplateResponse(request, "admin/articles/item_history.html", context)


def plain_values(before: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        for name, value in before.items()
    ]


@admin.register(HistoryEntry)
class HistoryEntryAdmin(ReadOnlyAdmin[HistoryEntry]):
    list_display = ("at", "who", "act", "what", "version", "why")
    readonly_fields = ("why",)
    list_filter = ("act", "target")
    list_select_related = ("actor",)
    ordering = ("-pk",)
    sortable_by = ()
    search_fields = ("=target_id",)
    search_help_text = "稿件、公告或版的编号。"

    def get_fields(self, request: HttpRequest, obj: HistoryEntry | None = None) -> Any:
        """Former texts of notices and pages hold numbers in clear: they are on those things' own history screens."""
        fields = ["target", "target_id", "act", "version", "actor", "at", "why", "before", "content_hash", "details"]
        hidden = obj is not None and obj.target in (Target.NOTICE, Target.PAGE)
        return [name for name in fields if not (hidden and name == "before")]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[HistoryEntry], search_term: str
    ) -> tuple[QuerySet[HistoryEntry], bool]:
        if not search_term.strip():
            return queryset, False
        number = whole_number(search_term.strip())
        return (queryset.none() if number is None else queryset.filter(target_id=number)), False

    @admin.display(description="为何")
    def why(self, entry: HistoryEntry) -> str:
        return mask(entry.reason)

    @admin.display(description="谁")
    def who(self, entry: HistoryEntry) -> str:
        return display_name(entry.actor)

    @admin.display(description="对象")
    def what(self, entry: HistoryEntry) -> SafeString | str:
        words = f"{entry.get_target_display()} {entry.target_id}"
        if entry.act == "deleted":
            return words
        screen = _SCREENS.get(entry.target, f"articles_{entry.target}")
        return format_html('<a href="{}">{}</a>', reverse(f"admin:{screen}_change", args=[entry.target_id]), words)


_SCREENS: dict[str, str] = {
    Target.CONTRIBUTOR: "articles_contributor",
    Target.ACCOUNT: "auth_user",
    Target.GROUP: "auth_group",
}
"""Where things are changed that are not called as their target is."""


class LiveFilter(admin.SimpleListFilter):
    title = "状态"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [("live", "见报中"), ("scheduled", "已定时"), ("ended", "已结束")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if value == "live":
            return queryset.live()  # type: ignore[attr-defined,no-any-return]
        if value == "scheduled":
            return queryset.scheduled()  # type: ignore[attr-defined,no-any-return]
        if value == "ended":
            return queryset.filter(live_until__lte=timezone.now())
        return queryset.none() if value else queryset


class SnapshotDateFilter(DateFilter):
    path = "date"


class SnapshotNewspaperFilter(NewspaperFilter):
    path = "newspaper"


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnlyAdmin[Snapshot]):
    empty_note = "稿件、公告一见报，就列在这里。"
    list_display = ("title", "newspaper", "date", "page_number", "live_from", "live_until", "signed_by")
    list_filter = (LiveFilter, SnapshotDateFilter, SnapshotNewspaperFilter)
    list_select_related = ("newspaper", "published_by")
    ordering = ("-pk",)
    sortable_by = ()
    fields = (
        "title",
        "item",
        "number",
        "live_from",
        "live_until",
        "published_at",
        "signed_by",
        "newspaper",
        "date",
        "page_number",
        "section",
        "text",
        "source_hash",
    )
    readonly_fields = ("item", "signed_by", "text")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Snapshot]:
        return super().get_queryset(request).select_related("newspaper", "published_by", "article", "notice")

    @admin.display(description="签发")
    def signed_by(self, snapshot: Snapshot) -> str:
        return display_name(snapshot.published_by)

    @admin.display(description="条目")
    def item(self, snapshot: Snapshot) -> SafeString:
        kind = "article" if snapshot.article_id else "notice"
        pk = snapshot.article_id or snapshot.notice_id
        return format_html('<a href="{}">{}</a>', reverse(f"admin:articles_{kind}_change", args=[pk]), snapshot.title)

    @admin.display(description="读者所见正文")
    def text(self, snapshot: Snapshot) -> str:
        return "\n".join(piece["text"] for piece in snapshot.content["body"])


class InForceFilter(admin.SimpleListFilter):
    title = "状态"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [("in_force", "撤稿中"), ("lifted", "已恢复")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "in_force":
            return queryset.in_force()  # type: ignore[attr-defined,no-any-return]
        if self.value() == "lifted":
            return queryset.filter(lifted_at__lte=timezone.now())
        return queryset.none() if self.value() else queryset


@admin.register(Withdrawal)
class WithdrawalAdmin(ReadOnlyAdmin[Withdrawal]):
    empty_note = "见报的稿件撤下之后列在这里，连同给读者看的理由。"
    list_display = ("at", "item", "reason", "who", "lifted_at")
    list_filter = (InForceFilter,)
    list_select_related = ("article", "notice", "by")
    ordering = ("-pk",)
    sortable_by = ()
    fields = ("item", "reason", "at", "who", "lifted_at")
    readonly_fields = ("item", "who")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Withdrawal]:
        return super().get_queryset(request).select_related("article", "notice", "by")

    @admin.display(description="谁")
    def who(self, withdrawal: Withdrawal) -> str:
        return display_name(withdrawal.by)

    @admin.display(description="条目")
    def item(self, withdrawal: Withdrawal) -> SafeString:
        found = withdrawal.article or withdrawal.notice
        assert found is not None  # noqa: S101 - the database holds exactly one
        href = reverse(f"admin:articles_{found.snapshot_key}_change", args=[found.pk])
        return format_html('<a href="{}">{}</a>', href, found.title)
