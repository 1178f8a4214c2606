"""Chosen blocks laid out anew: cut, put together and placed as somebody proposes, by the ordinary operations only.

Pure. Everything goes over the unplaced tray, where text has no role and any order will do, so that no step on the way
can offend an item; what comes of it is one list of operations that keeps the ledger and is undone as one step.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ingest.desk.layout import LIMITS, TRAY_ROLE, TRAYS, Block, DeskItem, DeskLayout, Refusal
from ingest.desk.operations import (
    AddBlock,
    DropBlock,
    EditText,
    InsertItem,
    Join,
    Move,
    Operation,
    PlaceItem,
    RemoveItem,
    SetFact,
    Split,
    apply,
)
from ingest.desk.steps import empty_facts, fitting_role

BENCH = "unplaced"
"""Where blocks lie while they are worked on."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A part of a block's text as it is before anything is done."""

    block: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """A block to be: these fragments, one after the other."""

    role: str
    fragments: tuple[Fragment, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Where blocks shall stand: an item that is there, a tray, or a new item (``new:…``) before the item `index`."""

    place: str
    blocks: tuple[Wanted, ...]
    kind: str = ""
    index: int = 0
    facts: Mapping[str, Any] = field(default_factory=dict)


class _Work:
    """A layout and the operations that led to it."""

    def __init__(self, layout: DeskLayout) -> None:
        self.layout = layout
        self.done: list[Operation] = []

    def do(self, operation: Operation) -> None:
        self.layout, _ = apply(self.layout, operation)
        self.done.append(operation)

    def to_bench(self, ids: Iterable[str]) -> None:
        for each in ids:
            self.do(Move(each, BENCH, len(self.layout.trays[BENCH]), TRAY_ROLE))


def fresh_ids(layout: DeskLayout, after: int = 0) -> Iterator[str]:
    """Ids that no block of the page has, and none that the caller knows of up to ``e{after}``."""
    taken = [int(b.id[1:]) for _, found in layout.containers() for b in found if b.id[:1] == "e" and b.id[1:].isdigit()]
    number = max([after, *(each for each in taken if each < 10**9)])
    while True:
        number += 1
        yield f"e{number}"


def rearranged(layout: DeskLayout, groups: Sequence[Group], ids: Iterator[str]) -> tuple[Operation, ...]:
    """The operations that lead to these groups. Items that are left without text go.

    The fragments must hold every character of every block they touch exactly once.
    """
    parts = _parts(layout, groups)
    chosen = [block.id for _, found in layout.containers() for block in found if block.id in parts]
    room = {place: _before(found, parts) for place, found in layout.containers()}
    work = _Work(layout)
    work.to_bench(chosen)
    named: dict[Fragment, str] = {}
    for block in chosen:
        text = layout.find(block)[2].text
        first, *rest = parts[block]
        for fragment in reversed(rest):
            named[fragment] = next(ids)
            glue = " " if text[fragment.start - 1] == " " else ""
            work.do(Split(block, fragment.start - len(glue), named[fragment], TRAY_ROLE, glue))
        named[first] = block
    for group in groups:
        made = [(wanted.role, _joined(work, [named[each] for each in wanted.fragments])) for wanted in group.blocks]
        _lay(work, group, made, room)
    for item in layout.items:
        if item.blocks and not work.layout.item(item.key).blocks:
            if item.is_bound:
                raise Refusal("这样会把见过报的一条搬空：它的网址要一直在。请少选几段，或者自己来移。")
            work.do(RemoveItem(item.key))
    return tuple(work.done)


def _parts(layout: DeskLayout, groups: Sequence[Group]) -> dict[str, list[Fragment]]:
    """By block its fragments in order."""
    parts: dict[str, list[Fragment]] = {}
    for fragment in (each for group in groups for wanted in group.blocks for each in wanted.fragments):
        parts.setdefault(fragment.block, []).append(fragment)
    for block, found in parts.items():
        text = layout.find(block)[2].text
        found.sort(key=lambda fragment: fragment.start)
        gaps = [0, *(end for each in found for end in (each.start, each.end)), len(text)]
        if any(text[start:end].strip() or end < start for start, end in zip(gaps[::2], gaps[1::2], strict=True)):
            raise Refusal("文字对不上：这几段的字没有全部用到，或者用了两次。")
    return parts


def _before(found: Sequence[Block], parts: Mapping[str, Any]) -> int:
    """How many blocks that stay stand before the first one that does not."""
    return next((index for index, block in enumerate(found) if block.id in parts), len(found))


def _joined(work: _Work, blocks: Sequence[str]) -> str:
    first, *rest = blocks
    for other in rest:
        _, index, block = work.layout.find(first)
        if work.layout.trays[BENCH][index + 1 : index + 2] != (work.layout.find(other)[2],):
            _, there, _ = work.layout.find(other)
            work.do(Move(other, BENCH, index + (there > index), TRAY_ROLE))
        second = work.layout.find(other)[2]
        glue = " " if _is_latin(block.text[-1:]) and _is_latin(second.text[:1]) else ""
        work.do(Join(first, other, glue))
    text = work.layout.find(first)[2].text
    bare = text.strip()
    if bare != text:  # white space at a cut; it is nobody's text
        start = text.index(bare[0])
        if start + len(bare) < len(text):
            work.do(EditText(first, start + len(bare), text[start + len(bare) :], ""))
        if start:
            work.do(EditText(first, 0, text[:start], ""))
    return first


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _lay(work: _Work, group: Group, made: Sequence[tuple[str, str]], room: dict[str, int]) -> None:
    is_tray = group.place in TRAYS
    if not is_tray and all(item.key != group.place for item in work.layout.items):
        facts = dict(group.facts) or empty_facts(group.kind)
        work.do(InsertItem(group.place, group.kind, group.index, facts))
    at = room.get(group.place, 0)
    for wanted, block in made:
        text = work.layout.find(block)[2].text
        role = TRAY_ROLE if is_tray else _fitting(work.layout.item(group.place), wanted, text)
        work.do(Move(block, group.place, at, role))
        at = work.layout.find(block)[1] + 1
    room[group.place] = at


def _fitting(item: DeskItem, wanted: str, text: str) -> str:
    """The role if there is room for it in the item, and the text fits; else it is a paragraph."""
    role = fitting_role(item.kind, wanted, item.blocks)
    limit = LIMITS.get(role)
    return "paragraph" if limit is not None and (len(text) > limit or len(text.splitlines()) > 1) else role


def between(now: DeskLayout, wanted: DeskLayout) -> tuple[Operation, ...]:
    """The operations that lead from one layout of a page to another, as in going back to a former state.

    Text that only one of them has is edited, added or dropped openly. Only places that differ are touched.
    """
    keys = {item.key for item in wanted.items}
    if any(item.is_bound and item.key not in keys for item in now.items):
        raise Refusal("那以后新建的条目里有见过报的，网址要一直在：不能整版恢复，请一条一条地改。")
    work = _Work(now)
    standing, goal = dict(now.containers()), dict(wanted.containers())
    changed = {place for place in {*standing, *goal} if standing.get(place) != goal.get(place)}
    before = {block.id: block for place in changed for block in standing.get(place, ())}
    after = {block.id: block for place in changed for block in goal.get(place, ())}
    work.to_bench([block.id for p, found in standing.items() if p in changed and p != BENCH for block in found])
    # A block made of other pieces of the source is another block, even under the same name.
    kept = {each for each in before.keys() & after.keys() if before[each].origins == after[each].origins}
    for each, block in before.items():
        if each not in kept:
            work.do(DropBlock(each))
        elif (text := after[each].text) != block.text:
            work.do(EditText(each, 0, block.text, text))
    for each, block in after.items():
        if each not in kept:
            work.do(AddBlock(each, BENCH, len(work.layout.trays[BENCH]), TRAY_ROLE, block.text, block.origins))
    _set_items(work, wanted)
    for place in sorted(changed & goal.keys(), key=lambda place: place == BENCH):
        for index, block in enumerate(goal[place]):
            if work.layout.find(block.id)[:2] != (place, index) or place != BENCH:
                work.do(Move(block.id, place, index, block.role))
    return tuple(work.done)


def _set_items(work: _Work, wanted: DeskLayout) -> None:
    keys = {item.key for item in wanted.items}
    for item in work.layout.items:
        if item.key not in keys:
            work.do(RemoveItem(item.key))
    for index, item in enumerate(wanted.items):
        if all(item.key != each.key for each in work.layout.items):
            work.do(InsertItem(item.key, item.kind, index, dict(item.facts)))
        elif work.layout.place_of(item.key) != index:
            work.do(PlaceItem(item.key, index))
        for name, value in item.facts.items():
            if (old := work.layout.item(item.key).facts.get(name)) != value:
                work.do(SetFact(item.key, name, old, value))
