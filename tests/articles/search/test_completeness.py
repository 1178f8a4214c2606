"""Whatever holds the string is found, and nothing else: the index against reading everything, on random strings."""

from __future__ import annotations

import datetime
import itertools
import random
from itertools import pairwise

import pytest

from articles.search import facets, postgresql_engine, search, searching
from articles.search.types import Field, Kind, Order, Query, Scope, Term
from tests.articles.search import archive, scan
from tests.kept import kept

SEEDS = range(2)
LOCAL = [
    "陈埭",
    "五店市",
    "深沪",
    "内坑",
    "桥南社区",
    "池店桥南",
    "吴志朴",
    "张文贤",
    "长期护理保险",
    "区服务",
    "东路",
    "镇桥",
]
ODD = [
    "2025年",
    "33万",
    "3.5%",
    "3.5",
    ".5",
    "5G",
    "5g网",
    "ＡＩ",
    "iPhone 15",
    "iPhone15",
    "wifi",
    "长護险",
    "台灣",
    "平方",
    "m2",
]
SIGNED = ["会议。", "，的", "“长护险”", "陈埭，深沪", "陈埭、深沪", "的", "东", "5", "i", "阿卜杜·拉"]
NOTHING = ["！", "|", "%", "_", "**", '"', "'", "\\", ""]


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("archive_of_36")]


@kept
def archive_of_36() -> None:
    archive.fill(36)


def found(query: Query, scope: Scope, order: Order = Order.DATE) -> set[tuple[Kind, int, int | None]]:
    """All pages of it."""
    rows, after = [], None
    while True:
        page = search(query, scope=scope, order=order, after=after, size=7)
        rows += [(hit.kind, hit.pk, hit.snapshot if scope == Scope.PUBLIC else None) for hit in page.hits]
        after = page.next
        if after is None:
            assert len(set(rows)) == len(rows)
            assert page.total == len(rows)
            return set(rows)


def scanned(query: Query, scope: Scope) -> set[tuple[Kind, int, int | None]]:
    return {(each.kind, each.pk, each.snapshot) for each in scan.documents(scope) if each.answers(query)}


def agree(query: Query) -> None:
    for scope in Scope:
        assert found(query, scope) == scanned(query, scope), query


def test_strings():
    for text in (*LOCAL, *ODD, *SIGNED, *NOTHING):
        agree(Query(all_of=((Term(text),),)))


@pytest.mark.parametrize("seed", SEEDS)
def test_random_parts_of_texts(seed, monkeypatch):
    monkeypatch.setattr(
        postgresql_engine, "ROWS", 10**9 * seed
    )  # PostgreSQL finds by its inverted index, and by reading rows
    chance = random.Random(seed)
    texts = archive.live_texts() + archive.draft_texts()
    for _ in range(60):
        agree(Query(all_of=((Term(archive.substring(chance, texts)),),)))


@pytest.mark.parametrize("seed", SEEDS)
def test_random_questions(seed, monkeypatch):
    monkeypatch.setattr(postgresql_engine, "ROWS", 10**9 * seed)
    chance = random.Random(seed)
    texts = archive.live_texts() + archive.draft_texts()
    fields = [None, None, None, *Field]

    def term() -> Term:
        return Term(archive.substring(chance, texts, 4), chance.choice(fields), chance.random() < 0.2)

    for _ in range(60):
        agree(
            Query(
                all_of=tuple(
                    tuple(term() for _ in range(chance.choice((1, 1, 2)))) for _ in range(chance.randrange(3))
                ),
                none_of=tuple(term() for _ in range(chance.randrange(3))),
                first_day=chance.choice((None, None, datetime.date(2024, 6, 1))),
                last_day=chance.choice((None, None, datetime.date(2025, 4, 9))),
                newspaper=chance.choice((None, None, "qingxi", "jjjjb", "none")),
                page=chance.choice((None, None, None, 1)),
                kind=chance.choice((None, None, *Kind)),
                topic=chance.choice((None, None, None, "zhuanti0", "none")),
                contributor=chance.choice((None, None, None, "Anna Lee", "阿卜杜·拉")),
            )
        )


def test_relevance_gives_the_same_results_in_another_order():
    for text in ("陈埭", "安全生产", "的"):
        query = Query(all_of=((Term(text),),))
        assert found(query, Scope.PUBLIC, Order.RELEVANCE) == scanned(query, Scope.PUBLIC)


def test_facets_count_what_is_found():
    queries = (Query(), Query(all_of=((Term("陈埭"), Term("安全")),)), Query(kind=Kind.NOTICE))
    for query, scope in itertools.product(queries, Scope):
        ours, right = facets(query, scope), scan.facets(query, scope)
        assert (ours.years, ours.newspapers, ours.kinds) == (right.years, right.newspapers, right.kinds)
        assert (ours.topics, ours.contributors) == (right.topics, right.contributors)
        assert (ours.total, ours.is_exact) == (right.total, True)


