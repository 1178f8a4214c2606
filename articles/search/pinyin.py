"""What a character sounds like, without tones: enough to find 长护险 from `zhanghuxian` or `chx`.

A character with several readings has them all: who types the wrong one still means the character. The table covers
the 8,105 standard characters; folded text holds hardly any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from articles.words import DATA

LETTERS_LIMIT = 48
"""What is longer is no word somebody spelled."""
SPELLINGS_LIMIT = 16


@cache
def _table() -> tuple[dict[str, str], dict[str, frozenset[str]]]:
    by_syllable: dict[str, str] = {}
    by_sign: dict[str, set[str]] = {}
    for line in (DATA / "pinyin.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            syllable, signs = line.split()
            by_syllable[syllable] = signs
            for sign in signs:
                by_sign.setdefault(sign, set()).add(syllable)
    return by_syllable, {sign: frozenset(readings) for sign, readings in by_sign.items()}


def readings(sign: str) -> frozenset[str]:
    """Every reading of a simplified character; nothing for any other sign."""
    return _table()[1].get(sign, frozenset())


def signs(syllable: str) -> str:
    """Every character that may be read so."""
    return _table()[0].get(syllable, "")


def syllables() -> Iterable[str]:
    """Every reading there is."""
    return _table()[0]


def spellings(letters: str) -> list[tuple[str, ...]]:
    """The ways to cut the letters into syllables, those with the fewest first: xian is one, then xi'an.

    Nothing when they are no pinyin. An apostrophe or a space always cuts. At most `SPELLINGS_LIMIT` ways.
    """
    parts = letters.lower().replace("ü", "v").replace("'", " ").replace("’", " ").split()
    if not parts or sum(map(len, parts)) > LETTERS_LIMIT:
        return []
    found: list[tuple[str, ...]] = [()]
    for part in parts:
        cuts = _cuts(part)
        found = sorted((before + after for before in found for after in cuts), key=len)[:SPELLINGS_LIMIT]
    return found


_LONGEST = 6  # zhuang
_VOWELS = frozenset("aeiouv")  # 嗯 is also ng: a sigh nobody spells


def _cuts(part: str) -> list[tuple[str, ...]]:
    """From the end to the beginning, so that each rest is cut once, and only its best ways are kept."""
    known = _table()[0]
    best: list[list[tuple[str, ...]]] = [[] for _ in part] + [[()]]
    for start in range(len(part) - 1, -1, -1):
        ways = [
            (part[start:end], *rest)
            for end in range(min(len(part), start + _LONGEST), start, -1)
            if part[start:end] in known and not _VOWELS.isdisjoint(part[start:end])
            for rest in best[end]
        ]
        best[start] = sorted(ways, key=len)[:SPELLINGS_LIMIT]
    return best[0]


def begins(text: str, letters: str) -> bool:
    """Whether the letters spell the beginning of the text: whole syllables, initials, a last one begun (`changhux`).

    Signs without a reading must be typed as they are.
    """
    return _begins(text, letters.lower())


def _begins(text: str, letters: str) -> bool:
    places = {0}  # how many letters may be used up before each character
    for sign in text:
        after: set[int] = set()
        for place in places:
            rest = letters[place:]
            if not rest:
                return True
            after.update(place + used for used in _used(sign, rest))
        places = after
        if not places:
            return False
    return len(letters) in places


def _used(sign: str, rest: str) -> Iterator[int]:
    """How many of the letters this character may take."""
    if sign.lower() == rest[0]:
        yield 1
    for reading in readings(sign):
        if reading[0] == rest[0]:
            yield 1  # its initial
            if reading[:2] in ("zh", "ch", "sh") and rest.startswith(reading[:2]):
                yield 2
        if rest.startswith(reading):
            yield len(reading)
        elif reading.startswith(rest):
            yield len(rest)  # the last one, begun


def is_letters(text: str) -> bool:
    """Whether this can be pinyin at all."""
    bare = text.replace("'", "").replace("’", "").replace(" ", "").replace("ü", "v")
    return bool(bare) and bare.isascii() and bare.isalpha() and len(text) <= LETTERS_LIMIT
