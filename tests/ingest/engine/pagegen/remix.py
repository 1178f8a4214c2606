"""Pages of the articles that people wrote for the written sets, set and damaged anew.

The generator's own articles are made from patterns, and so share more words than real ones do. What is written is
dear, and a page of it shows one disorder only: here its articles stand on page after page, each torn another way.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from tests.ingest.engine.pagegen.model import Article, Chunk, Piece
from tests.ingest.engine.pagegen.pages import GeneratedPage, Maker

# What costs most on written pages, and is rare in the rates: neighbours of one measure read row by row, their bylines
# with the heads.
ONE_MEASURE = 0.6
ROWS = 0.7
BYLINE_TO_HEAD = 0.6
COUNTS = {"feature": (2, 4), "front": (6, 9), "city": (4, 7), "mixed": (4, 7)}


def remix(golds: Sequence[Mapping[str, Any]], seed: int, kind: str) -> GeneratedPage:
    """A page of articles from two of these readings."""
    rng = random.Random(f"remix:{seed}:{kind}")
    pool = [
        item
        for gold in rng.sample(golds, 2)
        for item in gold["items"]
        if item["type"] == "article" and item["headline"] and item["body"] and not _is_continued(item)
    ]
    chosen = rng.sample(pool, min(len(pool), rng.randint(*COUNTS[kind])))
    return _Remixer(seed, kind, chosen, rng).make()


def _is_continued(item: Mapping[str, Any]) -> bool:
    return bool(item.get("continued_from") or item.get("continued_on"))


class _Remixer(Maker):
    def __init__(self, seed: int, kind: str, items: Sequence[Mapping[str, Any]], rng: random.Random) -> None:
        super().__init__(seed, kind, 1.0, {}, rng)
        self.items = items
        self.measure = float(rng.choice([11, 12, 13, 14, 16])) if rng.random() < ONE_MEASURE else 0.0

    def choose(self) -> None:
        self.page.articles = [_article(item) for item in self.items]

    def _measure(self, article: Article) -> float:
        return self.measure or super()._measure(article)

    def set_page(self) -> None:
        super().set_page()
        if self.page.kind == "city":
            chunks = self.page.chunks
            if self.rng.random() < BYLINE_TO_HEAD:
                for byline in [chunk for chunk in chunks if chunk.kind == "byline"]:
                    chunks.remove(byline)
                    head = next(at for at, c in enumerate(chunks) if c.kind == "head" and c.item == byline.item)
                    chunks.insert(head + 1, byline)
                    byline.kind = "head"
            if self.rng.random() < ROWS:
                self._read_by_rows()

    def _read_by_rows(self) -> None:
        """Two or three neighbours side by side, read across: a column or two of each in turn."""
        rng, chunks = self.rng, self.page.chunks
        items = list(range(len(self.page.articles)))
        while items:
            side, items = items[: (size := rng.choice([2, 2, 3]))], items[size:]
            places = [at for at, c in enumerate(chunks) if c.kind in ("body", "subhead") and c.item in side]
            queues = [[chunks[at] for at in places if chunks[at].item == item] for item in side]
            woven: list[Chunk] = []
            while any(queues):
                for queue in queues:
                    for _ in range(rng.choice([1, 1, 2])):
                        woven += queue[:1]
                        del queue[:1]
            for at, chunk in zip(places, woven, strict=True):
                chunks[at] = chunk


def _article(item: Mapping[str, Any]) -> Article:
    return Article(
        "written",
        headline=Piece("headline", item["headline"]),
        column=_piece("column", item),
        kicker=_piece("kicker", item),
        deck=[Piece("deck", text) for text in item["deck"]],
        byline=_piece("byline", item),
        authors=list(item["authors"]),
        body=[Piece(block["role"], block["text"]) for block in item["body"]],
        captions=[Piece("caption", text) for text in item["captions"]],
    )


def _piece(role: str, item: Mapping[str, Any]) -> Piece | None:
    return Piece(role, item[role]) if item.get(role) else None
