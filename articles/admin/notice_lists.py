"""What the list of notices can do besides: periods, and looking a number up exactly."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from articles.models import Notice, NoticeNumber
from articles.numbers import NumberRefused, asked_for


def week_of(day: datetime.date) -> tuple[datetime.date, datetime.date]:
    """Monday and Sunday."""
    monday = day - datetime.timedelta(day.weekday())
    return monday, monday + datetime.timedelta(6)


class DeadlineFilter(admin.SimpleListFilter):
    title = "截止"
    parameter_name = "deadline"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [("week", "本周截止"), ("open", "期限未满"), ("past", "已过期限"), ("none", "没有期限")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return by_deadline(queryset, self.value() or "") if self.value() else queryset


def by_deadline(notices: QuerySet[Any], state: str) -> QuerySet[Any]:
    """Days are Shanghai's, compared in the query."""
    today = timezone.localdate()
    dated = notices.filter(deadline_on__isnull=False)
    if state == "week":
        return dated.filter(deadline_on__range=week_of(today))
    if state == "open":
        return dated.filter(deadline_on__gte=today)
    if state == "past":
        return dated.filter(deadline_on__lt=today)
    return notices.filter(deadline_on__isnull=True) if state == "none" else notices.none()


def with_number(typed: str) -> QuerySet[Notice] | None:
    """The notices that carry this number, however it is typed; None if it is no number."""
    try:
        values = asked_for(typed)
    except NumberRefused:
        return None
    return Notice.objects.filter(pk__in=NoticeNumber.objects.filter(value__in=values).values("notice"))
