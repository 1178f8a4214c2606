"""What pieces of text are about: pairs of characters weighted by how rare they are in the language and on the page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from functools import lru_cache
from math import log
from operator import add

from ingest.engine.fluency import model
from ingest.engine.text import CJK, is_cjk

# A pair never seen inside a word of the list (a name, a new thing) is worth this many nats; the commonest are worth 1.
UNSEEN_PAIR = 9.0
LEAST = 0.5
# Two Chinese characters or more, or a figure or Latin word of two or more.
_RUN = re.compile(f"[{CJK}]{{2,}}|[0-9A-Za-z.]{{2,}}")

Vector = Mapping[str, float]


def pairs_of(text: str) -> Counter[str]:
    """Neighbouring Chinese characters, and figures and Latin words as wholes. Pairs across punctuation say nothing."""
    found: list[str] = []
    for run in _RUN.findall(text):
        if run[0].isascii():
            found.append(run)
        else:
            found.extend(map(add, run, run[1:]))
    return Counter(found)


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


class Topics(dict[str, float]):
    """Weights of pairs on one page, each reckoned when it is first asked for: rarity in the language, less for what
    the whole page speaks of (its town, its favourite words)."""

    def __init__(self, spread: Mapping[str, int], size: int, floor: float) -> None:
        super().__init__()
        self._spread = spread
        self._kept = {
            number: floor + (1 - floor) * (log(1 + size / number) / log(1 + size)) for number in {1, *spread.values()}
        }

    def __missing__(self, pair: str) -> float:
        weight = self[pair] = _rarity(pair) * self._kept[self._spread.get(pair, 1)]
        return weight

    def vector(self, counts: Mapping[str, int]) -> Vector:
        return {pair: self[pair] if n == 1 else (1 + log(n)) * self[pair] for pair, n in counts.items()}


def topics_over(groups: Sequence[Counter[str]], floor: float = 0.0) -> Topics:
    """Weights when these groups (paragraphs, stories) are what words tell apart. ``floor`` is what is left of the
    weight of a pair that all of them say: not 0 where the page may hold one story only."""
    spread: Counter[str] = Counter()
    for counts in groups:
        spread.update(counts.keys())
    return Topics(spread, max(1, len(groups)), floor)


def product(a: Vector, b: Vector) -> float:
    if len(a) > len(b):
        a, b = b, a
    return sum([value * b[pair] for pair, value in a.items() if pair in b])


def square(a: Vector) -> float:
    return sum([value * value for value in a.values()])


def coverage(short: Mapping[str, float], long: Container[str]) -> float:
    """The share of a title's weight that its body also says."""
    total = sum(short.values())
    return sum([value for pair, value in short.items() if pair in long]) / total if total else 0.0
