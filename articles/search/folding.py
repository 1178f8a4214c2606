"""Folding: the one form in which texts and questions are compared.

Folded are width (ＡＢ, ㎡), case, accents, traditional characters; quotation marks and middle dots (dropped); white
space beside Chinese (dropped: 2025 年, and the line breaks of recognised text); and all other signs (one break, which
a phrase can hold). A full stop between digits stays: 3.5 is not 35. Which character is what depends on the character
alone; only spaces and full stops look at their neighbours.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

DATA: Final = Path(__file__).parent / "data"

# Ranges for character classes, in the syntax of `re`.
MARKS: Final = (
    "\u00ad\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200f\u202a-\u202e\u2060-\u2064\u20d0-\u20ff"
    "\u3099\u309a\ufe00-\ufe0f\ufe20-\ufe2f\ufeff"
)
QUOTES: Final = "\"'`\u00b7\u2018-\u201f\u2022\u2027\u2039\u203a\u00ab\u00bb\u3008-\u300f\u30fb"
DROPPED: Final = MARKS + QUOTES
SPACES: Final = "\t-\r\x1c-\x20\x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
# Everything that is no letter, digit or Han character, less the above. The full stop is looked at later.
SIGNS: Final = (
    "\x00-\x08\x0e-\x1b!#-&(-\\-/:-@\\[-_{-\x84\x86-\x9f\u00a1-\u00a9\u00ac\u00ae-\u00b4\u00b6\u00b8\u00b9\u00bb-\u00bf"
    "\u00d7\u00f7\u2010-\u2017\u2020\u2021\u2023-\u2026\u2030-\u2038\u203b-\u205e\u2065-\u206f\u20a0-\u20cf\u2100-\u2bff"
    "\u2e00-\u2e7f\u2ff0-\u2fff\u3001-\u3004\u3010-\u3020\u3030\u3036\u3037\u303d-\u303f\u3200-\u33ff\ud800-\uf8ff"
    "\ufe10-\ufe1f\ufe30-\ufe6f\uff00-\uff0f\uff1a-\uff20\uff3b-\uff3f\uff5b-\uff65\uffe0-\uffff\U0001f000-\U0001faff"
    "\U000e0000-\U0010ffff"
)
# Written without spaces between words: Han, kana, bopomofo, and the marks that stand for characters (々〆〇).
WIDE: Final = (
    "\u3005-\u3007\u3041-\u30fa\u30fc-\u30ff\u3105-\u312f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)

# Outside of these, ASCII in lower case and simplified characters fold by the classes above alone: most texts need not
# be normalized.
ALTERED: Final = (
    "\x80-\xb6\xb8-\u200f\u2017\u2024\u2027-\u2fff\u3020-\u33ff\ua000-\uff00\uff02\uff07\uff0e\uff10-\uff19\uff21-\uff3a"
    "\uff40-\uff5a\uff5f-\U0010ffff"
)

# Capitals beyond ASCII that come apart no further: Greek, Cyrillic and a few Latin letters.
CAPITALS: Final = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЄІЂЉЊЋЏÆØÐÞŁŒĐ"
SMALL: Final = CAPITALS.lower()

BREAK: Final = "|"
"""What signs become, and spaces between Latin words. Itself a sign, so that folding twice changes nothing more."""

_DROPPED = re.compile(f"[{DROPPED}]")
_SPACE = re.compile(f"[{SPACES}]")
_SIGN = re.compile(f"[{SIGNS}]")
_WIDE = re.compile(f"[{WIDE}]")
_DOT = re.compile(r"(?<![0-9])\.|\.(?![0-9])")
_BREAKS = re.compile(r" *\|[ |]*")
_SPACED = re.compile(rf"(?<=[^{WIDE}{BREAK} ]) +(?=[^{WIDE}{BREAK} ])")


@cache
def simplified() -> dict[str, str]:
    """Traditional characters and what search takes them for."""
    lines = (DATA / "traditional.txt").read_text("utf-8").splitlines()
    return {pair[0]: pair[1] for line in lines if not line.startswith("#") for pair in line.split()}


@cache
def _capitals() -> dict[str, str]:
    return dict(zip(CAPITALS, SMALL, strict=True))


@cache
def _of_character(sign: str) -> str:
    """A character by itself: what it becomes; spaces are U+0020 here."""
    parts = []
    for part in unicodedata.normalize("NFKD", sign):
        part = _capitals().get(part) or (part.lower() if part.isascii() else part)
        part = simplified().get(part, part)
        if part == ".":
            parts.append(part)
        elif _SPACE.match(part):
            parts.append(" ")
        elif _DROPPED.match(part):
            pass
        else:
            parts.append(BREAK if _SIGN.match(part) else part)
    return "".join(parts)


class _Table(dict[int, str]):
    def __missing__(self, code: int) -> str:
        made = self[code] = _of_character(chr(code))
        return made


_table = _Table()


def fold(text: str) -> str:
    """The form to compare. What is part of a text is part of it folded; folding twice changes nothing more."""
    if not text:  # most of what the index asks for
        return ""
    plain = text.translate(_table)
    if "." in plain:
        plain = _DOT.sub(BREAK, plain)
    plain = _BREAKS.sub(BREAK, plain)
    if " " in plain:
        plain = _SPACED.sub(BREAK, plain).replace(" ", "")
    return plain.strip(BREAK)


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text that knows where it came from: character `n` stands at `starts[n]` of the original."""

    text: str
    starts: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original that a stretch (not empty) of the folded text was made from."""
        return self.starts[start], self.starts[end - 1] + 1


def fold_with_offsets(text: str) -> Folded:
    """`fold`, character by character: slower, and it says where each character came from."""
    plain: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        for part in _table[ord(sign)]:
            plain.append(part)
            places.append(place)
    made: list[str] = []
    starts: list[int] = []
    gap, gap_start = "", 0
    for index, part in enumerate(plain):
        if part == "." and not (_is_digit(plain, index - 1) and _is_digit(plain, index + 1)):
            part = BREAK
        if part in (" ", BREAK):
            if not gap:
                gap_start = places[index]
            gap = BREAK if part == BREAK or gap == BREAK else " "
            continue
        if gap and made and (gap == BREAK or not (_WIDE.match(made[-1]) or _WIDE.match(part))):
            made.append(BREAK)
            starts.append(gap_start)
        gap = ""
        made.append(part)
        starts.append(places[index])
    return Folded("".join(made), tuple(starts))


def _is_digit(plain: list[str], index: int) -> bool:
    return 0 <= index < len(plain) and plain[index] in "0123456789"
