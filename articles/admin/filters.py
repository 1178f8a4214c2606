"""Filters of the lists, each a bounded question to an index."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import HttpRequest

from articles.admin.work import due, ready
from articles.models import Finding, FindingState, Snapshot, StageKind, Withdrawal


class NewspaperFilter(admin.SimpleListFilter):
    title = "报纸"
    parameter_name = "newspaper"
    path = "page__issue__newspaper"
    listed = 100

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        from articles.models import Newspaper

        named = [(str(pk), name) for pk, name in Newspaper.objects.values_list("pk", "name")[: self.listed]]
        return [*named, ("none", "还没有指明")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if value == "none":
            return queryset.filter(**{f"{self.path}__isnull": True})
        if value:
            return (
                queryset.filter(**{self.path: int(value)}) if value.isascii() and value.isdigit() else queryset.none()
            )
        return queryset


class PageNewspaperFilter(NewspaperFilter):
    path = "issue__newspaper"


class DateFilter(admin.SimpleListFilter):
    """The date of the issue, typed as a year, a month or a day: an archive has too many to list."""

    title = "日期"
    parameter_name = "date"
    template = "admin/articles/date_filter.html"
    path = "page__issue__date"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [("none", "未定日期")]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        hidden = [
            (name, value)
            for name, values in changelist.params.items()
            if name not in (self.parameter_name, "p", "e")
            for value in (values if isinstance(values, list) else [values])
        ]
        yield {
            "name": self.parameter_name,
            "value": self.value() or "",
            "hidden": hidden,
            "is_none": self.value() == "none",
            "none": changelist.get_query_string({self.parameter_name: "none"}),
            "all": changelist.get_query_string(remove=[self.parameter_name]),
            "is_wrong": bool(self.value()) and self.value() != "none" and span(self.value() or "") is None,
        }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if value == "none":
            return queryset.filter(**{f"{self.path}__isnull": True})
        if value:
            days = span(value)
            if days is None:  # never all rows for a date nobody can read
                return queryset.none()
            return queryset.filter(**{f"{self.path}__gte": days[0], f"{self.path}__lt": days[1]})
        return queryset


class PageDateFilter(DateFilter):
    path = "issue__date"


class IssueDateFilter(DateFilter):
    path = "date"


def span(text: str) -> tuple[datetime.date, datetime.date] | None:
    """The days from and before which a text like ``2025``, ``2025-12`` or ``2025-12-20`` means."""
    parts = text.strip().replace("/", "-").replace(".", "-").split("-")
    if not 1 <= len(parts) <= 3 or not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        return None
    numbers = [int(part) for part in parts]
    try:
        first = datetime.date(numbers[0], *([*numbers[1:], 1, 1][:2]))
        if len(numbers) == 3:
            return first, first + datetime.timedelta(days=1)
        if len(numbers) == 2:
            return first, (first + datetime.timedelta(days=32)).replace(day=1)
        return first, first.replace(year=first.year + 1)
    except (ValueError, OverflowError):
        return None


class PublicationFilter(admin.SimpleListFilter):
    title = "见报"
    parameter_name = "publication"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [
            ("ready", "可见报"),
            ("live", "见报中"),
            ("changed", "见报后又改过"),
            ("scheduled", "已定时"),
            ("withdrawn", "已撤稿"),
            ("none", "未见报"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if not value:
            return queryset
        mine = {queryset.model.snapshot_key: OuterRef("pk")}
        live = Snapshot.objects.live().filter(**mine)
        scheduled = Snapshot.objects.scheduled().filter(**mine)
        if value == "ready":
            return ready(queryset)
        if value == "live":
            return queryset.filter(Exists(live))
        if value == "changed":
            return queryset.filter(Exists(live.exclude(source_hash=OuterRef("content_hash"))))
        if value == "scheduled":
            return queryset.filter(Exists(scheduled))
        if value == "withdrawn":
            return queryset.filter(Exists(Withdrawal.objects.in_force().filter(**mine)))
        if value == "none":
            return queryset.filter(~Exists(live), ~Exists(scheduled))
        return queryset.none()


class DueFilter(admin.SimpleListFilter):
    """What waits for a signature, of what was touched lately."""

    title = "等签审"
    parameter_name = "due"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [(kind.value, f"等{kind.label}") for kind in StageKind]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if not value:
            return queryset
        return due(queryset, value) if value in StageKind.values else queryset.none()


class DoubtFilter(admin.SimpleListFilter):
    title = "疑点"
    parameter_name = "doubt"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [("open", "有待处理的"), ("blocking", "有必须先处理的")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if not value:
            return queryset
        if value not in ("open", "blocking"):
            return queryset.none()
        mine = Finding.objects.filter(state=FindingState.OPEN, **{queryset.model.snapshot_key: OuterRef("pk")})
        return queryset.filter(Exists(mine.filter(is_blocking=True) if value == "blocking" else mine))


class CompletenessFilter(admin.SimpleListFilter):
    """Issues that lack pages against the expected number. `pages_there` is annotated by the list."""

    title = "齐全"
    parameter_name = "complete"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [("no", "缺版"), ("yes", "齐全")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if not value:
            return queryset
        known = queryset.filter(expected_pages__isnull=False)
        if value == "no":
            return known.filter(pages_there__lt=F("expected_pages"))
        return known.filter(pages_there__gte=F("expected_pages")) if value == "yes" else queryset.none()
