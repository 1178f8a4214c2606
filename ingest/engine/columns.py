"""What the column says around a place where it was cut: the text above an end and below a beginning.

Two pieces of one paragraph are often a line each and say nothing of what they are about, but the paragraphs above the
one and below the other are of the same story, as a rule, and say plenty.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from math import sqrt
from operator import add, mul, sub

from ingest.engine.senses import DIRECTIONS, sense_of

# Characters of a column that are looked at; with fewer than enough, what it is about is known so much less.
READ = 220
ENOUGH = 100.0
# Nats for the whole of a cosine; fitted, see docs/decisions/0049.
AGREED = 3.5

Place = tuple[float, ...]


class Columns:
    """The pieces of a page, by number. ``follows`` says which stand right below the one before, in its column."""

    def __init__(self, texts: Sequence[str], follows: Sequence[bool]) -> None:
        count = len(texts)
        self.places = [(0.0,) * DIRECTIONS]  # of all text before each piece
        for text in texts:
            place = sense_of(text).place
            self.places.append(tuple(map(add, self.places[-1], place)) if place else self.places[-1])
        self.sizes = list(accumulate(map(len, texts), initial=0))
        self.top, self.bottom = list(range(count)), list(range(count))
        for k in range(count):
            while follows[self.top[k]] and self._size(self.top[k], k) < READ:
                self.top[k] -= 1
            while self.bottom[k] + 1 < count and follows[self.bottom[k] + 1] and self._size(k, self.bottom[k]) < READ:
                self.bottom[k] += 1
        self.above = [self._direction(self.top[k], k) for k in range(count)]
        self.below = [self._direction(k, self.bottom[k]) for k in range(count)]
        self.usual = _product(_mean(self.above), _mean(self.below))

    def _size(self, first: int, last: int) -> int:
        return self.sizes[last + 1] - self.sizes[first]

    def _direction(self, first: int, last: int) -> Place:
        place = tuple(map(sub, self.places[last + 1], self.places[first]))
        length = sqrt(_product(place, place))
        return tuple([value / length for value in place]) if length else place

    def agree(self, one: int, other: int) -> float:
        """Log odds for the second piece going on with the first, by what is above the one and below the other."""
        if other < one and (self.top[one] <= other or self.bottom[other] >= one):
            return 0.0  # one column: it would be held against itself
        known = min(self._size(self.top[one], one), self._size(other, self.bottom[other])) / ENOUGH
        return AGREED * min(1.0, known) * (_product(self.above[one], self.below[other]) - self.usual)


def _product(one: Place, other: Place) -> float:
    return float(sum(map(mul, one, other)))


def _mean(places: Sequence[Place]) -> Place:
    return tuple([sum(values) / len(places) for values in zip(*places, strict=True)])
