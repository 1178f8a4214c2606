"""Who wrote it, in the forms papers use: datelines before the lead, bylines above or under the text, photo credits."""

from __future__ import annotations

import random
from dataclasses import dataclass

from tests.ingest.engine.pagegen.model import Article, Page, Piece
from tests.ingest.engine.pagegen.world import short

CAPTION_MARKS = "▲▼◀▶↑"


@dataclass(frozen=True)
class House:
    """The habits of one newspaper, the same on all its page."""

    dateline: str
    reporter: str  # in a dateline: 记者, 融媒体记者, 全媒体记者
    byline_reporter: str  # over a text: 本报记者, N晚报记者
    mark: str  # before a byline: □, ■
    space: str  # between the word and the name
    between: str  # between names
    brackets: str
    wide_names: bool
    caption_mark: bool

    @classmethod
    def make(cls, page: Page, rng: random.Random) -> House:
        paper = page.world.newspaper
        tail = paper[len(short(page.world.county)) :] if paper.startswith(short(page.world.county)) else paper[2:]
        modern = page.world.year >= 2017
        own = rng.random() < (0.5 if page.kind == "city" else 0.08)
        spaced = rng.random() < 0.75
        reporter = rng.choices(
            ["记者", "融媒体记者", "全媒体记者", "首席记者"], [8, 2 if modern else 0, 1.5 if modern else 0, 0.3]
        )[0]
        byline = rng.choices(
            ["本报记者", "记者", f"N{tail}记者", "融媒体记者", "本报全媒体记者"],
            [7, 1, 3 if page.kind == "city" else 0, 1.5 if modern else 0, 1 if modern else 0],
        )[0]
        return cls(
            dateline=tail + "讯"
            if own and len(tail) > 1
            else rng.choices(["本报讯", "本报讯", "【本报讯】"], [6, 6, 1])[0],
            reporter=reporter,
            byline_reporter=byline,
            mark=rng.choices(["", "□ ", "■ ", "◎", "□", "●", "○ "], [10, 1.5, 1, 0.7, 1, 0.5, 0.5])[0],
            space=" " if spaced else "",
            between=" " if spaced and rng.random() < 0.8 else "、",
            brackets="（）",
            wide_names=rng.random() < 0.35,
            caption_mark=rng.random() < 0.5,
        )

    def name(self, name: str) -> str:
        """A name of two characters is spread to the width of three: 张　伟."""
        return f"{name[0]} {name[1]}" if self.wide_names and len(name) == 2 and self.space else name

    def names(self, names: list[str]) -> str:
        return self.between.join(self.name(name) for name in names)

    def correspondents(self, names: list[str]) -> str:
        return f"通讯员{self.space}{self.names(names)}"


def sign(article: Article, lead: str, house: House, page: Page, rng: random.Random) -> None:
    """Give the article its dateline or byline and its authors."""
    pool = rng.sample(page.world.reporters, 4)
    paragraphs = [piece for piece in article.body if piece.role == "paragraph"]
    first = next((piece for piece in paragraphs if not piece.text.startswith("编者按")), None)
    if first is None or lead == "none":
        return
    if lead == "dateline" and rng.random() < 0.16:
        lead = "byline"
    elif lead == "byline" and rng.random() < 0.08:
        lead = "dateline"
    if lead == "wire":
        _wire(article, first, house, page, rng, pool)
    elif lead == "byline":
        _byline(article, house, page, rng, pool, first)
    else:
        _dateline(article, first, house, page, rng, pool)


def _dateline(article: Article, first: Piece, house: House, page: Page, rng: random.Random, pool: list[str]) -> None:
    left, right = tuple(house.brackets)
    form = rng.random()
    who, authors = "", []
    if form < 0.5:
        authors = pool[: rng.choice([1, 1, 1, 2])]
        who = f"{house.reporter}{house.space}{house.names(authors)}"
    elif form < 0.72:
        reporters, others = pool[: rng.choice([1, 1, 2])], pool[2 : rng.choice([3, 3, 4])]
        authors = reporters + others
        who = f"{house.reporter}{house.space}{house.names(reporters)} {house.correspondents(others)}"
    elif form < 0.82:
        authors = pool[: rng.choice([1, 2])]
        who = house.correspondents(authors)
    elif form < 0.87:
        authors = pool[:1]
        who = rng.choice(["见习记者", "特约记者", "实习记者"]) + house.space + house.name(authors[0])
    elif form < 0.9:
        authors = pool[: rng.choice([1, 2])]
        who = house.names(authors)
    elif form < 0.94:  # the names stand at the very end of the text
        authors = pool[: rng.choice([1, 2])]
        last = [piece for piece in article.body if piece.role == "paragraph"][-1]
        last.text += f"{left}{rng.choice(['', house.reporter + house.space])}{house.names(authors)}{right}"
    dateline = house.dateline
    if dateline == "本报讯" and rng.random() < 0.05:
        dateline = f"本报{page.world.date.month}月{page.world.date.day}日讯"
    first.text = (
        dateline + (f"{left}{who}{right}" if who else " ") + rng.choice(["", "", "", " " if who else ""]) + first.text
    )
    article.authors = authors


