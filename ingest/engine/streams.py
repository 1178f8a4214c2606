"""Two columns read across each other: deal the pieces out to two streams again, by how well the seams read.

Every way of dealing keeps each stream in the order of the page, so it is one walk over the pieces; the best walk is
found exactly. Nothing is decided here: an editor sees the streams before anything moves.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ingest.engine.fluency import begins_word, word_gain
from ingest.engine.knowledge import pattern
from ingest.engine.text import NEVER_FIRST, ends_sentence, is_cjk

MOST_PIECES = 240
"""More than a column has lines; the walk is quadratic in them."""

# In nats, like the costs of `joins`.
FORBIDDEN_START = 6.0  # a line no paragraph begins with
WORD_IN_TWO = 1.5  # a beginning that looks like the rest of a word
OPEN_END = 2.0  # an end without a sentence end
FRESH_AFTER_OPEN = 2.5  # 本报讯 after an unfinished sentence
WORD = 0.6  # per nat gained by the word across the seam
WORD_MOST = 5.0
CHANGE = 0.1  # where nothing speaks for either, columns read across each other take turns
CUT_FOR_NOTHING = 1.0  # an unfinished line followed by what makes no word with it


def seam(left: str, right: str) -> float:
    """How well `right` reads on from `left`: above 0 it does, below it does not."""
    left, right = left.rstrip(), right.lstrip()
    if not left or not right:
        return 0.0
    if ends_sentence(left):
        return -_start(right)
    score = -FRESH_AFTER_OPEN if pattern("paragraph_opener").match(right) and left[-1] not in "，、," else 0.0
    if is_cjk(left[-1]) and is_cjk(right[0]):
        gain = word_gain(left, right)
        score += min(WORD_MOST, WORD * gain) if gain > 0 else -CUT_FOR_NOTHING
    elif left[-1].isdigit() and right[0].isdigit():
        score += 1.0
    return score


def _start(text: str) -> float:
    """What it costs to begin with this piece."""
    first = text.lstrip()[:1]
    if first in NEVER_FIRST:
        return FORBIDDEN_START
    return WORD_IN_TWO if is_cjk(first) and begins_word(first) < -1.5 else 0.0


def _end(text: str) -> float:
    return 0.0 if ends_sentence(text.rstrip()) else OPEN_END


def score(pieces: Sequence[str], first: Sequence[int], second: Sequence[int]) -> float:
    """How well these two streams read, all seams and ends together."""
    total = 0.0
    for stream in (first, second):
        if stream:
            total -= _start(pieces[stream[0]]) + _end(pieces[stream[-1]])
            total += sum(seam(pieces[a], pieces[b]) for a, b in pairwise(stream))
    return total


def two_streams(pieces: Sequence[str]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The indices of both streams that read best; the first piece is in the first. Too many pieces stay as they are."""
    count = len(pieces)
    if not 2 <= count <= MOST_PIECES:
        return tuple(range(count)), ()
    known: dict[tuple[int, int], float] = {}

    def read(a: int, b: int) -> float:
        if (a, b) not in known:
            known[a, b] = -_start(pieces[b]) if a < 0 else seam(pieces[a], pieces[b])
        return known[a, b]

    # After piece i, `best[j]` is the best score with i last in one stream and j (-1: nothing yet) in the other.
    best: dict[int, float] = {-1: -_start(pieces[0])}
    back: list[dict[int, int]] = [{}]  # for piece i and the other's j: the other's end before it
    for i in range(1, count):
        after: dict[int, float] = {}
        from_: dict[int, int] = {}
        for j, value in best.items():
            stay = value + read(i - 1, i)
            if stay > after.get(j, float("-inf")):
                after[j], from_[j] = stay, j
            change = value + read(j, i) + CHANGE
            if change > after.get(i - 1, float("-inf")):
                after[i - 1], from_[i - 1] = change, j
        best = after
        back.append(from_)
    other = max(best, key=lambda j: (best[j] - (_end(pieces[j]) if j >= 0 else 0.0), -j))
    side = [0] * count
    for i in range(count - 1, 0, -1):
        former = back[i][other]
        # The other stream ended at i-1 exactly when piece i went on from `former`: then the sides change.
        side[i - 1] = 1 - side[i] if other == i - 1 else side[i]
        other = former
    lead = side[0]
    return tuple(i for i in range(count) if side[i] == lead), tuple(i for i in range(count) if side[i] != lead)
