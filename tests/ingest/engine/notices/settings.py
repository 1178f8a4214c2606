"""The same notices set in other ways: narrow columns, blank lines, full width, spaces round figures."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from ingest.engine.notices.text import width

FULL_WIDTH = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
FULL_PUNCTUATION = str.maketrans(",:;?!()", "，：；？！（）")


def narrow(source: str, chance: random.Random) -> str:
    """Every line broken at one measure between 10 and 26 characters, paragraphs indented by two."""
    measure = chance.randint(10, 26)
    return "\n".join(_broken(line, measure) for line in source.split("\n"))


def _broken(line: str, measure: int) -> str:
    """The line in a column: half-width characters take half a place."""
    broken, wide = [], 0.0
    for char in line if width(line) <= measure else "　　" + line.strip():
        wide += 0.5 if char.isascii() else 1.0
        if wide > measure:
            broken.append("\n")
            wide = 0.5 if char.isascii() else 1.0
        broken.append(char)
    return "".join(broken)


def narrow_with_gaps(source: str, chance: random.Random) -> str:
    """Narrow, and a column's end now and then: a blank line in mid-sentence."""
    lines = narrow(source, chance).split("\n")
    return "\n".join(line + ("\n" if len(line) > 9 and chance.random() < 0.1 else "") for line in lines)


def airy(source: str, chance: random.Random) -> str:
    """A blank line after every line."""
    return source.replace("\n", "\n\n")


def full_punctuation(source: str, chance: random.Random) -> str:
    return source.translate(FULL_PUNCTUATION)


def full_width(source: str, chance: random.Random) -> str:
    return source.translate(FULL_WIDTH)


def spaced_figures(source: str, chance: random.Random) -> str:
    """Spaces between figures and characters, as recognisers set them ('于 2025 年 7 月')."""
    return re.sub(r"(?<=[\u4e00-\u9fff])(?=\d)|(?<=\d)(?=[\u4e00-\u9fff])", " ", source)


SETTINGS: dict[str, Callable[[str, random.Random], str]] = {
    "narrow": narrow,
    "narrow_with_gaps": narrow_with_gaps,
    "airy": airy,
    "full_punctuation": full_punctuation,
    "full_width": full_width,
    "spaced_figures": spaced_figures,
}
