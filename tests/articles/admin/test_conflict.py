"""Three-way merging: only what both sides changed needs a person, and no side's text disappears."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.admin.conflict import merge


def content(*pieces, headline="主题", captions=()):
    return {
        "headline": headline,
        "body": [{"id": key, "role": "paragraph", "text": text} for key, text in pieces],
        "captions": [{"id": key, "text": text} for key, text in captions],
    }


BASE = content(("a", "甲"), ("b", "乙"), ("c", "丙"))


def body(merged):
    return [(p["id"], p["text"]) for p in merged.content["body"]]


def test_changes_at_different_places_are_both_taken():
    theirs = content(("a", "甲"), ("b", "乙"), ("c", "丙丙"), headline="他的")
    merged = merge(BASE, theirs, content(("a", "甲甲"), ("b", "乙"), ("c", "丙")))
    assert body(merged) == [("a", "甲甲"), ("b", "乙"), ("c", "丙丙")]
    assert merged.content["headline"] == "他的"
    assert [c.is_open for c in (*merged.fields.values(), *merged.pieces.values())] == [False, False]


def test_a_place_both_changed_keeps_mine_and_shows_all_three():
    merged = merge(BASE, content(("a", "他"), ("b", "乙"), ("c", "丙")), content(("a", "我"), ("b", "乙"), ("c", "丙")))
    clash = merged.pieces["a"]
    assert (clash.base, clash.theirs, clash.mine, clash.is_open) == ("甲", "他", "我", True)
    assert body(merged)[0] == ("a", "我")


def test_their_new_piece_stands_where_they_put_it():
    theirs = content(("a", "甲"), ("e1", "新"), ("b", "乙"), ("c", "丙"))
    assert body(merge(BASE, theirs, content(("a", "甲"), ("b", "乙乙"), ("c", "丙"))))[1] == ("e1", "新")


def test_two_new_pieces_under_one_id_are_told_apart():
    theirs = content(("a", "甲"), ("e1", "他的新段"), ("b", "乙"), ("c", "丙"))
    mine = content(("a", "甲"), ("b", "乙"), ("e1", "我的新段"), ("c", "丙"))
    merged = merge(BASE, theirs, mine)
    assert {text for _, text in body(merged)} == {"甲", "乙", "丙", "他的新段", "我的新段"}
    assert len({key for key, _ in body(merged)}) == 5


def test_a_piece_i_changed_and_they_took_out_comes_back_with_a_note():
    merged = merge(BASE, content(("b", "乙"), ("c", "丙")), content(("a", "我"), ("b", "乙"), ("c", "丙")))
    assert ("a", "我") in body(merged) and merged.pieces["a"].is_open


def test_a_piece_they_changed_and_i_took_out_comes_back_with_a_note():
    merged = merge(BASE, content(("a", "他"), ("b", "乙"), ("c", "丙")), content(("b", "乙"), ("c", "丙")))
    assert ("a", "他") in body(merged) and merged.pieces["a"].is_open


def test_a_paragraph_one_side_made_a_caption_stands_once():
    mine = content(("a", "甲"), ("b", "乙"), captions=[("c", "丙")])
    merged = merge(BASE, content(("a", "甲"), ("b", "乙"), ("c", "丙丙")), mine)
    keys = [p["id"] for name in ("body", "captions") for p in merged.content[name]]
    assert sorted(keys) == ["a", "b", "c"]


sides = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(["甲", "乙", "丙"])).map(lambda d: tuple(d.items()))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(base=sides, theirs=sides, mine=sides)
def test_every_text_of_both_sides_stands_in_the_result_or_in_a_note(base, theirs, mine):
    merged = merge(content(*base), content(*theirs), content(*mine))
    shown = {p["text"] for p in merged.content["body"]} | {
        t for c in merged.pieces.values() for t in (c.base, c.theirs, c.mine)
    }
    assert {text for _, text in mine} <= shown
    before = dict(base)
    assert {text for key, text in theirs if before.get(key) != text} <= shown
    assert len({p["id"] for p in merged.content["body"]}) == len(merged.content["body"])
