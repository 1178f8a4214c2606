"""Where the words asked for stand in a text as it was printed, and the pieces of it worth showing.

Text and words are compared folded, as the search itself compares them; what is marked is cut from the original by its
offsets, so a mark is made of the text's own characters (長護險 for 长护险, ＡＢＣ for abc). Texts stay plain: whoever
shows them escapes each piece, so no mark can stand inside an entity.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from articles.search.folding import fold, fold_with_offsets
from articles.search.types import Field, Term

LOOKED_AT: Final = 20_000
"""Characters of a text that are looked through: two pages of a broadsheet, 20 ms. What stands behind is found, not
marked."""
MARKS_LIMIT: Final = 200
"""Marks made in one text."""
SNIPPET: Final = 64
"""Characters of a snippet."""
LEAD: Final = 20
"""How many characters a snippet may begin before its first mark."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class Snippet:
    pieces: tuple[Piece, ...]
    is_cut_before: bool
    """Text stands before it."""
    is_cut_after: bool

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


def needles(terms: Iterable[Term], *fields: Field) -> tuple[str, ...]:
    """The folded words to mark in a text: those asked for anywhere, and those asked for in these fields."""
    wanted = (fold(term.text) for term in terms if term.field is None or term.field in fields)
    return tuple(dict.fromkeys(word for word in wanted if word))


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    needle: int


def _found(text: str, words: Sequence[str]) -> list[_Found]:
    """Occurrences in the original's offsets, by place; of one word they do not overlap each other."""
    looked_at = text[:LOOKED_AT]
    plain = fold(looked_at)
    present = [(number, word) for number, word in enumerate(words) if word in plain]
    if not present:
        return []
    folded = fold_with_offsets(looked_at)
    found: list[_Found] = []
    most = MARKS_LIMIT // len(present)
    for number, word in present:
        at = folded.text.find(word)
        count = 0
        while at >= 0 and count < most:
            start, end = folded.span(at, at + len(word))
            while end < len(text) and _belongs_to_the_sign_before(text[end]):
                end += 1
            found.append(_Found(start, end, number))
            at = folded.text.find(word, at + len(word))
            count += 1
    return sorted(found, key=lambda one: (one.start, -one.end))


def _belongs_to_the_sign_before(sign: str) -> bool:
    return bool(unicodedata.combining(sign)) or "\ufe00" <= sign <= "\ufe0f"


def marks(text: str, words: Sequence[str]) -> list[Span]:
    """The stretches of the text to mark, in order, none overlapping or touching another."""
    return _joined(_found(text, words))


def _joined(found: Iterable[_Found]) -> list[Span]:
    spans: list[Span] = []
    for one in found:
        if spans and one.start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], one.end))
        else:
            spans.append((one.start, one.end))
    return spans


def pieces(text: str, spans: Iterable[Span], start: int = 0, end: int | None = None) -> tuple[Piece, ...]:
    """The text between two places as pieces, marked and not: joined, they are that stretch of it."""
    end = len(text) if end is None else end
    made: list[Piece] = []
    at = start
    for first, last in spans:
        first, last = max(first, start), min(last, end)
        if first >= last:
            continue
        if at < first:
            made.append(Piece(text[at:first]))
        made.append(Piece(text[first:last], is_marked=True))
        at = last
    if at < end:
        made.append(Piece(text[at:end]))
    return tuple(made)


def marked(text: str, words: Sequence[str]) -> tuple[Piece, ...]:
    """The whole text in pieces: for headlines."""
    return pieces(text, marks(text, words))


def snippets(text: str, words: Sequence[str], count: int = 2) -> list[Snippet]:
    """Up to `count` stretches of the text with the most different words, in the order of the text.

    Nothing when none of the words stands in it.
    """
    found = _found(text, words)
    spans = _joined(found)
    chosen: list[Span] = []
    shown: set[int] = set()
    while len(chosen) < count:
        best = max(_windows(text, found, chosen), key=lambda one: _worth(found, one, shown), default=None)
        if best is None:
            break
        chosen.append(best)
        shown |= {one.needle for one in found if best[0] <= one.start and one.end <= best[1]}
    return [
        Snippet(pieces(text, spans, start, end), bool(text[:start].strip()), bool(text[end:].strip()))
        for start, end in sorted(chosen)
    ]


def _windows(text: str, found: Sequence[_Found], taken: Sequence[Span]) -> list[Span]:
    """A window for each occurrence that stands in none taken. Windows neither overlap nor cut an occurrence."""
    free: list[Span] = []
    for one in found:
        if any(start < one.end and one.start < end for start, end in taken):
            continue
        start = max([_beginning(text, one.start), *(end for _, end in taken if end <= one.start)])
        end = min([max(start + SNIPPET, one.end), len(text), *(start for start, _ in taken if start >= one.end)])
        free.append((_before(start, found), _after(end, found)))
    return free


def _before(place: int, found: Sequence[_Found]) -> int:
    """This place, or the beginning of the occurrences it would cut."""
    for one in reversed(found):
        if one.start < place < one.end:
            place = one.start
    return place


def _after(place: int, found: Sequence[_Found]) -> int:
    for one in found:
        if one.start < place < one.end:
            place = one.end
    return place


def _beginning(text: str, place: int) -> int:
    """Where a snippet with its first mark at this place begins: with its sentence if that is near, else a little before
    the mark."""
    earliest = max(0, place - LEAD)
    while 0 < earliest < place and _belongs_to_the_sign_before(text[earliest]):
        earliest += 1
    for at in range(place, earliest, -1):
        if text[at - 1] in _ENDS:
            return at + len(text[at:place]) - len(text[at:place].lstrip(_AFTER_AN_END))
    return earliest


_ENDS = frozenset("。！？；!?;\n")
_AFTER_AN_END = "”’」』）)》 \u3000"


def _worth(found: Sequence[_Found], window: Span, shown: set[int]) -> tuple[int, int, int]:
    """More words not shown yet, then more different words, then earlier."""
    inside = {one.needle for one in found if window[0] <= one.start and one.end <= window[1]}
    return len(inside - shown), len(inside), -window[0]
