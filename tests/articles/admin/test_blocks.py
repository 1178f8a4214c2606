"""Blocks as typed become content: nothing typed is lost, nothing untouched changes."""

from __future__ import annotations

import pytest

from articles.admin.blocks import Row, assemble

FORMER = {
    "s1": {"id": "s1", "role": "paragraph", "text": "第一段。"},
    "s2": {"id": "s2", "role": "paragraph", "text": "第二段。"},
    "s3": {"id": "s3", "text": "桥头合影。"},
}
HEAD = {"headline": "旧主题", "deck": [], "captions": []}


def rows(**changes):
    """The form as it is first shown, with some rows changed by id."""
    shown = {
        "s1": Row("s1", 10, "paragraph", "第一段。"),
        "s2": Row("s2", 20, "paragraph", "第二段。"),
        "s3": Row("s3", 30, "caption", "桥头合影。"),
    }
    return [*{**shown, **changes}.values()]


def texts(made):
    return [p["text"] for p in made.content["body"]], [p["text"] for p in made.content["captions"]]


@pytest.mark.parametrize(
    ("changed", "body", "captions"),
    [
        ({}, ["第一段。", "第二段。"], ["桥头合影。"]),  # nothing touched, nothing changed
        ({"s2": Row("s2", 5, "paragraph", "第二段。")}, ["第二段。", "第一段。"], ["桥头合影。"]),  # order by number
        ({"s1": Row("s1", 10, "paragraph", "第一\r\n\r\n段。")}, ["第一", "段。", "第二段。"], ["桥头合影。"]),  # split
        ({"s2": Row("s2", 20, "paragraph", "第二段。", is_joined=True)}, ["第一段。第二段。"], ["桥头合影。"]),  # join
        ({"s1": Row("s1", 10, "paragraph", "第一段。", is_removed=True)}, ["第二段。"], ["桥头合影。"]),  # taken out
        ({"s1": Row("s1", 10, "caption", "第一段。")}, ["第二段。"], ["第一段。", "桥头合影。"]),  # made a caption
        ({"s3": Row("s3", 15, "paragraph", "桥头合影。")}, ["第一段。", "桥头合影。", "第二段。"], []),  # and back
        ({"new": Row("", 15, "subhead", "新加")}, ["第一段。", "新加", "第二段。"], ["桥头合影。"]),  # added between
        (
            {"new": Row("", 15, "paragraph", " \r\n ")},
            ["第一段。", "第二段。"],
            ["桥头合影。"],
        ),  # an empty form adds nothing
    ],
)
def test_each_way_of_editing_gives_the_text_one_expects(changed, body, captions):
    assert texts(assemble(rows(**changed), HEAD, FORMER)) == (body, captions)


def test_the_first_part_of_a_split_block_keeps_its_id_and_the_rest_get_new_ones():
    made = assemble(rows(s1=Row("s1", 10, "paragraph", "第一\n\n段。")), HEAD, FORMER)
    assert [p["id"] for p in made.content["body"]] == ["s1", "e1", "s2"]


def test_text_with_an_empty_line_of_its_own_is_not_split_unless_it_was_changed():
    former = {"s1": {"id": "s1", "role": "paragraph", "text": "甲\n\n乙"}}
    made = assemble([Row("s1", 10, "paragraph", "甲\r\n\r\n乙")], HEAD, former)
    assert made.content["body"] == [{"id": "s1", "role": "paragraph", "text": "甲\n\n乙"}]


def test_a_block_made_a_headline_joins_what_the_headline_has():
    made = assemble(rows(s1=Row("s1", 10, "headline", "第一段。"), s2=Row("s2", 20, "deck", "第二段。")), HEAD, FORMER)
    assert (made.content["headline"], made.content["deck"], made.content["body"]) == (
        "旧主题 第一段。",
        ["第二段。"],
        [],
    )


def test_an_emptied_block_is_an_error_at_its_place():
    made = assemble(rows(s2=Row("s2", 20, "paragraph", "  ")), HEAD, FORMER)
    assert list(made.errors) == [1] and "移出" in made.errors[1]


def test_the_first_block_cannot_join_what_is_not_there():
    assert 0 in assemble(rows(s1=Row("s1", 10, "paragraph", "第一段。", is_joined=True)), HEAD, FORMER).errors


def test_blocks_to_be_moved_away_are_named_with_the_parts_they_were_split_into():
    made = assemble(rows(s1=Row("s1", 10, "paragraph", "甲\n\n乙", is_away=True)), HEAD, FORMER)
    assert made.away == ["s1", "e1"]
