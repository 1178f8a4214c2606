"""What SQLite's triggers will fold and cut into tokens, worked out before the transaction that writes it begins: there
one transaction writes at a time, and others wait meanwhile.

The triggers take what they find here and work out the rest, so nothing depends on who calls this, or on its being up to
date with `source`; a test sees to it that they find what a new item needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from articles.models import AnyItem, Article
from articles.search import folding, tokens

_folded: dict[str, str] = {}
_tokens: dict[tuple[str, ...], str] = {}


def fold(text: str) -> str:
    """`folding.fold`, remembered or made."""
    found = _folded.get(text)
    return folding.fold(text) if found is None else found


def tokens_of(*row: Any) -> str:
    """`tokens.tokens`, remembered or made."""
    texts = row[tokens.PLACES :]
    return f"{tokens.of_place(*row[: tokens.PLACES])} {_tokens.get(texts) or tokens.of_texts(*texts)}"


@contextmanager
def worked_out(items: Iterable[tuple[AnyItem, str]]) -> Iterator[None]:
    """Remember until the end of the block what the index will say of these items, each with the section of its page."""
    if connection.vendor != "sqlite":
        yield
        return
    try:
        for item, section in items:
            texts = [_remembered(text) for text in (*_texts(item), section)]
            headline, deck, byline, column, captions, body, _, section = texts
            row = headline, deck, byline, column, section, body, captions
            _tokens[row] = tokens.of_texts(*row)
        yield
    finally:
        _folded.clear()
        _tokens.clear()


def _remembered(text: str) -> str:
    found = _folded[text] = fold(text)
    return found


def _texts(item: AnyItem) -> tuple[str, ...]:
    """As `source` puts them together."""
    body = "\n".join(piece["text"] for piece in item.body)
    subheads = "，".join(piece["text"] for piece in item.body if piece["role"] == "subhead")
    if isinstance(item, Article):
        captions = "\n".join(piece["text"] for piece in item.captions)
        head = f"{item.kicker}\n{item.headline}"
        return head, "\n".join(item.deck), item.byline, item.column, captions, body, subheads
    declarant = item.fields.get("declarant", "")
    names = declarant if isinstance(declarant, str) else "、".join(declarant)
    return f"{item.heading or item.kind}：{names}", "", "", "", "", body, subheads
