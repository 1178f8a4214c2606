"""How much of its text an item of a page earns by its weight. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from articles.public.layout import by_weight
from articles.public.reading import Entry

# Characters of the opening that a story of each rank shows.
_ROOM = {1: 420, 2: 200, 3: 110}
_SECONDS = 2
_SENTENCE = re.compile(r"[。！？][”』」）]*")
_EARLY = 0.6  # of the room
# What opens the page is its lead (头条), unless it is slight beside the weightiest: then the text came in another order
# than the page was printed, and nothing on it leads.
_LEAD_SHARE = 0.4


def opening_of(texts: Iterable[str], room: int) -> tuple[tuple[str, ...], bool]:
    """Whole paragraphs while there is room, the last one cut, after a sentence if one ends not too early; and whether
    something is left out."""
    shown: list[str] = []
    for text in texts:
        if room <= 0:
            return tuple(shown), True
        if len(text) > room:
            return (*shown, _cut(text, max(room, 20))), True
        shown.append(text)
        room -= len(text)
    return tuple(shown), False


def ranks(articles: Sequence[Entry]) -> dict[int, int]:
    """The rank of each article by its number; those not named have the third."""
    if not articles:
        return {}
    heavy = by_weight(articles)
    leads = articles[0].size >= _LEAD_SHARE * heavy[0].size
    lead = {articles[0].pk: 1} if leads else {}
    others = [entry for entry in heavy if entry.pk not in lead]
    return lead | {entry.pk: 2 for entry in others[:_SECONDS]}


def lead_first(articles: Sequence[Entry]) -> list[Entry]:
    """The lead, if the page has one, and the others by weight."""
    rank = ranks(articles)
    return sorted(by_weight(articles), key=lambda entry: rank.get(entry.pk) != 1)


def _cut(text: str, room: int) -> str:
    ends = [found.end() for found in _SENTENCE.finditer(text, 0, room)]
    if ends and ends[-1] >= _EARLY * room:
        return text[: ends[-1]]
    return text[:room].rstrip("，、；：") + "…"


def opening(content: dict[str, Any], rank: int) -> tuple[tuple[str, ...], bool]:
    """As many of the paragraphs as a story of that rank shows, and whether something is left out."""
    paragraphs = [piece["text"] for piece in content["body"] if piece["role"] == "paragraph"]
    shown, is_cut = opening_of(paragraphs, _ROOM[rank])
    return shown, is_cut or len(paragraphs) < len(content["body"])
