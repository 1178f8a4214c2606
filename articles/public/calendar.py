"""往期回顾: a year of issues as twelve months. Pure."""

from __future__ import annotations

import calendar
import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from articles.public.reading import IssueLink, numbers_of

WEEKDAYS = ("一", "二", "三", "四", "五", "六", "日")

# A weekday is one of the paper's own when it came out on this share of them, and on so many of them at least.
_USUAL_SHARE = 0.6
_USUAL_LEAST = 3


@dataclass(frozen=True, slots=True)
class Day:
    """`issue` is None where there is none to read; `number` is 0 outside the month."""

    number: int
    issue: IssueLink | None
    is_missing: bool = False
    """The paper came out, as far as one can tell, and the issue is not here."""


@dataclass(frozen=True, slots=True)
class Month:
    number: int
    weeks: tuple[tuple[Day, ...], ...]


def missing_days(issues: Sequence[IssueLink]) -> set[datetime.date]:
    """Days between the first and the last of these issues, given by date, on which another seems to have come out.

    The printed numbers know best: where they run on, nothing is missing, however many days lie between (holidays,
    合刊). Where they leap, or there are none, a day is missing when the paper usually comes out on that weekday. An
    archive with a few issues here and there has no usual weekdays, and nothing is said.
    """
    dates = [issue.date for issue in issues]
    usual = _usual_weekdays(dates)
    found: set[datetime.date] = set()
    for one, other in pairwise(issues):
        between = [one.date + datetime.timedelta(n) for n in range(1, (other.date - one.date).days)]
        before, after = numbers_of(one.number), numbers_of(other.number)
        if before and after and after[0] - before[1] == 1:
            continue
        if before and after and after[0] - before[1] - 1 == len(between):
            found.update(between)
            continue
        covered = before[1] - before[0] if before else 0
        found.update([day for day in between if day.weekday() in usual][covered:])
    return found


def _usual_weekdays(dates: Sequence[datetime.date]) -> set[int]:
    if not dates:
        return set()
    came = Counter(date.weekday() for date in dates)
    days = (dates[0] + datetime.timedelta(n) for n in range((dates[-1] - dates[0]).days + 1))
    there = Counter(day.weekday() for day in days)
    return {day for day, count in came.items() if count >= max(_USUAL_LEAST, _USUAL_SHARE * there[day])}


def months_of(year: int, issues: Iterable[IssueLink]) -> list[Month]:
    """The months of the year that have issues, or had a chance to: all from the first to the last with one."""
    listed = sorted(issues, key=lambda issue: issue.date)
    by_date = {issue.date: issue for issue in listed}
    if not by_date:
        return []
    missing = missing_days(listed)

    def day(month: int, number: int) -> Day:
        if not number:
            return Day(0, None)
        date = datetime.date(year, month, number)
        return Day(number, by_date.get(date), date in missing)

    return [
        Month(
            month, tuple(tuple(day(month, number) for number in week) for week in calendar.monthcalendar(year, month))
        )
        for month in range(min(by_date).month, max(by_date).month + 1)
    ]
