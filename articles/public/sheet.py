"""版: the items of a page in reading order, each with as much of its text as its weight earns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from articles.models import Snapshot
from articles.public.layout import PageOfEntries, by_weight
from articles.public.reading import Entry

# Characters of the opening that a story of each rank shows.
_ROOM = {1: 420, 2: 200, 3: 110}
_SECONDS = 2
# What opens the page is its lead (头条), unless it is slight beside the weightiest: then the text came in another order
# than the page was printed, and nothing on it leads.
_LEAD_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class Block:
    """An item on the page. `rank` is 1 for the lead, 2 for the weightiest others, 3 for the rest and for notices."""

    entry: Entry
    rank: int
    deck: tuple[str, ...]
    byline: str
    opening: tuple[str, ...]
    is_cut: bool


def opening_of(texts: Iterable[str], room: int) -> tuple[tuple[str, ...], bool]:
    """Whole paragraphs while there is room, the last one cut; and whether something is left out."""
    shown: list[str] = []
    for text in texts:
        if room <= 0:
            return tuple(shown), True
        if len(text) > room:
            return (*shown, text[: max(room, 20)].rstrip("，、；：") + "…"), True
        shown.append(text)
        room -= len(text)
    return tuple(shown), False


def _block(entry: Entry, content: dict[str, Any], rank: int) -> Block:
    paragraphs = (piece["text"] for piece in content["body"] if piece["role"] == "paragraph")
    opening, is_cut = opening_of(paragraphs, _ROOM[rank])
    return Block(entry, rank, tuple(content.get("deck") or ()), content.get("byline") or "", opening, is_cut)


def ranks(articles: Sequence[Entry]) -> dict[int, int]:
    """The rank of each article by its number; those not named have the third."""
    if not articles:
        return {}
    heavy = by_weight(articles)
    leads = articles[0].size >= _LEAD_SHARE * heavy[0].size
    lead = {articles[0].pk: 1} if leads else {}
    others = [entry for entry in heavy if entry.pk not in lead]
    return lead | {entry.pk: 2 for entry in others[:_SECONDS]}


def sheet(page: PageOfEntries, snapshots: Iterable[Snapshot]) -> list[Block]:
    """The blocks of the page in reading order: one query for their text."""
    contents = {snapshot.pk: snapshot.content for snapshot in snapshots}
    rank = ranks(page.articles)
    return [_block(entry, contents[entry.pk], rank.get(entry.pk, 3)) for entry in page.entries if entry.pk in contents]
