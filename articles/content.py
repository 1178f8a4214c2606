"""The editable content of articles and notices: its shape, its checks, its hash.

Content is a plain dict of JSON values with a fixed set of keys per kind of item (`ARTICLE_FIELDS`,
`NOTICE_FIELDS`). Bodies and captions are lists of pieces, ``{"id": "s120", "role": "paragraph", "text": "…"}``; an
id is unique within its item and stays with its text through edits and moves, so that the source lines of a piece
can always be found.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

Content = dict[str, Any]
Piece = dict[str, str]


class BodyRole(models.TextChoices):
    PARAGRAPH = "paragraph", "段落"
    SUBHEAD = "subhead", "小标题"


ARTICLE_FIELDS = (
    "column",
    "kicker",
    "headline",
    "deck",
    "byline",
    "body",
    "captions",
    "continued_from",
    "continued_on",
)
NOTICE_FIELDS = ("kind", "heading", "body", "fields")

_LINE_LIMITS = {
    "column": 100,
    "kicker": 300,
    "headline": 300,
    "byline": 300,
    "continued_from": 30,
    "continued_on": 30,
    "kind": 30,
    "heading": 200,
}
PIECE_LIMIT = 100_000  # characters: a whole page of a broadsheet is about 10,000
PIECES_LIMIT = 2_000


def clean_line(text: str) -> str:
    """One line: white space at the ends dropped, line breaks inside become one space."""
    return " ".join(part for part in text.split("\n") if part.strip()).strip() if "\n" in text else text.strip()


def content_hash(content: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON of the content: equal exactly when every value is equal."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _check_pieces(name: str, value: Any, *, with_role: bool) -> None:
    if not isinstance(value, list) or len(value) > PIECES_LIMIT:
        raise ValidationError({name: "内容须是段落列表，且不超过 2000 段。"})
    seen: set[str] = set()
    keys = {"id", "role", "text"} if with_role else {"id", "text"}
    for number, piece in enumerate(value, 1):
        if not isinstance(piece, dict) or set(piece) != keys or not all(isinstance(v, str) for v in piece.values()):
            raise ValidationError({name: f"第 {number} 段的格式不对。"})
        if not piece["id"] or piece["id"] in seen:
            raise ValidationError({name: f"第 {number} 段的编号为空或重复。"})
        seen.add(piece["id"])
        if with_role and piece["role"] not in BodyRole.values:
            raise ValidationError({name: f"第 {number} 段的类别“{piece['role']}”不认识。"})
        if not piece["text"].strip():
            raise ValidationError({name: f"第 {number} 段没有文字：请删去这一段或填上文字。"})
        if len(piece["text"]) > PIECE_LIMIT:
            raise ValidationError({name: f"第 {number} 段超过 {PIECE_LIMIT} 字。"})


def check_content(content: Mapping[str, Any], fields: tuple[str, ...]) -> None:
    """Raise `ValidationError` (keyed by field, in Chinese) unless the content has exactly these fields, well formed."""
    if set(content) != set(fields):
        raise ValidationError(f"内容的字段不对：{sorted(set(content) ^ set(fields))}")
    for name, value in content.items():
        if name in _LINE_LIMITS:
            if not isinstance(value, str) or "\n" in value or "\x00" in value:
                raise ValidationError({name: "须是一行文字。"})
            if len(value) > _LINE_LIMITS[name]:
                raise ValidationError({name: f"不能超过 {_LINE_LIMITS[name]} 字，现有 {len(value)} 字。"})
        elif name == "deck":
            if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
                raise ValidationError({name: "副题须是若干行文字，不能有空行。"})
        elif name == "body":
            _check_pieces(name, value, with_role=True)
        elif name == "captions":
            _check_pieces(name, value, with_role=False)
        elif name == "fields" and not isinstance(value, dict):
            raise ValidationError({name: "须是字段表。"})


def new_piece_id(taken: set[str]) -> str:
    """An id for text an editor adds: ``e1``, ``e2`` …; ids from the source start with ``s``."""
    number = 1
    while f"e{number}" in taken:
        number += 1
    return f"e{number}"
