"""The order by relevance: by what readers would call right, against plain BM25, and rule by rule."""

from __future__ import annotations

import datetime
import statistics

import pytest

from articles.models import Article, SiteWord
from articles.search import search
from articles.search.ranking import WEIGHTS, Candidate, cut, ranked
from articles.search.types import Field, Order, Query, Scope, Term
from tests import factories
from tests.articles.search import judged

TODAY = datetime.date(2026, 1, 1)


def asked(text: str) -> Query:
    return Query(all_of=tuple((Term(word),) for word in text.split()))


@pytest.mark.django_db
def test_the_judged_set_is_in_better_order_than_plain_bm25_puts_it(capsys):
    """`pytest -s` prints the figures that `benchmarks/README.md` tells."""
    pages = judged.pages()
    page = factories.page()
    made = Article.objects.bulk_create(
        Article(
            page=page,
            headline=each.headline,
            deck=list(each.deck),
            body=[{"id": f"s{n}", "role": "paragraph", "text": text} for n, text in enumerate(each.body)],
            captions=[{"id": f"c{n}", "text": text} for n, text in enumerate(each.captions)],
            content_hash="x",
        )
        for each in pages
    )
    keys = {article.pk: each.key for article, each in zip(made, pages, strict=True)}
    plain = judged.PlainBm25(pages)
    ours, theirs = {}, {}
    for question in judged.questions():
        grades = {each.key: each.grades[question] for each in pages if each.grades.get(question)}
        hits = search(asked(question), scope=Scope.DRAFTS, order=Order.RELEVANCE, size=10).hits
        ours[question] = judged.ndcg([keys[hit.pk] for hit in hits], grades)
        theirs[question] = judged.ndcg(plain.search(question), grades)
    assert len(ours) >= 40
    means = statistics.mean(ours.values()), statistics.mean(theirs.values())
    print(f"\nnDCG@10 over {len(ours)} questions: {means[0]:.3f}, plain BM25 on jieba's words {means[1]:.3f}")
    for question in sorted(ours, key=lambda each: ours[each] - theirs[each]):
        print(f"  {question}: {ours[question]:.3f} / {theirs[question]:.3f}")
    assert means[0] >= means[1]
    assert means[0] > 0.96


def texts(**given: str) -> dict[str, str]:
    return {name: given.get(name, "") for name in WEIGHTS}


def order(question: Query, *candidates: dict[str, str], **options: object) -> list[int]:
    rows = [Candidate(key, TODAY, one) for key, one in enumerate(candidates)]
    return [key for _, key in ranked(question, rows, today=TODAY, **options)]  # type: ignore[arg-type]


def test_headline_before_deck_before_subhead_before_body_before_caption():
    filler = "的" * 50
    rows = [
        texts(captions="灯会", body=filler),
        texts(body=f"灯会{filler}"),
        texts(body=f"灯会{filler}", subheads="灯会"),
        texts(deck="灯会", body=filler),
        texts(headline="看灯会去", body=filler),
    ]
    assert order(asked("灯会"), *rows) == [4, 3, 2, 1, 0]


def test_what_stands_across_other_words_comes_later():
    rows = [texts(headline="北京东路改造", body="北京东路。"), texts(headline="京东改造", body="京东参加。")]
    assert order(asked("京东"), *rows) == [1, 0]
    rows = [texts(headline="道路改造", body="北京东路。"), texts(headline="电商大会", body="京东参加。")]
    assert order(asked("京东"), *rows) == [1, 0]


def test_a_phrase_is_not_read_as_words():
    rows = [texts(body="长护险试点" + "长护险。" * 9), texts(body="长护险试点。" * 2)]
    assert order(Query(all_of=((Term("长护险试点", None, True),),)), *rows) == [1, 0]


def test_a_field_asked_for_is_the_one_that_counts():
    rows = [texts(headline="灯会", body="灯会" * 9), texts(headline="灯会灯会")]
    assert order(Query(all_of=((Term("灯会", Field.HEADLINE),),)), *rows)[0] in (0, 1)
    rows = [texts(byline="张文贤", headline="张文贤" * 3), texts(byline="张文贤张文贤")]
    assert order(Query(all_of=((Term("张文贤", Field.BYLINE),),)), *rows) == [1, 0]


def test_freshness_when_asked_for():
    old = Candidate(1, TODAY - datetime.timedelta(days=7000), texts(headline="灯会", body="灯会"))
    new = Candidate(0, TODAY, texts(headline="灯会", body="灯会的"))
    assert ranked(asked("灯会"), [old, new], today=TODAY)[0][1] == 1
    assert ranked(asked("灯会"), [old, new], today=TODAY, is_fresh_first=True)[0][1] == 0


def test_equals_stand_newest_first():
    row = texts(body="灯会")
    assert order(asked("灯会"), row, row, row) == [2, 1, 0]


def test_site_words_stay_whole():
    assert list(cut("池店镇桥南社区", frozenset({"桥南社区"}))) == ["池店镇", "桥南社区"]
    assert "".join(cut("在陈埭镇，五店市", frozenset({"陈埭", "五店市"}))) == "在陈埭镇，五店市"


@pytest.mark.django_db
def test_site_words_work_at_once():
    """谢厝围 is no word to jieba: an occurrence between other characters seems an accident until an editor says so."""
    page = factories.page()
    one = factories.article(on=page, headline="", text="本报讯 走进谢厝围看灯。")
    SiteWord.objects.create(word="谢厝围")
    before = search(asked("厝围"), scope=Scope.DRAFTS, order=Order.RELEVANCE).hits[0].score
    SiteWord.objects.update(is_used=False)
    SiteWord.objects.create(word="厝围")
    after = search(asked("厝围"), scope=Scope.DRAFTS, order=Order.RELEVANCE).hits[0]
    assert after.pk == one.pk and after.score > before
