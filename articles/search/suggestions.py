"""What may have been meant by words that are found nowhere: pinyin for characters, characters that sound or look alike.

These are guesses from the dictionary and from names handed in; nothing here knows what is published. Whoever shows one
asks the index first.
"""

from __future__ import annotations

import heapq
import math
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from articles.names import name_lookalikes
from articles.search.folding import fold
from articles.search.pinyin import begins, is_letters, readings, signs, spellings, syllables
from articles.words import DATA, begins_word, frequency, likelihood, site_words

LENGTH_LIMIT: Final = 12
"""Characters, or syllables, of a word that is guessed at."""
GUESSES: Final = 60
_SPELLINGS: Final = 4
_WORD: Final = 6
_KEPT: Final = 5


def guesses(text: str, names: Iterable[str] = ()) -> list[str]:
    """What may have been meant by a word, the likeliest first: names before words, words before mere characters."""
    plain = fold(text)
    if is_letters(plain):
        return spelled_by(plain, names)
    if not 2 <= len(plain) <= LENGTH_LIMIT:
        return []
    return _alike(plain, names)


# Pinyin


def spelled_by(letters: str, names: Iterable[str] = ()) -> list[str]:
    """The names and words that these letters spell in full."""
    cuts = [cut for cut in spellings(letters) if len(cut) <= LENGTH_LIMIT][:_SPELLINGS]
    found = dict.fromkeys(name for name in names if any(_is_read(fold(name), cut) for cut in cuts))
    scored = [one for cut in cuts for one in _sentences(cut)]
    found |= dict.fromkeys(text for _, text in sorted(scored, reverse=True) if len(text) > 1)
    return list(found)[:GUESSES]


def begun_by(letters: str) -> list[str]:
    """Words that these letters may become: those they spell in full, and words of the site that they begin to spell."""
    begun = (word for word in site_words() if begins(word, letters))
    return list(dict.fromkeys([*spelled_by(letters)[:_KEPT], *begun]))[: 2 * _KEPT]


def _is_read(name: str, cut: tuple[str, ...]) -> bool:
    return len(name) == len(cut) and all(syllable in readings(sign) for sign, syllable in zip(name, cut, strict=True))


_WORDS_IN_ALL: Final = math.log(60_000_000)


def _sentences(cut: tuple[str, ...]) -> list[tuple[float, str]]:
    """The likeliest rows of dictionary words that are read so, with their likelihoods."""
    best: list[list[tuple[float, str]]] = [[] for _ in cut] + [[(0.0, "")]]
    for start in range(len(cut) - 1, -1, -1):
        rows = (
            (math.log(count) - _WORDS_IN_ALL + score, word + rest)
            for count, word in _words(cut[start : start + _WORD])
            for score, rest in best[start + len(word)]
        )
        best[start] = heapq.nlargest(_KEPT, rows)
    return best[0]


def _words(syllables: tuple[str, ...]) -> list[tuple[int, str]]:
    """The commonest dictionary words of each length that begin these syllables, with their counts."""
    found: list[tuple[int, str]] = []
    begun = [""]
    for syllable in syllables:
        begun = [longer for text in begun for sign in signs(syllable) if begins_word(longer := text + sign)]
        found += heapq.nlargest(_KEPT, ((count, word) for word in begun if (count := frequency(word))))
    return found


# Characters that sound or look alike


@cache
def _lookalikes() -> dict[str, str]:
    groups: dict[str, str] = {}
    for line in (DATA / "lookalikes.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            for sign in line:
                groups[sign] = groups.get(sign, "") + line
    return groups


def alternatives(sign: str) -> list[str]:
    """Characters one may have taken for this one, by how they are alike (see `_how`), and the commoner ones first."""
    sounds = readings(sign)
    vague = {_vaguely(sound) for sound in sounds}
    others = set(_lookalikes().get(sign, "")) | name_lookalikes().get(sign, frozenset())
    for sound in vague:
        others.update(*(signs(syllable) for syllable in _by_vague_sound()[sound]))
    others.discard(sign)
    return sorted(others, key=lambda other: (_how(sign, other), -frequency(other), other))


def _how(sign: str, other: str) -> int:
    """How alike: confused in names; both in sound and look; in sound; in look; in sound to a southern ear."""
    if other in name_lookalikes().get(sign, ()):
        return 0
    looks, sounds = other in _lookalikes().get(sign, ""), not readings(sign).isdisjoint(readings(other))
    return 1 if looks and sounds else 2 if sounds else 3 if looks else 4


# What is one sound to many speakers of southern Chinese, here first of all: zh and z, n and l, f and h, -ng and -n.
_VAGUE = (
    (re.compile(r"^([zcs])h"), r"\1"),
    (re.compile(r"^[nr]"), "l"),
    (re.compile(r"^f(?!o)"), "hu"),
    (re.compile(r"ng$"), "n"),
)


def _vaguely(syllable: str) -> str:
    for pattern, vague in _VAGUE:
        syllable = pattern.sub(vague, syllable)
    return syllable.replace("huu", "hu")


@cache
def _by_vague_sound() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for syllable in syllables():
        found.setdefault(_vaguely(syllable), []).append(syllable)
    return {vague: tuple(group) for vague, group in found.items()}


def _alike(text: str, names: Iterable[str]) -> list[str]:
    """The names and texts that differ from this one by one character that sounds or looks alike; made into likelier
    words first, then (people's names are no words) by the characters alone."""
    changed = list(dict.fromkeys(_changed(text)))
    known = set(changed)
    found = dict.fromkeys(name for name in names if fold(name) in known)
    floor = likelihood(text)
    scored = [(likelihood(one), one) for one in changed]
    likelier = sorted((one for one in scored if one[0] > floor), reverse=True)[: GUESSES // 2]
    found |= dict.fromkeys(one for _, one in likelier)
    found |= dict.fromkeys(changed)
    return list(found)[:GUESSES]


def _changed(text: str) -> Iterator[str]:
    """By rank of the alternative, not by place: the best of every character come before the second best of any."""
    choices = [alternatives(sign) for sign in text]
    for rank in range(max(map(len, choices), default=0)):
        for place, others in enumerate(choices):
            if rank < len(others):
                yield text[:place] + others[rank] + text[place + 1 :]
