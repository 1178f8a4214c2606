"""What is marked is what was asked for, cut from the text as printed."""

from __future__ import annotations

import html
import itertools
import re
import time

import pytest
from django.template import engines
from hypothesis import given
from hypothesis import strategies as st

from articles.search.folding import fold
from articles.search.highlight import LOOKED_AT, MARKS_LIMIT, SNIPPET, Piece, marked, marks, needles, snippets
from articles.search.types import Field, Term


def found(text, *words):
    return [text[start:end] for start, end in marks(text, needles(Term(word) for word in words))]


@pytest.mark.parametrize(
    ("text", "word", "are_marked"),
    [
        ("晋江长护险试点，长护险惠及", "长护险", ["长护险", "长护险"]),
        ("長護險在晋江", "长护险", ["長護險"]),  # traditional in the text
        ("长护险在晋江", "長護險", ["长护险"]),  # traditional in the query
        ("ＫＮ９５口罩和kn95口罩", "KN95", ["ＫＮ９５", "kn95"]),  # width and case
        ("厦门大学附属第一医院吴\n志朴教授", "吴志朴", ["吴\n志朴"]),  # across the line break of recognised text
        ("晋 江 市", "晋江", ["晋 江"]),  # a headline spaced out
        ("第 95 号", "95号", ["95 号"]),
        ("“五店市”灯会", "五店市灯会", ["五店市”灯会"]),  # quotes inside
        ("晋江，泉州", "晋江、泉州", ["晋江，泉州"]),  # a sign where the phrase has a break
        ("晋江泉州", "晋江、泉州", []),
        ("面积120㎡。", "120m2", ["120㎡"]),  # one sign that folds to two
        ("面积120㎡。", "20m", ["20㎡"]),  # half of such a sign: all of it
        ("cafe\u0301 au lait", "café", ["cafe\u0301"]),  # an accent set apart stays with its letter
        ("AT&T <b>晋江</b>", "b", ["b", "b"]),
        ("安全安全安全", "安全", ["安全安全安全"]),  # touching marks are one
        ("", "安全", []),
    ],
)
def test_marks(text, word, are_marked):
    assert found(text, word) == are_marked


def test_terms_of_other_fields_are_not_marked():
    terms = [Term("晋江"), Term("大桥", Field.HEADLINE), Term("要闻", Field.SECTION), Term("！")]
    assert needles(terms) == ("晋江",)
    assert needles(terms, Field.HEADLINE) == ("晋江", "大桥")
    assert marked("晋江大桥", ("晋江",)) == (Piece("晋江", is_marked=True), Piece("大桥"))


BODY = (
    "本报讯 昨日，全市防汛工作会议召开。会议要求各镇做好准备。" * 4
    + "台风“海葵”将于后天登陆，晋江各渔港渔船已全部回港。"
    + "市水利局巡查各水库。" * 12
    + "据气象台消息，台风带来暴雨。水库提前放水。"
)


def test_two_snippets_show_as_many_of_the_words_as_they_can_in_the_order_of_the_text():
    first, second = snippets(BODY, needles([Term("渔船"), Term("放水"), Term("台风")]))
    assert [piece.text for piece in first.pieces if piece.is_marked] == ["台风", "渔船"]
    assert [piece.text for piece in second.pieces if piece.is_marked] == ["台风", "放水"]
    assert first.text.startswith("台风“海葵”")  # with its sentence
    assert first.is_cut_before and first.is_cut_after and not second.is_cut_after
    assert all(len(one.text) <= SNIPPET + 20 for one in (first, second))


def test_no_snippet_of_what_is_not_there_and_one_where_there_is_one_place():
    assert snippets(BODY, needles([Term("没有")])) == []
    assert len(snippets("晋江长护险", ("长护险",))) == 1
    assert snippets("晋江长护险", ("长护险",))[0].is_cut_before is False


# Characters of every kind that folding treats in its own way, and those HTML does.
SIGNS = "晋江長护護险ＡＢab㎡½1２.． \n　，。“”《·&<>\"'\u0301\ufe0f\u200b"


@given(st.text(alphabet=SIGNS, max_size=80), st.data())
def test_any_part_of_a_text_is_marked_in_it_as_itself(text, data):
    plain = fold(text)
    if not plain:
        return
    start = data.draw(st.integers(0, len(plain) - 1))
    word = fold(plain[start : data.draw(st.integers(start + 1, len(plain)))])
    if not word or word not in plain:
        return
    spans = marks(text, (word,))
    assert spans == sorted(spans) and all(a[1] < b[0] for a, b in itertools.pairwise(spans))
    assert spans
    for first, last in spans:
        assert word in fold(text[first:last])
        # Not one character too many: without its first or its last, a mark of one occurrence is none.
        if len(spans) == 1 and plain.count(word) == 1:
            assert word not in fold(text[first + 1 : last])


TEMPLATE = engines["django"].from_string("{% include 'public/_marked.html' %}")


@given(
    st.text(alphabet=SIGNS, max_size=120),
    st.lists(st.sampled_from(["晋", "江长", "ab", "a", "1", "<", "&", "amp", "lt", "m2"]), max_size=4),
)
def test_marks_never_stand_inside_an_entity_and_lose_nothing(text, words):
    chosen = needles(Term(word) for word in words)
    shown = TEMPLATE.render({"pieces": marked(text, chosen)})
    assert html.unescape(re.sub(r"</?mark>", "", shown)) == text
    assert re.sub(r"</?mark>|&(?:amp|lt|gt|quot|#x27);", "", shown).count("&") == 0
    for snippet in snippets(text, chosen):
        assert snippet.text in text and any(piece.is_marked for piece in snippet.pieces)
        for piece in snippet.pieces:
            assert not piece.is_marked or any(word in fold(piece.text) for word in chosen)


@given(st.text(alphabet="安全生产。台", min_size=60, max_size=400), st.integers(1, 4))
def test_snippets_do_not_overlap_and_are_not_endless(text, count):
    made = snippets(text, ("安全", "全生", "台"), count)
    assert len(made) <= count
    at = 0
    for snippet in made:
        place = text.find(snippet.text, at)
        assert place >= at
        at = place + len(snippet.text)


def test_a_long_text_costs_little():
    began = time.perf_counter()
    text = "安全生产" * 125_000
    assert marks(text, ("安全", "生产", "不在"))[-1][1] <= LOOKED_AT
    assert len(snippets(text, ("安全", "生产"))) == 2
    assert len(marks("晋江，" * 1_000, ("晋江",))) == MARKS_LIMIT
    assert time.perf_counter() - began < 2
