"""Give each row a role by itself: only what no neighbour can change. All else stays text for the later stages."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ingest.engine.bylines import parse_byline
from ingest.engine.furniture import furniture_reason
from ingest.engine.knowledge import pattern
from ingest.engine.rows import Row
from ingest.engine.text import close_up, ends_sentence

# No byline, caption credit or folio is longer; longer rows are text and are not searched.
LONGEST_BYLINE = 60
LONGEST_CAPTION = 160
LONGEST_FURNITURE = 90


class Kind(StrEnum):
    TEXT = "text"
    LIST = "list"
    DATELINE = "dateline"
    BYLINE = "byline"
    CAPTION = "caption"
    FURNITURE = "furniture"


@dataclass(frozen=True, slots=True)
class Verdict:
    kind: Kind
    reason: str
    confidence: float


CAPTION_MARK = "图片说明标记"
PLAIN = Verdict(Kind.TEXT, "正文或标题，待定", 0.5)


def classify(row: Row) -> Verdict:
    text = close_up(row.text)
    if row.width > LONGEST_CAPTION:
        return _dateline(text) or PLAIN
    if pattern("caption_mark").match(text) and not _is_marked_byline(row, text):
        return Verdict(Kind.CAPTION, CAPTION_MARK, 0.99)
    if row.width <= LONGEST_BYLINE and not ends_sentence(text):
        if parse_byline(text) is not None:
            return Verdict(Kind.BYLINE, "署名行", 0.97)
        if pattern("source_note").match(text):
            return Verdict(Kind.BYLINE, "括注的来源", 0.9)
    found = _dateline(text)
    if found is not None:
        return found
    if row.width <= LONGEST_FURNITURE and not _is_sentence(text):
        reason = furniture_reason(row.text)
        if reason is not None:
            return Verdict(Kind.FURNITURE, reason, 0.95)
    if pattern("caption_opening").match(text):
        return Verdict(Kind.CAPTION, "图片说明起首语", 0.95)
    if pattern("caption_credit").search(text[-40:]) and text[-1] in "）)摄图供片" and row.width <= LONGEST_CAPTION:
        return Verdict(Kind.CAPTION, "以供图、摄影署名收尾", 0.9)
    return PLAIN


def _is_marked_byline(row: Row, text: str) -> bool:
    """▲晚报记者 甲: a mark that opens captions elsewhere, before an office and names and no picture."""
    return (
        row.width <= LONGEST_BYLINE
        and pattern("office").match(text) is not None
        and parse_byline(text) is not None
        and pattern("caption_credit").search(text) is None
    )


def _is_sentence(text: str) -> bool:
    return text.endswith("。") or text.count("，") >= 2


def _dateline(text: str) -> Verdict | None:
    if pattern("dateline").match(text[:60]):
        return Verdict(Kind.DATELINE, "电头", 0.98)
    return None
