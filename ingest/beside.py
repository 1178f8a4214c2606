"""The source text beside an item or a page: every line, and whose text it became."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Any

from articles.actions.pages import items_of
from articles.admin.beside import Beside, Mark, Origin, SourceLine, SourceText
from articles.content import BodyRole, pieces_of
from articles.extracts import Extracted
from articles.models import AnyItem, Page
from ingest.models import Provenance, Source

TONES = 6
_MOVABLE = {*BodyRole.values, "caption"}
"""Roles of the pieces that editors move from item to item; the others stay with theirs."""


class Lines:
    """A source text cut into lines, with the offset at which each begins."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.texts = source.text.split("\n")
        self.starts: list[int] = []
        offset = 0
        for text in self.texts:
            self.starts.append(offset)
            offset += len(text) + 1

    def numbers(self, spans: Iterable[Sequence[int]]) -> list[int]:
        """The numbers, from 1, of the lines that these spans touch."""
        found: set[int] = set()
        for start, end in spans:
            first = bisect_right(self.starts, start)
            last = bisect_right(self.starts, max(start, end - 1))
            found.update(range(first, last + 1))
        return sorted(found)

    def anchor(self, number: int) -> str:
        return f"L{self.source.pk}-{number}"

    def text(self, marks: dict[int, list[Mark]], *, with_start: bool = False) -> SourceText:
        lines = []
        before: set[str] = set()
        for number, text in enumerate(self.texts, 1):
            here = tuple(marks.get(number, ()))
            begun = tuple(mark for mark in here if mark.href not in before)
            lines.append(SourceLine(number, self.anchor(number), text.rstrip("\r"), here, begun))
            if here:
                before = {mark.href for mark in here}
        start = self.anchor(min(marks)) if with_start and marks else ""
        return SourceText(self.source.name, self.source.encoding, lines, start)


def _sources(page: Page) -> list[Source]:
    return list(page.sources.defer("raw").order_by("pk"))


def beside_item(item: AnyItem) -> Beside | None:
    """The page's sources, the lines of this item marked with its blocks."""
    cut = {source.pk: Lines(source) for source in _sources(item.page)}
    origins: dict[str, Origin] = {}
    marks: dict[int, dict[int, list[Mark]]] = {pk: {} for pk in cut}
    blocks = {piece["id"]: str(number) for number, piece in enumerate(pieces_of(item.content), 1)}
    made = _made_from(item, list(cut))
    gone = {key for key, (_, each) in made.items() if key not in blocks and each["role"] in _MOVABLE}
    if gone:  # joined to another of its paragraphs, or moved away
        gone &= _elsewhere(item)
    for piece_id, (source_id, origin) in made.items():
        if piece_id in gone:
            continue
        numbers = cut[source_id].numbers(origin["spans"]) if source_id in cut else []
        if not numbers:
            continue
        is_block = piece_id in blocks
        label = f"第{blocks[piece_id]}段" if is_block else str(origin.get("reason") or "本条").partition("：")[0][:6]
        mark = Mark(label, f"#b-{piece_id}" if is_block else "#item-form", 1 if is_block else 2)
        for number in numbers:
            marks[source_id].setdefault(number, []).append(mark)
        origins[piece_id] = _origin(cut[source_id], numbers, origin)
    texts = [lines.text(marks[pk], with_start=True) for pk, lines in cut.items()]
    return Beside(texts, origins) if texts else None


def _made_from(item: AnyItem, sources: list[int]) -> dict[str, tuple[int, dict[str, Any]]]:
    """The source and the origin of each piece that was made for the item, or has come into it since."""
    provenance = Provenance.objects.filter(**{item.snapshot_key: item}).first()
    made = {} if provenance is None else {key: (provenance.source_id, each) for key, each in provenance.pieces.items()}
    strangers = {piece["id"] for piece in pieces_of(item.content)} - made.keys()
    if strangers:
        made |= {key: each for key, each in _moved_out(item, sources).items() if key in strangers}
    return made


