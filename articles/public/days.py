"""历史上的今天: what stood in the papers on one day of the year, in every year."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from django.db.models import OuterRef, Subquery, Window
from django.db.models.functions import RowNumber
from django.urls import reverse

from articles.models import Snapshot
from articles.public.reading import Entry, Paper, PublicPaper, entries, live_issues, public_papers

_ISSUES = 60
_TITLES = 4


class MonthDay(NamedTuple):
    """A day of a year that is not said: 2 月 29 日 is one."""

    month: int
    day: int

    @classmethod
    def parse(cls, text: str) -> MonthDay:
        """`03-05`. A day that no year has raises `ValueError`."""
        return cls.of(datetime.date.fromisoformat(f"2000-{text}"))

    @classmethod
    def of(cls, date: datetime.date) -> MonthDay:
        return cls(date.month, date.day)

    def __str__(self) -> str:
        return f"{self.month:02}-{self.day:02}"

    @property
    def words(self) -> str:
        return f"{self.month}月{self.day}日"

    @property
    def url(self) -> str:
        return reverse("on-this-day", args=[self])

    def beside(self, days: int) -> MonthDay:
        """The day before or after; the year is one with a 29 February."""
        return MonthDay.of(datetime.date(2000, self.month, self.day) + datetime.timedelta(days))

    def in_years(self, first: int, last: int) -> list[datetime.date]:
        is_leap_day = (self.month, self.day) == (2, 29)
        years = (year for year in range(first, last + 1) if not is_leap_day or calendar.isleap(year))
        return [datetime.date(year, self.month, self.day) for year in years]


@dataclass(frozen=True, slots=True)
class OnThisDay:
    """An issue of that day, with the first titles of the first page that has articles."""

    paper: Paper
    date: datetime.date
    titles: tuple[Entry, ...]

    @property
    def url(self) -> str:
        return reverse("issue", args=[self.paper.slug, self.date])


def on_this_day(day: MonthDay, papers: Iterable[PublicPaper] | None = None) -> list[OnThisDay]:
    """The issues of that day, latest first: three queries, each bounded by the number of years."""
    found = list(public_papers() if papers is None else papers)
    if not found:
        return []
    dates = day.in_years(min(paper.first.year for paper in found), max(paper.last.year for paper in found))
    by_pk = {one.row.pk: one.paper for one in found}
    issues = live_issues().filter(newspaper__in=by_pk, date__in=dates).order_by("-date", "newspaper__name")
    rows = list(issues.values_list("pk", "newspaper", "date")[:_ISSUES])
    live = Snapshot.objects.live().articles()
    first = live.filter(issue=OuterRef("issue")).order_by("page_number").values("page_number")[:1]
    opening = live.filter(issue__in=[pk for pk, _, _ in rows], page_number=Subquery(first))
    # Numbered apart from what is told of them: texts are read of those that are shown.
    place = Window(RowNumber(), partition_by="issue", order_by=["position", "pk"])
    shown = opening.annotate(place=place).filter(place__lte=_TITLES).values("pk")
    titles = entries(Snapshot.objects.live().filter(pk__in=shown).order_by("issue", "position", "pk"), by_pk.values())
    told = {issue: tuple(group) for issue, group in groupby(titles, key=lambda entry: entry.issue_id)}
    return [OnThisDay(by_pk[paper], date, told.get(pk, ())) for pk, paper, date in rows if date and paper in by_pk]
