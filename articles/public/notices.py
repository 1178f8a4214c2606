"""Lists of notices: one printed several times is shown once, with all its dates."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from articles.models import Printing, Snapshot
from articles.prepared import Prepared, Rows
from articles.public.addresses import address
from articles.public.paging import PAGE_SIZE, Cursor, Slice, WrongCursor
from articles.public.reading import Entry, Paper, entries, entry_rows


def live_notices() -> QuerySet[Snapshot]:
    """Newest first, in the order of the index."""
    return Snapshot.objects.live().notices().order_by("-date", "-pk")


def once(notices: QuerySet[Snapshot]) -> QuerySet[Snapshot]:
    """Of the printings of one notice among these, the newest. Ask before paging, after filtering: a notice that was
    printed in the period asked for is shown, whatever came later.

    One scalar subquery a row, into indexes: as a join or an anti-join it is planned over the whole table. In a CASE,
    because PostgreSQL takes an equality for one that hardly any row meets, and sorts instead of walking the index.
    """
    mine = Printing.objects.filter(notice=OuterRef(OuterRef("notice"))).values("series")[:1]
    same = notices.filter(notice__printing__series=Subquery(mine))
    newest = Subquery(same.order_by("-date", "-pk").values("pk")[:1])
    return notices.filter(Case(When(pk=Coalesce(newest, F("pk")), then=True), default=False))


def notice_entries(notices: QuerySet[Snapshot], cursor: Cursor | None, papers: Iterable[Paper]) -> Slice[Entry]:
    """A page of these notices: one query."""
    chosen = once(notices)
    if cursor is not None:
        chosen = chosen.filter(cursor.older())
    return sliced(entries(chosen[: PAGE_SIZE + 1], papers), is_first=cursor is None)


def sliced(found: list[Entry], *, is_first: bool) -> Slice[Entry]:
    """A page of what was asked for with one more."""
    shown = found[:PAGE_SIZE]
    older = str(Cursor(shown[-1].date, shown[-1].pk)) if len(found) > PAGE_SIZE else ""
    return Slice(rows=shown, older=older, is_first=is_first)


FIRST: Prepared[Any] = Prepared(lambda: entry_rows(once(live_notices())[: PAGE_SIZE + 1]))


@dataclass(frozen=True, slots=True)
class Print:
    """One printing of a notice."""

    url: str
    paper: str
    date: datetime.date
    page_number: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A notice in a list. `prints` has all its printings, the first one first; nothing when there is only one."""

    entry: Entry
    prints: Sequence[Print] = ()

    @property
    def shown_prints(self) -> Sequence[Print]:
        return self.prints[:_PRINTS]

    @property
    def is_cut(self) -> bool:
        return len(self.prints) > _PRINTS


_PRINTS = 6


def prints_of(snapshots: Iterable[int]) -> dict[int, list[Print]]:
    """The live printings of the notices these snapshots are of, by snapshot, of those that have several: one query.
    No more than a page of them at once."""
    wanted = set(snapshots)
    return prints_from(print_rows(wanted), wanted)


def print_rows(wanted: Collection[int]) -> Rows:
    """The same as the database says it. One query, or none."""
    if not wanted:
        return ()
    if len(wanted) > PAGE_SIZE:
        raise ValueError(f"{len(wanted)} are more than a page")
    # Places that are left over ask for what there is not.
    asked: dict[str, Any] = dict(zip(_PLACES, (*wanted, *[0] * len(_PLACES)), strict=False))
    return _PRINTED.rows(**asked)


def prints_from(rows: Rows, wanted: Collection[int]) -> dict[int, list[Print]]:
    """What `print_rows` of these snapshots say. No query."""
    found: dict[int, list[Print]] = {}
    of: dict[int, int] = {}
    for pk, one, notice, date, page, paper in _PRINTED.made(rows):
        found.setdefault(one, []).append(Print(address("notice", notice), paper, date, page))
        if pk in wanted:
            of[pk] = one
    return {pk: found[one] for pk, one in of.items() if len(found[one]) > 1}


_PLACES: Final = [f"snapshot_{number}" for number in range(PAGE_SIZE)]


def _printed(**snapshots: int) -> Any:
    wanted = snapshots.values()
    series = Printing.objects.filter(notice__snapshots__in=wanted, series__isnull=False).values("series")
    rows = Snapshot.objects.live().filter(notice__printing__series__in=series).order_by("date", "page_number", "pk")
    return rows.values_list("pk", "notice__printing__series", "notice", "date", "page_number", "newspaper__name")


_PRINTED: Prepared[Any] = Prepared(_printed, **dict.fromkeys(_PLACES, int))


def with_prints(rows: Sequence[Entry], printed: Rows | None = None) -> list[Listed]:
    """With what `print_rows` say of them; one query when they have not been asked for."""
    wanted = [entry.pk for entry in rows]
    prints = prints_from(print_rows(wanted) if printed is None else printed, wanted)
    return [Listed(entry, prints.get(entry.pk, ())) for entry in rows]


# Periods that are still running

AFTER = "after"
_AFTER = re.compile(r"(\d{4}-\d\d-\d\d)\.([1-9]\d{0,17})", re.ASCII)


@dataclass(frozen=True, slots=True)
class OpenSlice:
    rows: Sequence[Listed]
    after: str
    """Where the next page starts, empty on the last."""
    is_first: bool


def open_notices(after: str, papers: Iterable[Paper]) -> OpenSlice:
    """Notices whose period has not ended today (Asia/Shanghai), those that end first first: two queries.

    `WrongCursor` for an `after` that is none of ours.
    """
    today = timezone.localdate()
    running = Snapshot.objects.live().notices().filter(deadline_on__isnull=False, deadline_on__gte=today)
    found = once(running).order_by("deadline_on", "pk")
    if after:
        place = _AFTER.fullmatch(after)
        try:
            day = datetime.date.fromisoformat(place[1] if place else "")
        except ValueError:
            raise WrongCursor(after) from None
        number = int(place[2]) if place else 0
        found = found.filter(Q(deadline_on__gte=day) & ~Q(deadline_on=day, pk__lte=number))
    listed = entries(found[: PAGE_SIZE + 1], papers)
    shown = listed[:PAGE_SIZE]
    last = f"{shown[-1].deadline}.{shown[-1].pk}" if len(listed) > PAGE_SIZE else ""
    return OpenSlice(with_prints(shown), last, not after)


# Search engines


def indexed_since() -> datetime.date:
    """Notices printed before this day are not for search engines any more: `NOTICE_INDEX_YEARS`."""
    today = timezone.localdate()
    year = max(1, today.year - settings.NOTICE_INDEX_YEARS)
    try:
        return today.replace(year=year)
    except ValueError:  # 29 February
        return today.replace(year=year, day=28)
