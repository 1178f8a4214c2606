"""Answers to questions: results by date or relevance, and how they fall."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from heapq import nlargest
from typing import Any, Final

from django.db.models import Model
from django.utils import timezone

from articles.models import Newspaper, SiteWord, Topic
from articles.search import keys, tokens
from articles.search.conditions import Conditions, conditions
from articles.search.engine import Engine, place_of
from articles.search.engines import engine
from articles.search.folding import fold
from articles.search.ranking import WEIGHTS, Candidate, ranked
from articles.search.types import EXACT_TOTAL, FACETED, Facets, Hit, Order, Query, Results, Scope, WrongCursor

CANDIDATES: Final = 400
"""Results put in order by relevance: so many of the newest."""
TITLED: Final = 200
"""When there are more: so many besides, the newest that have the words in the headline."""

FACET_VALUES: Final = 50
"""Topics and contributors shown at most."""

COLUMNS: Final = ("kind", "item_id", "snapshot_id", "date")
"""What a hit is made of."""
_KINDS: Final = {number: kind for kind, number in tokens.KINDS.items()}
_BY_DATE = re.compile(r"([dn])(\d{1,12})\.([012])", re.ASCII)
"""What follows this place, or the newer page before it."""
_BY_RELEVANCE = re.compile(r"(r)(\d{1,4})\.(\d{1,13})", re.ASCII)


def search(
    query: Query,
    *,
    scope: Scope,
    order: Order = Order.DATE,
    is_fresh_first: bool = False,
    after: str | None = None,
    size: int = 20,
    counted: Facets | None = None,
) -> Results:
    """One page of what answers the query: everything that holds its strings, folded, and nothing else.

    One query for the page, one more when the total is asked for, one each for a newspaper or topic to narrow by; by
    relevance two or three for the page. With their facets, where these are known, results by relevance are not looked
    for again. `WrongCursor` for an `after` that is none of ours.
    """
    by_date, place, is_newer = order == Order.DATE or not query.all_of, None, False
    found = (_BY_DATE if by_date else _BY_RELEVANCE).fullmatch(after) if after else None
    if after and found is None:
        raise WrongCursor(after)
    if found is not None:
        place, is_newer = (int(found[2]), int(found[3])), found[1] == "n"
    asked = conditions(query)
    if asked is None:
        return Results((), None, lambda: 0)
    index = engine(scope)
    if by_date:
        return _by_date(index, asked, place, size, is_newer=is_newer)
    known = counted.keys if counted is not None else None
    return _by_relevance(index, asked, query, place, size, known, is_fresh_first=is_fresh_first)


def _by_date(
    index: Engine, asked: Conditions, at: tuple[int, int] | None, size: int, *, is_newer: bool = False
) -> Results:
    rows = index.newest(COLUMNS, asked, size + 1, after=at, is_newer=is_newer)
    if is_newer and len(rows) <= size:  # the first page, and it is not full: begin there
        rows, at, is_newer = index.newest(COLUMNS, asked, size + 1), None, False
    shown = rows[-size:] if is_newer else rows[:size]
    has_more = is_newer or len(rows) > size
    hits = [hit_of(row) for row in shown]
    return Results(
        hits,
        cursor_after(hits[-1]) if has_more and hits else None,
        lambda: index.count(asked, EXACT_TOTAL + 1),
        previous="n{}.{}".format(*place_of(shown[0])) if at is not None and shown else None,
    )


def cursor_after(hit: Hit) -> str:
    """The cursor, by date, of what comes after this one: to end a page wherever one likes."""
    return "d{}.{}".format(*place_of((hit.key,)))


def _by_relevance(
    index: Engine,
    asked: Conditions,
    query: Query,
    after: tuple[int, int] | None,
    size: int,
    known: Sequence[int] | None,
    *,
    is_fresh_first: bool,
) -> Results:
    named = (*COLUMNS, *WEIGHTS)
    if known is None:
        rows = {row[0]: row for row in index.newest(named, asked, CANDIDATES + 1)}
    else:
        latest = nlargest(CANDIDATES + 1, known, key=lambda key: place_of((key,)))
        rows = {row[0]: row for row in index.at(named, latest)}
    is_cut = len(rows) > CANDIDATES
    if is_cut and (in_headline := asked.in_headline()) is not None:
        rows |= {row[0]: row for row in index.newest(named, in_headline, TITLED)}
    candidates = [Candidate(row[0], _day(row[4]), dict(zip(WEIGHTS, row[5:], strict=True))) for row in rows.values()]
    best = ranked(
        query,
        candidates,
        today=timezone.localdate(),
        is_fresh_first=is_fresh_first,
        site_words=frozenset(map(fold, SiteWord.objects.filter(is_used=True).values_list("word", flat=True))),
    )
    start = 0
    if after is not None:
        # The place in the list; the row that stood before it, should it have moved since.
        start = next((at for at, (_, key) in enumerate(best, 1) if key == after[1]), after[0])
    shown = best[start : start + size]
    following = f"r{start + size}.{shown[-1][1]}" if len(best) > start + size else None
    before = max(start - size, 0)
    previous = f"r{before}.{best[before - 1][1]}" if before else "" if start else None
    return Results(
        [hit_of(rows[key], score) for score, key in shown],
        following,
        (lambda: index.count(asked, EXACT_TOTAL + 1)) if is_cut else lambda: len(rows),
        is_cut,
        previous,
    )


def hit_of(row: tuple[Any, ...], score: float = 0.0) -> Hit:
    """From a row that begins with the key and `COLUMNS`."""
    key, kind, item, snapshot, date = row[:5]
    return Hit(_KINDS[kind], item, snapshot, _day(date), key, score)


def _day(value: Any) -> datetime.date | None:
    """SQLite gives dates as text."""
    return datetime.date.fromisoformat(value) if isinstance(value, str) else value


def facets(query: Query, scope: Scope) -> Facets:
    """How the results fall: of very many the latest only. One query for all counts, one each for the slugs of
    newspapers and topics."""
    asked = conditions(query)
    if asked is None:
        return Facets()
    day = f"(d.key & {keys.PLACE}) / {1 << keys.NUMBER_BITS}"
    columns = ("d.key", day, "d.newspaper_id", "d.kind", "d.topics", "d.contributors")
    index = engine(scope)
    limit = EXACT_TOTAL if index.reads_once or not asked.read() else FACETED
    rows, is_whole = index.latest(columns, asked, limit, FACETED)
    is_exact = is_whole and len(rows) <= limit
    known = [row[0] for row in rows] if is_whole else None
    is_more = is_whole and len(rows) > EXACT_TOTAL
    if not is_exact:
        rows = rows[:FACETED]
    if not rows:
        return Facets(keys=known, is_more=is_more, is_exact=is_exact)
    _, *told = zip(*rows, strict=True)
    days, papers_, kinds_, topics_, people_ = map(Counter, told)
    years: Counter[int] = Counter()
    topics: Counter[int] = Counter()
    people: Counter[str] = Counter()
    for number, count in days.items():
        if number >= keys.FIRST_DAY:
            years[(keys.EPOCH + datetime.timedelta(number)).year] += count
    for listed, count in topics_.items():
        for topic in set(listed.split(",")) - {""}:
            topics[int(topic)] += count
    for listed, count in people_.items():
        for name in set(listed.split("\n")) - {""}:
            people[name] += count
    papers_.pop(None, 0)
    return Facets(
        years=dict(sorted(years.items(), reverse=True)),
        newspapers=_by_slug(Newspaper, papers_),
        kinds={_KINDS[kind]: count for kind, count in kinds_.most_common()},
        topics=_by_slug(Topic, topics),
        contributors=dict(_largest(people)),
        total=len(rows),
        keys=known,
        is_more=is_more,
        is_exact=is_exact,
    )


def _largest(counts: Counter[Any]) -> Iterable[tuple[Any, int]]:
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:FACET_VALUES]


def _by_slug(model: type[Model], counts: Counter[int]) -> dict[str, int]:
    largest = dict(_largest(counts))
    if not largest:
        return {}
    slugs = dict(model._default_manager.filter(pk__in=largest).values_list("pk", "slug"))
    return {slugs[pk]: count for pk, count in largest.items() if pk in slugs}
