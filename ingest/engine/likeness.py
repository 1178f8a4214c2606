"""How likely two texts of one page are of one story: by what they say, and by the measure they are set in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

from ingest.engine.senses import Sense, agreement, sense_of_all
from ingest.engine.topics import Topics, Vector, product, square
from ingest.engine.units import Unit

# Log odds that two texts are of one story, by the words they share, what their characters are about and their
# lengths: the longer two texts are, the more words they share by chance. Fitted by logistic regression on 6,700 pairs
# of pieces of pages written by others (on pages left out right for 84 of 100, by words alone for 79), then held back:
# the pieces of a page are not independent (docs/decisions/0054).
TOPIC_BASE = 16.6
TOPIC_COSINE = 1.6
TOPIC_SENSE = 5.0
TOPIC_SHORTER = -1.6
TOPIC_LONGER = -1.05
COSINE_FLOOR = 0.002
TOPIC_MOST = 5.0
TOPIC_LEAST = -4.0
LEAST_LENGTH = 20
MOST_LENGTH = 700  # no longer pieces were among those pairs

# A story keeps its measure, so text in a measure that is rare on the page is of the story set in it. Of two paragraphs
# of one story so many share one …
KEPT = 0.95
# … found by reading lines, so it may be off by a character.
BY_DISTANCE = (1.0, 0.6)
GRID = 1.0
WIDEST = 30  # no story is set wider

Widths = Mapping[float, float]
"""How many characters of a text are set in each measure."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a text says: its words, what its characters are about, and its length in characters."""

    words: Vector
    square: float
    """Of the length of `words`."""
    sense: Sense
    size: int


def said(topics: Topics, pairs: Mapping[str, int], texts: Sequence[str]) -> Said:
    """What these paragraphs say together; `pairs` are theirs, and may count others that speak for them."""
    words = topics.vector(pairs)
    return Said(words, square(words), sense_of_all(texts), sum(map(len, texts)))


def topic_odds(a: Said, b: Said) -> float:
    """Log odds that two texts belong to one story, from what they say."""
    shared = product(a.words, b.words)
    likeness = shared / sqrt(a.square * b.square) if shared else 0.0
    return sized_odds(likeness, agreement(a.sense, b.sense), a.size, b.size)


def sized_odds(likeness: float, agreed: float, size_a: int, size_b: int) -> float:
    """The same where the cosine of their words and the agreement of their senses are known."""
    shorter, longer = sorted(max(LEAST_LENGTH, min(MOST_LENGTH, size)) for size in (size_a, size_b))
    odds = TOPIC_BASE + TOPIC_COSINE * log(likeness + COSINE_FLOOR) + TOPIC_SENSE * agreed
    odds += TOPIC_SHORTER * log(shorter) + TOPIC_LONGER * log(longer)
    return max(TOPIC_LEAST, min(TOPIC_MOST, odds))


def widths_of(units: Sequence[Unit], members: Sequence[int]) -> Counter[float]:
    found: Counter[float] = Counter()
    for n in members:
        if 0 < units[n].measure <= WIDEST and len(units[n].widths) > 1:
            found[round(units[n].measure / GRID)] += len(units[n].text)
    return found


@dataclass(frozen=True, slots=True)
class Measures:
    """The measures of a page's text."""

    page: Widths

    def odds(self, a: Widths, b: Widths) -> float:
        """Log odds that two texts are of one story, from their measures alone; 0 where one has none."""
        if not a or not b:
            return 0.0
        by_chance = min(_near(self.page, a), _near(self.page, b))
        return log(1 - KEPT + KEPT * _near(a, b) / by_chance)


def _near(a: Widths, b: Widths) -> float:
    """How likely a character of the one text and one of the other are of one measure."""
    total = sum(a.values()) * sum(b.values())
    found = 0.0
    for one, size in a.items():
        for step, share in enumerate(BY_DISTANCE):
            for other in {one - step, one + step}:
                found += share * size * b.get(other, 0.0)
    return found / total
