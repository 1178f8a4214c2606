"""What public lists read: issues and items that are live, as plain values that cannot run a query in a template."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Length

from articles.models import DateState, Issue, Newspaper, Snapshot
from articles.prepared import Prepared, Rows
from articles.public.addresses import address


@dataclass(frozen=True, slots=True)
class Paper:
    """A newspaper, as links and mastheads need it."""

    pk: int
    name: str
    slug: str

    @property
    def url(self) -> str:
        return address("newspaper", self.slug)


@dataclass(frozen=True, slots=True)
class Entry:
    """One live article or notice in a list."""

    pk: int
    url: str
    title: str
    kicker: str
    column: str
    summary: str
    kind: str
    """The kind of a notice; empty for an article."""
    paper: Paper
    issue_id: int
    date: datetime.date
    page_number: int
    section: str
    position: int
    continued_from: str
    continued_on: str
    size: int
    """Length of the published content: what the page gives it room for. 0 where not asked for."""
    deadline: datetime.date | None = None
    """The last day of a period that a notice gives."""

    @property
    def is_notice(self) -> bool:
        return bool(self.kind)

    @property
    def tag(self) -> str:
        """The kind or column to set before the title, unless the title says it already."""
        return tag_of(self.kind or self.column, self.title)

    @property
    def page_label(self) -> str:
        return page_label(self.page_number, self.section)

    @property
    def page_url(self) -> str:
        return address("page", self.paper.slug, self.date, self.page_number)


def tag_of(words: str, title: str) -> str:
    """The kind or column, unless the title begins with it."""
    tag = in_box(words)
    return "" if title.startswith(tag) else tag


def in_box(words: str) -> str:
    """The name of a column without the brackets it was printed in: it is set in a box."""
    return words.strip("【】")


def page_label(number: int, section: str) -> str:
    """“第1版：要闻”."""
    return f"第{number}版：{section}" if section else f"第{number}版"


_COLUMNS = (
    "pk",
    "article_id",
    "notice_id",
    "title",
    "summary",
    "notice_kind",
    "newspaper_id",
    "issue_id",
    "date",
    "page_number",
    "section",
    "position",
    "deadline_on",
)


def entry_rows(snapshots: QuerySet[Snapshot], *more: str, sized: bool = False) -> Iterable[dict[str, Any]]:
    """The columns of entries and those named; the large content stays in the database but for its short lines."""
    lines: dict[str, Any] = {
        "kicker": KT("content__kicker"),
        "column": KT("content__column"),
        "continued_from": KT("content__continued_from"),
        "continued_on": KT("content__continued_on"),
    }
    if sized:
        lines["size"] = Length(Cast("content", TextField()))
    rows: Iterable[dict[str, Any]] = snapshots.values(*_COLUMNS, *more, **lines)
    return rows


def entry_from(row: dict[str, Any], paper: Paper) -> Entry:
    name, number = ("article", row["article_id"]) if row["article_id"] else ("notice", row["notice_id"])
    return Entry(
        pk=row["pk"],
        url=address(name, number),
        title=row["title"],
        kicker=row["kicker"] or "",
        column=row["column"] or "",
        summary=row["summary"],
        kind=row["notice_kind"],
        paper=paper,
        issue_id=row["issue_id"],
        date=row["date"],
        page_number=row["page_number"],
        section=row["section"],
        position=row["position"],
        continued_from=row["continued_from"] or "",
        continued_on=row["continued_on"] or "",
        size=row.get("size") or 0,
        deadline=row["deadline_on"],
    )


def entries(snapshots: QuerySet[Snapshot], papers: Iterable[Paper], *, sized: bool = False) -> list[Entry]:
    """The entries of these snapshots in their order: one query.

    `papers` are those they may belong to. They are not joined: newspapers are so few that a database likes to begin
    with them, and then has to sort what an index would have given in order.
    """
    return rows_as_entries(entry_rows(snapshots, sized=sized), papers)


def rows_as_entries(rows: Iterable[dict[str, Any]], papers: Iterable[Paper]) -> list[Entry]:
    """Rows of `entry_rows` in their order; those of other newspapers are left out."""
    by_pk = {paper.pk: paper for paper in papers}
    return [entry_from(row, by_pk[row["newspaper_id"]]) for row in rows if row["newspaper_id"] in by_pk]


def all_papers() -> list[Paper]:
    """Every newspaper there is, to find those of entries in: one query."""
    return papers_from(ALL_PAPERS.rows())


def papers_from(rows: Rows) -> list[Paper]:
    """What rows of `ALL_PAPERS` or `LIVE_PAPERS` say."""
    return [Paper(pk, name, slug) for pk, name, slug in rows]


_NAMES = ("pk", "name", "slug")
ALL_PAPERS: Prepared[Any] = Prepared(lambda: Newspaper.objects.values_list(*_NAMES))
LIVE_PAPERS: Prepared[Any] = Prepared(lambda: live_newspapers().values_list(*_NAMES))


def issue_entries(issue: int, paper: Paper, *, sized: bool = False) -> list[Entry]:
    """Everything readers may see of the issue, in page order: one query."""
    return rows_as_entries(_OF_ISSUE[sized](issue=issue), [paper])


def _of_issue(issue: int, *, sized: bool) -> Any:
    return entry_rows(Snapshot.objects.live().filter(issue=issue).in_page_order(), sized=sized)


_OF_ISSUE: dict[bool, Prepared[Any]] = {
    sized: Prepared(partial(_of_issue, sized=sized), issue=int) for sized in (False, True)
}


def live_issues() -> QuerySet[Issue]:
    """Issues of which readers may see something. Confirmed ones: nothing else is ever published."""
    live = Snapshot.objects.live().filter(issue=OuterRef("pk"))
    return Issue.objects.filter(Exists(live), date_state=DateState.CONFIRMED)


def live_newspapers() -> QuerySet[Newspaper]:
    """Newspapers of which readers may see something."""
    return Newspaper.objects.filter(Exists(live_issues().filter(newspaper=OuterRef("pk"))))


@dataclass(frozen=True, slots=True)
class IssueLink:
    """An issue, as lists of issues need it."""

    paper: Paper
    date: datetime.date
    number: str

    @property
    def url(self) -> str:
        return address("issue", self.paper.slug, self.date)

    @property
    def is_double(self) -> bool:
        """合刊: one issue with the numbers of two or more."""
        numbers = numbers_of(self.number)
        return numbers is not None and numbers[1] > numbers[0]


# 5213-5214, 5213、5214, 第5213～5214期.
_NUMBERS = re.compile(r"(\d+)(?:\s*[-－—–~～至到、,，/]\s*(\d+))?")


def numbers_of(number: str) -> tuple[int, int] | None:
    """The first and the last number of an issue as printed; two different ones of a 合刊."""
    found = _NUMBERS.search(number)
    if found is None:
        return None
    first, second = int(found[1]), found[2]
    if second is None:
        return first, first
    # 5213-14 is short for 5213-5214.
    last = int(found[1][: -len(second)] + second) if len(second) < len(found[1]) else int(second)
    return (first, last) if last >= first else (first, first)


def issue_links(paper: Paper, issues: QuerySet[Issue], *, limit: int | None = None) -> list[IssueLink]:
    """Those of the newspaper among these issues, in their order: one query."""
    rows = issues.filter(newspaper=paper.pk).values_list("date", "number")[:limit]
    return [IssueLink(paper, date, number) for date, number in rows if date]


def issue_beside(paper: Paper, date: datetime.date, *, later: bool) -> IssueLink | None:
    """The nearest live issue before or after that day."""
    rows = _BESIDE[later](newspaper=paper.pk, date=date)
    return next((IssueLink(paper, day, number) for day, number in rows), None)


def _beside(newspaper: int, date: datetime.date, *, later: bool) -> Any:
    issues = live_issues().filter(newspaper=newspaper)
    found = issues.filter(date__gt=date).order_by("date") if later else issues.filter(date__lt=date).order_by("-date")
    return found.values_list("date", "number")[:1]


_BESIDE: dict[bool, Prepared[Any]] = {
    later: Prepared(partial(_beside, later=later), newspaper=int, date=datetime.date) for later in (False, True)
}


@dataclass(frozen=True, slots=True)
class PublicPaper:
    """A newspaper of which readers may see something, and the days of its first and last issue."""

    row: Newspaper
    first: datetime.date
    last: datetime.date

    @property
    def paper(self) -> Paper:
        return Paper(self.row.pk, self.row.name, self.row.slug)

    @property
    def years(self) -> list[int]:
        """Latest first. A year in between without an issue has an address too; it says that there is none."""
        return list(range(self.last.year, self.first.year - 1, -1))

    @property
    def months(self) -> list[datetime.date]:
        """By their first days, latest first."""
        first, last = (day.year * 12 + day.month - 1 for day in (self.first, self.last))
        return [datetime.date(month // 12, month % 12 + 1, 1) for month in range(last, first - 1, -1)]


def public_papers() -> list[PublicPaper]:
    """All of them, those with the latest issue first: one query."""
    return sorted(
        (PublicPaper(row, row.first, row.last) for row in _PAPERS()),
        key=lambda found: (-found.last.toordinal(), found.row.name),
    )


def public_paper(slug: str) -> PublicPaper | None:
    return next((PublicPaper(row, row.first, row.last) for row in _PAPER(slug=slug)), None)


def _with_span(newspapers: QuerySet[Newspaper]) -> Any:
    dates = live_issues().filter(newspaper=OuterRef("pk")).values("date")
    return newspapers.annotate(
        first=Subquery(dates.order_by("date")[:1]), last=Subquery(dates.order_by("-date")[:1])
    ).filter(last__isnull=False)


_PAPERS: Prepared[Any] = Prepared(lambda: _with_span(Newspaper.objects.all()))
_PAPER: Prepared[Any] = Prepared(lambda slug: _with_span(Newspaper.objects.filter(slug=slug)), slug=str)


def _latest() -> Any:
    latest = live_issues().filter(newspaper=OuterRef("pk")).order_by("-date").values("pk")[:1]
    issues = Newspaper.objects.annotate(latest=Subquery(latest)).filter(latest__isnull=False).values("latest")
    return entry_rows(Snapshot.objects.live().filter(issue__in=issues).in_page_order(), sized=True)


LATEST: Prepared[Any] = Prepared(_latest)
"""Everything in the latest issue of each newspaper, in page order, sized."""
