"""How well two pieces of Chinese text read on across a seam: a small model built from jieba's word list.

Only the list's words and counts are used (about 350,000 words counted over 60 million). jieba itself is never
started: it would write a cache into the shared temporary folder and it cannot score a seam.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import log

import jieba

LONGEST_WORD = 6  # longer entries of the list are sayings and full names; they never decide a seam
SEAM = 5  # characters looked at on each side


@dataclass(frozen=True, slots=True)
class Model:
    words: Mapping[str, int]
    pairs: Mapping[str, int]
    """How often two characters stand side by side inside words."""
    starts: Mapping[str, int]
    """How often a character begins a word of two or more characters, or is a word by itself."""
    inside: Mapping[str, int]
    """How often a character stands inside or at the end of a word."""
    total: int


@cache
def model() -> Model:
    """Read once, on first use."""
    words: dict[str, int] = {}
    pairs: dict[str, int] = {}
    starts: dict[str, int] = {}
    inside: dict[str, int] = {}
    total = 0
    with jieba.get_dict_file() as entries:
        for entry in entries:
            word, count, *_ = entry.decode("utf-8").split(" ")
            number = int(count)
            total += number
            if len(word) > LONGEST_WORD:
                continue
            words[word] = number
            starts[word[0]] = starts.get(word[0], 0) + number
            for left, right in pairwise(word):
                pair = left + right
                pairs[pair] = pairs.get(pair, 0) + number
                inside[right] = inside.get(right, 0) + number
    return Model(words, pairs, starts, inside, total)


def word_gain(left: str, right: str) -> float:
    """Nats gained by reading the best dictionary word across the seam instead of breaking there; 0 when there is none.

    应急指|挥平台 gains much (指挥 is far more frequent than 指 next to 挥 by chance), 工作。|昨日 nothing.
    """
    known = model()
    best = 0.0
    if left[-1:] + right[:1] not in known.pairs:
        return best  # no word of the list holds the two characters at the seam side by side
    a, b = left[-SEAM:], right[:SEAM]
    for i in range(1, len(a) + 1):
        for j in range(1, min(len(b), LONGEST_WORD - i) + 1):
            count = known.words.get(a[-i:] + b[:j])
            if count:
                whole = log(count + 1) - log(known.total)
                apart = _log_count(known, a[-i:]) + _log_count(known, b[:j])
                best = max(best, whole - apart)
    return best


def _log_count(known: Model, text: str) -> float:
    """Log probability of the text as a word, or as single characters when it is none."""
    count = known.words.get(text)
    if count:
        return log(count + 1) - log(known.total)
    return sum(log(known.words.get(char, 0) + 1) - log(known.total) for char in text)


def begins_word(char: str) -> float:
    """Log odds that this character begins a word rather than continues one."""
    known = model()
    return log(known.starts.get(char, 0) + 20) - log(known.inside.get(char, 0) + 20)
