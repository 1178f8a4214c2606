"""What a new reading of a page changes in what is there. Pure comparison: values in, a plan out.

The characters of the source tie both sides together. Old pieces and new pieces that share characters form a *group*;
a group is replaced as a whole or kept as a whole. Both readings hold every character once, so whatever mixture of
kept and replaced groups comes out holds every character once, too.

A group is kept when a person has settled anything in it. The exception is one item that stays one item, with a field
changed behind the history's back (an import of data, a shell): its other fields may follow the engine as long as no
character would move between a settled field and a free one.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any

from articles.content import Content, content_hash
from ingest.cutting import OUTSIDE, Cut, Kind, Origin, Outside, PageCut


class Verdict(StrEnum):
    CREATE = "create"
    UPDATE = "update"
    SAME = "same"
    CLASH = "clash"
    VANISHED = "vanished"


@dataclass(frozen=True, slots=True)
class Standing:
    """An item that is there. `written` has the hash of each field as the import last wrote it."""

    kind: Kind
    pk: int
    content: Content
    written: dict[str, str]
    pieces: dict[str, Origin]
    is_settled: bool
    """A person has corrected, edited, moved or published it: no field of it is the machine's any more."""

    @property
    def settled_fields(self) -> frozenset[str]:
        """Fields whose value is no longer what the import wrote."""
        return frozenset(
            name for name, value in self.content.items() if field_hash(name, value) != self.written.get(name)
        )


@dataclass(frozen=True, slots=True)
class StandingOutside:
    """A block outside the items as the import last wrote it; not free when a person has moved it since."""

    block: Outside
    is_free: bool


@dataclass(frozen=True, slots=True)
class StandingPage:
    items: tuple[Standing, ...]
    outside: tuple[StandingOutside, ...]


@dataclass(frozen=True, slots=True)
class ItemPlan:
    """What becomes of one item. `fields` has a verdict for each field where old and new stand against each other."""

    verdict: Verdict
    cut: Cut | None
    standing: Standing | None
    fields: dict[str, Verdict] = field(default_factory=dict)
    is_kept: bool = False
    """The group stays as it is: also provenance, position and credits."""

    @property
    def changes(self) -> dict[str, Any]:
        """The new values of the fields to update."""
        if self.cut is None or self.is_kept:
            return {}
        return {name: self.cut.content[name] for name, verdict in self.fields.items() if verdict is Verdict.UPDATE}

    @property
    def pieces(self) -> dict[str, Origin]:
        """The origins of the item's pieces afterwards: those of a settled field stay, as its text does."""
        if self.cut is None or self.is_kept:
            return self.standing.pieces if self.standing else {}
        if self.standing is None:
            return self.cut.pieces
        come, stay = _come_and_stay(self.standing, self.cut)
        return {**come, **stay}


@dataclass(frozen=True, slots=True)
class PagePlan:
    """`outside` is what the import lays outside the items from now on; `kept_outside` has the ids of it that stay."""

    items: tuple[ItemPlan, ...]
    outside: tuple[Outside, ...]
    kept_outside: frozenset[str]

    def count(self, verdict: Verdict) -> int:
        return sum(plan.verdict is verdict for plan in self.items)


def field_hash(name: str, value: Any) -> str:
    return content_hash({name: value}) if value else _hash_of_empty(name, type(value))  # type: ignore[arg-type]


@cache  # most fields of an item are
def _hash_of_empty(name: str, kind: type[Any]) -> str:
    return content_hash({name: kind()})


def hashes(content: Content) -> dict[str, str]:
    return {name: field_hash(name, value) for name, value in content.items()}


_Node = tuple[str, int]  # ("old item" | "old outside" | "new item" | "new outside", index)


def _spans_of(pieces: dict[str, Origin]) -> list[tuple[int, int]]:
    return [(start, end) for origin in pieces.values() for start, end in origin["spans"]]


