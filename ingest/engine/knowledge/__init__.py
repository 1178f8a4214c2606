"""What the engine knows about newspapers, as data: `patterns.toml` and `newspapers.toml` in this folder.

Nothing elsewhere in the engine spells out a word of newsprint that may have to grow.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Newspaper:
    title: str
    names: tuple[str, ...]
    datelines: tuple[str, ...]
    places: tuple[str, ...]
    area: tuple[str, ...]


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    tables = tomllib.loads((HERE / "patterns.toml").read_text("utf-8"))
    return {name: re.compile(table["pattern"]) for name, table in tables.items()}


def pattern(name: str) -> re.Pattern[str]:
    """The compiled pattern of that name; a wrong name is a KeyError at once."""
    return _patterns()[name]


@cache
def newspapers() -> tuple[Newspaper, ...]:
    tables = tomllib.loads((HERE / "newspapers.toml").read_text("utf-8"))["newspaper"]
    return tuple(
        Newspaper(t["title"], tuple(t["names"]), tuple(t["datelines"]), tuple(t["places"]), tuple(t.get("area", ())))
        for t in tables
    )


@cache
def surnames() -> tuple[frozenset[str], tuple[str, ...]]:
    """(surnames of one character, those of two), from `surnames.txt`."""
    single, double = (HERE / "surnames.txt").read_text("utf-8").splitlines()
    return frozenset(single), tuple(double.split())


@cache
def section_names() -> frozenset[str]:
    return frozenset((HERE / "sections.txt").read_text("utf-8").split())
