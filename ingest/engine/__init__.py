"""The text engine: the text of a newspaper page in, a `PageLayout` out. No Django, no clock, no settings."""

from ingest.engine.export import layout_to_json
from ingest.engine.ledger import LedgerError, check, check_texts
from ingest.engine.pipeline import read_page
from ingest.engine.reading_back import LayoutError, layout_from_json
from ingest.engine.types import (
    ArticleItem,
    Block,
    Finding,
    Hints,
    Item,
    Line,
    NoticeFields,
    NoticeItem,
    PageLayout,
    Role,
    Span,
)

__all__ = [
    "ArticleItem",
    "Block",
    "Finding",
    "Hints",
    "Item",
    "LayoutError",
    "LedgerError",
    "Line",
    "NoticeFields",
    "NoticeItem",
    "PageLayout",
    "Role",
    "Span",
    "check",
    "check_texts",
    "layout_from_json",
    "layout_to_json",
    "read_page",
]
