"""The order of results by relevance: one code for both databases, over the texts of a bounded number of candidates.

BM25F (Robertson, Zaragoza and Taylor, "Simple BM25 extension to multiple weighted fields", CIKM 2004) over the strings
asked for and, where they are no phrases, the words jieba sees in them. How rare a word is comes from jieba's table, not
from the index: the same article has the same score on every machine. Then the best are read once more: an occurrence
that begins or ends inside another word (京东 in 北京东路) counts half.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from articles import words
from articles.search.folding import BREAK, fold
from articles.search.types import Field, Query, Term

WEIGHTS: Final = {
    "headline": 6.0,
    "deck": 3.0,
    "subheads": 1.5,  # on top of what they count in the body
    "byline": 2.0,
    "column": 2.0,
    "body": 1.0,
    "captions": 0.7,
}
_SATURATION: Final = 1.2
_LENGTH: Final = 0.6
_USUAL_LENGTH: Final = 600

_WORD_SHARE: Final = 0.5
"""A word of a term counts less than the whole term."""
_EXACT: Final = 1.3
"""The headline, or the heading of a notice, says what was asked for and nothing else."""
_READ_AGAIN: Final = 40
_WINDOW: Final = 6
_OCCURRENCES: Final = 2

_FRESH_DAYS: Final = 3650.0


@dataclass(frozen=True, slots=True)
class Candidate:
    key: int
    day: datetime.date | None
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Unit:
    """A string that counts, and how much."""

    text: str
    weight: float
    field: str | None
    is_word: bool
    """Checked against the borders of words."""


def ranked(
    query: Query,
    candidates: Sequence[Candidate],
    *,
    today: datetime.date,
    is_fresh_first: bool = False,
    site_words: frozenset[str] = frozenset(),
) -> list[tuple[float, int]]:
    """Scores and keys, the best first; of equals the later. Site words are words wherever they stand."""
    units = [unit for group in query.all_of for term in group for unit in _of_term(term, site_words)]
    scored = [(_score(units, each), each.key, each) for each in candidates]
    if is_fresh_first:
        scored = [(score * _freshness(each.day, today), key, each) for score, key, each in scored]
    scored.sort(key=lambda one: (-one[0], -one[1]))
    checked = [unit for unit in units if unit.is_word]
    best = [
        (round(score * _border_share(checked, each, site_words), 6), key)
        if checked and place < _READ_AGAIN
        else (score, key)
        for place, (score, key, each) in enumerate(scored)
    ]
    top, rest = best[:_READ_AGAIN], best[_READ_AGAIN:]
    return sorted(top, key=lambda one: (-one[0], -one[1])) + rest


def _of_term(term: Term, site_words: frozenset[str]) -> Iterator[_Unit]:
    text = fold(term.text)
    if not text:
        return
    seen = _words(text, site_words)
    rare = sum(words.rarity(word) for word in seen) if seen else words.rarity(text)
    is_word = not term.is_phrase and len(text) > 1
    yield _Unit(text, rare, term.field, is_word)
    if len(seen) > 1 and not term.is_phrase:
        for word in seen:
            yield _Unit(word, words.rarity(word) * _WORD_SHARE, term.field, False)


def cut(text: str, site_words: frozenset[str]) -> Iterator[str]:
    """The words of a text as jieba sees them, but for the site words, which stay whole; joined, they give the text."""
    if not site_words:
        yield from words.words(text)
        return
    for part in _splitter(site_words).split(text):
        if part in site_words:
            yield part
        elif part:
            yield from words.words(part)


@lru_cache(maxsize=8)
def _splitter(site_words: frozenset[str]) -> re.Pattern[str]:
    return re.compile(f"({'|'.join(map(re.escape, sorted(site_words, key=lambda word: (-len(word), word))))})")


def _words(text: str, site_words: frozenset[str]) -> list[str]:
    """The words of a folded text, without single characters: alone they say nothing."""
    found = [word for run in text.split(BREAK) if run for word in cut(run, site_words)]
    return list(dict.fromkeys(word for word in found if len(word) > 1))


def _score(units: Sequence[_Unit], candidate: Candidate) -> float:
    texts = candidate.texts
    norm = _SATURATION * (1 - _LENGTH + _LENGTH * len(texts["body"]) / _USUAL_LENGTH)
    total = 0.0
    for unit in units:
        if unit.field == Field.SECTION:
            continue
        count = 0.0
        for name in (unit.field,) if unit.field else WEIGHTS:
            if found := texts[name].count(unit.text):
                count += WEIGHTS[name] * found
        if count:
            total += unit.weight * count * (_SATURATION + 1) / (count + norm)
            if texts["headline"] == unit.text:
                total *= _EXACT
    return total


def _freshness(day: datetime.date | None, today: datetime.date) -> float:
    """1 today, half of what age can take away after seven years."""
    if day is None:
        return 0.6
    return 0.6 + 0.4 * math.exp(-max((today - day).days, 0) / _FRESH_DAYS)


def _border_share(units: Sequence[_Unit], candidate: Candidate, site_words: frozenset[str]) -> float:
    """How much of the score stays: all of it when the strings stand as whole words."""
    whole = found = 0
    for unit in units:
        for text in (candidate.texts["headline"], candidate.texts["body"]):
            for number, match in enumerate(re.finditer(re.escape(unit.text), text)):
                if number == _OCCURRENCES:
                    break
                found += 1
                whole += _is_whole(text, *match.span(), site_words)
    return 0.5 + 0.5 * whole / found if found else 1.0


def _is_whole(text: str, start: int, end: int, site_words: frozenset[str]) -> bool:
    """Whether words begin and end where the string does, as jieba cuts its surroundings."""
    first = max(0, start - _WINDOW)
    place, borders = first, {first}
    for word in cut(text[first : end + _WINDOW], site_words):
        place += len(word)
        borders.add(place)
    return start in borders and end in borders
