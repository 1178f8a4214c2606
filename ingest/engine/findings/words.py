"""Words: said twice, misread, or broken by a space. All decided by what the neighbours make of them.

The measure is the likeliest reading of a short stretch as dictionary words, with and without the change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from math import log

from ingest.engine.findings.known import known
from ingest.engine.findings.passages import Passage
from ingest.engine.fluency import LONGEST_WORD, model
from ingest.engine.knowledge import surnames
from ingest.engine.text import is_cjk
from ingest.engine.types import Finding, Role

# Characters looked at on each side of a place.
REACH = 5
# Nats by which the text must read better for a doubled character to be queried, and for one taken for another: the
# second list is long, and chance finds something in it for many a name.
DOUBLED = 5.0
CONFUSED = 7.0
SAID_TWICE = 1.0  # 一桌桌, 早早: a doubling that is no entry of the word list, but of a character known to double
# A word the change would make must be this common among the 60 million counted.
COMMON = 150
# A space inside a word: the word is this many nats likelier than its halves.
SPLIT = 7.0

NUMERALS = "一二三四五六七八九十百千万亿零〇两几"

_HAN = re.compile(r"[㐀-鿿]{2,}")
_TWICE = re.compile(r"([㐀-鿿]{1,20}?)\1+")
_GAP = re.compile(r"(?<=[一-鿿])\s+(?=[一-鿿])")
_NAMES = re.compile(
    r"[（(【][^）)】]{0,80}$|(?:记者|通讯员|实习生|摄影|作者|编辑|校对|领导|同志|委员|代表)[^，。]{0,60}$"
)


def find_words(passage: Passage) -> Iterator[Finding]:
    if passage.role in (Role.PARAGRAPH, Role.SUBHEAD, Role.CAPTION, Role.HEADLINE, Role.DECK, Role.KICKER):
        yield from _doubled(passage)
    if passage.role in (Role.PARAGRAPH, Role.SUBHEAD, Role.CAPTION) and not passage.is_notice:
        yield from _confused(passage)
    if passage.role is Role.PARAGRAPH and not passage.is_notice:
        yield from _split(passage)


@lru_cache(maxsize=4096)
def reading(text: str) -> float:
    """Log probability of the likeliest reading of a short text as words."""
    words, total = model().words, log(model().total)
    best = [0.0] * (len(text) + 1)
    for i in range(len(text) - 1, -1, -1):
        best[i] = best[i + 1] + log(words.get(text[i], 0) + 1) - total
        for size in range(2, min(LONGEST_WORD, len(text) - i) + 1):
            count = words.get(text[i : i + size])
            if count:
                best[i] = max(best[i], best[i + size] + log(count) - total)
    return best[0]


def _run_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The Chinese characters around a place, without punctuation, figures or spaces."""
    left, right = start, end
    while left > 0 and start - left < REACH and is_cjk(text[left - 1]):
        left -= 1
    while right < len(text) and right - end < REACH and is_cjk(text[right]):
        right += 1
    return left, right


def _doubled(passage: Passage) -> Iterator[Finding]:
    text = passage.text
    for found in _TWICE.finditer(text):
        unit, (start, end) = found.group(1), found.span()
        if passage.is_notice and len(unit) == 1 and unit not in known().particles:
            continue  # names of firms: 中拍拍卖有限公司
        if (_is_doubled_character if len(unit) == 1 else _is_doubled_word)(text, unit, start, end):
            gone = dict.fromkeys(range(start + len(unit), end), "")
            yield passage.finding("doubled", start, end, f"“{unit}”重复，可能多了一遍", gone)


def _gain(text: str, start: int, end: int, put: str) -> float:
    """How much better the surroundings read with ``put`` for ``text[start:end]``."""
    left, right = _run_around(text, start, end)
    return reading(text[left:start] + put + text[end:right]) - reading(text[left:right])


def _is_doubled_character(text: str, char: str, start: int, end: int) -> bool:
    if end - start > 3 or char in NUMERALS:
        return False
    right_word = _word_from(text, end - 1)
    if char in known().particles:
        return len(right_word) == 1 and not _ends_word(text, char, start)
    if len(right_word) > 1 and char in known().bodies:
        return False
    if _is_in_pattern(text, char, start, end) or (_stands_free(text, start, end) and end - start == 2):
        return False
    return _gain_of_one(text, char, start, end) > DOUBLED


def _ends_word(text: str, char: str, start: int) -> bool:
    """参与|与: the first one ends a word, and the second is a word of its own."""
    if char not in known().may_follow_itself:
        return False
    return any(model().words.get(text[start - size : start + 1], 0) >= COMMON for size in (1, 2) if start >= size)


def _is_in_pattern(text: str, char: str, start: int, end: int) -> bool:
    """高高兴兴, 红彤彤, 一幅幅, 黄芊芊."""
    words = model().words
    before, after = text[start - 1 : start], text[end : end + 1]
    if (before and before == text[start - 2 : start - 1]) or (after and after == text[end + 1 : end + 2]):
        return True
    if before == "一" and char in known().twice:
        return True
    if before in surnames()[0] and before and not is_cjk(text[start - 2 : start - 1] or "，"):
        return True
    return any(
        (start >= size and text[start - size : end] in words) or text[start : end + size] in words for size in (1, 2)
    )


