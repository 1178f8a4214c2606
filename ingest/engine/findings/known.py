"""What the findings know, from `knowledge/findings.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from ingest.engine.knowledge import HERE


@dataclass(frozen=True, slots=True)
class Known:
    particles: frozenset[str]
    may_follow_itself: frozenset[str]
    bodies: frozenset[str]
    verbs: frozenset[str]
    emphatic: frozenset[str]
    twice: frozenset[str]
    """Characters that stand twice for a reason: every, manner, family."""
    lookalikes: Mapping[str, str]
    """The characters each one may have been taken for."""
    simplified: Mapping[str, str]
    kana: Mapping[str, str]
    mojibake: re.Pattern[str]
    offices: tuple[str, ...]
    """Longest first."""
    after_name: tuple[str, ...]


@cache
def known() -> Known:
    tables = tomllib.loads((HERE / "findings.toml").read_text("utf-8"))
    doubled, titles = tables["doubled"], tables["titles"]
    lookalikes: dict[str, str] = {}
    for group in tables["confused"]["groups"].split():
        for char in group:
            others = lookalikes.get(char, "")
            lookalikes[char] = others + "".join(c for c in group if c != char and c not in others)
    traditional = tables["traditional"]
    return Known(
        particles=frozenset(doubled["particles"].split()),
        may_follow_itself=frozenset(doubled["may_follow_itself"].split()),
        bodies=frozenset(doubled["bodies"].split()),
        verbs=frozenset(doubled["verbs"].split()),
        emphatic=frozenset(doubled["emphatic"].split()),
        twice=frozenset(doubled["each"].split() + doubled["soft"].split()),
        lookalikes=lookalikes,
        simplified={pair[0]: pair[1] for pair in traditional["pairs"].split()},
        kana={pair[0]: pair[1] for pair in traditional["kana"].split()},
        mojibake=re.compile(tables["mojibake"]["pattern"]),
        offices=tuple(sorted(titles["offices"].split(), key=lambda word: (-len(word), word))),
        after_name=tuple(sorted(titles["after"].split(), key=lambda word: (-len(word), word))),
    )