def _byline(article: Article, house: House, page: Page, rng: random.Random, pool: list[str], first: Piece) -> None:
    word, space = house.byline_reporter, " " if house.space else ""
    one, two = pool[0], pool[1]
    last = False
    form = rng.random()
    picture = rng.choice(["", "", " 文/图", "/文图"]) if article.captions else rng.choice(["", "", "", " 文/图"])
    if form < 0.4:
        authors = pool[: rng.choice([1, 1, 2])]
        text = f"{house.mark}{word}{space}{house.names(authors)}{picture}"
    elif form < 0.6:
        authors = pool[: rng.choice([2, 2, 3])]
        text = f"{house.mark}{word}{space}{house.name(one)} {house.correspondents(authors[1:])}{picture}"
    elif form < 0.68:
        authors = [two, one]
        text = f"{house.correspondents([two])} {word}{space}{house.name(one)}"
    elif form < 0.76:
        authors = [one, two]
        text = f"{house.mark}{word}{space}{house.name(one)}/文 {house.name(two)}/图"
    elif form < 0.82:
        authors = pool[: rng.choice([1, 2])]
        text = f"{house.mark or '□ '}{house.names(authors)}"
    elif form < 0.85:
        authors = [one]
        text = f"文/图 {word}{space}{house.name(one)}"
    elif form < 0.88:
        authors = [one, two]
        text = f"文/{word}{space}{house.name(one)} 图/通讯员{space}{house.name(two)}"
    elif form < 0.9:
        authors = [one]
        text = f"{word}{space}{house.name(one)} {rng.choice(['报道', '实习生 ' + house.name(two)])}"
        authors = [one, two] if "实习生" in text else [one]
    else:
        authors, last = pool[: rng.choice([1, 2])], True
        full = f"{word}{space}{house.names(authors)}"
        text = rng.choice([f"（{full}）", f"□ {full}", full, f"（{house.correspondents(authors)}）"])
    article.byline, article.byline_last, article.authors = Piece("byline", text), last, authors
    if not last and rng.random() < 0.12:
        first.text = (house.dateline if not house.dateline.startswith("【") else "本报讯") + " " + first.text


def _wire(article: Article, first: Piece, house: House, page: Page, rng: random.Random, pool: list[str]) -> None:
    day = page.world.date
    place = rng.choice(["北京", "上海", "广州", "武汉", "成都"])
    authors = pool[: rng.choice([1, 2])]
    names = "、".join(authors)
    form = rng.random()
    if form < 0.4:
        first.text = f"新华社{place}{day.month}月{day.day}日电（记者{house.space}{names}）" + first.text
        article.authors = authors
    elif form < 0.6:
        first.text = f"据新华社{place}{day.month}月{day.day}日电（记者{names}）" + first.text
        article.authors = authors
    elif form < 0.75:
        first.text = f"新华社{place}{day.month}月{day.day}日电 " + first.text
    elif form < 0.88:
        first.text = rng.choice(["据新华社电 ", "据中新社报道，", "据央视新闻报道，"]) + first.text
    else:
        article.byline, article.byline_last = (
            Piece("byline", rng.choice(["（来源：新华网）", "（据新华社）", "（来源：人民日报）"])),
            True,
        )


def decorate(article: Article, page: Page) -> None:
    """The marks a paper puts before subheads and round column names, the same over a page."""
    rng = random.Random(f"marks:{page.world.newspaper}:{page.world.date}")
    mark = rng.choices(["", "■", "◆", "● ", "▌", "★"], [40, 2, 2, 1, 1, 1])[0]
    left, right = rng.choices([("", ""), ("【", "】"), ("■", ""), ("[", "]"), ("●", "")], [20, 3, 2, 1, 1])[0]
    for piece in article.body:
        if piece.role == "subhead" and mark and not piece.text.startswith("一"):
            piece.text = mark + piece.text
    if article.column is not None:
        article.column.text = left + article.column.text + right


def credit_captions(article: Article, house: House, page: Page, rng: random.Random) -> None:
    """Marks before captions and credits after them."""
    for piece in article.captions:
        text = piece.text
        name = rng.choice(page.world.reporters)
        if len(text) > 8 and rng.random() < 0.25 and not text.startswith("图为"):
            text = "图为" + text
        form = rng.random()
        if len(text) <= 4:  # a person's name under a portrait
            pass
        elif form < 0.25:
            text = (
                text.rstrip("。")
                + rng.choice(["。", " ", "。 "])
                + f"{house.byline_reporter.lstrip('N')}{house.space}{house.name(name)} 摄"
            )
        elif form < 0.33:
            text = text.rstrip("。") + "。" + f"{house.name(name)} 摄"
        elif form < 0.41:
            text = text.rstrip("。") + rng.choice(["（资料图）", "。（受访者供图）", "（通讯员供图）", "（资料图片）"])
        elif form < 0.5:
            text = text.rstrip("。")
        if house.caption_mark and rng.random() < 0.8:
            text = rng.choice(CAPTION_MARKS) + rng.choice(["", "", " "]) + text
        piece.text = text
