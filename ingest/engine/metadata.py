"""Which newspaper, which day, which page: what the page prints, what it implies, and on what basis."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ingest.engine.furniture import is_folio, section_of
from ingest.engine.knowledge import newspapers, pattern
from ingest.engine.text import without_inner_space
from ingest.engine.types import Hints, Line

# A folio is a short line; dates in longer lines are dates the text speaks of.
LONGEST_FOLIO = 60
# A paper is guessed from the places it speaks of only when they come up this often and this much oftener than others.
ENOUGH_MENTIONS = 6
CLEAR_LEAD = 2.0
# A city's paper reports from many of its counties; a county's paper from one.
ENOUGH_PLACES = 5

_DIGITS = {c: str(i) for i, c in enumerate("零一二三四五六七八九")} | {"〇": "0", "○": "0", "Ｏ": "0"}
_YEAR_MONTH_DAY = re.compile(r"(?<!\d)((?:19|20)\d{2})\s?年(?:\s?(\d{1,2})\s?月(?:\s?(\d{1,2})\s?日)?)?")


@dataclass(frozen=True, slots=True)
class Metadata:
    newspaper: str | None
    newspaper_basis: str | None
    day: date | None
    day_basis: str | None
    date_not_before: date | None
    page: int | None
    page_basis: str | None
    section: str
    section_basis: str | None


def printed_date(lines: Sequence[Line]) -> date | None:
    """The day in the folio or masthead; None when the page prints none, or prints two.

    A date that stands alone may be the signature of a notice: it counts where no line is plainly of the paper's head.
    """
    texts = [text for line in lines if len(text := line.text.strip()) <= LONGEST_FOLIO]
    heads = [match for text in texts if (match := pattern("day_of_issue").match(text))]
    dated = (pattern("printed_date").search(text) for text in texts if "年" in text and is_folio(text))
    for matches in (heads, dated):
        days = {day for match in matches if match and (day := _day(match.groups())) is not None}
        if days:
            return days.pop() if len(days) == 1 else None
    return None


def _number(text: str) -> int:
    if text.isdigit() and text.isascii():
        return int(text)
    total = 0
    if "十" in text:
        left, _, right = text.partition("十")
        return int(_DIGITS.get(left, "1")) * 10 + int(_DIGITS.get(right, "0"))
    for char in text:
        total = total * 10 + int(_DIGITS.get(char, char if char.isdigit() else "0"))
    return total


def _day(parts: Iterable[str | None]) -> date | None:
    year, month, day = (_number(part or "0") for part in parts)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_metadata(lines: Sequence[Line], body: Sequence[str], furniture: Sequence[str], hints: Hints) -> Metadata:
    """``body`` are the paragraphs, ``furniture`` the heads and feet of the page."""
    paper, paper_basis = (hints.newspaper, "option") if hints.newspaper else _newspaper(body, furniture)
    day = hints.date or printed_date(lines)
    basis = (hints.date_basis or "option") if hints.date else "printed" if day else None
    page, page_basis = (hints.page, "option") if hints.page is not None else _page(furniture)
    section, section_basis = (hints.section, "option") if hints.section is not None else _section(furniture)
    return Metadata(paper, paper_basis, day, basis, latest_date(body), page, page_basis, section, section_basis)


def _newspaper(body: Sequence[str], furniture: Sequence[str]) -> tuple[str | None, str | None]:
    for paper in newspapers():
        if any(name in text for name in paper.names for text in furniture):
            return paper.title, "printed"
    starts = [text[:24] for text in body]
    for paper in newspapers():
        for word in paper.datelines:
            if any(text.startswith((f"{word}讯", f"{word}记者")) or f"N{word}记者" in text for text in starts):
                return paper.title, "dateline"
    for paper in newspapers():
        named = sum(1 for place in paper.area if any(place in text for text in body))
        if paper.area and named >= ENOUGH_PLACES:
            return paper.title, "inferred"
    counts = sorted(
        ((sum(text.count(place) for text in body for place in paper.places), paper.title) for paper in newspapers()),
        key=lambda pair: (-pair[0], pair[1]),
    )
    if counts[0][0] >= ENOUGH_MENTIONS and counts[0][0] >= CLEAR_LEAD * counts[1][0]:
        return counts[0][1], "inferred"
    return None, None


def _page(furniture: Sequence[str]) -> tuple[int | None, str | None]:
    for text in furniture:
        found = pattern("printed_page").search(text)
        if found and not pattern("page_count").search(text):
            return _number(next(group for group in found.groups() if group)), "printed"
    return None, None


def _section(furniture: Sequence[str]) -> tuple[str, str | None]:
    for text in furniture:
        if is_folio(text):
            for part in re.split(r"[\s|·]+", text):
                name = section_of(part)
                if name:
                    return name, "printed"
    return "", None


def latest_date(body: Sequence[str]) -> date | None:
    """The latest day the text speaks of as past: the page can't be older. Days ahead (将持续至…) don't count."""
    latest: date | None = None
    for text in body:
        squeezed = without_inner_space(text)
        for found in _YEAR_MONTH_DAY.finditer(squeezed):
            day = _past_day(squeezed, found)
            if day is not None and (latest is None or day > latest):
                latest = day
    return latest


def _past_day(text: str, found: re.Match[str]) -> date | None:
    before, after = text[max(0, found.start() - 14) : found.start()], text[found.end() : found.end() + 40]
    is_until = pattern("date_until").search(before) is not None
    if (pattern("date_ahead").search(before) and not is_until) or pattern("date_ahead_after").match(after):
        return None
    year, month, day = (int(group) if group else 0 for group in found.groups())
    if not month:
        if not pattern("year_spoken_of").match(text[found.end() :]) and not is_until:
            return None  # 2024年安全生产专项行动 names a plan, 2022年度 a list
        compared = pattern("year_compared").search(text[found.end() : found.end() + 60])
        is_over = compared is not None and int(compared.group(1)) == year - 1
        return date(year + 1, 1, 1) if is_over else date(year, 1, 1)
    try:
        if day:
            return date(year, month, day)
        first = date(year, month, 1)
    except ValueError:
        return None
    if is_until:
        following = date(year + month // 12, month % 12 + 1, 1)
        return following - timedelta(days=1)
    return first
