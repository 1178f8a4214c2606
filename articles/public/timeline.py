"""A subject over the years: how many articles a month, by newspaper, as a plot and as the table behind it."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from articles.public.linked import Links
from articles.public.paging import Cursor
from articles.public.reading import Paper

Month = tuple[int, int]
Counts = Mapping[tuple[int, Month], int]
"""By newspaper and month."""

# The newest links that are read: a page of a subject must not cost more because the subject is old.
LINKS = 3_000

# The drawing, in its own units: the browser scales it.
_WIDTH, _LANE, _LABEL, _AXIS = 400.0, 30.0, 14.0, 16.0
_YEARS = 8  # labels of years at most


def counted(links: Links) -> tuple[Counts, bool]:
    """The articles of these live links by newspaper and month, and whether older ones were left out: one query, which
    reads the newest few thousand rows of an index."""
    rows = links.order_by("-date", "-snapshot").values_list("date", "snapshot__newspaper")
    found: Counter[tuple[int, Month]] = Counter()
    read = 0
    for date, newspaper in rows[: LINKS + 1]:
        read += 1
        if read <= LINKS:
            found[newspaper, (date.year, date.month)] += 1
    return found, read > LINKS


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    says: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One newspaper in the plot."""

    name: str
    y: float
    """Where its name stands."""
    base: float
    bars: tuple[Bar, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    text: str


@dataclass(frozen=True, slots=True)
class YearLink:
    year: int
    total: int
    before: str
    """The cursor under which the list begins with the end of this year."""


@dataclass(frozen=True, slots=True)
class MonthRow:
    year: int
    month: int
    counts: tuple[int, ...]
    """By newspaper, as in `Timeline.lanes`."""
    total: int


@dataclass(frozen=True, slots=True)
class Timeline:
    width: float
    height: float
    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    years: tuple[YearLink, ...]
    """Latest first."""
    rows: tuple[MonthRow, ...]
    """Months with something, latest first."""
    total: int
    most: int
    is_cut: bool

    @property
    def summary(self) -> str:
        """What the plot shows, in words."""
        first, last = self.rows[-1], self.rows[0]
        papers = "、".join(f"{lane.name} {lane.total} 篇" for lane in self.lanes)
        since = f"{first.year}年{first.month}月"
        until = f"{last.year}年{last.month}月"
        span = since if since == until else f"{since}至{until}"
        return f"{span}共 {self.total} 篇，最多的一个月 {self.most} 篇：{papers}。"


def timeline(counts: Counts, papers: Iterable[Paper], *, is_cut: bool = False) -> Timeline | None:
    """Drawn to scale, every newspaper in a lane of its own, those with most first. None where there is nothing."""
    by_paper: Counter[int] = Counter()
    for (paper, _), count in counts.items():
        by_paper[paper] += count
    names = {paper.pk: paper.name for paper in papers}
    order = sorted((pk for pk in by_paper if pk in names), key=lambda pk: (-by_paper[pk], names[pk]))
    months = sorted({month for paper, month in counts if paper in names})
    if not months:
        return None
    first, last = months[0], months[-1]
    span = _months_between(first, last) + 1
    step = _WIDTH / max(span, 24)
    most = max(counts[paper, month] for paper, month in counts if paper in names)
    lanes = tuple(_lane(names[pk], pk, place, counts, first, step, most) for place, pk in enumerate(order))
    rows = tuple(_row(month, order, counts) for month in reversed(months))
    years = sorted({year for year, _ in months}, reverse=True)
    totals = {year: sum(row.total for row in rows if row.year == year) for year in years}
    return Timeline(
        width=_WIDTH,
        height=len(order) * (_LANE + _LABEL) + _AXIS,
        lanes=lanes,
        ticks=_ticks(first, last, step),
        years=tuple(YearLink(year, totals[year], str(Cursor(datetime.date(year + 1, 1, 1), 1))) for year in years),
        rows=rows,
        total=sum(by_paper[pk] for pk in order),
        most=most,
        is_cut=is_cut,
    )


def _months_between(one: Month, other: Month) -> int:
    return (other[0] - one[0]) * 12 + other[1] - one[1]


def _lane(name: str, pk: int, place: int, counts: Counts, first: Month, step: float, most: int) -> Lane:
    top = place * (_LANE + _LABEL)
    base = top + _LABEL + _LANE
    mine = sorted((month, count) for (paper, month), count in counts.items() if paper == pk)
    bars = []
    for month, count in mine:
        tall = max(2.0, (_LANE - 4) * count / most)
        x = _months_between(first, month) * step
        says = f"{month[0]}年{month[1]}月 {count} 篇"
        bars.append(Bar(round(x, 1), round(base - tall, 1), round(max(1.0, step - 0.6), 1), round(tall, 1), says))
    return Lane(name, top + 10, base, tuple(bars), sum(count for _, count in mine))


def _row(month: Month, order: Sequence[int], counts: Counts) -> MonthRow:
    each = tuple(counts.get((pk, month), 0) for pk in order)
    return MonthRow(*month, each, sum(each))


def _ticks(first: Month, last: Month, step: float) -> tuple[Tick, ...]:
    """A label at each January, or at every so manieth when there are many; the first month where no January is."""
    years = [year for year in range(first[0], last[0] + 1) if (year, 1) >= first]
    every = -(-len(years) // _YEARS) or 1
    found = [Tick(round(_months_between(first, (year, 1)) * step, 1), f"{year}") for year in years[::every]]
    return tuple(found) or (Tick(0.0, f"{first[0]}.{first[1]}"),)