def test_of_very_many_the_latest_are_counted(monkeypatch):
    monkeypatch.setattr(searching, "EXACT_TOTAL", 3)
    monkeypatch.setattr(searching, "FACETED", 3)
    monkeypatch.setattr(postgresql_engine, "ROWS", 10**9)
    for query in (Query(), Query(all_of=((Term("的"),),))):
        found = facets(query, Scope.DRAFTS)
        assert 0 < found.total <= 3 and not found.is_exact
        assert 0 <= sum(found.kinds.values()) <= 3
    assert sum(facets(Query(), Scope.DRAFTS).kinds.values()) == 3


@pytest.mark.parametrize("probe", [400, 2])
@pytest.mark.parametrize("exact", [10_000, 3])
def test_with_its_facets_a_search_finds_the_same(monkeypatch, exact, probe):
    monkeypatch.setattr(searching, "CANDIDATES", 2)
    monkeypatch.setattr(postgresql_engine, "PROBE", probe)
    monkeypatch.setattr(postgresql_engine, "ROWS", 10**9)
    for module in ("searching", "types"):
        monkeypatch.setattr(f"articles.search.{module}.EXACT_TOTAL", exact)
    for text, scope in itertools.product(("陈埭", "安全生产", "的", "无此字串"), Scope):
        query = Query(all_of=((Term(text),),))
        counted = facets(query, scope)
        ours = search(query, scope=scope, order=Order.RELEVANCE, counted=counted)
        right = search(query, scope=scope, order=Order.RELEVANCE)
        ours.knows(counted)
        assert [(hit.key, hit.score) for hit in ours.hits] == [(hit.key, hit.score) for hit in right.hits]
        assert (ours.total, ours.is_total_exact, ours.is_cut) == (right.total, right.is_total_exact, right.is_cut)


@pytest.mark.parametrize(("probe", "walk"), [(400, 20_000), (12, 12), (2, 20_000), (2, 4)])
@pytest.mark.parametrize("rows", [1, 40, 10**9])
@pytest.mark.parametrize("beside", [2_000, 3])
def test_whichever_way_postgresql_takes_it_finds_the_same(monkeypatch, probe, walk, rows, beside):
    """By the index for all states at once or for one of them, or walking through the rows."""
    for name, value in (("PROBE", probe), ("WALK", walk), ("ROWS", rows), ("BESIDE", beside)):
        monkeypatch.setattr(postgresql_engine, name, value)
    for text, scope in itertools.product(("陈埭", "安全生产", "会议"), Scope):
        query = Query(all_of=((Term(text),),))
        assert found(query, scope) == scanned(query, scope)


def test_what_is_said_in_many_ways_is_found(monkeypatch):
    ways = tuple(Term(text) for text in ("陈埭", "安全生产", "五店市", "无此字串", "张文贤"))
    for query in (Query(all_of=(ways,)), Query(all_of=(ways, (Term("的"), Term("会议"))), none_of=(Term("安全"),))):
        assert found(query, Scope.PUBLIC) == scanned(query, Scope.PUBLIC)


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("scope", Scope)
def test_pages_lead_back_as_they_led_on(scope, order):
    query = Query(all_of=((Term("的"),),))
    pages = [search(query, scope=scope, order=order, size=3)]
    while pages[-1].next:
        pages.append(search(query, scope=scope, order=order, after=pages[-1].next, size=3))
    assert len(pages) > 4 and pages[0].previous is None
    for before, this in pairwise(pages):
        assert this.previous is not None
        back = search(query, scope=scope, order=order, after=this.previous or None, size=3)
        assert [hit.key for hit in back.hits] == [hit.key for hit in before.hits]
        assert back.next == before.next


def test_a_page_before_that_would_not_be_full_is_the_first():
    query = Query(all_of=((Term("的"),),))
    second = search(query, scope=Scope.DRAFTS, size=3).next
    page = search(query, scope=Scope.DRAFTS, after=second, size=3)
    first = search(query, scope=Scope.DRAFTS, after=page.previous, size=5)
    assert first.previous is None
    assert [hit.key for hit in first.hits] == [hit.key for hit in search(query, scope=Scope.DRAFTS, size=5).hits]


def test_by_date_the_latest_come_first():
    days = [hit.day for hit in search(Query(), scope=Scope.PUBLIC, size=100).hits]
    assert len(days) > 10
    assert days == sorted(days, key=lambda day: day or datetime.date.min, reverse=True)
