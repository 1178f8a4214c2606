"""Any search as data: the same results as on the page, with the places of the words in title and text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from articles.public.api import rows
from articles.public.api.problems import Problem
from articles.public.api.rows import Absolute, Json
from articles.public.searching import SORTED, find, marked_title, read_public, snapshots_of, snippets_in
from articles.search.highlight import Piece
from articles.search.query import QueryRefused, Reading
from articles.search.types import WrongCursor

NOTHING: Json = {"items": [], "next": None, "total": 0, "total_is_exact": True}


def search(asked: dict[str, Any], absolute: Absolute) -> Json:
    """Without a question nothing is found."""
    text, sort = asked["q"], asked["sort"] or SORTED
    if not text.strip():
        return NOTHING
    try:
        reading, papers = read_public(text)
        results = find(reading, sort, asked["after"], size=asked["limit"])
    except QueryRefused as refused:
        raise Problem(400, refused.message, parameter="q", start=refused.start, end=refused.end) from None
    except WrongCursor:
        raise Problem(400, "不是本接口给出的翻页位置：请照抄上一页的 next", parameter="after") from None
    by_pk = {paper.pk: paper for paper in papers}
    found = {row["pk"]: row for row in rows.listed(snapshots_of(results.hits), "content")}
    shown = (found[hit.snapshot] for hit in results.hits if hit.snapshot in found)
    items = [
        rows.item_in_list(row, by_pk[row["newspaper_id"]], absolute) | {"found": _where(row, reading)}
        for row in shown
        if row["newspaper_id"] in by_pk
    ]
    following = None
    if results.next:
        kept = {name: asked[name] for name in ("q", "sort", "limit") if asked[name]}
        following = absolute(f"{reverse('api-search')}?{urlencode({**kept, 'after': results.next})}")
    return {"items": items, "next": following, "total": results.total, "total_is_exact": results.is_total_exact}


def _where(row: Json, reading: Reading) -> Json:
    snippets = snippets_in(row["content"], reading.words)
    return {
        "title": _marks(marked_title(row["title"], reading.words)),
        "snippets": [{"text": snippet.text, "marks": _marks(snippet.pieces)} for snippet in snippets],
    }


def _marks(pieces: Sequence[Piece]) -> list[list[int]]:
    """From and to, in characters."""
    found, at = [], 0
    for piece in pieces:
        if piece.is_marked:
            found.append([at, at + len(piece.text)])
        at += len(piece.text)
    return found
