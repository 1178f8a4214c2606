"""The plan: what follows the engine, what stays because a person has settled it; nothing is lost either way."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.cutting import cut_page
from ingest.engine import ArticleItem, Block, NoticeItem, PageLayout, Role
from ingest.planning import (
    PagePlan,
    Standing,
    StandingOutside,
    StandingPage,
    Verdict,
    field_hash,
    hashes,
    plan_page,
)
from tests.ingest.layouts import PAGE, recut, usual

EMPTY = StandingPage((), ())


def carried_out(plan: PagePlan, before: StandingPage) -> StandingPage:
    """What is there after the plan, as the loader writes it."""
    items = []
    first_free = max((item.pk for item in before.items), default=0) + 1
    for number, each in enumerate(plan.items):
        if each.verdict is Verdict.VANISHED:
            continue
        if each.standing is None:
            cut = each.cut
            assert cut is not None
            items.append(Standing(cut.kind, first_free + number, cut.content, hashes(cut.content), cut.pieces, False))
        else:
            old = each.standing
            content, written = {**old.content, **each.changes}, {**old.written, **hashes(each.changes)}
            items.append(replace(old, content=content, written=written, pieces=each.pieces))
    stuck = {each.block.id: each for each in before.outside}
    outside = [stuck[b.id] if b.id in plan.kept_outside else StandingOutside(b, is_free=True) for b in plan.outside]
    return StandingPage(tuple(items), tuple(outside))


def first_import(text: str, layout: PageLayout) -> StandingPage:
    return carried_out(plan_page(text, cut_page(layout), EMPTY), EMPTY)


def verdicts(plan: PagePlan) -> list[str]:
    return [each.verdict.value for each in plan.items]


def settled(page: StandingPage, number: int) -> StandingPage:
    items = list(page.items)
    items[number] = replace(items[number], is_settled=True)
    return replace(page, items=tuple(items))


def edited(page: StandingPage, number: int, **content: object) -> StandingPage:
    items = list(page.items)
    items[number] = replace(items[number], content={**items[number].content, **content})
    return replace(page, items=tuple(items))


THERE = first_import(PAGE, usual())

TABLE = [
    # what is there, what is read now, the verdict on each item
    (EMPTY, usual(), ["create", "create", "create"]),  # a new page
    (THERE, usual(), ["same", "same", "same"]),  # the same again
    (THERE, recut(), ["update", "update", "update"]),  # the caption moves from the bridge to the ploughing; fields
    (settled(THERE, 0), recut(), ["clash", "clash", "update"]),  # both hold the caption: neither may change
    (settled(THERE, 1), recut(), ["clash", "clash", "update"]),
    (settled(THERE, 2), recut(), ["update", "update", "clash"]),  # the notice stands alone
    (settled(THERE, 0), usual(), ["same", "same", "same"]),  # settled, and nothing new to say
    (edited(THERE, 2, heading="遗失启事"), recut(), ["update", "update", "update"]),  # fields follow, heading stays
    (edited(THERE, 0, headline="大桥通车"), recut(), ["clash", "clash", "update"]),  # the caption cannot leave
]


@pytest.mark.parametrize(("there", "layout", "expected"), TABLE)
def test_the_verdict_on_each_item(there, layout, expected):
    plan = plan_page(PAGE, cut_page(layout), there)
    assert verdicts(plan) == expected


def test_a_field_changed_behind_the_history_is_not_updated_and_the_others_are():
    there = edited(THERE, 2, heading="遗失启事")
    plan = plan_page(PAGE, cut_page(recut()), there).items[2]
    assert plan.fields == {"kind": "same", "heading": "same", "body": "same", "fields": "update"}
    assert plan.changes == {"fields": {"declarant": "陈大力"}}


def test_a_settled_field_that_the_engine_now_reads_differently_is_a_clash():
    there = edited(THERE, 2, fields={"declarant": "陈大理"})
    plan = plan_page(PAGE, cut_page(recut()), there).items[2]
    assert (plan.verdict, plan.fields["fields"], plan.changes) == ("clash", "clash", {})


def test_no_character_moves_between_a_settled_field_and_a_free_one():
    """The new reading gives the body a character of the headline; the headline is settled and would still say it."""

    def cut_after(place: int) -> PageLayout:
        head = Block(Role.HEADLINE, "甲乙丙丁"[:place], ((0, place),), "")
        body = Block(Role.PARAGRAPH, "甲乙丙丁"[place:], ((place, 4),), "")
        return PageLayout(items=(ArticleItem(headline=head, body=(body,)),))

    there = edited(first_import("甲乙丙丁", cut_after(2)), 0, headline="改")
    plan = plan_page("甲乙丙丁", cut_page(cut_after(1)), there)
    assert verdicts(plan) == ["clash"] and plan.items[0].is_kept and plan.items[0].changes == {}


def test_text_that_an_editor_has_moved_off_the_page_lists_stays_where_it_is():
    there = replace(THERE, outside=tuple(replace(each, is_free=False) for each in THERE.outside))
    plan = plan_page(PAGE, cut_page(recut()), there)
    assert [(b.role, b.text) for b in plan.outside] == [("furniture", "85660000")]
    assert len(plan.kept_outside) == 1


def test_an_item_that_the_engine_dissolves_vanishes_if_nobody_has_touched_it():
    whole = PageLayout(items=(ArticleItem(body=(Block(Role.PARAGRAPH, "甲乙丙丁", ((0, 4),), ""),)),))
    halves = PageLayout(
        items=tuple(
            ArticleItem(body=(Block(Role.PARAGRAPH, "甲乙丙丁"[a:b], ((a, b),), ""),)) for a, b in [(0, 1), (1, 4)]
        )
    )
    text = "甲乙丙丁"
    assert verdicts(plan_page(text, cut_page(halves), first_import(text, whole))) == ["create", "update"]
    assert sorted(verdicts(plan_page(text, cut_page(whole), first_import(text, halves)))) == ["update", "vanished"]
    # The item with the greater share of the characters goes on.
    kept = next(p for p in plan_page(text, cut_page(whole), first_import(text, halves)).items if p.cut)
    assert kept.standing and kept.standing.content["body"][0]["text"] == "乙丙丁"


# Any text, cut in any two ways, with anything settled in between.

LABELS = (0, 1, 2, 3, "furniture", "removed", "unplaced")


@st.composite
def layouts(draw: st.DrawFn, text: str) -> PageLayout:
    """Any partition of the text into blocks, and of the blocks into items and lists."""
    edges = sorted({0, len(text), *draw(st.lists(st.integers(0, len(text)), max_size=8))})
    blocks: dict[object, list[tuple[int, int]]] = {}
    for start, end in itertools.pairwise(edges):
        if text[start:end].strip():
            blocks.setdefault(draw(st.sampled_from(LABELS)), []).append((start, end))
    items: list[ArticleItem | NoticeItem] = []
    for label in (0, 1, 2, 3):
        spans = blocks.get(label, [])
        if not spans:
            continue
        has_head = draw(st.booleans())
        head = _block(text, spans[0], Role.HEADLINE) if has_head else None
        rest = tuple(_block(text, span, Role.PARAGRAPH) for span in spans[has_head:])
        if draw(st.booleans()):
            items.append(ArticleItem(headline=head, body=rest))
        else:
            items.append(NoticeItem(kind="遗失声明", heading=head, body=rest))
    lists: dict[str, Any] = {
        role: tuple(_block(text, span, Role(role)) for span in blocks.get(role, ()))
        for role in ("furniture", "removed", "unplaced")
    }
    return PageLayout(items=tuple(items), **lists)


def _block(text: str, span: tuple[int, int], role: Role) -> Block:
    return Block(role, text[slice(*span)], (span,), "")


@st.composite
def histories(draw: st.DrawFn) -> tuple[str, StandingPage, PageLayout]:
    """A page as imported and then worked on, and a new reading of it."""
    text = draw(st.text("甲乙丙 \n", min_size=1, max_size=24))
    there = first_import(text, draw(layouts(text)))
    items = []
    for item in there.items:
        kind = draw(st.sampled_from(["untouched", "untouched", "settled", "changed"]))
        name = draw(st.sampled_from(sorted(item.content)))
        if kind == "changed":
            item = replace(item, content={**item.content, name: draw(st.sampled_from(["", "改", []]))})
        items.append(replace(item, is_settled=kind == "settled"))
    outside = [replace(each, is_free=draw(st.booleans())) for each in there.outside]
    return text, StandingPage(tuple(items), tuple(outside)), draw(layouts(text))


def owned(page: StandingPage) -> list[int]:
    spans = [s for item in page.items for origin in item.pieces.values() for s in origin["spans"]]
    spans += [s for each in page.outside for s in each.block.spans]
    return sorted(position for start, end in spans for position in range(start, end))


@settings(max_examples=400, deadline=None)
@given(histories())
def test_whatever_was_settled_no_character_is_lost_or_doubled_and_nothing_settled_changes(history):
    text, before, layout = history
    plan = plan_page(text, cut_page(layout), before)
    after = carried_out(plan, before)
    characters = [position for position in owned(after) if not text[position].isspace()]
    assert characters == [position for position, char in enumerate(text) if not char.isspace()]
    now = {item.pk: item for item in after.items}
    for item in before.items:
        if item.is_settled:
            assert now[item.pk] == item
        for name in item.settled_fields:
            assert now[item.pk].content[name] == item.content[name]
            assert field_hash(name, now[item.pk].content[name]) != now[item.pk].written[name]  # settled for good
    moved = {each.block for each in before.outside if not each.is_free}
    assert moved <= {each.block for each in after.outside}


@settings(max_examples=400, deadline=None)
@given(histories())
def test_applying_a_plan_a_second_time_changes_nothing(history):
    text, before, layout = history
    after = carried_out(plan_page(text, cut_page(layout), before), before)
    again = plan_page(text, cut_page(layout), after)
    assert not [p for p in again.items if p.verdict in {"create", "update", "vanished"}]
    assert {each.block for each in carried_out(again, after).outside} == {each.block for each in after.outside}
    assert {item.pk: item for item in carried_out(again, after).items} == {item.pk: item for item in after.items}


@settings(max_examples=200, deadline=None)
@given(st.data(), st.text("甲乙丙 \n", min_size=1, max_size=24))
def test_where_nobody_has_touched_anything_the_page_becomes_what_the_engine_says(data, text):
    there = first_import(text, data.draw(layouts(text)))
    layout = data.draw(layouts(text))
    cut = cut_page(layout)
    after = carried_out(plan_page(text, cut, there), there)
    assert [(i.kind, i.content) for i in after.items] == [(i.kind, i.content) for i in cut.items]
    assert {each.block for each in after.outside} == set(cut.outside)
