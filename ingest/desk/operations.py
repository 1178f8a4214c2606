"""The operations on a layout. Each gives the new layout and its exact inverse, or raises `Refusal` and changes nothing.

Only `EditText`, `AddBlock` and `DropBlock` change the ledger, by exactly their own characters. Everything an editor
does is made of these: see `steps`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from articles.models import FindingState
from ingest.desk.layout import (
    FACTS,
    NEW,
    ROLES,
    Block,
    DeskItem,
    DeskLayout,
    Refusal,
    characters,
    check_words,
    ledger,
    settled_index,
)


@dataclass(frozen=True, slots=True)
class EditText:
    """`old` at offset `at` becomes `new`."""

    block: str
    at: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class AddBlock:
    """Text that an editor types in."""

    block: str
    place: str
    index: int
    role: str
    text: str
    origins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DropBlock:
    """The inverse of `AddBlock`. Text that came with the page is set aside instead."""

    block: str


@dataclass(frozen=True, slots=True)
class Join:
    """`second`, which stands right after `first`, becomes its end; `glue` is a space or nothing."""

    first: str
    second: str
    glue: str = ""


@dataclass(frozen=True, slots=True)
class Split:
    """What follows offset `at` becomes the block `second`, right after; `glue` there is dropped."""

    block: str
    at: int
    second: str
    role: str
    glue: str = ""
    origins: tuple[str, ...] | None = None
    second_origins: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """To an index of an item or tray, counted without the block, in a role. Also changes the role in one place."""

    block: str
    place: str
    index: int
    role: str


@dataclass(frozen=True, slots=True)
class InsertItem:
    key: str
    kind: str
    index: int
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RemoveItem:
    """An item without blocks goes."""

    key: str


@dataclass(frozen=True, slots=True)
class PlaceItem:
    key: str
    index: int


@dataclass(frozen=True, slots=True)
class SetFact:
    key: str
    name: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Settle:
    finding: str
    old: str
    new: str


Operation = (
    EditText | AddBlock | DropBlock | Join | Split | Move | InsertItem | RemoveItem | PlaceItem | SetFact | Settle
)
Applied = tuple[DeskLayout, Operation]


class LedgerBroken(Exception):
    """Characters came or went that no operation accounts for: a bug of ours. Nothing may be saved."""


def apply(layout: DeskLayout, operation: Operation) -> Applied:
    match operation:
        case EditText():
            return _edit_text(layout, operation)
        case AddBlock():
            return _add_block(layout, operation)
        case DropBlock():
            return _drop_block(layout, operation)
        case Join():
            return _join(layout, operation)
        case Split():
            return _split(layout, operation)
        case Move():
            return _move(layout, operation)
        case InsertItem():
            return _insert_item(layout, operation)
        case RemoveItem():
            return _remove_item(layout, operation)
        case PlaceItem():
            return _place_item(layout, operation)
        case SetFact():
            return _set_fact(layout, operation)
        case Settle():
            return _settle(layout, operation)


def apply_all(layout: DeskLayout, operations: Sequence[Operation]) -> tuple[DeskLayout, tuple[Operation, ...]]:
    """All of them or none. The inverses come in the order in which they undo. Holds the ledger."""
    now, inverses = layout, []
    for operation in operations:
        now, inverse = apply(now, operation)
        inverses.append(inverse)
    expected = ledger(layout)
    for operation, inverse in zip(operations, inverses, strict=True):
        come, gone = difference(operation, inverse)
        expected.update(come)
        expected.subtract(gone)
    if +expected != ledger(now) or any(count < 0 for count in expected.values()):
        raise LedgerBroken("整版文字对不上账，没有保存。")
    return now, tuple(reversed(inverses))


def difference(operation: Operation, inverse: Operation) -> tuple[Counter[str], Counter[str]]:
    """The characters that an operation brings and takes."""
    match operation:
        case EditText(old=old, new=new):
            return characters(new), characters(old)
        case AddBlock(text=text):
            return characters(text), Counter()
        case DropBlock() if isinstance(inverse, AddBlock):
            return Counter(), characters(inverse.text)
    return Counter(), Counter()


def _edit_text(layout: DeskLayout, op: EditText) -> Applied:
    place, index, block = layout.find(op.block)
    if op.at < 0 or block.text[op.at : op.at + len(op.old)] != op.old or op.at > len(block.text):
        raise Refusal("这里的文字已经不是原来的了。")
    text = block.text[: op.at] + op.new + block.text[op.at + len(op.old) :]
    check_words(text)
    return _with(layout, place, index, replace(block, text=text)), EditText(op.block, op.at, op.new, op.old)


def _with(layout: DeskLayout, place: str, index: int, *blocks: Block, instead_of: int = 1) -> DeskLayout:
    standing = layout.blocks_in(place)
    return layout.with_blocks(place, (*standing[:index], *blocks, *standing[index + instead_of :]))


def _add_block(layout: DeskLayout, op: AddBlock) -> Applied:
    layout.demand_free(op.block)
    check_words(op.text)
    index = settled_index(layout.blocks_in(op.place), op.index, op.role)
    block = Block(op.block, op.role, op.text, op.origins)
    return _with(layout, op.place, index, block, instead_of=0), DropBlock(op.block)


def _drop_block(layout: DeskLayout, op: DropBlock) -> Applied:
    place, index, block = layout.find(op.block)
    inverse = AddBlock(block.id, place, index, block.role, block.text, block.origins)
    return _with(layout, place, index), inverse


def _union(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one, *other)))


def _join(layout: DeskLayout, op: Join) -> Applied:
    place, index, first = layout.find(op.first)
    other, next_index, second = layout.find(op.second)
    if (other, next_index) != (place, index + 1):
        raise Refusal("只能和紧挨着的一段接起来。")
    if op.glue not in ("", " "):
        raise Refusal("接缝只能是空格，或者没有。")
    joined = replace(first, text=first.text + op.glue + second.text, origins=_union(first.origins, second.origins))
    inverse = Split(first.id, len(first.text), second.id, second.role, op.glue, first.origins, second.origins)
    return _with(layout, place, index, joined, instead_of=2), inverse


def _split(layout: DeskLayout, op: Split) -> Applied:
    place, index, block = layout.find(op.block)
    layout.demand_free(op.second)
    if not 0 < op.at < len(block.text):
        raise Refusal("光标在一段的开头或末尾，没有可以分开的文字。")
    if op.glue not in ("", " ") or not block.text.startswith(op.glue, op.at):
        raise Refusal("这里的文字已经不是原来的了。")
    origins = block.origins if op.origins is None else op.origins
    second_origins = block.origins if op.second_origins is None else op.second_origins
    if _union(origins, second_origins) != block.origins:
        raise Refusal("两段的出处与原来的不符。")
    first = replace(block, text=block.text[: op.at], origins=origins)
    check_words(first.text)
    second = Block(op.second, op.role, block.text[op.at + len(op.glue) :], second_origins)
    check_words(second.text)
    return _with(layout, place, index, first, second), Join(op.block, op.second, op.glue)


def _move(layout: DeskLayout, op: Move) -> Applied:
    place, index, block = layout.find(op.block)
    layout.blocks_in(op.place)  # it is there
    lifted = _with(layout, place, index)
    target = settled_index(lifted.blocks_in(op.place), op.index, op.role)
    moved = _with(lifted, op.place, target, replace(block, role=op.role), instead_of=0)
    return moved, Move(op.block, place, index, block.role)


def _insert_item(layout: DeskLayout, op: InsertItem) -> Applied:
    if op.kind not in ROLES or set(op.facts) != set(FACTS[op.kind]):
        raise Refusal("不认识的条目。")
    if any(item.key == op.key for item in layout.items):
        raise Refusal("这一条已经在了。")
    is_new = op.key.startswith(NEW) and len(op.key) > len(NEW)
    if not is_new and (op.key not in layout.hollow or not op.key.startswith(f"{op.kind}:")):
        raise Refusal("没有这一条。")
    index = min(max(op.index, 0), len(layout.items))
    items = (*layout.items[:index], DeskItem(op.key, op.kind, (), dict(op.facts)), *layout.items[index:])
    return replace(layout, items=items, hollow=layout.hollow - {op.key}), RemoveItem(op.key)


def _remove_item(layout: DeskLayout, op: RemoveItem) -> Applied:
    item = layout.item(op.key)
    if item.is_bound:
        raise Refusal("这一条见过报，它的网址要一直在：可以改、可以撤稿，不能并掉、拆散或改类。")
    if item.blocks:
        raise Refusal("这一条里还有文字：先把文字移走。")
    index = layout.place_of(op.key)
    hollow = layout.hollow if op.key.startswith(NEW) else layout.hollow | {op.key}
    items = (*layout.items[:index], *layout.items[index + 1 :])
    return replace(layout, items=items, hollow=hollow), InsertItem(op.key, item.kind, index, item.facts)


def _place_item(layout: DeskLayout, op: PlaceItem) -> Applied:
    former = layout.place_of(op.key)
    rest = [item for item in layout.items if item.key != op.key]
    index = min(max(op.index, 0), len(rest))
    items = (*rest[:index], layout.items[former], *rest[index:])
    return replace(layout, items=items), PlaceItem(op.key, former)


def _set_fact(layout: DeskLayout, op: SetFact) -> Applied:
    item, index = layout.item(op.key), layout.place_of(op.key)
    if op.name not in FACTS[item.kind]:
        raise Refusal("这一条没有这一项。")
    if item.facts.get(op.name) != op.old:
        raise Refusal("这一项已经不是原来的了。")
    made = replace(item, facts={**item.facts, op.name: op.new})
    items = (*layout.items[:index], made, *layout.items[index + 1 :])
    return replace(layout, items=items), SetFact(op.key, op.name, op.new, op.old)


def _settle(layout: DeskLayout, op: Settle) -> Applied:
    if layout.findings.get(op.finding) != op.old:
        raise Refusal("这个疑点已经处理过了，或者不在了。")
    if op.new not in FindingState.values:
        raise Refusal("不认识的处理方式。")
    return replace(layout, findings={**layout.findings, op.finding: op.new}), Settle(op.finding, op.new, op.old)
