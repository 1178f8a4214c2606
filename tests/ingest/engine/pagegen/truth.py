"""The truth of a page in the form the engine exports, so that both can be compared."""

from __future__ import annotations

from tests.ingest.engine.pagegen.model import Article, Notice, Page, Piece


def gold(page: Page) -> dict[str, object]:
    removed = list(page.removed)
    for article in page.articles:
        removed += [
            (piece, "continuation marker") for piece in (article.jump_from, article.jump_on) if piece is not None
        ]
    return {
        "source": "",
        "kind": page.kind,
        "flow": page.flow,
        "damages": sorted(page.acted),
        "newspaper": page.world.newspaper if page.newspaper_shown else None,
        "date": page.world.date.isoformat() if page.printed_date else None,
        "items": [*map(_article_gold, page.articles), *map(_notice_gold, page.notices)],
        "furniture": [piece.text for piece in page.furniture],
        "unplaced": [],
        "removed": [{"text": piece.text, "reason": reason} for piece, reason in removed],
    }


def _text(piece: Piece | None) -> str:
    return piece.text if piece is not None else ""


def _body(pieces: list[Piece]) -> list[dict[str, str]]:
    return [{"role": piece.role, "text": piece.text} for piece in pieces]


def _article_gold(article: Article) -> dict[str, object]:
    return {
        "type": "article",
        "column": _text(article.column),
        "kicker": _text(article.kicker),
        "headline": _text(article.headline),
        "deck": [piece.text for piece in article.deck],
        "byline": _text(article.byline),
        "authors": list(article.authors),
        "body": _body(article.body),
        "captions": [piece.text for piece in article.captions],
        "continued_from": article.continued_from,
        "continued_on": article.continued_on,
        "template": article.kind,
    }


def _notice_gold(notice: Notice) -> dict[str, object]:
    return {
        "type": "notice",
        "kind": notice.kind,
        "heading": _text(notice.heading),
        "body": _body(notice.body),
        "captions": [],
        "fields": notice.fields,
    }
