"""One newspaper page as a frozen value: items in reading order and trays, every block under an id of its own.

Pure: no database, no clock. White space apart, the characters of all blocks are the ledger of the page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from articles.content import DECK_LINE_LIMIT, ID_LIMIT, LINE_LIMITS, PIECE_LIMIT

TRAYS = ("unplaced", "set_aside", "furniture", "removed")
TRAY_ROLE = "text"
ROLES: dict[str, tuple[str, ...]] = {
    "article": ("column", "kicker", "headline", "deck", "byline", "paragraph", "subhead", "caption"),
    "notice": ("heading", "paragraph", "subhead"),
}
RANKS = {
    "text": 0,
    "column": 0,
    "kicker": 1,
    "headline": 2,
    "heading": 2,
    "deck": 3,
    "byline": 4,
    "paragraph": 5,
    "subhead": 5,
    "caption": 6,
}
"""The blocks of an item stand in this order; body blocks and captions in any order among themselves."""
SINGLE = frozenset({"column", "kicker", "headline", "heading", "byline"})
LIMITS = {**{role: LINE_LIMITS[role] for role in SINGLE}, "deck": DECK_LINE_LIMIT}
ROLE_NAMES = {
    "column": "栏目",
    "kicker": "引题",
    "headline": "主题",
    "heading": "报面标题",
    "deck": "副题",
    "byline": "署名",
    "paragraph": "段落",
    "subhead": "小标题",
    "caption": "图片说明",
    "text": "文字",
}
FACTS: dict[str, tuple[str, ...]] = {
    "article": ("continued_from", "continued_on"),
    "notice": ("kind", "fields"),
}
NEW = "new:"
"""Keys of items that have no row yet begin so; the others are called ``article:12`` or ``notice:3``."""


class Refusal(Exception):
    """The operation does not apply to this layout. `str()` says why, in Chinese; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Block:
    """`origins` are the ids of the source's pieces that the text was made of: the way back to the source lines."""

    id: str
    role: str
    text: str
    origins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeskItem:
    """`facts` is what an item holds besides blocks. One that is `bound` has been published: its address must stay."""

    key: str
    kind: str
    blocks: tuple[Block, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    is_bound: bool = False


@dataclass(frozen=True, slots=True)
class DeskLayout:
    items: tuple[DeskItem, ...] = ()
    trays: Mapping[str, tuple[Block, ...]] = field(default_factory=lambda: dict.fromkeys(TRAYS, ()))
    findings: Mapping[str, str] = field(default_factory=dict)
    """State by number."""
    hollow: frozenset[str] = frozenset()
    """Dissolved items whose rows are still there, empty: an undone dissolution puts them back."""

    def item(self, key: str) -> DeskItem:
        for item in self.items:
            if item.key == key:
                return item
        raise Refusal("这一条已经不在了。")

    def place_of(self, key: str) -> int:
        return self.items.index(self.item(key))

    def blocks_in(self, place: str) -> tuple[Block, ...]:
        return self.trays[place] if place in self.trays else self.item(place).blocks

    def containers(self) -> Iterator[tuple[str, tuple[Block, ...]]]:
        """The blocks of every item and tray, by its key or name."""
        for item in self.items:
            yield item.key, item.blocks
        yield from self.trays.items()

    def find(self, block_id: str) -> tuple[str, int, Block]:
        """The block of that id: its place, its index there, itself."""
        for place, blocks in self.containers():
            for index, block in enumerate(blocks):
                if block.id == block_id:
                    return place, index, block
        raise Refusal("这一段已经不在了。")

    def with_blocks(self, place: str, blocks: Sequence[Block]) -> DeskLayout:
        """The layout with other blocks in one place. Refuses blocks that may not stand there so."""
        if place in self.trays:
            _check_tray(blocks)
            return replace(self, trays={**self.trays, place: tuple(blocks)})
        index = self.place_of(place)
        check_item(self.items[index].kind, blocks)
        made = replace(self.items[index], blocks=tuple(blocks))
        return replace(self, items=(*self.items[:index], made, *self.items[index + 1 :]))

    def demand_free(self, block_id: str) -> None:
        if not block_id or len(block_id) > ID_LIMIT or not block_id.isascii() or not block_id.isprintable():
            raise Refusal("段块的编号不合格式。")
        if any(block.id == block_id for _, blocks in self.containers() for block in blocks):
            raise Refusal("这个编号的段块已经有了。")


def check_item(kind: str, blocks: Sequence[Block]) -> None:
    """Refuse blocks that cannot stand in an item of this kind in this order."""
    seen: set[str] = set()
    rank = 0
    for block in blocks:
        if block.role not in ROLES[kind]:
            raise Refusal(f"{'公告' if kind == 'notice' else '稿件'}里没有“{ROLE_NAMES.get(block.role, block.role)}”。")
        if block.role in SINGLE and block.role in seen:
            raise Refusal(f"这一条已经有{ROLE_NAMES[block.role]}了：先把原来的改成别的，或者把两段接起来。")
        if RANKS[block.role] < rank:
            raise Refusal(f"{ROLE_NAMES[block.role]}不能放在这里。")
        seen.add(block.role)
        rank = RANKS[block.role]
        check_words(block.text)
        _check_length(block)


def _check_tray(blocks: Sequence[Block]) -> None:
    for block in blocks:
        if block.role != TRAY_ROLE:
            raise Refusal("托盘里的文字没有角色。")
        _check_length(block)


def check_words(text: str) -> None:
    if not text.strip():
        raise Refusal("一段不能没有文字：不要的文字请移到“已搁置”。")


def _check_length(block: Block) -> None:
    limit = LIMITS.get(block.role)
    if limit is None:
        if len(block.text) > PIECE_LIMIT:
            raise Refusal(f"一段不能超过 {PIECE_LIMIT} 字。")
    elif len(block.text.splitlines()) > 1 or block.text[-1:] in "\n\r":
        raise Refusal(f"{ROLE_NAMES[block.role]}须是一行文字。")
    elif len(block.text) > limit:
        raise Refusal(f"{ROLE_NAMES[block.role]}不能超过 {limit} 字，这段有 {len(block.text)} 字。")


def settled_index(blocks: Sequence[Block], index: int, role: str) -> int:
    """The index nearest to the wished one at which a block of this role may be inserted."""
    rank = RANKS.get(role, 0)
    first = sum(RANKS[block.role] < rank for block in blocks)
    last = sum(RANKS[block.role] <= rank for block in blocks)
    return min(max(index, first), last)


def ledger(layout: DeskLayout) -> Counter[str]:
    """Every character of the page with its number, white space apart."""
    return characters("".join(block.text for _, blocks in layout.containers() for block in blocks))


def characters(text: str) -> Counter[str]:
    return Counter("".join(text.split()))


def to_json(layout: DeskLayout) -> dict[str, Any]:
    def blocks(found: Sequence[Block]) -> list[dict[str, Any]]:
        return [{"id": b.id, "role": b.role, "text": b.text, "origins": list(b.origins)} for b in found]

    return {
        "items": [
            {
                "key": item.key,
                "kind": item.kind,
                "blocks": blocks(item.blocks),
                "facts": dict(item.facts),
                "is_bound": item.is_bound,
            }
            for item in layout.items
        ],
        "trays": {name: blocks(found) for name, found in layout.trays.items()},
        "findings": dict(layout.findings),
        "hollow": sorted(layout.hollow),
    }
