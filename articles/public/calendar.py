"""往期回顾: a year of issues as twelve months. Pure."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from articles.public.reading import IssueLink

WEEKDAYS = ("一", "二", "三", "四", "五", "六", "日")


@dataclass(frozen=True, slots=True)
class Day:
    """`issue` is None where there is none to read; `number` is 0 outside the month."""

    number: int
    issue: IssueLink | None


@dataclass(frozen=True, slots=True)
class Month:
    number: int
    weeks: tuple[tuple[Day, ...], ...]


def months_of(year: int, issues: Iterable[IssueLink]) -> list[Month]:
    """The months of the year that have issues, or had a chance to: all from the first to the last with one."""
    by_date = {issue.date: issue for issue in issues}
    if not by_date:
        return []
    first, last = min(by_date).month, max(by_date).month
    return [
        Month(
            month,
            tuple(
                tuple(Day(day, by_date.get(datetime.date(year, month, day)) if day else None) for day in week)
                for week in calendar.monthcalendar(year, month)
            ),
        )
        for month in range(first, last + 1)
    ]