def _owners(text: str, spans: Sequence[tuple[_Node, Sequence[tuple[int, int]]]]) -> list[_Node | None]:
    owners: list[_Node | None] = [None] * len(text)
    for node, pairs in spans:
        for start, end in pairs:
            owners[start:end] = [node] * (end - start)
    return owners


def _groups(pairs: Counter[tuple[_Node, _Node]], nodes: Sequence[_Node]) -> list[list[_Node]]:
    """The connected groups of nodes, in the order of their first node."""
    parent = {node: node for node in nodes}

    def root(node: _Node) -> _Node:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for one, other in pairs:
        parent[root(one)] = root(other)
    groups: dict[_Node, list[_Node]] = {}
    for node in nodes:
        groups.setdefault(root(node), []).append(node)
    return list(groups.values())


def plan_page(text: str, cut: PageCut, page: StandingPage) -> PagePlan:
    """Compare a new reading with what is there. Applying the plan and planning again finds nothing left to write."""
    if not page.items and not page.outside:
        made = tuple(ItemPlan(Verdict.CREATE, each, None) for each in cut.items)
        return PagePlan(made, tuple(_listed(cut.outside)), frozenset())
    old = [
        *((("old item", i), _spans_of(item.pieces)) for i, item in enumerate(page.items)),
        *((("old outside", i), each.block.spans) for i, each in enumerate(page.outside)),
    ]
    new = [
        *((("new item", i), _spans_of(item.pieces)) for i, item in enumerate(cut.items)),
        *((("new outside", i), each.spans) for i, each in enumerate(cut.outside)),
    ]
    # White space may change hands freely: it is nobody's text.
    shared = Counter(
        (one, other)
        for char, one, other in zip(text, _owners(text, old), _owners(text, new), strict=True)
        if one is not None and other is not None and not char.isspace()
    )
    items: list[ItemPlan] = []
    outside: list[Outside] = []
    kept: set[str] = set()
    for group in _groups(shared, [node for node, _ in (*new, *old)]):
        old_items = [(i, page.items[i]) for kind, i in group if kind == "old item"]
        old_outside = [page.outside[i] for kind, i in group if kind == "old outside"]
        new_items = [(i, cut.items[i]) for kind, i in group if kind == "new item"]
        new_outside = [cut.outside[i] for kind, i in group if kind == "new outside"]
        pairs = _matched(old_items, new_items, shared)
        blocks = [each.block for each in old_outside]
        if not any(s.is_settled or s.settled_fields for _, s in old_items) and all(o.is_free for o in old_outside):
            items += _replaced(old_items, new_items, pairs)
            outside += new_outside
        elif len(group) == 2 and pairs and _may_follow_in_part(*pairs[0], text):
            items.append(_in_part(*pairs[0]))
        else:
            says_the_same = _says_the_same(old_items, new_items, pairs) and _same_blocks(blocks, new_outside)
            items += _kept(old_items, pairs, says_the_same=says_the_same)
            outside += blocks
            kept.update(block.id for block in blocks)
    in_order = sorted(items, key=lambda p: (p.cut.position if p.cut else 0, p.standing.pk if p.standing else 0))
    return PagePlan(tuple(in_order), tuple(_listed(outside)), frozenset(kept))


def _listed(outside: Iterable[Outside]) -> list[Outside]:
    return sorted(outside, key=lambda block: (OUTSIDE.index(block.role), block.spans))


_Pairs = list[tuple[Standing, Cut]]


def _matched(
    old: list[tuple[int, Standing]], new: list[tuple[int, Cut]], shared: Counter[tuple[_Node, _Node]]
) -> _Pairs:
    """Old and new items of one kind, paired by greatest overlap, the greatest first."""
    found = sorted(
        (-count, i, j)
        for (i, standing), (j, cut) in itertools.product(old, new)
        if standing.kind == cut.kind and (count := shared[("old item", i), ("new item", j)])
    )
    olds, news = dict(old), dict(new)
    pairs: _Pairs = []
    for _, i, j in found:
        if i in olds and j in news:
            pairs.append((olds.pop(i), news.pop(j)))
    return pairs