def _stands_free(text: str, start: int, end: int) -> bool:
    """恒安、盼盼等: between two marks it is a name."""
    before, after = text[start - 1 : start] or "，", text[end : end + 1] or "，"
    return not is_cjk(before) and (after == "等" or not is_cjk(after))


def _gain_of_one(text: str, char: str, start: int, end: int) -> float:
    """How much better the surroundings read with the character once, where twice may be a word of its own."""
    left, right = _run_around(text, start, end)
    before, after = text[left:start], text[end:right]
    twice = reading(text[left:right])
    if char in known().twice:
        alone = log(model().words.get(char, 0) + 1) - log(model().total) - SAID_TWICE
        twice = max(twice, reading(before) + alone + reading(after))
    return reading(before + char + after) - twice


def _is_doubled_word(text: str, unit: str, start: int, end: int) -> bool:
    words = model().words
    times = (end - start) // len(unit)
    if len(unit) == 2:
        if unit in known().verbs or unit in known().emphatic or unit[0] in "一两几" or f"{unit}{unit}" in words:
            return False
        if times > 2 or unit[0] == unit[1] or unit[1] in "着来去":
            return False  # 叮咚叮咚叮咚, 数着数着
    elif times > 2 or (unit[0] == "一" and len(unit) <= 4):
        return False
    # 泉州|泉州湾: the second one opens a longer word.
    if len(_word_from(text, end - len(unit))) > len(unit):
        return False
    return _gain(text, start, end, unit) > DOUBLED or len(unit) > 3


def _word_from(text: str, at: int) -> str:
    """The longest common word that begins at this place."""
    words = model().words
    for size in range(LONGEST_WORD, 1, -1):
        piece = text[at : at + size]
        if len(piece) == size and words.get(piece, 0) >= 3:
            return piece
    return text[at : at + 1]


def _confused(passage: Passage) -> Iterator[Finding]:
    text = passage.text
    lookalikes = known().lookalikes
    for run in _HAN.finditer(text):
        for offset, char in enumerate(run.group(0)):
            if char not in lookalikes or _is_covered(run.group(0), offset):
                continue
            at = run.start() + offset
            best = max((_as(text, at, other) for other in lookalikes[char]), default=(0.0, ""))
            if best[0] > CONFUSED:
                message = f"“{char}”可能是“{best[1]}”认错了"
                start, end = max(run.start(), at - 2), min(run.end(), at + 3)
                yield passage.finding("misread", start, end, message, {at: best[1]})


def _is_covered(text: str, at: int) -> bool:
    """Whether a character stands in a word of two or more characters, wherever the words are cut."""
    words = model().words
    return any(
        words.get(text[start : start + size], 0) >= 3
        for size in range(2, LONGEST_WORD + 1)
        for start in range(max(0, at - size + 1), min(at, len(text) - size) + 1)
    )


def _as(text: str, at: int, other: str) -> tuple[float, str]:
    """How much better the place reads with the other character, if that makes a common word of it."""
    left, right = _run_around(text, at, at + 1)
    changed = text[left:at] + other + text[at + 1 : right]
    place, words = at - left, model().words
    makes = max(
        (
            words.get(changed[i : i + size], 0)
            for size in (2, 3, 4)
            for i in range(max(0, place - size + 1), place + 1)
            if i + size <= len(changed)
        ),
        default=0,
    )
    return (reading(changed) - reading(text[left:right]), other) if makes >= COMMON else (0.0, other)


def _split(passage: Passage) -> Iterator[Finding]:
    text = passage.text
    for found in _GAP.finditer(text):
        start, end = found.span()
        if _NAMES.search(text[max(0, start - 80) : start]):
            continue
        if _word_over(text[max(0, start - 3) : start], text[end : end + 3]) > SPLIT:
            yield _without_space(passage, start, end)


def _word_over(left: str, right: str) -> float:
    """Nats by which the best common word over the gap is likelier than its two halves."""
    words, total = model().words, log(model().total)
    best = 0.0
    for i in range(1, len(left) + 1):
        for j in range(1, len(right) + 1):
            count = words.get(left[-i:] + right[:j], 0)
            if count >= COMMON:
                best = max(best, log(count) - total - reading(left[-i:]) - reading(right[:j]))
    return best


def _without_space(passage: Passage, start: int, end: int) -> Finding:
    first, last = passage.places[start - 1], passage.places[end]
    source = passage.source[first : last + 1]
    is_one_line = len(source.splitlines()) == 1 and len(source) <= 8
    where = (first, last + 1) if is_one_line else passage.where(start - 1, start)
    return Finding("split-word", where, "词中间有空格", "".join(source.split()) if is_one_line else None)
