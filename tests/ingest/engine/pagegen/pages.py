"""Putting a page together: choose articles, sign them, damage their text, set them, disorder them, deliver them."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.ingest.engine.pagegen import bylines, corpus, furniture, notices, registry, truth
from tests.ingest.engine.pagegen.model import Article, Chunk, Line, Page, Piece
from tests.ingest.engine.pagegen.setting import deliver, set_flow, set_subhead, wrap
from tests.ingest.engine.pagegen.world import World

KINDS = ("feature", "front", "city", "classified", "mixed")
SHARE = (3, 4, 4, 2, 3)
# What papers do not print there.
UNFIT = {
    "front": {"essay", "memory", "letters", "theory", "interview", "opinion", "notes", "healthtip", "qa", "agritech"},
    "city": {"essay", "memory", "theory", "meeting", "notes", "agritech"},
}
VERSIONS = ("第一版", "第二版", "第三版", "第四版", "A1版", "A3版", "02版", "B2版")


@dataclass(frozen=True)
class GeneratedPage:
    text: str
    gold: dict[str, Any]


def make_page(
    seed: int, kind: str | None = None, damage: float = 1.0, rates: Mapping[str, float] | None = None
) -> GeneratedPage:
    """One page. ``damage`` scales all rates; ``rates`` sets single ones (for tests and ablations)."""
    kind = kind or random.Random(f"kind:{seed}").choices(KINDS, SHARE)[0]
    rng = random.Random(f"page:{seed}:{kind}")  # so a page is named by seed and kind, however it was asked for
    return Maker(seed, kind, damage, dict(rates or {}), rng).make()


class Maker:
    def __init__(self, seed: int, kind: str, scale: float, rates: dict[str, float], rng: random.Random) -> None:
        self.seed, self.rng = f"{seed}:{kind}", rng
        table = {name: min(1.0, rate * scale) for name, rate in registry.RATES[kind].items()}
        worse = rng.choice([0.35, 0.8, 1.0, 1.0, 1.2])  # some pages are nearly clean, some are wrecks
        table = {name: min(1.0, rate * worse) for name, rate in table.items()}
        self.rates = {**table, **rates}
        flow = {"feature": "paragraphs", "front": "columns", "city": "columns"}.get(kind) or rng.choice(
            ["paragraphs", "columns"]
        )
        world = World.make(rng, city_paper=kind == "city" or rng.random() < 0.15)
        self.page = Page(kind, flow, rng, world, scale)
        self.long_paragraphs = rng.choice([0.15, 0.5, 0.8] if flow == "columns" else [0.0, 0.2, 0.5])
        self.house = bylines.House.make(self.page, rng)

    def make(self) -> GeneratedPage:
        page, rng = self.page, self.rng
        self.choose()
        page.furniture = furniture.pieces(page, rng)
        registry.run("text", page, self.seed, self.rates)
        registry.run("style", page, self.seed, self.rates)
        if "paragraphs_without_blank" in page.style:
            page.style["blank_between_paragraphs"] = 1.0 - page.style["paragraphs_without_blank"]
        self.set_page()
        registry.run("lines", page, self.seed, self.rates)
        registry.run("order", page, self.seed, self.rates)
        return GeneratedPage(self.deliver(), truth.gold(page))

    # --- what is on the page ---

    def choose(self) -> None:
        page, rng = self.page, self.rng
        year = page.world.year
        unfit = UNFIT.get(page.kind, set())
        pool = [t for t in corpus.templates() if t.years[0] <= year <= t.years[1] and t.kind not in unfit]
        rng.shuffle(pool)
        long = [t for t in pool if t.has_sections or t.size > 800]
        short = [t for t in pool if t not in long and t.size < 360]
        rest = [t for t in pool if t not in long and t not in short]
        some = rng.randint
        long_count, rest_count, short_count = {
            "feature": lambda: (some(1, 3), some(0, 3), some(0, 2)),
            "front": lambda: (some(0, 3) // 3, some(3, 5), some(2, 4)),
            "city": lambda: (some(1, 3), some(1, 2), some(0, 2)),
            "classified": lambda: (0, some(0, 1), some(0, 1)),
            "mixed": lambda: (some(0, 2), some(1, 3), some(1, 3)),
        }[page.kind]()
        chosen = long[:long_count] + rest[:rest_count] + short[:short_count]
        rng.shuffle(chosen)
        for template in chosen:
            page.articles.append(self.article(template))
        count = {"classified": rng.randint(4, 12), "mixed": rng.choice([0, 0, 2, 3])}.get(page.kind, 0)
        if page.kind == "feature" and rng.random() < 0.15:
            count = rng.randint(2, 4)
        page.notices = [notices.make(page.world, rng) for _ in range(count)]

    def article(self, template: corpus.Template) -> Article:
        page, rng = self.page, self.rng
        article = corpus.realise(template, page.world, rng)
        self._run_together(article)
        article.captions = [caption for caption in article.captions if rng.random() < 0.8]
        bylines.sign(article, template.options.get("lead", "dateline"), self.house, page, rng)
        bylines.credit_captions(article, self.house, page, rng)
        bylines.decorate(article, page)
        if article.kicker is not None and rng.random() < 0.15:
            article.kicker = None
        bare = rng.random()
        if bare < 0.008:  # the headline was a picture, or was not read
            article.headline = article.kicker = article.column = None
            article.deck = []
        elif bare < 0.012 and page.kind == "front":  # a teaser: the story is on another page
            article.body, article.captions, article.byline, article.authors = [], [], None, []
            return article
        jump = rng.random()
        if jump < 0.05 and page.kind in {"front", "mixed"}:
            self._jump_on(article)
        elif jump < 0.07 and page.kind in {"feature", "mixed", "city"} and len(article.body) > 3:
            where = rng.choice(VERSIONS[:2] if rng.random() < 0.7 else VERSIONS)
            article.continued_from = where
            left, right = rng.choice([("（", "）"), ("(", ")"), ("（", "）")])
            article.jump_from = Piece("removed", f"{left}{rng.choice(['上接', '上接', '紧接'])}{where}{right}")
            # A continuation prints no dateline: what stood before is on the other page.
            del article.body[0]
            article.byline, article.authors = None, []
            if article.body[0].role == "paragraph" and rng.random() < 0.4:
                article.body[0].text = _tail(article.body[0].text)
        return article

    def _run_together(self, article: Article) -> None:
        """Some papers write long paragraphs: neighbours become one, speech and labelled lines stay apart."""
        body: list[Piece] = []
        for piece in article.body:
            may_join = (
                body
                and body[-1].role == piece.role == "paragraph"
                and piece.text[0] not in "“（【—"
                and "：" not in piece.text[:12]
                and body[-1].text[-1] == "。"
                and "：" not in body[-1].text[:12]
                and len(body[-1].text) + len(piece.text) < 330
            )
            if may_join and self.rng.random() < self.long_paragraphs:
                body[-1].text += piece.text
            else:
                body.append(piece)
        article.body = body

    def _jump_on(self, article: Article) -> None:
        rng = self.rng
        where = rng.choice(VERSIONS[1:])
        paragraphs = [at for at, piece in enumerate(article.body) if piece.role == "paragraph"]
        if len(paragraphs) < 3 or article.byline_last:
            return
        cut = paragraphs[rng.randint(1, len(paragraphs) - 2)]
        del article.body[cut + 1 :]
        last = article.body[cut]
        if rng.random() < 0.5:
            last.text = last.text[: rng.randint(len(last.text) // 2, len(last.text) - 4)]
        if "（" in last.text and "）" not in last.text:
            last.text = last.text.replace("（", "")
        article.continued_on = where
        article.jump_on = Piece(
            "removed", rng.choice([f"（下转{where}）", f"(下转{where})", f"（紧接{where}）", f"下转{where}"])
        )

    # --- setting ---

    def set_page(self) -> None:
        page, rng = self.page, self.rng
        groups: list[list[Chunk]] = []
        for item, article in enumerate(page.articles):
            groups.append(
                self.set_columns(item, article) if page.flow == "columns" else self.set_paragraphs(item, article)
            )
        chunks = [chunk for group in groups for chunk in group]
        running = list(page.furniture)  # notices may add headings of their own
        if page.notices:
            at = len(chunks) if rng.random() < 0.8 else 0
            chunks[at:at] = self.set_notices()
        tops = [piece for piece in running if not piece.text.startswith(("责", "■", "本版", "值班", "爆料", "地址"))]
        for piece in running:
            chunk = Chunk([Line(piece.text)], "furniture")
            if piece in tops:
                chunks.insert(tops.index(piece), chunk)
            else:
                chunks.append(chunk)
        page.chunks = chunks

    def _head_lines(self, article: Article, blank: bool) -> list[Line]:
        pieces = [article.kicker, article.headline, *article.deck]
        return [Line(piece.text, blank=blank) for piece in pieces if piece is not None]

    def _with_jumps(self, article: Article, pieces: list[Piece], part: int, parts: int) -> list[Piece]:
        """Jump lines set into the text they stand at."""
        pieces, rng = list(pieces), self.rng
        if article.jump_from is not None and part == 0:
            glued = Piece(pieces[0].role, article.jump_from.text + rng.choice(["", " "]) + pieces[0].text)
            own_line = pieces[0].role == "subhead" and self.page.flow == "columns"
            if own_line or rng.random() < 0.3:
                pieces = [Piece("paragraph", article.jump_from.text), *pieces]
            else:
                pieces = [glued, *pieces[1:]]
        if article.jump_on is not None and part == parts - 1:
            glued = Piece(pieces[-1].role, pieces[-1].text + rng.choice(["", "", " "]) + article.jump_on.text)
            pieces = (
                [*pieces[:-1], glued] if rng.random() < 0.65 else [*pieces, Piece("paragraph", article.jump_on.text)]
            )
        return pieces

    def set_columns(self, item: int, article: Article) -> list[Chunk]:
        """Hard line breaks: the article is one frame, or one for its lead and one for each section."""
        page, rng = self.page, self.rng
        chunks: list[Chunk] = []
        if article.column is not None:
            chunks.append(Chunk([Line(article.column.text)], "column", item))
        head = self._head_lines(article, False)
        if head:
            chunks.append(Chunk(head, "head", item))
        sections = article.sections
        if not sections:
            return chunks
        torn = len(sections) > 1 and page.kind in {"city", "mixed", "front"} and rng.random() < 0.75
        flows = sections if torn else [article.body]
        measure = self._measure(article)
        byline = article.byline
        for part, pieces in enumerate(flows):
            subheads = [piece for piece in pieces if piece.role == "subhead"] if torn else []
            pieces = self._with_jumps(article, pieces, part, len(flows))
            if subheads and rng.random() < 0.7:  # a frame of its own
                pieces = [piece for piece in pieces if piece.role != "subhead"]
                lines = [
                    line
                    for piece in subheads
                    for line in set_subhead(piece.text, measure * 1.6, rng, page.style, apart=piece is not subheads[0])
                ]
                chunks.append(Chunk(lines, "subhead", item, part))
            size = sum(len(piece.text) for piece in pieces) / measure
            tall = rng.uniform(8, 14) if page.kind == "city" else rng.uniform(6, 12)
            columns = 1 if measure > 18 and rng.random() < 0.85 else max(1, min(8, round(size / tall)))
            wide = part == 0 and torn and rng.random() < 0.3
            own = rng.uniform(22, 36) if wide else measure
            block = set_flow(pieces, rng, page.style, measure=own, columns=1 if wide else columns)
            if byline is not None and part == 0 and not article.byline_last:
                if rng.random() < 0.35:  # in the frame of the text, centred
                    block[0][:0] = [Line(line.text, centred=True) for line in self._byline_lines(byline, own)]
                else:
                    chunks.append(Chunk(self._byline_lines(byline, own), "byline", item))
            if byline is not None and article.byline_last and part == len(flows) - 1:
                block[-1] += [Line(line.text, centred=True) for line in self._byline_lines(byline, own)]
            chunks += [Chunk(lines, "body", item, part) for lines in block]
        for caption in article.captions:
            lines = wrap(caption.text, iter(lambda: rng.choice([24.0, 30.0]), None), rng, {}, 0.0)
            chunks.append(Chunk(lines, "caption", item))
        return chunks

    def _measure(self, article: Article) -> float:
        rng = self.rng
        if self.page.kind == "city":
            return float(rng.choice([10, 11, 12, 12, 13, 13, 14, 16]))
        return float(
            rng.choice([13, 14, 16, 16, 16, 17, 18, 20, 24, 26] if article.size < 700 else [12, 14, 16, 16, 17, 18])
        )

    def _byline_lines(self, piece: Piece, measure: float) -> list[Line]:
        """A long byline breaks before 通讯员."""
        text, rng = piece.text, self.rng
        at = text.find(" 通讯员")
        if at > 0 and (len(text) > measure or rng.random() < 0.4):
            return [Line(text[:at]), Line(text[at + 1 :])]
        return [Line(text)]

    def set_paragraphs(self, item: int, article: Article) -> list[Chunk]:
        """One paragraph a line, as a recogniser delivers it."""
        rng = self.rng
        chunks: list[Chunk] = []
        if article.column is not None:
            chunks.append(Chunk([Line(article.column.text)], "column", item))
        head = self._head_lines(article, True)
        if len(head) > 1 and rng.random() < 0.06:  # headline and deck on one line
            texts = [line.text for line in head[-2:]]
            head[-2:] = [Line(" ".join(texts), blank=True)]
        if head:
            chunks.append(Chunk(head, "head", item, gap=rng.choice([2, 2, 2, 4])))
        if article.byline is not None and not article.byline_last:
            chunks.append(Chunk([Line(article.byline.text)], "byline", item, gap=rng.choice([2, 2, 4])))
        sections = article.sections
        if not sections:
            return chunks
        captions = [Chunk([Line(piece.text)], "caption", item, gap=rng.choice([2, 2, 4])) for piece in article.captions]
        for part, pieces in enumerate(sections):
            lines: list[Line] = []
            for piece in self._with_jumps(article, pieces, part, len(sections)):
                lines += [Line(text, blank=True) for text in self._tear(piece)]
            if article.byline is not None and article.byline_last and part == len(sections) - 1:
                lines.append(Line(article.byline.text, blank=True))
            cut = (
                sorted(rng.sample(range(1, len(lines)), min(len(lines) - 1, rng.randint(0, 2))))
                if len(lines) > 1
                else []
            )
            for start, end in zip([0, *cut], [*cut, len(lines)], strict=True):
                chunks.append(Chunk(lines[start:end], "body", item, part, gap=2))
            if captions and rng.random() < 0.6:
                chunks[-1].gap = rng.choice([2, 4, 4])
                chunks.append(captions.pop(0))
        chunks += captions
        if rng.random() < 0.6:
            chunks[-1].gap = rng.choice([2, 4])
        return chunks

    def _tear(self, piece: Piece) -> list[str]:
        """A column's end inside a paragraph: the rest stands after a blank line, wherever the cut falls."""
        rng, text = self.rng, piece.text
        if (
            piece.role != "paragraph"
            or len(text) < 60
            or rng.random() >= self.page.style.get("paragraphs_torn", 0.0) * 0.5
        ):
            return [text]
        at = rng.randrange(15, len(text) - 12)
        while at < len(text) - 1 and (
            text[at] in "，。、；：？！”’）》,;:?!)"
            or text[at - 1] in "“‘（《("
            or (text[at - 1].isascii() and text[at].isascii())
        ):
            at += 1
        return [text[:at].rstrip(), text[at:].lstrip()] if at < len(text) - 1 else [text]

    def set_notices(self) -> list[Chunk]:
        page, rng = self.page, self.rng
        chunks: list[Chunk] = []
        measure = float(rng.choice([14, 16, 18, 22]))
        wide = " " if rng.random() < 0.12 else ""  # 遗 失 声 明
        for number, notice in enumerate(page.notices, len(page.articles)):
            lines = [Line(wide.join(notice.heading.text), blank=True)] if notice.heading is not None else []
            for piece in notice.body:
                if page.flow == "columns":
                    indent = 2.0 if piece is notice.body[0] else 0.0
                    lines += wrap(piece.text, iter(lambda: measure, None), rng, page.style, indent)
                else:
                    lines.append(Line(piece.text, blank=True))
            chunks.append(Chunk(lines, "notice", number))
        if page.kind == "classified" and rng.random() < 0.6:
            titles = ["分类广告", "分类信息", "公告", f"广告热线：{rng.randint(2000000, 8999999)}", "便民服务 分类信息"]
            for text in rng.sample(titles, rng.randint(1, 2)):
                piece = Piece("furniture", text)
                page.furniture.append(piece)
                chunks.insert(0, Chunk([Line(text)], "furniture"))
        return chunks

    # --- delivery ---

    def deliver(self) -> str:
        page, rng = self.page, self.rng
        out: list[str] = []
        flat = "no_blank_lines" in page.style
        for chunk in page.chunks:
            if page.flow == "columns":
                text = deliver(chunk.lines, rng, page.style)
            else:
                text = "\n".join(("\n" if at and line.blank else "") + line.text for at, line in enumerate(chunk.lines))
            if flat:
                text = "\n".join(line for line in text.split("\n") if line)
            out.append(text)
            out.append("\n" * (min(1, chunk.gap) if flat and chunk.kind == "body" else chunk.gap))
        text = "".join(out)
        if page.style.get("indents_kept"):
            text = self._with_indents(text)
        start, end = (
            ("\n\n", rng.choice(["", "\n\n", ""]))
            if page.flow == "paragraphs"
            else (" ", rng.choice(["\n\n", "\n ", ""]))
        )
        return self._blanks(start + text.rstrip("\n") + end)

    def _blanks(self, text: str) -> str:
        """Blanks and line ends as some sources have them."""
        rng, style = self.rng, self.page.style
        if "odd_spaces" in style:
            odd = rng.choice(["\u3000", "\u00a0", "\u2002", "  "])
            text = text.replace(" ", odd)
        if "trailing_spaces" in style:
            text = re.sub(r"(?m)(?<=\S)$", lambda _: rng.choice(["", " ", "  "]), text)
        return text.replace("\n", "\r\n") if "crlf" in style else text

    def _with_indents(self, text: str) -> str:
        """Two wide blanks before each paragraph's first line."""
        first = {
            line.text
            for c in self.page.chunks
            if c.kind == "body"
            for line in c.lines
            if line.indent or self.page.flow == "paragraphs"
        }
        return "\n".join("　　" + line if line in first and len(line) > 8 else line for line in text.split("\n"))


def _tail(text: str) -> str:
    """The rest of a paragraph that began on another page."""
    at = text.find("，", len(text) // 3)
    rest = text[at + 1 :]
    return rest if at > 0 and rest.count("”") == rest.count("“") else text
