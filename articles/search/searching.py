"""Answers to questions: results by date or relevance, and how they fall."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

from django.db.models import Model
from django.utils import timezone

from articles.models import Newspaper, SiteWord, Topic
from articles.search import keys, tokens
from articles.search.conditions import Conditions, conditions
from articles.search.engines import Engine, engine, place_of
from articles.search.folding import fold
from articles.search.ranking import WEIGHTS, Candidate, ranked
from articles.search.types import EXACT_TOTAL, Facets, Hit, Kind, Order, Query, Results, Scope, WrongCursor

CANDIDATES: Final = 1000
"""Results put in order by relevance: the newest half of those with the words in the headline, then the newest."""

FACET_VALUES: Final = 50
"""Topics and contributors shown at most."""

COLUMNS: Final = ("kind", "item_id", "snapshot_id", "date")
"""What a hit is made of."""
_KINDS: Final = {number: kind for kind, number in tokens.KINDS.items()}
_BY_DATE = re.compile(r"d(\d{1,12})\.([012])", re.ASCII)
_BY_RELEVANCE = re.compile(r"r(\d{1,4})\.(\d{1,13})", re.ASCII)


def search(
    query: Query,
    *,
    scope: Scope,
    order: Order = Order.DATE,
    is_fresh_first: bool = False,
    after: str | None = None,
    size: int = 20,
) -> Results:
    """One page of what answers the query: everything that holds its strings, folded, and nothing else.

    One query for the page, one more when the total is asked for, one each for a newspaper or topic to narrow by; by
    relevance two or three for the page. `WrongCursor` for an `after` that is none of ours.
    """
    by_date, place = order == Order.DATE or not query.all_of, None
    found = (_BY_DATE if by_date else _BY_RELEVANCE).fullmatch(after) if after else None
    if after and found is None:
        raise WrongCursor(after)
    if found is not None:
        place = int(found[1]), int(found[2])
    asked = conditions(query)
    if asked is None:
        return Results((), None, lambda: 0)
    index = engine(scope)
    if by_date:
        return _by_date(index, asked, place, size)
    return _by_relevance(index, asked, query, place, size, is_fresh_first=is_fresh_first)


def _by_date(index: Engine, asked: Conditions, after: tuple[int, int] | None, size: int) -> Results:
    rows = index.newest(COLUMNS, asked, size + 1, after=after)
    shown = rows[:size]
    hits = [hit_of(row) for row in shown]
    following = cursor_after(hits[-1]) if len(rows) > size else None
    return Results(hits, following, lambda: index.count(asked, EXACT_TOTAL + 1))


def cursor_after(hit: Hit) -> str:
    """The cursor, by date, of what comes after this one: to end a page wherever one likes."""
    return "d{}.{}".format(*place_of((hit.key,)))


def _by_relevance(
    index: Engine, asked: Conditions, query: Query, after: tuple[int, int] | None, size: int, *, is_fresh_first: bool
) -> Results:
    named = (*COLUMNS, *WEIGHTS)
    rows = {row[0]: row for row in index.newest(named, asked, CANDIDATES + 1)}
    is_cut = len(rows) > CANDIDATES
    if is_cut and (in_headline := asked.in_headline()) is not None:
        titled = index.newest(named, in_headline, CANDIDATES // 2)
        rows = {row[0]: row for row in (*titled, *list(rows.values())[: CANDIDATES - len(titled)])}
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
    return Results(
        [hit_of(rows[key], score) for score, key in shown],
        following,
        (lambda: index.count(asked, EXACT_TOTAL + 1)) if is_cut else lambda: len(rows),
        is_cut,
    )


def hit_of(row: tuple[Any, ...], score: float = 0.0) -> Hit:
    """From a row that begins with the key and `COLUMNS`."""
    key, kind, item, snapshot, date = row[:5]
    return Hit(_KINDS[kind], item, snapshot, _day(date), key, score)


def _day(value: Any) -> datetime.date | None:
    """SQLite gives dates as text."""
    return datetime.date.fromisoformat(value) if isinstance(value, str) else value


def facets(query: Query, scope: Scope) -> Facets:
    """How the results fall: of very many the latest only. One query for all counts, two of very many; one each for the
    names of newspapers and topics found."""
    asked = conditions(query)
    if asked is None:
        return Facets()
    day = f"(d.key & {keys.PLACE}) / {1 << keys.NUMBER_BITS}"
    columns = (day, "d.newspaper_id", "d.kind", "d.topics", "d.contributors")
    index = engine(scope)
    rows = index.some(columns, asked, EXACT_TOTAL + 1)
    is_exact = len(rows) <= EXACT_TOTAL
    total = min(len(rows), EXACT_TOTAL)
    if not is_exact:
        rows = index.recent(columns, asked, EXACT_TOTAL)
    years: Counter[int] = Counter()
    papers: Counter[int] = Counter()
    kinds: Counter[Kind] = Counter()
    topics: Counter[int] = Counter()
    people: Counter[str] = Counter()
    for number, count in Counter(row[0] for row in rows).items():
        if number >= keys.FIRST_DAY:
            years[(keys.EPOCH + datetime.timedelta(number)).year] += count
    for (paper, kind), count in Counter(row[1:3] for row in rows).items():
        kinds[_KINDS[kind]] += count
        if paper is not None:
            papers[paper] += count
    for listed, count in Counter(row[3] for row in rows if row[3]).items():
        for topic in set(listed.split(",")):
            topics[int(topic)] += count
    for listed, count in Counter(row[4] for row in rows if row[4]).items():
        for name in set(listed.split("\n")):
            people[name] += count
    return Facets(
        years=dict(sorted(years.items(), reverse=True)),
        newspapers=_by_slug(Newspaper, papers),
        kinds=dict(kinds.most_common()),
        topics=_by_slug(Topic, topics),
        contributors=dict(_largest(people)),
        total=total,
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
