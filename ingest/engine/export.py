"""The layout as JSON: the one form in which pages are exchanged, compared and shown."""

from __future__ import annotations

from typing import Any

from ingest.engine.types import ArticleItem, Block, Item, NoticeItem, PageLayout


def layout_to_json(layout: PageLayout) -> dict[str, Any]:
    places = {block.id: index for index, item in enumerate(layout.items) for block in item.blocks}
    return {
        "source": layout.source,
        "newspaper": layout.newspaper,
        "newspaper_basis": layout.newspaper_basis,
        "date": _iso(layout.date),
        "date_basis": layout.date_basis,
        "date_not_before": _iso(layout.date_not_before),
        "page": layout.page,
        "page_basis": layout.page_basis,
        "section": layout.section,
        "section_basis": layout.section_basis,
        **texts_to_json(layout),
        "findings": [
            {"kind": f.kind, "where": list(f.where), "message": f.message}
            | ({"fix": f.fix} if f.fix is not None else {})
            for f in layout.findings
        ],
        "blocks": [_block(block) | {"item": places.get(block.id)} for block in layout.blocks],
    }


def texts_to_json(layout: PageLayout) -> dict[str, Any]:
    """What the form says of texts for people, beside the blocks."""
    return {
        "items": [_item(item) for item in layout.items],
        "furniture": [block.text for block in layout.furniture],
        "removed": [{"text": block.text, "reason": block.reason} for block in layout.removed],
        "unplaced": [block.text for block in layout.unplaced],
    }


def _iso(day: Any) -> str | None:
    return None if day is None else str(day.isoformat())


def _text(block: Block | None) -> str:
    return "" if block is None else block.text


def _spans(block: Block) -> list[list[int]]:
    return [[start, end] for start, end in block.spans]


def _block(block: Block) -> dict[str, Any]:
    return {
        "id": block.id,
        "role": block.role.value,
        "text": block.text,
        "spans": _spans(block),
        "reason": block.reason,
        "confidence": round(block.confidence, 3),
    }


def _body(blocks: tuple[Block, ...]) -> list[dict[str, Any]]:
    return [
        {"role": b.role.value, "text": b.text, "id": b.id, "spans": _spans(b), "confidence": round(b.confidence, 3)}
        for b in blocks
    ]


def _item(item: Item) -> dict[str, Any]:
    return _notice(item) if isinstance(item, NoticeItem) else _article(item)


def _article(item: ArticleItem) -> dict[str, Any]:
    return {
        "type": "article",
        "column": _text(item.column),
        "kicker": _text(item.kicker),
        "headline": _text(item.headline),
        "deck": [block.text for block in item.deck],
        "byline": _text(item.byline),
        "authors": list(item.authors),
        "continued_from": item.continued_from,
        "continued_on": item.continued_on,
        "confidence": round(item.confidence, 3),
        "body": _body(item.body),
        "captions": [block.text for block in item.captions],
    }


def _notice(item: NoticeItem) -> dict[str, Any]:
    fields = item.fields
    return {
        "type": "notice",
        "kind": item.kind,
        "heading": _text(item.heading),
        "confidence": round(item.confidence, 3),
        "body": _body(item.body),
        "captions": [],
        "fields": {
            "declarant": fields.declarant,
            "signatory": fields.signatory,
            "date": fields.date,
            "documents": list(fields.documents),
            "numbers": list(fields.numbers),
            "uscc": fields.uscc,
            "contact": fields.contact,
            "phones": list(fields.phones),
            "address": fields.address,
            "deadline": fields.deadline,
            "amounts": list(fields.amounts),
        },
    }
