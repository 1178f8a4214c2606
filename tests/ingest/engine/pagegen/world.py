"""The places, people and newspapers of one generated page, and the filling of templates with them.

Template language of the corpus (see `corpus.py` for the file form):

    {县} {县简} {市} {市简} {省} {镇1} {镇1简} {村1} {社区1} {街1} {路1}   places; the number names a further one
    {书记} {县长}                                                    the page's leaders, the same in all its articles
    {人1} {姓1} {企1} {校1} {品1}                                    people and bodies of one article
    {年} {去年} {明年} {月} {日} {昨日}                               the page's date
    {#20-90} {#1.2-9.8} {#名=20-90} {#名}                            figures; a named one may be repeated
    [甲|乙|]                                                         one of the alternatives, may be nested
"""

from __future__ import annotations

import datetime as dt
import random
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

VOCABULARY: dict[str, str] = tomllib.loads((Path(__file__).parent / "vocabulary.toml").read_text("utf-8"))
# County, prefecture, province: real places, spread over the country; none of them occurs in the seeds.
COUNTIES = tuple(tuple(row.split()) for row in VOCABULARY["counties"].strip().splitlines())


def words(name: str) -> tuple[str, ...]:
    return tuple(VOCABULARY[name].split())


PAPER_TAILS = ("日报", "日报", "日报", "晚报", "报", "时报", "新闻", "今报", "都市报", "商报")
CITY_TAILS = ("晚报", "都市报", "晨报", "商报", "今报")

_INNER = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{([^{}]+)\}")


def short(place: str) -> str:
    """A place without the word for its rank: 沭阳县 → 沭阳."""
    return place[:-1] if len(place) > 2 else place


@dataclass
class World:
    """What all articles of a page share."""

    rng: random.Random
    year: int
    county: str = ""
    prefecture: str = ""
    province: str = ""
    newspaper: str = ""
    date: dt.date = dt.date(2000, 1, 1)
    towns: list[str] = field(default_factory=list)
    reporters: list[str] = field(default_factory=list)
    secretary: str = ""
    mayor: str = ""

    @classmethod
    def make(cls, rng: random.Random, *, city_paper: bool = False) -> World:
        year = rng.choice(
            [2004, 2008, 2011, 2013, 2016, 2018, 2019, 2020, 2021, 2022, 2023, 2023, 2024, 2024, 2025, 2025]
        )
        world = cls(rng, year)
        world.county, world.prefecture, world.province = rng.choice(COUNTIES)
        stem, tails = (short(world.prefecture), CITY_TAILS) if city_paper else (short(world.county), PAPER_TAILS)
        world.newspaper = stem + rng.choice(tails)
        world.date = dt.date(year, 1, 1) + dt.timedelta(days=rng.randrange(365))
        world.towns = rng.sample(words("towns"), 12)
        world.secretary, world.mayor = world.person(), world.person()
        world.reporters = [world.person() for _ in range(10)]
        return world

    def person(self) -> str:
        rng = self.rng
        surname = rng.choice(words("surnames"))
        return surname + (rng.choice(words("given_one")) if rng.random() < 0.25 else self._two())

    def _two(self) -> str:
        rng = self.rng
        return rng.choice(words("given_two")) if rng.random() < 0.7 else "".join(rng.sample(words("given_one"), 2))


class Filler:
    """Fills the templates of one article: the same slot gives the same word throughout it."""

    def __init__(self, world: World, rng: random.Random) -> None:
        self.world, self.rng = world, rng
        self.known: dict[str, str] = {}
        # Full names that a writer would keep apart inside one story.
        self._villages = rng.sample(words("villages"), len(words("villages")))
        self._communities = rng.sample(words("communities"), len(words("communities")))
        self._streets = rng.sample(words("streets"), len(words("streets")))
        self._roads = rng.sample(words("roads"), len(words("roads")))
        self._towns = rng.sample(world.towns, len(world.towns))

    def fill(self, template: str) -> str:
        while (found := _INNER.search(template)) is not None:
            choice = self.rng.choice(found.group(1).split("|"))
            template = template[: found.start()] + choice + template[found.end() :]
        return self._smooth(_SLOT.sub(lambda m: self.slot(m.group(1)), template))

    def _smooth(self, text: str) -> str:
        """The words for the county's rank, and round figures before 多 and 余."""
        rank = self.world.county[-1]
        if rank != "县":
            text = re.sub("县(?!城(?!管)|[志级域])", rank, text)
        return re.sub(r"(?<![\d.])(\d)(\d+)(?=[多余])", lambda m: m.group(1) + "0" * len(m.group(2)), text)

    def slot(self, name: str) -> str:
        if name.startswith("#"):
            return self._figure(name[1:])
        if name not in self.known:
            self.known[name] = self._make(name)
        return self.known[name]

    def _figure(self, spec: str) -> str:
        label, sep, span = spec.rpartition("=")
        if not sep and not re.fullmatch(r"[\d.]+-[\d.]+", spec):
            return self.known["#" + spec]
        low, high = span.split("-")
        places = len(low.partition(".")[2])
        if places:
            value = f"{self.rng.uniform(float(low), float(high)):.{places}f}"
        else:
            number = self.rng.randint(int(low), int(high))
            if 200 < int(high) < 10**6 and not 1900 < int(low) < 2100 and self.rng.random() < 0.75:
                number = max(int(low), round(number, -1 if number < 1000 else -2))
            value = str(number)
        if label:
            self.known["#" + label] = value
        return value

    def _make(self, name: str) -> str:
        world, rng = self.world, self.rng
        stem, digits = name.rstrip("0123456789简"), re.sub(r"\D", "", name)
        if name.endswith("简") and len(name) > 1 and stem in {"镇", "县", "市", "省"}:
            return short(self.slot(name[:-1]))
        nth = int(digits or 1) - 1
        yesterday = world.date - dt.timedelta(days=1)
        fixed = {
            "县": world.county, "市": world.prefecture, "省": world.province, "报": world.newspaper,
            "书记": world.secretary, "县长": world.mayor,
            "年": str(world.date.year), "去年": str(world.date.year - 1), "明年": str(world.date.year + 1),
            "月": str(world.date.month), "日": str(world.date.day), "昨日": f"{yesterday.month}月{yesterday.day}日",
            "级": world.county[-1],
        }  # fmt: skip
        if stem in fixed:
            return fixed[stem]
        if stem == "镇":
            return self._towns[nth] + ("镇" if rng.random() < 0.8 else "乡")
        if stem == "村":
            return self._villages[nth] + "村"
        if stem == "社区":
            return self._communities[nth] + "社区"
        if stem == "街":
            return self._streets[nth] + "街道"
        if stem == "路":
            return self._roads[nth]
        if stem == "人":
            return world.person()
        if stem == "姓":
            return rng.choice(words("surnames")[:60])
        if stem == "企":
            prefix = rng.choice([short(world.county), world.county, ""])
            return prefix + rng.choice(words("company_names")) + rng.choice(words("company_trades"))
        if stem == "校":
            return (
                short(world.county)
                + words("schools")[(nth + rng.randrange(len(words("schools")))) % len(words("schools"))]
            )
        if stem == "品":
            return rng.choice(words("products"))
        raise KeyError(f"模板里的空位没有含义：{name}")
