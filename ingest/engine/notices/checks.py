"""Check digits and shapes of the numbers in notices, and what a recogniser may have confused in them.

GB 32100-2015 (统一社会信用代码), GB 11643-1999 (公民身份号码). The codes of printed notices may be old or wrong
at the source, so a failure is a query to the editor, never a change.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from itertools import product

_USCC_CHARS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_USCC_SHAPE = re.compile(r"[0-9A-HJ-NP-RTUW-Y]{2}\d{6}[0-9A-HJ-NP-RTUW-Y]{10}")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_SHAPE = re.compile(r"[1-9]\d{5}(19\d\d|20\d\d)(\d\d)(\d\d)\d{3}[\dX]")

CONFUSED = {
    "O": "0", "o": "0", "Q": "0", "D": "0", "I": "1", "l": "1", "i": "1", "Z": "2", "z": "2", "S": "5", "s": "5",
    "B": "8", "0": "OQD", "1": "I", "2": "Z", "5": "S", "8": "B", "6": "G", "G": "6", "U": "V", "V": "U",
}  # fmt: skip
"""What a recogniser takes for what, both ways: the printed sign is likely one of these instead."""

MAX_WAYS = 4096
"""Most replacements tried for one number; a number with more confusable signs gets no proposal."""

MAX_REPLACED = 2
"""One or two confused signs are a misreading; more would make a valid number out of any."""


def is_uscc(code: str) -> bool:
    """Whether the eighteen signs are a credit code with a right check sign (letters in capitals)."""
    if not _USCC_SHAPE.fullmatch(code):
        return False
    total = sum(_USCC_CHARS.index(char) * weight for char, weight in zip(code[:17], _USCC_WEIGHTS, strict=True))
    return _USCC_CHARS[(31 - total % 31) % 31] == code[17]


def is_id_number(number: str) -> bool:
    """Whether the eighteen signs are an identity-card number: a real day of birth and a right check sign."""
    found = _ID_SHAPE.fullmatch(number)
    if found is None:
        return False
    try:
        date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return False
    total = sum(int(char) * weight for char, weight in zip(number[:17], _ID_WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == number[17]


def proposals(code: str, is_valid: Callable[[str], bool]) -> list[str]:
    """The valid numbers that come of the fewest confused signs, in order of the alphabet."""
    places = [index for index, char in enumerate(code) if char in CONFUSED]
    for replaced in range(1, MAX_REPLACED + 1):
        found = sorted(_with_replaced(code, places, replaced, is_valid))
        if found:
            return found
    return []


def _with_replaced(code: str, places: list[int], replaced: int, is_valid: Callable[[str], bool]) -> set[str]:
    made: set[str] = set()
    tried = 0
    for chosen in product(places, repeat=replaced):
        if list(chosen) != sorted(set(chosen)):
            continue
        for signs in product(*(CONFUSED[code[index]] for index in chosen)):
            tried += 1
            if tried > MAX_WAYS:
                return set()
            changed = list(code)
            for index, sign in zip(chosen, signs, strict=True):
                changed[index] = sign
            if is_valid("".join(changed)):
                made.add("".join(changed))
    return made


_AS_FIGURE = str.maketrans("OoQIliZzSsB", "00011122558")


def as_figures(text: str) -> str:
    """The text with every letter that is taken for a figure replaced by the figure."""
    return text.translate(_AS_FIGURE)


MOBILE = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"0\d{2,3}[- ]?[2-9]\d{6,7}")
LOCAL = re.compile(r"[2-9]\d{6,7}")
SERVICE = re.compile(
    r"(?:400|800)[- ]?\d{3}[- ]?\d{4}|(?:400|800)[- ]?\d{4}[- ]?\d{3}|1[012]\d{3}|1[012]\d|9[56]\d{3,5}"
)


_EIGHT_FIGURES = (
    # Provincial capitals and what was merged with them; the whole of Jiangsu and Hainan.
    "0311 0371 0411 0431 0451 0531 0551 0571 0591 0731 0791 0851 0871 0898 "
    "0510 0511 0512 0513 0514 0515 0516 0517 0518 0519 0523 0527 "
    # Other large cities that have changed from seven to eight.
    "0377 0379 0432 0532 0553 0573 0574 0575 0576 0577 0579 0595 0754 0755 0757 0760 0769"
)
EIGHT_FIGURES = frozenset(_EIGHT_FIGURES.split())
"""Areas of four figures whose local numbers have eight; elsewhere seven may be right, and eight after a change since.
Areas of three figures (010, 02x) always have eight."""


def is_phone(number: str) -> bool:
    """Whether the folded number has the shape of a Chinese telephone number (extension aside)."""
    if LANDLINE.fullmatch(number):
        figures = re.sub(r"\D", "", number)
        area = 3 if figures.startswith(("010", "02")) else 4
        return len(figures) - area == 8 or (area == 4 and figures[:4] not in EIGHT_FIGURES)
    bare = re.sub(r"(?:转|-)\d{1,5}$", "", number)
    return any(shape.fullmatch(text) for text in (number, bare) for shape in (MOBILE, LANDLINE, LOCAL, SERVICE))
