"""The names guard: people's names against the titles on record.

`Register` is made from the offices on record and read-only. Looking through a text takes time in proportion to the text
alone: every place is looked up in a table, however many people are on record.

It speaks only where it has something to hold on to, because a guard that cries at every page is switched off in the
head: of a title that stands right before a name on record; of a name one character off that bears a title on record;
and, without a title, of one that differs in a character commonly mistaken for another.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Held:
    """That a person bore a title in a period; either end may be open."""

    name: str
    title: str = ""
    since: date | None = None
    until: date | None = None

    def is_at(self, day: date | None) -> bool:
        """Whether it was so that day; of a text nobody has dated everything may be so."""
        return day is None or ((self.since is None or self.since <= day) and (self.until is None or day <= self.until))

    @property
    def words(self) -> str:
        if self.since is None and self.until is None:
            return self.title
        since = f"{self.since:%Y-%m-%d}起" if self.since else ""
        until = f"{self.until:%Y-%m-%d}止" if self.until else ""
        return f"{self.title}（{since}{'，' if since and until else ''}{until}）"


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something to query: `quote` stands in the text; `fix` is the name meant, if one is."""

    code: str
    quote: str
    message: str
    fix: str = ""
    is_blocking: bool = False


def _lines(name: str) -> tuple[str, ...]:
    lines = (line.strip() for line in (_DATA / name).read_text("utf-8").splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


@cache
def _heads() -> frozenset[str]:
    return frozenset(_lines("title_heads.txt"))


@cache
def name_lookalikes() -> dict[str, frozenset[str]]:
    """Characters that are taken for one another in names, each with its whole group."""
    found: dict[str, set[str]] = {}
    for group in _lines("name_lookalikes.txt"):
        for character in group:
            found.setdefault(character, set()).update(group)
    return {character: frozenset(group) for character, group in found.items()}


# Before a title: what changes the rank it names, and what says it is over.
_RANKS = ("常务", "代理", "执行", "名誉", "副", "代")
_FORMER = ("原", "前", "时任", "曾任")
_LOWER = ("副", "代", "代理", "助理", "名誉")
_TITLE_SPLIT = re.compile(r"[、，,；;\s]|兼")
_NAME = re.compile(r"[\u3400-\u9fff·]+")
_GAPS = re.compile(r"\s+")
_AFTER_SHORT = frozenset(
    "，。、；：！？（）“”《》()・"
    "说在率到的主前强指与和出表带等赴参会调先要认告致讲作代担任当向对同为宣提深走听看一介还也及并将"
)
"""What may follow a name of two characters: anything else may be the third character of a longer name."""
_CHAIN = 4


def _fits(title: str, held: str) -> bool:
    """Whether a title as printed and one on record may be the same: one may name the place the other leaves out
    (市委书记, 青溪市委书记), none may change the rank (市长, 副市长). 常务 does not."""
    title, held = title.removeprefix("常务"), held.replace("常务", "")
    longer, shorter = (held, title) if len(held) >= len(title) else (title, held)
    return longer.endswith(shorter) and not longer[: len(longer) - len(shorter)].endswith(_LOWER)


@dataclass(frozen=True, slots=True)
class _Title:
    text: str
    is_former: bool


@dataclass(frozen=True)
class Register:
    """The offices on record, laid out for looking up."""

    by_name: dict[str, list[Held]] = field(default_factory=dict)
    _blanked: dict[str, set[str]] = field(default_factory=dict)
    _titles: frozenset[str] = frozenset()
    _lengths: tuple[int, ...] = ()
    _title_lengths: tuple[int, ...] = ()

    @classmethod
    def of(cls, held: Iterable[Held]) -> Register:
        by_name: dict[str, list[Held]] = {}
        titles = set(_heads())
        for each in held:
            parts = [part for part in _TITLE_SPLIT.split(each.title) if part] or [""]
            for part in parts:
                by_name.setdefault(each.name, []).append(Held(each.name, part, each.since, each.until))
            titles.update(part for part in parts if part)
        blanked: dict[str, set[str]] = {}
        for name in by_name:
            for key in _blank(name):
                blanked.setdefault(key, set()).add(name)
            if len(name) == 3:  # 陈文辉 set as 陈辉文
                blanked.setdefault(name[0] + name[2] + name[1], set()).add(name)
        return cls(
            by_name,
            blanked,
            frozenset(titles),
            tuple(sorted({len(name) for name in by_name}, reverse=True)),
            tuple(sorted({len(title) for title in titles}, reverse=True)),
        )

    def doubts(self, text: str, *, day: date | None, known: Collection[str] = ()) -> Iterator[Doubt]:
        """What to query in one running text printed that day. `known` are names right in this text: who signed it."""
        if not self.by_name:
            return
        text = _GAPS.sub("", text)  # names of two characters are set with a gap: 王　平
        start = 0
        while start < len(text):
            size = self._exact(text, start)
            if size:
                yield from self._wrong_title(text, start, size, day)
                start += size
                continue
            size = 0
            for doubt, length in self._near(text, start, day, known):
                yield doubt
                size = length
                break
            start += size or 1

    def _exact(self, text: str, start: int) -> int:
        for size in self._lengths:
            if text[start : start + size] in self.by_name and len(text) - start >= size:
                return size
        return 0

    def _wrong_title(self, text: str, start: int, size: int, day: date | None) -> Iterator[Doubt]:
        name = text[start : start + size]
        on_record = [held for held in self.by_name[name] if held.title]
        if not on_record or not _ends(text, start + size, size):
            return
        now = [held for held in on_record if held.is_at(day)]
        for title in self._titles_before(text, start):
            if any(_fits(title.text, held.title) for held in (on_record if title.is_former else now)):
                continue
            if title.is_former or (not now and not any(_fits(title.text, held.title) for held in on_record)):
                continue  # nothing on record for that day, and no title of theirs: somebody else, most likely
            held_words = "、".join(dict.fromkeys(held.words for held in now or on_record))
            when = f"{day:%Y-%m-%d} " if day else ""
            yield Doubt(
                "name-title",
                f"{title.text}{name}",
                f"{when}“{name}”在册的职务是{held_words}，不是“{title.text}”" if now else
                f"“{name}”的“{title.text}”在册是{held_words}，{when}已不在任期",
                is_blocking=True,
            )  # fmt: skip
            return

    def _near(self, text: str, start: int, day: date | None, known: Collection[str]) -> Iterator[tuple[Doubt, int]]:
        for size in self._lengths:
            printed = text[start : start + size]
            if len(printed) < max(size, 2) or not _NAME.fullmatch(printed) or printed in known:
                continue
            meant = {name for key in (*_blank(printed), printed) for name in self._blanked.get(key, ())}
            for name in sorted(meant):
                titles = self._bears(text, start, name, day)
                if titles is None:
                    continue
                alike = _alike(printed, name)
                strong = [title for title in titles if len(title) >= 3 or alike]
                if strong and (printed[0] == name[0] or alike) and _ends(text, start + size, size):
                    words = f"“{strong[0]}{printed}”：在册的是“{name}”，差一个字或颠倒"
                    yield Doubt("name-near", printed, words, fix=name, is_blocking=True), size
                    return
                if (
                    alike
                    and not titles
                    and size >= 3
                    and printed[0] == name[0]
                    and not self._titles_before(text, start)
                ):
                    words = f"“{printed}”与在册的“{name}”只差一个易混的字"
                    yield Doubt("name-near", printed, words, fix=name), size
                    return

    def _bears(self, text: str, start: int, name: str, day: date | None) -> list[str] | None:
        """The titles before this place that `name` has on record, longest first; None where others stand there:
        then it is somebody else."""
        before = self._titles_before(text, start)
        held = [h.title for h in self.by_name[name] if h.title and h.is_at(day)]
        found = [title.text for title in before if any(_fits(title.text, each) for each in held)]
        return None if before and not found else sorted(found, key=len, reverse=True)

    def _titles_before(self, text: str, end: int) -> list[_Title]:
        """The titles right before this place, the nearest first: 青溪市委副书记、市长｜王平."""
        found: list[_Title] = []
        while len(found) < _CHAIN:
            size = next((n for n in self._title_lengths if n <= end and text[end - n : end] in self._titles), 0)
            if not size:
                break
            begin = end - size
            while rank := next((rank for rank in _RANKS if text.endswith(rank, 0, begin)), ""):
                begin -= len(rank)
            found.append(_Title(text[begin:end], text.endswith(_FORMER, 0, begin)))
            end = begin
            if end and text[end - 1] in "、兼":
                end -= 1
        return found


def _blank(name: str) -> list[str]:
    """The name with each character in turn left open."""
    return [f"{name[:index]}\0{name[index + 1 :]}" for index in range(len(name))]


def _alike(printed: str, name: str) -> bool:
    differing = [(a, b) for a, b in zip(printed, name, strict=True) if a != b]
    return len(differing) == 1 and differing[0][1] in name_lookalikes().get(differing[0][0], ())


def _ends(text: str, end: int, size: int) -> bool:
    """Whether a name of this length may end here."""
    return size != 2 or end >= len(text) or not _NAME.match(text[end]) or text[end] in _AFTER_SHORT
