"""What pieces of text are about: pairs of characters weighted by how rare they are in the language and on the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log, sqrt

from ingest.engine.fluency import model
from ingest.engine.text import is_cjk

# A pair never seen inside a word of the list (a name, a new thing) is worth this many nats; the commonest are worth 1.
UNSEEN_PAIR = 9.0
LEAST = 0.5

Vector = Mapping[str, float]


def pairs_of(text: str) -> Counter[str]:
    """Neighbouring Chinese characters, and figures and Latin words as wholes. Pairs across punctuation say nothing."""
    found: Counter[str] = Counter()
    word = ""
    previous = ""
    for char in text:
        if is_cjk(char):
            if previous:
                found[previous + char] += 1
            previous = char
        else:
            previous = ""
        if char.isascii() and (char.isalnum() or char == "."):
            word += char
        elif word:
            if len(word) > 1:
                found[word] += 1
            word = ""
    if len(word) > 1:
        found[word] += 1
    return found


@lru_cache(maxsize=1 << 17)
def _rarity(pair: str) -> float:
    known = model()
    if not is_cjk(pair[0]):
        return 6.0
    count = known.pairs.get(pair, 0)
    if not count:
        # two frequent single-character words side by side (的人) are no topic either
        both = (known.words.get(pair[0], 0) + 1) * (known.words.get(pair[1], 0) + 1) / known.total
        return max(LEAST, min(UNSEEN_PAIR, UNSEEN_PAIR - log(both + 1)))
    return max(LEAST, log(known.total / (count * 40 + 40)))


@dataclass(frozen=True, slots=True)
class Topics:
    """Weights of pairs on one page."""

    spread: Mapping[str, int]
    size: int
    floor: float = 0.0
    """What is left of the weight of a pair that all of the page says. Not 0 where the page may hold one story only."""

    def weight(self, pair: str) -> float:
        """Rarity in the language, less for what the whole page speaks of (its town, its favourite words)."""
        share = log(1 + self.size / self.spread.get(pair, 1)) / log(1 + self.size)
        return _rarity(pair) * (self.floor + (1 - self.floor) * share)

    def vector(self, counts: Mapping[str, int]) -> Vector:
        return {pair: (1 + log(n)) * self.weight(pair) for pair, n in counts.items()}


def topics_over(groups: Sequence[Counter[str]], floor: float = 0.0) -> Topics:
    """Weights when these groups (paragraphs, stories) are what words tell apart."""
    spread: Counter[str] = Counter()
    for counts in groups:
        spread.update(counts.keys())
    return Topics(spread, max(1, len(groups)), floor)


def cosine(a: Vector, b: Vector) -> float:
    if not a or not b:
        return 0.0
    if len(a) > len(b):
        a, b = b, a
    dot = sum(value * b[pair] for pair, value in a.items() if pair in b)
    if not dot:
        return 0.0
    return dot / sqrt(sum(v * v for v in a.values()) * sum(v * v for v in b.values()))


def coverage(short: Mapping[str, float], long: Mapping[str, object]) -> float:
    """The share of a title's weight that its body also says."""
    total = sum(short.values())
    return sum(value for pair, value in short.items() if pair in long) / total if total else 0.0
