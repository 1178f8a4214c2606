"""What content is taken, and its hash."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import content
from articles.content import ARTICLE_FIELDS, NOTICE_FIELDS, check_content, clean_line, content_hash
from tests.factories import article_content, notice_content


def piece(text="文字", key="s1", role="paragraph"):
    return {"id": key, "role": role, "text": text}


GOOD = [
    {},
    {"headline": "𠮷野家，龘㐂🎉"},
    {"body": [piece("一\n二\t三\r\n四")]},
    {"body": []},
    {"deck": ["一", "二"]},
    {"captions": [{"id": "s2", "text": "▲图"}]},
    {"headline": "字" * 300},
    {"body": [piece("字" * content.PIECE_LIMIT)]},
    {"body": [piece("字", f"s{n}") for n in range(content.PIECES_LIMIT)]},
    {"body": [piece("e\u0301\u200b\ufeff\U0010fffd")]},
]
BAD = [
    ({"headline": "字" * 301}, "headline", "300"),
    ({"headline": 5}, "headline", "一行"),
    ({"headline": "一\n二"}, "headline", "一行"),
    ({"headline": "一\r二"}, "headline", "一行"),
    ({"headline": "一\u2028二"}, "headline", "一行"),
    ({"headline": "一\x00二"}, "headline", "U+0000"),
    ({"byline": "\ud800"}, "byline", "U+D800"),
    ({"column": "\x0b"}, "column", "一行"),
    ({"continued_on": "字" * 31}, "continued_on", "30"),
    ({"deck": "一"}, "deck", "若干行"),
    ({"deck": [" "]}, "deck", "空行"),
    ({"deck": ["一\n二"]}, "deck", "一行"),
    ({"deck": ["字" * 301]}, "deck", "300"),
    ({"deck": ["字"] * 51}, "deck", "50"),
    ({"deck": [None]}, "deck", "一行"),
    ({"body": "文字"}, "body", "列表"),
    ({"body": [piece("字", f"s{n}") for n in range(content.PIECES_LIMIT + 1)]}, "body", "2000"),
    ({"body": ["文字"]}, "body", "格式"),
    ({"body": [{"id": "s1", "text": "少了类别"}]}, "body", "格式"),
    ({"body": [{**piece(), "more": "x"}]}, "body", "格式"),
    ({"body": [piece(None)]}, "body", "格式"),
    ({"body": [piece(), piece("再")]}, "body", "编号"),
    ({"body": [piece(key="")]}, "body", "编号"),
    ({"body": [piece(key="s" * 21)]}, "body", "编号"),
    ({"body": [piece(key="段")]}, "body", "编号"),
    ({"body": [piece(role="headline")]}, "body", "类别"),
    ({"body": [piece(" \n")]}, "body", "没有文字"),
    ({"body": [piece("字" * (content.PIECE_LIMIT + 1))]}, "body", "超过"),
    ({"body": [piece("字" * content.PIECE_LIMIT, f"s{n}") for n in range(6)]}, "body", "500000"),
    ({"body": [piece("a\x00b")]}, "body", "U+0000"),
    ({"body": [piece("a\x08b")]}, "body", "U+0008"),
    ({"body": [piece("a\udfffb")]}, "body", "U+DFFF"),
    ({"captions": [piece()]}, "captions", "格式"),
    ({"captions": [{"id": "s1", "text": "编号与正文重复"}]}, "captions", "重复"),
]
FIELDS_GOOD = [
    {},
    {"declarant": "王小明", "phones": ["1"], "days": 45, "read": True, "none": None, "deep": {"a": [{"b": "c"}]}},
]
FIELDS_BAD: list[Any] = [
    [],
    None,
    "文字",
    {"sum": 1.5},
    {"sum": float("nan")},
    {"sum": 2**60},
    {"a": "\x00"},
    {"a\x00": "b"},
    {"a": ["\ud800"]},
    {1: "b"},
    {"a": {"b": {"c": {"d": {"e": "f"}}}}},
    {"a": "字" * 50_001},
    {"a": [""] * 50_001},
    {"a": ("b",)},
    {"a": b"b"},
]


@pytest.mark.parametrize("change", GOOD, ids=range(len(GOOD)))
def test_good_articles_pass(change):
    check_content({**article_content(), **change}, ARTICLE_FIELDS)


@pytest.mark.parametrize(("change", "field", "says"), BAD, ids=range(len(BAD)))
def test_bad_articles_are_refused_by_field_in_words(change, field, says):
    with pytest.raises(ValidationError) as refusal:
        check_content({**article_content(), **change}, ARTICLE_FIELDS)
    assert list(refusal.value.message_dict) == [field]
    assert says in refusal.value.messages[0]


@pytest.mark.parametrize("fields", FIELDS_GOOD)
def test_good_notice_fields_pass(fields):
    check_content({**notice_content(), "fields": fields}, NOTICE_FIELDS)


@pytest.mark.parametrize("fields", FIELDS_BAD, ids=range(len(FIELDS_BAD)))
def test_bad_notice_fields_are_refused(fields):
    with pytest.raises(ValidationError) as refusal:
        check_content({**notice_content(), "fields": fields}, NOTICE_FIELDS)
    assert list(refusal.value.message_dict) == ["fields"]


def test_an_unknown_kind_of_notice_is_refused():
    with pytest.raises(ValidationError, match="没有“启事”这个类别"):
        check_content(notice_content(kind="启事"), NOTICE_FIELDS)


@pytest.mark.parametrize("change", [{"more": ""}, None])
def test_content_has_exactly_its_fields(change):
    made = article_content() | (change or {})
    if change is None:
        del made["deck"]
    with pytest.raises(ValidationError, match="字段不对"):
        check_content(made, ARTICLE_FIELDS)


_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None, max_examples=200)
@given(st.fixed_dictionaries(dict.fromkeys(ARTICLE_FIELDS, _json)))
def test_any_json_is_taken_or_refused_never_a_crash(value):
    try:
        check_content(value, ARTICLE_FIELDS)
    except ValidationError:
        return
    assert content_hash(json.loads(json.dumps(value))) == content_hash(value)


@settings(deadline=None, max_examples=200)
@given(_json)
def test_notice_fields_that_pass_come_back_from_json_with_their_hash(value):
    try:
        check_content(notice_content(fields=value), NOTICE_FIELDS)
    except ValidationError:
        return
    assert content_hash(json.loads(json.dumps(value))) == content_hash(value)


def test_the_hash_tells_every_code_point_apart_and_not_the_order_of_keys():
    assert content_hash({"a": "é"}) != content_hash({"a": "e\u0301"})
    assert content_hash({"a": "臺"}) != content_hash({"a": "台"})
    assert content_hash({"a": "，"}) != content_hash({"a": ","})
    assert content_hash({"a": "x "}) != content_hash({"a": "x"})
    assert content_hash({"a": 1, "b": 2}) == content_hash({"b": 2, "a": 1})


def test_the_hash_never_changes():
    """Stored hashes must fit for ever, so one value is written down."""
    expected = "6e82c1abfea6aba6bae42ac23e1caceca7f60a543b6d7df34636437df054a772"
    assert content_hash({"a": ["龘", 1, None, True]}) == expected


@pytest.mark.parametrize(
    ("text", "line"),
    [(" a ", "a"), ("a\nb", "a b"), (" a \n\n b\n", "a b"), ("a\r\nb", "a b"), ("a\u2028b", "a b"), ("\n", "")],
)
def test_clean_line_makes_one_line(text, line):
    assert clean_line(text) == line


@settings(deadline=None)
@given(st.text())
def test_a_cleaned_line_is_one_line_and_keeps_its_words(text):
    line = clean_line(text)
    assert len(line.splitlines()) <= 1
    assert "".join(line.split()) == "".join(text.split())
