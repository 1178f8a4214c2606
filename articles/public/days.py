"""历史上的今天: what stood in the papers on one day of the year, in every year."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import OuterRef
from django.db.models.fields.json import KT
from django.urls import reverse

from articles.models import Snapshot
from articles.public.addresses import address
from articles.public.gathering import few
from articles.public.paging import Cursor, Slice
from articles.public.reading import Paper, PublicPaper, live_issues, public_papers, tag_of

SIZE = 20
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
class Title:
    """As much of an article as its line shows."""

    url: str
    title: str
    tag: str


@dataclass(frozen=True, slots=True)
class OnThisDay:
    """An issue of that day, with the first titles of the first page that has articles."""

    paper: Paper
    date: datetime.date
    titles: tuple[Title, ...]

    @property
    def url(self) -> str:
        return reverse("issue", args=[self.paper.slug, self.date])


def on_this_day(day: MonthDay, cursor: Cursor | None, papers: Iterable[PublicPaper] | None = None) -> Slice[OnThisDay]:
    """A page of the issues of that day, latest first: two queries, however many years there are."""
    found = list(public_papers() if papers is None else papers)
    if not found:
        return Slice((), "", is_first=cursor is None)
    dates = day.in_years(min(paper.first.year for paper in found), max(paper.last.year for paper in found))
    by_pk = {one.row.pk: one.paper for one in found}
    issues = live_issues().filter(newspaper__in=by_pk, date__in=dates).order_by("-date", "-pk")
    if cursor is not None:
        issues = issues.filter(cursor.older())
    # The first articles in page order are some steps of an index; to number all of an issue would be to read them all.
    mine = Snapshot.objects.live().articles().filter(issue=OuterRef("pk")).in_page_order()
    titles = few(mine, _TITLES, pk="article", title="title", page="page_number", column=KT("content__column"))
    rows = list(issues.annotate(titles=titles).values_list("date", "pk", "newspaper", "titles")[: SIZE + 1])
    shown = [(date, pk, by_pk[paper], titles) for date, pk, paper, titles in rows[:SIZE] if date and paper in by_pk]
    older = str(Cursor(*shown[-1][:2])) if len(rows) > SIZE else ""
    told = [OnThisDay(paper, date, _titles(titles)) for date, _, paper, titles in shown]
    told.sort(key=lambda one: (-one.date.toordinal(), one.paper.name))
    return Slice(told, older, is_first=cursor is None)


def _titles(stories: Sequence[dict[str, Any]] | None) -> tuple[Title, ...]:
    """Of those on the page of the first."""
    found = stories or ()
    return tuple(
        Title(address("article", story["pk"]), story["title"], tag_of(story["column"] or "", story["title"]))
        for story in found
        if story["page"] == found[0]["page"]
    )
