"""A subject over the years: how many articles a month or a year, by newspaper, as a plot and as the table behind it."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connections
from django.utils.safestring import SafeString

from articles.public.linked import Links
from articles.public.paging import Cursor
from articles.public.reading import Paper

Month = tuple[int, int]
Counts = Mapping[tuple[int, Month], int]
"""By newspaper and month."""

# A page of a subject must not cost more because the subject is old: the newest links are read, and of more months than
# a phone has room for each year is one.
LINKS = 3_000
MONTHS = 120

# The drawing, in its own units: the browser scales it.
_WIDTH, _LANE, _LABEL, _AXIS = 400.0, 30.0, 17.0, 16.0
_YEARS = 8  # labels of years at most


def counted(links: Links) -> tuple[Counts, bool]:
    """The articles of these live links by newspaper and month, and whether older ones may have been left out: one
    query, which reads the newest few thousand rows of an index and gives as many as there are months."""
    newest = links.order_by("-date", "-snapshot").values_list("date", "snapshot__newspaper")[:LINKS]
    sql, values = newest.query.sql_with_params()
    with connections[links.db].cursor() as cursor:
        cursor.execute(
            'SELECT "snapshot__newspaper", substr(CAST("date" AS text), 1, 7), count(*)'  # noqa: S608 - Django's own
            f" FROM ({sql}) AS newest GROUP BY 1, 2",
            values,
        )
        found = {(paper, (int(month[:4]), int(month[5:]))): count for paper, month, count in cursor.fetchall()}
    return found, sum(found.values()) == LINKS


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

    @property
    def drawn(self) -> SafeString:
        """The bars as SVG. A template takes many times as long for a thousand numbers, and so does escaping them: there
        is nothing here but numbers and words of ours."""
        return SafeString(
            "".join(
                f'<rect class="plot-bar" x="{bar.x}" y="{bar.y}" width="{bar.width}" height="{bar.height}">'
                f"<title>{bar.says}</title></rect>"
                for bar in self.bars
            )
        )


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
class Row:
    period: str
    """A month or a year."""
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
    rows: tuple[Row, ...]
    """Months, or years, with something, latest first."""
    unit: str
    """月 or 年: what a bar and a row stand for."""
    total: int
    is_cut: bool
    summary: str
    """What the plot shows, in words."""

    @property
    def table(self) -> SafeString:
        """The rows as HTML; there is nothing to escape in these either."""
        return SafeString(
            "\n".join(
                f'<tr><th scope="row">{row.period}</th>'
                + "".join([f"<td>{count}</td>" for count in (*row.counts, row.total)])
                + "</tr>"
                for row in self.rows
            )
        )


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
    unit = _YEAR if _months_between(first, last) >= MONTHS else _MONTH
    step = _WIDTH / max(unit.between(first, last) + 1, 24)
    shown: Counter[tuple[int, Month]] = Counter()
    for (paper, month), count in counts.items():
        shown[paper, unit.of(month)] += count
    most = max(shown[paper, month] for paper, month in shown if paper in names)
    lanes = tuple(_lane(names[pk], pk, place, shown, unit, first, step, most) for place, pk in enumerate(order))
    years: Counter[int] = Counter()
    for (paper, (year, _)), count in counts.items():
        if paper in names:
            years[year] += count
    total = sum(by_paper[pk] for pk in order)
    told = "、".join(f"{lane.name} {lane.total} 篇" for lane in lanes)
    span = _MONTH.says(first) if first == last else f"{_MONTH.says(first)}至{_MONTH.says(last)}"
    return Timeline(
        width=_WIDTH,
        height=len(order) * (_LANE + _LABEL) + _AXIS,
        lanes=lanes,
        ticks=_ticks(first, last, unit, step),
        years=tuple(
            YearLink(year, years[year], str(Cursor(datetime.date(year + 1, 1, 1), 1)))
            for year in sorted(years, reverse=True)
        ),
        rows=tuple(_row(period, order, shown, unit) for period in sorted(set(map(unit.of, months)), reverse=True)),
        unit=unit.name,
        total=total,
        is_cut=is_cut,
        summary=f"{span}共 {total} 篇，最多的一{unit.measure} {most} 篇：{told}。",
    )


def _months_between(one: Month, other: Month) -> int:
    return (other[0] - one[0]) * 12 + other[1] - one[1]


@dataclass(frozen=True, slots=True)
class _Unit:
    """What a bar stands for. A period is named by its first month."""

    name: str
    measure: str
    months: int

    def of(self, month: Month) -> Month:
        return month if self.months == 1 else (month[0], 1)

    def between(self, first: Month, month: Month) -> int:
        return _months_between(self.of(first), self.of(month)) // self.months

    def says(self, month: Month) -> str:
        return f"{month[0]}年" if self.months > 1 else f"{month[0]}年{month[1]}月"


_MONTH, _YEAR = _Unit("月", "个月", 1), _Unit("年", "年", 12)


def _lane(name: str, pk: int, place: int, counts: Counts, unit: _Unit, first: Month, step: float, most: int) -> Lane:
    top = place * (_LANE + _LABEL)
    base = top + _LABEL + _LANE
    mine = sorted((period, count) for (paper, period), count in counts.items() if paper == pk)
    bars = []
    for period, count in mine:
        tall = max(2.0, (_LANE - 4) * count / most)
        x = unit.between(first, period) * step
        says = f"{unit.says(period)} {count} 篇"
        bars.append(Bar(round(x, 1), round(base - tall, 1), round(max(1.0, step - 0.6), 1), round(tall, 1), says))
    return Lane(name, top + _LABEL - 4, base, tuple(bars), sum(count for _, count in mine))


def _row(period: Month, order: Sequence[int], counts: Counts, unit: _Unit) -> Row:
    each = tuple(counts.get((pk, period), 0) for pk in order)
    return Row(unit.says(period), each, sum(each))


def _ticks(first: Month, last: Month, unit: _Unit, step: float) -> tuple[Tick, ...]:
    """A label at each January, or at every so manieth when there are many; the first month where no January is."""
    start = unit.of(first)
    years = [year for year in range(first[0], last[0] + 1) if (year, 1) >= start]
    every = -(-len(years) // _YEARS) or 1
    found = [Tick(round(unit.between(first, (year, 1)) * step, 1), f"{year}") for year in years[::every]]
    return tuple(found) or (Tick(0.0, f"{first[0]}.{first[1]}"),)
