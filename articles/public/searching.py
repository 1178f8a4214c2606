"""What readers find: results with marks, and the ways to narrow them. Only what is public is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from articles.models import Snapshot, Topic, TopicState
from articles.public.reading import Entry, Paper, entry_from, entry_rows, live_newspapers
from articles.public.topics import public_topics
from articles.search import facets, search, types
from articles.search.highlight import Piece, Snippet, marked, needles, snippets
from articles.search.names import with_slugs
from articles.search.query import KIND_LABELS, Narrowing, Reading, read_query
from articles.search.types import Field, Hit, Order, Results, Scope, Term

SIZE = 20
SNIPPETS = 2
_VALUES = 8
"""Values of a facet shown at once; the others stand behind them."""

SORTED = "relevance"
"""The usual order. Where nothing but narrowings is asked for all are alike, and the newest come first."""
SORTS = {
    "relevance": "相关的在前",
    "fresh": "相关又较新的在前",
    "date": "日期新的在前",
}


@dataclass(frozen=True, slots=True)
class Found:
    """A result."""

    entry: Entry
    title: tuple[Piece, ...]
    snippets: Sequence[Snippet]


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a facet: how many results have it, and the address of only those."""

    label: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Facet:
    title: str
    values: Sequence[Value]

    @property
    def first(self) -> Sequence[Value]:
        return self.values[:_VALUES]

    @property
    def others(self) -> Sequence[Value]:
        return self.values[_VALUES:]


@dataclass(frozen=True, slots=True)
class Facets:
    """The ways to narrow."""

    groups: Sequence[Facet] = ()
    is_exact: bool = True
    """False: counted over a part of the results."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A narrowing in force, and the address without it."""

    by: str
    says: str
    url: str


@dataclass(frozen=True, slots=True)
class SearchPage:
    results: Results
    rows: Sequence[Found]
    facets: Facets
    chips: Sequence[Chip]

    @property
    def total(self) -> str:
        found = self.results.total
        if not found:
            return "没有找到"
        return f"共 {found:,} 条" if self.results.is_total_exact else f"超过 {found:,} 条"


def read_public(text: str) -> tuple[Reading, list[Paper]]:
    """The query, with the newspapers readers may know of; `QueryRefused` when it is none: one query, or two."""
    papers = [Paper(pk, name, slug) for pk, name, slug in live_newspapers().values_list("pk", "name", "slug")]
    reading = with_slugs(
        read_query(text), newspapers=[(paper.name, paper.slug) for paper in papers], topic=_public_topic
    )
    return reading, papers


def _public_topic(name: str) -> str | None:
    return public_topics().filter(name=name).values_list("slug", flat=True).first()


def find(reading: Reading, sort: str, after: str, *, size: int = SIZE, counted: types.Facets | None = None) -> Results:
    """`WrongCursor` for an `after` that is none of ours."""
    return search(
        reading.query,
        scope=Scope.PUBLIC,
        order=Order.DATE if sort == "date" else Order.RELEVANCE,
        is_fresh_first=sort == "fresh",
        after=after or None,
        size=size,
        counted=counted,
    )


def search_page(reading: Reading, sort: str, after: str, papers: Sequence[Paper]) -> SearchPage:
    counted = None if after else facets(reading.query, Scope.PUBLIC)
    results, groups = find(reading, sort, after, counted=counted), Facets()
    if results.previous is None:
        counted = counted or facets(reading.query, Scope.PUBLIC)
        results.knows(counted)
        groups = public_facets(counted, reading, sort, papers)
    return SearchPage(
        results,
        found(results.hits, reading.words, papers),
        groups,
        [Chip(one.by, one.says, sorted_url(reading.without(one), sort)) for one in reading.narrowed],
    )


def search_url(text: str, **more: str) -> str:
    """The address of a search; what is empty is left out."""
    given = {name: value for name, value in {"q": text, **more}.items() if value}
    return f"{reverse('search')}?{urlencode(given)}" if given else reverse("search")


