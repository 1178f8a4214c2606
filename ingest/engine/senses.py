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

from ingest.engine.knowledge import HERE

TEXTS = 2048  # kept, so that the pieces of a page are looked up once

Sense = tuple[float, ...]
"""A text's place; empty if none of its characters has one."""


@cache
def _places() -> Mapping[str, Sequence[int]]:
    """Of each character; rare ones stand farther out."""
    lines = (HERE / "senses.txt").read_text("utf-8").splitlines()
    return {line[0]: memoryview(b64decode(line[2:])).cast("b") for line in lines if not line.startswith("#")}


@lru_cache(maxsize=TEXTS)
def sense_of(text: str) -> Sense:
    """The place of a text."""
    places = _places()
    found: list[float] = []
    for character, number in Counter(text).items():
        place = places.get(character)
        if place is not None:
            weight = 1 + log(number)
            found = (
                [f + weight * p for f, p in zip(found, place, strict=True)] if found else [weight * p for p in place]
            )
    return tuple(found)


def sense_of_all(texts: Iterable[str]) -> Sense:
    """The place of texts taken together."""
    return tuple(map(sum, zip(*filter(None, map(sense_of, texts)), strict=True)))


def agreement(a: Sense, b: Sense) -> float:
    """Cosine of two places, from -1 to 1; 0 where one is not known."""
    if not a or not b:
        return 0.0
    product, lengths = sum(map(mul, a, b)), sum(map(mul, a, a)) * sum(map(mul, b, b))
    return float(product / sqrt(lengths)) if lengths else 0.0