def _replaced(old: list[tuple[int, Standing]], new: list[tuple[int, Cut]], pairs: _Pairs) -> list[ItemPlan]:
    plans = []
    for standing, cut in pairs:
        fields = {
            name: Verdict.SAME if value == standing.content[name] else Verdict.UPDATE
            for name, value in cut.content.items()
        }
        verdict = Verdict.UPDATE if Verdict.UPDATE in fields.values() else Verdict.SAME
        plans.append(ItemPlan(verdict, cut, standing, fields))
    paired_old, paired_new = {id(s) for s, _ in pairs}, {id(c) for _, c in pairs}
    plans += [ItemPlan(Verdict.CREATE, cut, None) for _, cut in new if id(cut) not in paired_new]
    plans += [ItemPlan(Verdict.VANISHED, None, standing) for _, standing in old if id(standing) not in paired_old]
    return plans


def _compared(standing: Standing, cut: Cut) -> dict[str, Verdict]:
    """For items that are kept: does the engine say something new about the field, and not what stands there?"""
    return {
        name: Verdict.SAME
        if value == standing.content[name] or field_hash(name, value) == standing.written.get(name)
        else Verdict.CLASH
        for name, value in cut.content.items()
    }


def _kept(old: list[tuple[int, Standing]], pairs: _Pairs, *, says_the_same: bool) -> list[ItemPlan]:
    cuts = {id(standing): cut for standing, cut in pairs}
    plans = []
    for _, standing in old:
        cut = cuts.get(id(standing))
        fields = _compared(standing, cut) if cut else {}
        verdict = Verdict.SAME if says_the_same else Verdict.CLASH
        plans.append(ItemPlan(verdict, cut, standing, fields, is_kept=True))
    return plans


def _says_the_same(old: list[tuple[int, Standing]], new: list[tuple[int, Cut]], pairs: _Pairs) -> bool:
    return len(old) == len(new) == len(pairs) and all(
        Verdict.CLASH not in _compared(standing, cut).values() for standing, cut in pairs
    )


def _same_blocks(old: list[Outside], new: list[Outside]) -> bool:
    return {(b.role, b.id, b.text) for b in old} == {(b.role, b.id, b.text) for b in new}


_FIELD_OF_ROLE = {"paragraph": "body", "subhead": "body", "caption": "captions"}


def field_of(role: str) -> str:
    """The content field that holds pieces of a role."""
    return _FIELD_OF_ROLE.get(role, role)


def _characters(pieces: dict[str, Origin], fields: frozenset[str], text: str) -> set[int]:
    return {
        position
        for origin in pieces.values()
        if field_of(origin["role"]) in fields
        for start, end in origin["spans"]
        for position in range(start, end)
        if not text[position].isspace()
    }


def _come_and_stay(standing: Standing, cut: Cut) -> tuple[dict[str, Origin], dict[str, Origin]]:
    """New origins of the free fields, old ones of the settled fields."""
    settled = standing.settled_fields
    come = {id: origin for id, origin in cut.pieces.items() if field_of(origin["role"]) not in settled}
    stay = {id: origin for id, origin in standing.pieces.items() if field_of(origin["role"]) in settled}
    return come, stay


def _may_follow_in_part(standing: Standing, cut: Cut, text: str) -> bool:
    if standing.is_settled:
        return False
    come, stay = _come_and_stay(standing, cut)
    fields = standing.settled_fields
    same = _characters(standing.pieces, fields, text) == _characters(cut.pieces, fields, text)
    return same and come.keys().isdisjoint(stay)  # two pieces may begin at the same white space


def _in_part(standing: Standing, cut: Cut) -> ItemPlan:
    settled, compared = standing.settled_fields, _compared(standing, cut)
    fields = {
        name: compared[name]
        if name in settled
        else (Verdict.SAME if value == standing.content[name] else Verdict.UPDATE)
        for name, value in cut.content.items()
    }
    verdict = next((v for v in (Verdict.UPDATE, Verdict.CLASH) if v in fields.values()), Verdict.SAME)
    return ItemPlan(verdict, cut, standing, fields)