def extracted_lines(item: AnyItem) -> dict[str, Extracted]:
    """The lines of the source that the item's pieces were made from, cut to the pieces' own characters; by piece."""
    texts = {source.pk: source.text for source in _sources(item.page)}
    if not texts:
        return {}
    blocks = {piece["id"] for piece in pieces_of(item.content)}
    found: dict[str, Extracted] = {}
    for key, (source, origin) in _made_from(item, list(texts)).items():
        if source in texts and (key in blocks or origin["role"] not in _MOVABLE):
            spans = (texts[source][start:end] for start, end in origin["spans"])
            lines = [line.strip() for span in spans for line in span.splitlines() if line.strip()]
            found[key] = Extracted(origin["role"], lines)
    return found


def _elsewhere(item: AnyItem) -> set[str]:
    """The ids of the pieces that stand on the page outside this item."""
    trays = (*item.page.unplaced, *item.page.set_aside)
    found = {str(piece["id"]) for piece in trays if isinstance(piece, dict) and "id" in piece}
    for other in items_of(item.page):
        if other != item:
            found |= {piece["id"] for piece in pieces_of(other.content)}
    return found


def _moved_out(item: AnyItem, sources: list[int]) -> dict[str, tuple[int, dict[str, Any]]]:
    """Pieces that have left the other items they were made for; by id, where one id means one piece."""
    left: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    others = Provenance.objects.filter(source__in=sources).exclude(**{item.snapshot_key: item})
    for each in others.select_related("article", "notice"):
        kept = {piece["id"] for piece in pieces_of((each.article or each.notice).content)}  # type: ignore[union-attr]
        for key, origin in each.pieces.items():
            if key not in kept and origin["role"] in _MOVABLE:
                left.setdefault(key, []).append((each.source_id, origin))
    return {key: found[0] for key, found in left.items() if len(found) == 1}


def _origin(lines: Lines, numbers: list[int], origin: dict[str, Any]) -> Origin:
    words = f"{numbers[0]} 行" if len(numbers) == 1 else f"{numbers[0]}–{numbers[-1]} 行"
    reason = str(origin.get("reason", ""))
    return Origin(f"#{lines.anchor(numbers[0])}", words, reason, origin.get("confidence"))


def beside_page(page: Page, items: Sequence[AnyItem]) -> Beside | None:
    """The page's sources, every line marked with the item it became part of."""
    cut = {source.pk: Lines(source) for source in _sources(page)}
    if not cut:
        return None
    places = {(item.snapshot_key, item.pk): number for number, item in enumerate(items, 1)}
    holders: dict[str, list[tuple[str, int]]] = {}
    for item in items:
        for piece in pieces_of(item.content):
            holders.setdefault(piece["id"], []).append((item.snapshot_key, item.pk))
    marks: dict[int, dict[int, list[Mark]]] = {pk: {} for pk in cut}
    for provenance in Provenance.objects.filter(source__in=list(cut)):
        kind, pk = ("article", provenance.article_id) if provenance.article_id else ("notice", provenance.notice_id)
        own = (kind, pk or 0)
        touched: dict[tuple[str, int], set[int]] = {}
        for piece_id, origin in provenance.pieces.items():
            now = holders.get(piece_id, [])
            holder = now[0] if len(now) == 1 and origin["role"] in _MOVABLE else own
            touched.setdefault(holder, set()).update(cut[provenance.source_id].numbers(origin["spans"]))
        for holder, numbers in touched.items():
            place = places.get(holder)
            if place is None:
                continue
            mark = Mark(f"第{place}条", f"#i-{holder[0]}-{holder[1]}", place % TONES + 1)
            for number in numbers:
                marks[provenance.source_id].setdefault(number, []).append(mark)
    return Beside([lines.text(marks[pk]) for pk, lines in cut.items()])
