"""ninjs 2.1, the news agencies' JSON (IPTC, 2023): one object an item."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.html import escape

from articles.exchange.issues import Issue, Item

_TAGS = {"headline": "h1", "kicker": "h2", "deck": "h2", "subhead": "h3", "caption": "figcaption"}


def files(issue: Issue, base_url: str) -> Iterator[tuple[str, bytes]]:
    """``ninjs/a12.json`` by item."""
    for item in issue.items:
        said = json.dumps(object_of(issue, item, base_url), ensure_ascii=False, indent=1)
        yield f"ninjs/{item.key}.json", f"{said}\n".encode()


def object_of(issue: Issue, item: Item, base_url: str) -> dict[str, Any]:
    said: dict[str, Any] = {
        "uri": base_url + item.path,
        "standard": {
            "name": "ninjs",
            "version": "2.1",
            "schema": "https://www.iptc.org/std/ninjs/ninjs-schema_2.1.json",
        },
        "type": "text",
        "representationtype": "full",
        "profile": item.kind,
        "version": str(item.revision),
        "firstcreated": _instant(item.published),
        "versioncreated": _instant(item.modified),
        "contentcreated": f"{issue.date}T00:00:00+08:00",
        "pubstatus": "usable",
        "language": "zh-Hans",
        "title": item.title,
        "headlines": [
            {"role": piece.role, "contenttype": "text/plain", "value": piece.text}
            for piece in item.pieces
            if piece.role in ("kicker", "headline", "deck")
        ],
        "descriptions": [{"role": "summary", "contenttype": "text/plain", "value": item.summary}],
        "bodies": [_body(item)],
        "infosources": [{"name": issue.newspaper, "uri": f"{base_url}/p/{issue.slug}/"}],
        "subjects": [{"name": name, "uri": f"{base_url}/t/{slug}/"} for name, slug in item.topics],
        "people": [{"name": name, "rel": "author"} for name in item.authors],
        "genres": [{"name": item.notice_kind or item.column}] if item.notice_kind or item.column else [],
        "altids": [
            {"role": "printEdition", "value": issue.date.isoformat()},
            {"role": "printPage", "value": str(item.page)},
            {"role": "printSection", "value": item.section},
        ],
    }
    byline = next((piece.text for piece in item.pieces if piece.role == "byline"), "、".join(item.authors))
    if byline:
        said["by"] = byline
    if item.corrections:
        said["ednote"] = "；".join(
            f"{told.kind} {timezone.localdate(told.at)}：{told.text}" for told in item.corrections
        )
    said["altids"] = [each for each in said["altids"] if each["value"]]
    return {name: value for name, value in said.items() if value not in ("", [])}


def _body(item: Item) -> dict[str, Any]:
    text = [piece for piece in item.pieces if piece.role in ("paragraph", "subhead", "caption")]
    value = "\n".join(f"<{(tag := _TAGS.get(p.role, 'p'))}>{escape(p.text)}</{tag}>" for p in text)
    return {
        "role": "main",
        "contenttype": "application/xhtml+xml",
        "charcount": sum(len(piece.text) for piece in text),
        "value": f'<div xmlns="http://www.w3.org/1999/xhtml">\n{value}\n</div>',
    }


def _instant(at: datetime) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds")
