"""Pages of the articles that people wrote for the written sets, set and damaged anew.

The generator's own articles are made from patterns, and so share more words than real ones do. What is written is
dear, and a page of it shows one disorder only: here its articles stand on page after page, each torn another way.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from tests.ingest.engine.pagegen.model import Article, Chunk, Line, Piece
from tests.ingest.engine.pagegen.pages import GeneratedPage, Maker
from tests.ingest.engine.pagegen.registry import STAGES
from tests.ingest.engine.pagegen.setting import set_flow

# What costs most on written pages, and is rare in the rates: neighbours of one measure read row by row, their bylines
# with the heads.
ONE_MEASURE = 0.6
ROWS = 0.7
BYLINE_TO_HEAD = 0.6
LEAD_BELOW_BYLINE = 0.6
LEAD_IS_WIDER = (0, 0, 1, 2, 3, 4)
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


def sectioned(golds: Sequence[Mapping[str, Any]], seed: int) -> GeneratedPage:
    """A city page of two or three articles in sections and two or three short ones, from these readings."""
    rng = random.Random(f"sectioned:{seed}")
    pool = [
        item
        for gold in golds
        for item in gold["items"]
        if item["type"] == "article" and item["headline"] and item["body"] and not _is_continued(item)
    ]
    long = [item for item in pool if 2 <= sum(block["role"] == "subhead" for block in item["body"]) <= 4]
    short = [item for item in pool if len(item["body"]) <= 5 and all(b["role"] == "paragraph" for b in item["body"])]
    chosen = rng.sample(long, rng.choice([2, 2, 3])) + rng.sample(short, rng.randint(2, 3))
    return _Sectioned(seed, chosen, rng).make()


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


class _Sectioned(_Remixer):
    """Set as the sample city page is: long stories fall into frames, the lead often set wider, and every frame stands
    by itself; headings lie in one heap above the last frames, and subheads behind these. Sections keep their order."""

    def __init__(self, seed: int, items: Sequence[Mapping[str, Any]], rng: random.Random) -> None:
        super().__init__(seed, "city", items, rng)
        self.rates = {name: rate for name, rate in self.rates.items() if name not in STAGES["order"]}

    def set_page(self) -> None:
        rng = self.rng
        early: list[list[Chunk]] = []
        late: list[list[Chunk]] = []
        heads: list[Chunk] = []
        for item, article in enumerate(self.page.articles):
            article.column, article.captions = None, []
            heads.append(Chunk(self._head_lines(article, rng.random() < 0.4), "head", item))
            measure = float(rng.choice([11, 12, 12, 13, 13, 14]))
            sections = article.sections
            frames = [
                self._frame(item, article, sections, part, measure if part else measure + rng.choice(LEAD_IS_WIDER))
                for part in range(len(sections))
            ]
            signed = [Chunk(self._byline_lines(article.byline, measure), "byline", item)] if article.byline else []
            if len(sections) == 1:
                early.append([*signed, *frames[0]])
                continue
            lead, others = frames[0], frames[1:]
            going = rng.randint(0, len(others) - 1) if rng.random() < 0.7 else 0
            early += others[:going]
            rest = others[going:]
            rest.insert(0 if rng.random() < LEAD_BELOW_BYLINE else rng.randrange(len(rest) + 1), lead)
            subheads = [
                Chunk([Line(piece.text) for piece in section if piece.role == "subhead"], "subhead", item, part)
                for part, section in enumerate(sections)
                if part
            ]
            rng.shuffle(subheads)
            for chunk in subheads:
                rest[rng.randrange(len(rest))].append(chunk)
            late.append([*signed, *(chunk for frame in rest for chunk in frame)])
        rng.shuffle(early)
        rng.shuffle(heads)
        rng.shuffle(late)
        self.page.chunks = [*(c for frame in early for c in frame), *heads, *(c for group in late for c in group)]

    def _frame(
        self, item: int, article: Article, sections: Sequence[Sequence[Piece]], part: int, measure: float
    ) -> list[Chunk]:
        pieces = [piece for piece in sections[part] if piece.role != "subhead"]
        columns = max(1, round(sum(len(piece.text) for piece in pieces) / measure / self.rng.uniform(9, 16)))
        block = set_flow(pieces, self.rng, self.page.style, measure=measure, columns=columns)
        return [Chunk(lines, "body", item, part) for lines in block]


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
