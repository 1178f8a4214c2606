"""Know the lines that belong to the page and to none of its stories: head, folio, credits, hotlines, pointers."""

from __future__ import annotations

import re

from ingest.engine.knowledge import pattern, section_names
from ingest.engine.text import without_inner_space

# Whole-line forms, tried in order, each with what it is called to people.
LINE_FORMS = (
    ("editors", "编辑、校对署名行"),
    ("contact", "热线、地址"),
    ("colophon", "报头、版权信息"),
    ("see_also", "见报指引"),
    ("guide", "导读"),
)
_BETWEEN = re.compile(r"[\s|｜丨/·]+")
# 海门今报 between a date and a page is a newspaper, whatever its name.
_NAME_OF_PAPER = "masthead"
# A folio has a handful of parts; a longer line is text.
MOST_PARTS = 9


def furniture_reason(text: str) -> str | None:
    """What kind of furniture the line is; None when it is none."""
    if is_folio(text):
        return "报眉：报名、日期、版次、版名"
    for name, reason in LINE_FORMS:
        if pattern(name).search(text):
            return reason
    return None


def is_folio(text: str) -> bool:
    """Whether every part of the line is a part of a page's head: A3 社会 2025年3月4日 星期二."""
    if pattern("day_of_issue").match(text):
        return True
    text = _glue_dates(text)
    parts = [part for part in _BETWEEN.split(text) if part]
    if not parts or len(parts) > MOST_PARTS:
        return False
    kinds = [_part(part) or (_NAME_OF_PAPER if len(parts) > 2 and part.endswith("报") else None) for part in parts]
    if None in kinds:
        return False
    if len(parts) > 1:
        return any(kind != "number" for kind in kinds)
    # A section's name alone may be a column's name; its neighbours decide that.
    return kinds[0] in ("page", "date", "masthead", "short date")


def _glue_dates(text: str) -> str:
    """2025年 12月 20日 is one part however it is set."""
    return re.sub(r"(?<=[年月第])\s+(?=\d)|(?<=\d)\s+(?=[年月日期版])", "", text)


def _part(part: str) -> str | None:
    if pattern("page_number").match(part):
        return "page"
    if pattern("full_date").match(part):
        return "date"
    if pattern("short_date").match(part):
        return "short date"
    if pattern("masthead").match(part):
        return "masthead"
    if section_of(part):
        return "section"
    if pattern("lone_number").match(part):
        return "number"
    return None


def section_of(part: str) -> str | None:
    """The section's name in a part of a folio: 要闻, 综合新闻, 民生·03."""
    name = re.sub(r"^(?:第?[A-H]?\d{1,2}版?)|(?:第?[A-H]?\d{1,2}版?|版|周刊)$", "", without_inner_space(part))
    known = section_names()
    return name if name in known or f"{name}新闻" in known else None
