"""The corpus of templates: articles written for these tests, one file per subject under ``corpus/``.

Each article opens with ``@ kind`` and options (``era=2016-2021``, ``lead=dateline|byline|wire|none``), then lines of

    N: column name    K: kicker    H: headline    D: deck    B: the author's name, printed as the byline
    P: paragraph      S: subhead   C: caption

A line ``P?`` is a paragraph that may be left out. A headline's blank is where it breaks over two lines.
"""

from __future__ import annotations

import functools
import random
from dataclasses import dataclass, field
from pathlib import Path

from tests.ingest.engine.pagegen.model import Article, Piece
from tests.ingest.engine.pagegen.world import Filler, World

FOLDER = Path(__file__).parent / "corpus"
ROLES = {
    "N": "column",
    "K": "kicker",
    "H": "headline",
    "D": "deck",
    "B": "byline",
    "P": "paragraph",
    "S": "subhead",
    "C": "caption",
}


@dataclass(frozen=True)
class Template:
    kind: str
    options: dict[str, str] = field(hash=False)
    parts: tuple[tuple[str, str], ...]  # (role or "paragraph?", template text)

    @property
    def name(self) -> str:
        return next(text for role, text in self.parts if role == "headline")

    @property
    def years(self) -> tuple[int, int]:
        low, _, high = self.options.get("era", "1998-2026").partition("-")
        return int(low), int(high)

    @property
    def has_sections(self) -> bool:
        return any(role == "subhead" for role, _ in self.parts)

    @property
    def size(self) -> int:
        return sum(len(text) for role, text in self.parts if role.startswith("paragraph"))


@functools.cache
def templates() -> tuple[Template, ...]:
    found: list[Template] = []
    for path in sorted(FOLDER.glob("*.txt")):
        for chunk in path.read_text("utf-8").split("\n@ ")[1:]:
            first, *rest = chunk.strip().splitlines()
            kind, *options = first.split()
            parts = []
            for line in rest:
                mark, _, text = line.partition(":")
                parts.append((ROLES[mark.strip("?")] + ("?" if mark.endswith("?") else ""), text.strip()))
            found.append(Template(kind, dict(o.split("=") for o in options), tuple(parts)))
    return tuple(found)


def realise(template: Template, world: World, rng: random.Random) -> Article:
    """One article from a template; bylines and datelines are the page's business, not the corpus's."""
    filler = Filler(world, rng)
    article = Article(template.kind)
    for role, text in template.parts:
        if role.endswith("?"):
            if rng.random() < 0.4:
                continue
            role = role[:-1]
        piece = Piece(role, filler.fill(text))
        if not piece.text:
            continue
        if role in {"paragraph", "subhead"}:
            article.body.append(piece)
        elif role == "caption":
            article.captions.append(piece)
        elif role == "deck":
            article.deck.append(piece)
        else:
            setattr(article, role, piece)
            if role == "byline":
                article.authors = [piece.text]
    return article
