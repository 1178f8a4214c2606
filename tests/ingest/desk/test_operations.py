"""The operations one by one: what they do, and what they refuse."""

from __future__ import annotations

import pytest

from ingest.desk import operations as ops
from ingest.desk import steps
from ingest.desk.codec import decode, decode_all, encode
from ingest.desk.layout import Refusal, ledger
from ingest.desk.operations import apply, apply_all
from tests.ingest.desk.pages import sample

pytestmark = pytest.mark.once


def texts(layout, place):
    return [block.text for block in layout.blocks_in(place)]


def roles(layout, place):
    return [block.role for block in layout.blocks_in(place)]


def test_join_and_split_at_the_seam():
    joined, inverse = apply(sample(), ops.Join("s3", "s4"))
    assert texts(joined, "article:1")[2] == "本报讯 昨日，大桥通车。桥长三百米。"
    assert joined.find("s3")[2].origins == ("s3", "s4")
    assert apply(joined, inverse)[0] == sample()


def test_a_headline_may_go_over_into_a_deck_but_not_into_a_second_headline():
    split, _ = apply(sample(), ops.Split("s1", 4, "e1", "deck"))
    assert texts(split, "article:1")[:2] == ["青溪大桥", "通车"]
    with pytest.raises(Refusal, match="已经有主题"):
        apply(sample(), ops.Split("s1", 4, "e1", "headline"))


def test_moving_goes_to_the_nearest_place_of_the_role():
    moved, inverse = apply(sample(), ops.Move("s10", "article:1", 0, "paragraph"))
    assert texts(moved, "article:1")[2] == "散落的文字"
    assert apply(moved, inverse)[0] == sample()


def test_changing_the_role_in_place():
    changed, _ = apply(sample(), ops.Move("s4", "article:1", 3, "subhead"))
    assert roles(changed, "article:1") == ["headline", "deck", "paragraph", "subhead", "caption"]


def test_merging_keeps_every_character_and_both_titles():
    merged, inverses = apply_all(sample(), steps.merge_items(sample(), "article:1", "notice:2"))
    assert [item.key for item in merged.items] == ["article:1", "article:3"]
    assert roles(merged, "article:1").count("headline") == 1
    assert ledger(merged) == ledger(sample())
    assert merged.hollow == {"notice:2"}
    assert apply_all(merged, inverses)[0] == sample()


def test_splitting_an_item():
    split, _ = apply_all(sample(), steps.split_item(sample(), "article:1", "s4", "new:1"))
    assert [item.key for item in split.items][:2] == ["article:1", "new:1"]
    assert texts(split, "new:1") == ["桥长三百米。", "图为大桥"]


def test_converting_both_ways_keeps_every_character():
    notice, _ = apply_all(sample(), steps.convert_item(sample(), "article:1", "new:1"))
    assert roles(notice, "new:1") == ["heading", "paragraph", "paragraph", "paragraph", "paragraph"]
    assert notice.items[0].key == "new:1"
    article, _ = apply_all(notice, steps.convert_item(notice, "new:1", "new:2"))
    assert roles(article, "new:2")[0] == "headline"
    assert ledger(article) == ledger(sample())


@pytest.mark.parametrize("make", [steps.dissolve_item, lambda layout, key: steps.merge_items(layout, "article:1", key)])
def test_what_was_published_is_not_dissolved(make):
    with pytest.raises(Refusal, match="见过报"):
        apply_all(sample(), make(sample(), "article:3"))


@pytest.mark.parametrize(
    ("operation", "reason"),
    [
        (ops.EditText("s4", 0, "别的", ""), "不是原来的"),
        (ops.EditText("s4", 99, "", "字"), "不是原来的"),
        (ops.EditText("s5", 0, "图为大桥", ""), "不能没有文字"),
        (ops.EditText("s1", 0, "", "一\n"), "一行"),
        (ops.EditText("s1", 0, "", "长" * 300), "不能超过"),
        (ops.EditText("s99", 0, "", "字"), "不在了"),
        (ops.AddBlock("s1", "article:1", 0, "paragraph", "字"), "已经有了"),
        (ops.AddBlock("e 一", "article:1", 0, "paragraph", "字"), "编号"),
        (ops.AddBlock("e1", "notice:2", 0, "caption", "字"), "公告里没有"),
        (ops.Join("s3", "s5"), "紧挨着"),
        (ops.Join("s4", "s3"), "紧挨着"),
        (ops.Join("s3", "s4", "，"), "接缝"),
        (ops.Split("s4", 0, "e1", "paragraph"), "开头或末尾"),
        (ops.Split("s4", 2, "s1", "paragraph"), "已经有了"),
        (ops.Split("s4", 2, "e1", "paragraph", " "), "不是原来的"),
        (ops.Split("s4", 2, "e1", "paragraph", "", (), ()), "出处"),
        (ops.Split("s4", 2, "e1", "headline"), "已经有主题"),
        (ops.Split("s4", 2, "e1", "deck"), "不能放在这里"),
        (ops.Move("s4", "article:9", 0, "paragraph"), "不在了"),
        (ops.Move("s4", "unplaced", 0, "paragraph"), "托盘"),
        (ops.Move("s4", "notice:2", 0, "heading"), "已经有报面标题"),
        (ops.RemoveItem("notice:2"), "还有文字"),
        (ops.InsertItem("article:1", "article", 0, steps.empty_facts("article")), "已经在了"),
        (ops.InsertItem("article:7", "article", 0, steps.empty_facts("article")), "没有这一条"),
        (ops.InsertItem("new:1", "letter", 0, {}), "不认识"),
        (ops.SetFact("notice:2", "kind", "讣告", "其他"), "不是原来的"),
        (ops.SetFact("notice:2", "headline", "", "其他"), "没有这一项"),
        (ops.Settle("6", "open", "accepted"), "处理过"),
        (ops.Settle("5", "open", "gone"), "不认识"),
    ],
)
def test_refusals_say_why(operation, reason):
    with pytest.raises(Refusal, match=reason):
        apply(sample(), operation)


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {"op": "Nothing"},
        {"op": "Join", "first": "s1"},
        {"op": "Join", "first": "s1", "second": "s2", "more": 1},
        {"op": "Join", "first": 1, "second": "s2"},
        {"op": "EditText", "block": "s1", "at": -1, "old": "", "new": ""},
        {"op": "EditText", "block": "s1", "at": True, "old": "", "new": ""},
        {"op": "EditText", "block": "s1", "at": 0, "old": "", "new": "\x00"},
        {"op": "EditText", "block": "s1", "at": 0, "old": "", "new": "\ud800"},
        {"op": "AddBlock", "block": "e1", "place": "p", "index": 0, "role": "r", "text": "t", "origins": [1]},
        {"op": "InsertItem", "key": "new:1", "kind": "notice", "index": 0, "facts": {"kind": 1.5}},
        {"op": "SetFact", "key": "k", "name": "n", "old": None, "new": [[[[[[[[1]]]]]]]]},
    ],
)
def test_the_codec_refuses_what_is_no_operation(value):
    with pytest.raises(Refusal):
        decode(value)


def test_the_codec_gives_back_what_it_took():
    operation = ops.Split("s4", 2, "e1", "paragraph", "", ("s4",), ())
    assert decode(encode(operation)) == operation
    with pytest.raises(Refusal):
        decode_all({"op": "Join"})
