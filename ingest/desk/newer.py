"""Another reading of a page against the page as editors have left it: a comparison of three texts.

*Base* is what the source says, *mine* what stands on the desk now, *theirs* the new reading. Only what is new between
base and theirs is proposed, carried over to where it belongs in mine: corrections are not offered for taking back, and
how the page is divided into items and blocks stays the editor's. Where the editor has changed the very words, the
proposal is marked as disputed. Pure; white space is nobody's text and is never proposed.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any

from articles.diff import text_diff
from ingest.desk.layout import Block, DeskLayout

KNOWN = 0.5
"""A block of which less than this is found again counts as missing in the new reading."""
SHORT = 12
RECORDED = ("set_aside", "furniture", "removed")
GRAM = 4
MOVED = 0.7
"""Text of which so much stands elsewhere on the other side has only changed its place, and that is the editor's."""
LONG = 12
"""A loss of so many characters is decided by itself, never with the others."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `kind` is ``text`` (`old` at `at` becomes `new`), ``added`` (a text nobody has), ``missing``.

    `key` stays the same whatever else is changed on the page, so that a word about it is remembered.
    """

    key: str
    kind: str
    block: str
    at: int
    old: str
    new: str
    before: str = ""
    after: str = ""
    note: str = ""
    """Why it is disputed: to be decided by itself."""

    @property
    def is_disputed(self) -> bool:
        return bool(self.note)

    def as_json(self) -> dict[str, Any]:
        return {**{name: getattr(self, name) for name in self.__slots__}, "is_disputed": self.is_disputed}


