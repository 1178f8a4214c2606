"""A strict reader of our own HTML: what a browser would silently mend is a fault here."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_REFERENCES = ("aria-labelledby", "aria-describedby", "for", "data-copies")


@dataclass
class Document:
    faults: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    data: list[Any] = field(default_factory=list)
    """What JSON-LD blocks say."""
    metas: dict[str, str] = field(default_factory=dict)
    canonical: str = ""
    title: str = ""
    text: str = ""
    """All text outside the head and scripts."""
    tags: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.document = Document()
        self.open: list[str] = []
        self.ids: set[str] = set()
        self.references: set[str] = set()
        self.script: dict[str, str] | None = None

    def fault(self, text: str) -> None:
        self.document.faults.append(f"{self.getpos()[0]}: {text}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        document = self.document
        values = {name: value or "" for name, value in attrs}
        document.tags.append(tag)
        if len(values) < len(attrs):
            self.fault(f"<{tag}> has an attribute twice")
        if tag not in _VOID:
            self.open.append(tag)
        for name, value in values.items():
            if name == "style" or name.startswith("on"):
                self.fault(f"<{tag} {name}> is against the CSP")
            if name in {"href", "src", "action"} and not value.startswith(("/", "http://", "https://", "#")):
                self.fault(f"<{tag} {name}={value!r}>")
        if "id" in values:
            if values["id"] in self.ids or not values["id"] or " " in values["id"]:
                self.fault(f"id {values['id']!r} is empty, odd or not the only one")
            self.ids.add(values["id"])
        for name in _REFERENCES:
            self.references.update(values.get(name, "").split())
        if tag == "a":
            document.links.append(values.get("href", ""))
        elif tag == "link":
            if values.get("rel") == "canonical":
                document.canonical = values["href"]
            else:
                document.links.append(values.get("href", ""))
        elif tag == "meta":
            document.metas[values.get("name") or values.get("property") or ""] = values.get("content", "")
        elif tag == "style":
            self.fault("<style> is against the CSP")
        elif tag == "script":
            self.script = values
            if "src" in values:
                document.links.append(values["src"])
            elif values.get("type") != "application/ld+json":
                self.fault("inline script is against the CSP")
        elif tag == "img" and "alt" not in values:
            self.fault("<img> without alt")
        elif tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            document.headings.append(int(tag[1]))
        elif tag == "html" and values.get("lang") != "zh-Hans":
            self.fault("the language is not marked")

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID or not self.open or self.open[-1] != tag:
            self.fault(f"</{tag}> closes {self.open[-1:]}")
            return
        self.open.pop()
        self.script = None

    def handle_data(self, data: str) -> None:
        if self.script is not None:
            if "src" not in self.script:
                self.document.data.append(json.loads(data))
        elif self.open[-1:] == ["title"]:
            self.document.title += data
        elif "body" in self.open:
            self.document.text += data


def read(html: str) -> Document:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    document = reader.document
    if not html.lstrip().startswith("<!doctype html>"):
        reader.fault("no doctype")
    if reader.open:
        reader.fault(f"never closed: {reader.open}")
    if missing := reader.references - reader.ids:
        reader.fault(f"points to no id: {missing}")
    if document.headings.count(1) != 1 or document.headings[:1] not in ([1], [2]):
        reader.fault(f"headings {document.headings}")
    if any(after - before > 1 for before, after in zip(document.headings, document.headings[1:], strict=False)):
        reader.fault(f"heading levels jump: {document.headings}")
    if document.tags.count("main") != 1 or not document.title.strip():
        reader.fault("no main, or no title")
    return document
