"""What an editor does in one go, as operations: merge, split, dissolve, convert an item; a new item from blocks.

Each function looks at a layout and says which operations lead where the editor wants; nothing is applied here. The
browser has the same in ``core.js``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ingest.desk.layout import RANKS, ROLES, SINGLE, TRAY_ROLE, Block, DeskItem, DeskLayout, Refusal
from ingest.desk.operations import InsertItem, Move, Operation, RemoveItem


def empty_facts(kind: str) -> dict[str, Any]:
    return {"kind": "其他", "fields": {}} if kind == "notice" else {"continued_from": "", "continued_on": ""}


def fitting_role(kind: str, role: str, standing: Sequence[Block]) -> str:
    """The role a block gets in an item of this kind, given what stands there: its own if there is room for it."""
    if kind == "notice" and role == "headline":
        role = "heading"
    elif kind == "article" and role == "heading":
        role = "headline"
    if role not in ROLES[kind]:
        return "paragraph"
    if role in SINGLE and any(block.role == role for block in standing):
        return "deck" if role == "headline" else "paragraph"
    return role


def merge_items(layout: DeskLayout, first: str, second: str) -> tuple[Operation, ...]:
    """All of `second` after what `first` has; titles that are taken become decks or paragraphs."""
    if first == second:
        raise Refusal("不能和自己合并。")
    into, gone = layout.item(first), layout.item(second)
    return (*_pour(gone.blocks, into), RemoveItem(second))


def _pour(blocks: Sequence[Block], into: DeskItem) -> list[Operation]:
    standing = list(into.blocks)
    moves: list[Operation] = []
    for block in blocks:
        role = fitting_role(into.kind, block.role, standing)
        standing.append(Block(block.id, role, block.text))
        moves.append(Move(block.id, into.key, len(standing), role))
    return moves


def new_item(layout: DeskLayout, key: str, kind: str, index: int, blocks: Sequence[str]) -> tuple[Operation, ...]:
    """An item made of these blocks, in this order. From a tray everything comes as paragraphs."""
    if kind not in ROLES:
        raise Refusal("不认识的条目。")
    found = [layout.find(block)[2] for block in blocks]
    empty = DeskItem(key, kind)
    return (InsertItem(key, kind, index, empty_facts(kind)), *_pour(found, empty))


def split_item(layout: DeskLayout, key: str, block: str, new_key: str) -> tuple[Operation, ...]:
    """The block and all after it become an item of their own, right after."""
    item = layout.item(key)
    place, index, _ = layout.find(block)
    if place != key or index == 0:
        raise Refusal("从第一段分开等于没有分：请选后面的一段。")
    return new_item(layout, new_key, item.kind, layout.place_of(key) + 1, [b.id for b in item.blocks[index:]])


def dissolve_item(layout: DeskLayout, key: str) -> tuple[Operation, ...]:
    """All its text becomes unplaced."""
    end = len(layout.trays["unplaced"])
    moves = [Move(block.id, "unplaced", end + n, TRAY_ROLE) for n, block in enumerate(layout.item(key).blocks)]
    return (*moves, RemoveItem(key))


def convert_item(layout: DeskLayout, key: str, new_key: str) -> tuple[Operation, ...]:
    """An article becomes a notice, or the reverse: a new row, because their addresses differ."""
    item = layout.item(key)
    kind = "notice" if item.kind == "article" else "article"
    blocks = sorted(item.blocks, key=lambda block: RANKS[fitting_role(kind, block.role, ())])
    index = layout.place_of(key)
    return (*new_item(layout, new_key, kind, index, [block.id for block in blocks]), RemoveItem(key))