def sorted_url(text: str, sort: str) -> str:
    """The address of a search in this order; the usual order is not written out."""
    return search_url(text, sort="" if sort == SORTED else sort)


# Results


def snapshots_of(hits: Iterable[Hit]) -> QuerySet[Snapshot]:
    """What the hits stand for, as far as it is public still; in no order."""
    return Snapshot.objects.live().filter(pk__in=[hit.snapshot for hit in hits if hit.snapshot])


def found(hits: Sequence[Hit], words: Sequence[Term], papers: Iterable[Paper]) -> list[Found]:
    """The hits as rows, in their order: one query."""
    by_pk = {paper.pk: paper for paper in papers}
    rows = {row["pk"]: row for row in entry_rows(snapshots_of(hits), "content")}
    shown = (rows[hit.snapshot] for hit in hits if hit.snapshot in rows)
    return [_found(row, words, by_pk[row["newspaper_id"]]) for row in shown if row["newspaper_id"] in by_pk]


def _found(row: Mapping[str, Any], words: Sequence[Term], paper: Paper) -> Found:
    entry = entry_from(dict(row), paper)
    return Found(entry, marked_title(entry.title, words), snippets_in(row["content"], words))


def marked_title(title: str, words: Sequence[Term]) -> tuple[Piece, ...]:
    return marked(title, needles(words, Field.HEADLINE))


def snippets_in(content: Mapping[str, Any], words: Sequence[Term]) -> list[Snippet]:
    """Where the words stand outside the headline: in the body if they do, else wherever they do."""
    body = "\n".join(piece["text"] for piece in content["body"])
    captions = [text if isinstance(text, str) else text["text"] for text in content.get("captions", ())]
    parts = [
        (body, needles(words)),
        ("\n".join(content.get("deck", ())), needles(words)),
        ("\n".join(captions), needles(words)),
        (content.get("byline", ""), needles(words, Field.BYLINE)),
        (content.get("column", ""), needles(words, Field.COLUMN)),
    ]
    made: list[Snippet] = []
    for text, wanted in parts:
        if len(made) < SNIPPETS and text:
            made += snippets(text, wanted, SNIPPETS - len(made))
    return made


# Facets


def public_facets(counted: types.Facets, reading: Reading, sort: str, papers: Sequence[Paper]) -> Facets:
    """Ways to narrow the results that leave fewer of them, each group once: one query for names."""
    names = {paper.slug: paper.name for paper in papers}
    topics = dict(
        Topic.objects.exclude(state=TopicState.PROPOSED).filter(slug__in=counted.topics).values_list("slug", "name")
        if counted.topics
        else ()
    )
    groups: list[tuple[Narrowing, str, list[tuple[str, str, int]]]] = [
        (Narrowing.DATE, "年份", [(f"{year}年", str(year), n) for year, n in counted.years.items()]),
        (Narrowing.NEWSPAPER, "报纸", _named(counted.newspapers, names)),
        (Narrowing.KIND, "类型", [(KIND_LABELS[kind], KIND_LABELS[kind], n) for kind, n in counted.kinds.items()]),
        (Narrowing.TOPIC, "专题", _named(counted.topics, topics)),
        (Narrowing.CONTRIBUTOR, "作者", [(name, name, n) for name, n in counted.contributors.items()]),
    ]
    taken = {one.by for one in reading.narrowed}
    made = []
    for by, title, values in groups:
        if by in taken or not _is_choice(values, counted):
            continue
        made.append(
            Facet(
                title, [Value(label, n, sorted_url(reading.narrowed_to(by, value), sort)) for label, value, n in values]
            )
        )
    return Facets(made, counted.is_exact)


def _named(counts: Mapping[str, int], names: Mapping[str, str]) -> list[tuple[str, str, int]]:
    return [(names[slug], names[slug], n) for slug, n in counts.items() if slug in names]


def _is_choice(values: Sequence[tuple[str, str, int]], counted: types.Facets) -> bool:
    """Whether any of them would leave fewer results."""
    return any(n < counted.total for _, _, n in values)
