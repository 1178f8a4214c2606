"""What a text is about where it repeats no word: the company its characters keep in newspapers.

The doctor's paragraph and the patient's share few words, but 医, 药, 病 and 疗 stand in the same articles everywhere.
Each character has a place among 48 directions, found by `benchmarks.engine_senses`; a text stands where its characters
do.
"""

from __future__ import annotations

from base64 import b64decode
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from math import log, sqrt
from operator import mul
from typing import NamedTuple

from ingest.engine.knowledge import HERE

DIRECTIONS = 48
TEXTS = 2048  # kept, so that the pieces of a page are looked up once


class Sense(NamedTuple):
    """A text's place; empty if none of its characters has one."""

    place: tuple[float, ...]
    square: float
    """Of its distance from the middle."""


@cache
def _places() -> Mapping[str, Sequence[int]]:
    """Of each character; rare ones stand farther out."""
    lines = (HERE / "senses.txt").read_text("utf-8").splitlines()
    return {line[0]: memoryview(b64decode(line[2:])).cast("b") for line in lines if not line.startswith("#")}


@lru_cache(maxsize=TEXTS)
def _place_of(text: str) -> tuple[float, ...]:
    places = _places()
    known = [(1 + log(number), places[char]) for char, number in Counter(text).items() if char in places]
    weights = [weight for weight, _ in known]
    return tuple([sum(map(mul, weights, column)) for column in zip(*(place for _, place in known), strict=True)])


def sense_of(text: str) -> Sense:
    """The place of a text."""
    return sense_of_all((text,))


def sense_of_all(texts: Iterable[str]) -> Sense:
    """The place of texts taken together."""
    place = tuple(map(sum, zip(*filter(None, map(_place_of, texts)), strict=True)))
    return Sense(place, sum(map(mul, place, place)))


def agreement(a: Sense, b: Sense) -> float:
    """Cosine of two places, from -1 to 1; 0 where one is not known."""
    lengths = a.square * b.square
    return sum(map(mul, a.place, b.place)) / sqrt(lengths) if lengths else 0.0