class _Bare:
    """A text without its white space, and the way back."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.marks = [at for at, char in enumerate(text) if not char.isspace()]
        self.bare = "".join(text[at] for at in self.marks)

    def start(self, at: int) -> int:
        return self.marks[at - 1] + 1 if at else 0

    def slice(self, start: int, end: int) -> str:
        return self.text[self.marks[start] : self.marks[end - 1] + 1] if end > start else ""


@dataclass
class _Claim:
    """A run of a new block that goes on from a base text: where it begins there, how far it reaches in both."""

    base: int
    start: int
    end: int
    first: int
    last: int


def changes(layout: DeskLayout, bases: Mapping[str, str], texts: Sequence[str]) -> list[Change]:
    """What the new reading `texts` has otherwise than the source, where the page does not say it already.

    `bases` says for each block what its pieces of the source say; blocks that editors typed in have none.
    """
    holders: dict[str, list[Block]] = {}
    places: dict[str, str] = {}
    for place, found in layout.containers():
        for block in found:
            places[block.id] = place
            if base := "".join(bases.get(block.id, "").split()):
                holders.setdefault(base, []).append(block)
    base_texts = [base for base, found in holders.items() for _ in _copies(found)]
    news = [_Bare(text) for text in texts]
    claims, loose = _claims(base_texts, news)
    said = "\n".join("".join(block.text.split()) for _, found in layout.containers() for block in found)
    here, there = _grams(said), _grams("".join(new.bare for new in news))
    proposed: list[Change] = []
    done: set[str] = set()
    for number, base in enumerate(base_texts):
        if base in done:
            continue  # equal texts, such as headings: one speaks for all
        done.add(base)
        mine = claims[number]
        if mine is None:
            continue
        if not mine:
            if len(base) > 2 and all(places[block.id] not in RECORDED for block in holders[base]):
                block = holders[base][0]
                proposed.append(Change(_key("missing", base), "missing", block.id, 0, block.text, ""))
            continue
        theirs = _joined(mine, news)
        for block in holders[base]:
            proposed += (each for each in _carried(base, theirs, block) if not _is_moved(each, here, there))
    for number in loose:
        if news[number].bare and news[number].bare not in said:
            text = news[number].text.strip()
            proposed.append(Change(_key("added", news[number].bare), "added", "", 0, "", text))
    order = {block: number for number, block in enumerate(places)}
    return sorted(proposed, key=lambda change: (order.get(change.block, len(order)), change.at))


def _copies(found: Sequence[Block]) -> Iterator[None]:
    """Blocks with one base are parts of one text (cut in two) or copies of it (headings): so many texts there are."""
    pieces = {block.origins for block in found}
    yield from (None for _ in pieces)


def _key(*parts: object) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:16]


def _claims(bases: Sequence[str], news: Sequence[_Bare]) -> tuple[list[list[tuple[int, _Claim]] | None], list[int]]:
    """For each base its runs in the new blocks, in its own order; None where it stands there unchanged.

    Also the numbers of the new blocks that nothing claims.
    """
    found: list[list[tuple[int, _Claim]] | None] = [[] for _ in bases]
    waiting = Counter(new.bare for new in news)
    rest = []
    for number, base in enumerate(bases):
        if waiting[base] > 0:
            waiting[base] -= 1
            found[number] = None
        else:
            rest.append(number)
    free = [number for number, new in enumerate(news) if new.bare and _take(waiting, new.bare)]
    taken = {number: [False] * len(news[number].bare) for number in free}
    index = {length: _index(news, free, length) for length in (2, 4)}
    held: dict[int, list[_Claim]] = {number: [] for number in free}
    for number in sorted(rest, key=lambda each: -len(bases[each])):
        base = bases[number]
        claims = _runs(number, base, news, taken, index[4 if len(base) >= SHORT else 2])
        if sum(claim.last - claim.first for _, claim in claims) < KNOWN * len(base):
            continue
        for new, claim in claims:
            taken[new][claim.start : claim.end] = [True] * (claim.end - claim.start)
            held[new].append(claim)
        found[number] = claims
    _share_gaps(bases, news, held)
    return found, [number for number in free if not held[number]]


def _take(waiting: Counter[str], bare: str) -> bool:
    """One of the texts that no base equals."""
    if waiting[bare] > 0:
        waiting[bare] -= 1
        return True
    return False


def _index(news: Sequence[_Bare], free: Sequence[int], length: int) -> dict[str, set[int]]:
    index: dict[str, set[int]] = {}
    for number in free:
        bare = news[number].bare
        for at in range(len(bare) - length + 1):
            index.setdefault(bare[at : at + length], set()).add(number)
    return index


def _runs(
    number: int, base: str, news: Sequence[_Bare], taken: Mapping[int, list[bool]], index: Mapping[str, set[int]]
) -> list[tuple[int, _Claim]]:
    """The runs of the new blocks that say this base, best first come, in the order of the base."""
    length = len(next(iter(index), "")) or 2
    votes: Counter[int] = Counter()
    for at in range(len(base) - length + 1):
        votes.update(index.get(base[at : at + length], ()))
    covered = [False] * len(base)
    claims: list[tuple[int, _Claim]] = []
    for new, _ in sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))[:6]:
        left = "".join("\0" if is_taken else c for c, is_taken in zip(news[new].bare, taken[new], strict=True))
        here = "".join("\1" if is_covered else c for c, is_covered in zip(base, covered, strict=True))
        least = min(length, len(base))
        runs = [r for r in SequenceMatcher(None, here, left, autojunk=False).get_matching_blocks() if r.size >= least]
        runs = [r for r in runs if "\0" not in left[runs[0].b : r.b]]
        if sum(run.size for run in runs) < max(least, min(len(base), len(left)) // 5):
            continue
        claim = _Claim(number, runs[0].b, runs[-1].b + runs[-1].size, runs[0].a, runs[-1].a + runs[-1].size)
        covered[claim.first : claim.last] = [True] * (claim.last - claim.first)
        claims.append((new, claim))
    return sorted(claims, key=lambda each: each[1].first)


def _share_gaps(bases: Sequence[str], news: Sequence[_Bare], held: Mapping[int, list[_Claim]]) -> None:
    """What stands in a new block between two runs belongs to the one that lacks something at that end."""
    for number, claims in held.items():
        claims.sort(key=lambda claim: claim.start)
        if not claims:
            continue
        claims[0].start = 0
        for one, other in pairwise(claims):
            gap = other.start - one.end
            lacks, wants = len(bases[one.base]) - one.last, other.first
            give = gap if not wants else 0 if not lacks else min(gap, lacks)
            one.end += give
            other.start = one.end
        claims[-1].end = len(news[number].bare)


@dataclass(frozen=True)
class _Theirs:
    """The new text of a base: its characters, and for each which new block it is of, and where."""

    bare: str
    at: list[tuple[_Bare, int]]

    def slice(self, start: int, end: int) -> str:
        out = ""
        while start < end:
            text, first = self.at[start]
            stop = start
            while stop < end and self.at[stop] == (text, first + stop - start):
                stop += 1
            out += text.slice(first, first + stop - start)
            start = stop
        return out


def _joined(claims: Sequence[tuple[int, _Claim]], news: Sequence[_Bare]) -> _Theirs:
    at = [(news[new], position) for new, claim in claims for position in range(claim.start, claim.end)]
    return _Theirs("".join(text.bare[position] for text, position in at), at)


def _carried(base: str, theirs: _Theirs, block: Block) -> Iterator[Change]:
    """What is new between base and theirs, at its place in the block as it is now."""
    mine = _Bare(block.text)
    if mine.bare == theirs.bare:
        return
    where: list[int | None] = [None] * len(base)
    for run in SequenceMatcher(None, base, mine.bare, autojunk=False).get_matching_blocks():
        where[run.a : run.a + run.size] = range(run.b, run.b + run.size)
    for start, end, first, last in _differences(base, theirs.bare):
        place = _place(where, start, end, len(mine.bare))
        new = theirs.slice(first, last)
        if place is None or mine.bare[place[0] : place[1]] == theirs.bare[first:last]:
            continue
        left, right = place
        come = theirs.bare[first:last]
        if start == end and _repeats(mine.bare[:left], come) > _repeats(base[:start], come):
            continue  # it came already: of equal characters side by side either may be the new one
        is_clean = mine.bare[left:right] == base[start:end]
        is_clean = (
            is_clean and (start == 0 or where[start - 1] == left - 1) and (end == len(base) or where[end] == right)
        )
        at = mine.start(left)
        old = mine.slice(left, right)
        if old:
            at = mine.marks[left]
        if old == new:
            continue
        yield Change(
            _key(block.origins, start, end, new),
            "text",
            block.id,
            at,
            old,
            new,
            block.text[max(0, at - 8) : at],
            block.text[at + len(old) : at + len(old) + 8],
            _note(old, new, is_clean=is_clean),
        )


def _note(old: str, new: str, *, is_clean: bool) -> str:
    if not is_clean:
        return "编辑改过这里"
    return "去掉的字多，请看清" if len(old) - len(new) >= LONG else ""


def _grams(text: str) -> frozenset[str]:
    return frozenset(text[at : at + GRAM] for at in range(len(text) - GRAM + 1))


def _is_moved(change: Change, here: frozenset[str], there: frozenset[str]) -> bool:
    """What goes stands elsewhere in the new reading, and what comes stands elsewhere on the page."""
    old, new = ("".join(text.split()) for text in (change.old, change.new))
    goes, comes = _stands(old, there), _stands(new, here)
    return (goes and (comes or len(new) < GRAM <= len(old) // 2)) or (comes and len(old) < GRAM <= len(new) // 2)


def _stands(bare: str, grams: frozenset[str]) -> bool:
    mine = _grams(bare)
    return not bare or (bool(mine) and len(mine & grams) >= MOVED * len(mine))


def _repeats(text: str, end: str) -> int:
    """How often the text ends in it, one after the other."""
    count = 0
    while text.endswith(end * (count + 1)):
        count += 1
    return count


def _differences(base: str, theirs: str) -> Iterator[tuple[int, int, int, int]]:
    """The ranges of both that differ."""
    at = there = 0
    start, first = 0, 0
    is_open = False
    for run in text_diff(base, theirs):
        if run.kind == "same":
            if is_open:
                yield start, at, first, there
            is_open = False
            at += len(run.text)
            there += len(run.text)
            continue
        if not is_open:
            start, first, is_open = at, there, True
        if run.kind == "del":
            at += len(run.text)
        else:
            there += len(run.text)
    if is_open:
        yield start, at, first, there


def _place(where: Sequence[int | None], start: int, end: int, length: int) -> tuple[int, int] | None:
    """The range of the block that stands for a range of the base; None when that is another block's."""
    left = next((where[p] for p in range(start - 1, -1, -1) if where[p] is not None), None)
    right = next((where[p] for p in range(end, len(where)) if where[p] is not None), None)
    if left is None and right is None:
        return None
    if left is None and start > 0:
        return None
    if right is None and end < len(where):
        # Cut here: an insertion at the cut belongs to the first half.
        is_at_cut = start == end and where[start - 1] is not None
        return (length, length) if is_at_cut else None
    begin = 0 if left is None else left + 1
    stop = length if right is None else right
    return (begin, stop) if begin <= stop else None
