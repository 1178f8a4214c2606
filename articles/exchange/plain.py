"""Plain text by page, and Markdown by item with what is known about it in front."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from articles.exchange.issues import Issue, Item, Page, Piece


def text_files(issue: Issue, base_url: str) -> Iterator[tuple[str, bytes]]:
    """``text/0001.txt`` by page number: a blank line between blocks, a rule between items."""
    for page in issue.pages:
        yield f"text/{page.number:04}.txt", _page_text(issue, page, base_url).encode()


def _page_text(issue: Issue, page: Page, base_url: str) -> str:
    head = f"{issue.newspaper} {issue.date} 第{page.number}版 {page.section}".rstrip()
    items = [
        "\n\n".join([*(_column(item)), *(piece.text for piece in item.pieces), base_url + item.path])
        for item in page.items
    ]
    return "\n\n----\n\n".join([head, *items]) + "\n"


def _column(item: Item) -> list[str]:
    return [f"【{item.column}】"] if item.column else []


def markdown_files(issue: Issue, base_url: str) -> Iterator[tuple[str, bytes]]:
    """``markdown/a12.md`` by item, CommonMark with a YAML block in front."""
    for item in issue.items:
        yield f"markdown/{item.key}.md", markdown(issue, item, base_url).encode()


def markdown(issue: Issue, item: Item, base_url: str) -> str:
    known = {
        "title": item.title,
        "type": item.kind,
        "newspaper": issue.newspaper,
        "date": issue.date.isoformat(),
        "page": item.page,
        "section": item.section,
        "column": item.column,
        "kind": item.notice_kind,
        "authors": list(item.authors),
        "topics": [name for name, _ in item.topics],
        "corrections": [f"{told.kind}：{told.text}" for told in item.corrections],
        "url": base_url + item.path,
    }
    # A JSON value is a YAML value, whatever stands in the text.
    front = "\n".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in known.items() if value)
    return f"---\n{front}\n---\n\n" + "\n\n".join(_block(piece) for piece in item.pieces) + "\n"


_MARKS = {"headline": "# ", "kicker": "## ", "deck": "## ", "subhead": "### "}
_SIGNS = re.compile(r"([\\`*_\[\]<>#|~&])")
_AT_START = re.compile(r"^(\s*)([-+=]|\d+(?=[.)]))")


def _block(piece: Piece) -> str:
    """One line: what Markdown would read as a sign of its own is escaped."""
    text = _SIGNS.sub(r"\\\1", " ".join(piece.text.split()))
    if piece.role in ("byline", "caption"):
        return f"*{text}*"
    if piece.role in _MARKS:
        return _MARKS[piece.role] + text
    start = _AT_START.match(text)
    if start and start[2].isdigit():
        return text[: start.end()] + "\\" + text[start.end() :]
    return start[1] + "\\" + text[len(start[1]) :] if start else text
