"""The table of notices under ``cases/``: notices as printed with the fields a reader takes from them.

A case is ``### title``, the text of a page, then for each notice in it ``--- kind | heading`` and its fields, one a
line (several values parted by `` | ``). A field that is not listed is expected to be empty. Kinds that careful
readers may differ on are parted by ``/``. A title that begins with a print date is a whole page as a paper prints
it, torn columns and all; the files from ``fifth`` on are such pages, measured before any rule knew them. All names and
numbers are invented.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path

from ingest.engine.types import NoticeFields, NoticeItem

PRINTED = date(2025, 12, 20)
FOLDER = Path(__file__).parent / "cases"
# Punctuation is compared as the layout scores compare it: half and full width are the same.
FOLD = str.maketrans(",:;?!()~+%/\"'”’", "，：；？！（）～＋％／“‘“‘")


@dataclass(frozen=True, slots=True)
class Expected:
    kinds: tuple[str, ...]
    heading: str
    values: frozenset[tuple[str, str]] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    printed: date
    source: str
    notices: tuple[Expected, ...]
    is_page: bool


def normal(text: str) -> str:
    return "".join(text.split()).translate(FOLD)


def values_of(read: NoticeFields, form: Callable[[str], str]) -> frozenset[tuple[str, str]]:
    found = set()
    for each in fields(read):
        value = getattr(read, each.name)
        found |= {(each.name, form(normal(v))) for v in ((value,) if isinstance(value, str) else value) if v}
    return frozenset(found)


def read_cases(path: Path) -> Iterator[Case]:
    for block in path.read_text("utf-8").split("### ")[1:]:
        name, _, rest = block.partition("\n")
        source, *notices = rest.split("\n--- ")
        printed = re.match(r"\d{4}-\d\d-\d\d", name)
        day = date.fromisoformat(printed[0]) if printed else PRINTED
        expected = tuple(_expected(notice) for notice in notices)
        yield Case(f"{path.stem}: {name}", day, source, expected, is_page=printed is not None)


def _expected(text: str) -> Expected:
    title, *rows = text.strip().split("\n")
    kinds, _, heading = title.partition(" | ")
    values = set()
    for row in rows:
        key, _, value = row.partition(": ")
        values |= {(key, normal(each)) for each in value.split(" | ")}
    return Expected(tuple(kinds.strip().split("/")), heading.strip(), frozenset(values))


def all_cases(folder: Path = FOLDER) -> list[Case]:
    return [case for path in sorted(folder.glob("*.txt")) for case in read_cases(path)]


@dataclass(slots=True)
class Score:
    """Counts over many cases; ``form`` is applied to what was read before it is compared."""

    form: Callable[[str], str] = str
    hit: int = 0
    read: int = 0
    wanted: int = 0
    kinds: int = 0
    notices: int = 0
    found: int = 0
    misses: list[str] = field(default_factory=list)

    @property
    def f1(self) -> float:
        return 2 * self.hit / (self.read + self.wanted) if self.read + self.wanted else 1.0

    def add(self, case: Case, items: tuple[NoticeItem, ...]) -> None:
        self.notices += len(case.notices)
        self.found += len(items)
        for index in range(max(len(case.notices), len(items))):
            wanted = case.notices[index] if index < len(case.notices) else None
            item = items[index] if index < len(items) else None
            self._add(case.name, wanted, item)

    def _add(self, name: str, wanted: Expected | None, item: NoticeItem | None) -> None:
        want = wanted.values if wanted else frozenset()
        have = values_of(item.fields, self.form) if item else frozenset()
        self.hit += len(want & have)
        self.read += len(have)
        self.wanted += len(want)
        if wanted and item and item.kind in wanted.kinds:
            self.kinds += 1
        else:
            self.misses.append(f"{name}: kind {item and item.kind} ≠ {wanted and wanted.kinds}")
        printed = item.heading.text if item and item.heading else ""
        if wanted and item and self.form(normal(printed)) != self.form(normal(wanted.heading)):
            self.misses.append(f"{name}: heading {item.heading and item.heading.text} ≠ {wanted.heading}")
        self.misses.extend(f"{name}: missing {key}={value}" for key, value in sorted(want - have))
        self.misses.extend(f"{name}: spare {key}={value}" for key, value in sorted(have - want))
