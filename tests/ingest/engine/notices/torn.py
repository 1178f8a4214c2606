"""Pages of notices as columns tear them: cut in mid-sentence, headings away from their text.

The notices are those of the table, each read by itself first: what a page of them should come to is known.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import Any

from ingest.engine import layout_to_json, read_page
from tests.ingest.engine.notices.cases import Case, all_cases
from tests.ingest.engine.notices.settings import narrow

Item = dict[str, Any]
LEAST = 60
"""Characters of a notice that may be cut in two."""
CUT, HEADING_BELOW, HEADINGS_HEAPED = 0.35, 0.08, 0.08


@dataclass(frozen=True, slots=True)
class Whole:
    """A notice set in type, and how it reads by itself."""

    heading: list[str]
    lines: list[str]
    items: list[Item]


def wholes(chance: random.Random, number: int, *, is_narrow: bool) -> list[Whole]:
    found: list[Whole] = []
    cases = [case for case in all_cases() if not case.is_page and "本报讯" not in case.source]
    chance.shuffle(cases)
    for case in cases:
        if len(found) == number:
            break
        made = _whole(case, chance, is_narrow=is_narrow)
        if made is not None:
            found.append(made)
    return found


def _whole(case: Case, chance: random.Random, *, is_narrow: bool) -> Whole | None:
    source = case.source.strip("\n")
    if is_narrow:
        source = narrow(source, chance)
    lines = [line for line in source.split("\n") if line.strip()]
    layout = layout_to_json(read_page(source))
    items: Any = layout["items"]
    if not items or any(item["type"] != "notice" for item in items) or layout["furniture"] or layout["unplaced"]:
        return None
    at = 0
    heading = "".join(str(items[0].get("heading") or "").split())
    while at < len(lines) and heading and heading.startswith("".join("".join(lines[: at + 1]).split())):
        at += 1
    if heading and "".join("".join(lines[:at]).split()) != heading:
        return None
    return Whole(lines[:at], lines[at:], items)


def torn_page(seed: int) -> tuple[str, Item]:
    """A page of some dozen notices, and the reading it should come to."""
    chance = random.Random(seed)
    notices = wholes(chance, chance.randint(8, 14), is_narrow=chance.random() < 0.7)
    blocks: list[list[str]] = [["分类广告 2025年12月20日 星期六"]]
    waiting: list[tuple[int, list[str]]] = []
    heaped: list[list[str]] = []
    for place, notice in enumerate(notices):
        for due, rest in [each for each in waiting if each[0] <= place]:
            blocks.append(rest)
            waiting.remove((due, rest))
        lines = notice.lines
        if len(notice.items) == 1 and chance.random() < CUT and (cut := _cut(lines, chance)) is not None:
            first, rest = cut
            waiting.append((place + chance.randint(1, 3), rest))
            lines = first
        odds = chance.random()
        if notice.heading and len(notice.items) == 1 and odds < HEADING_BELOW:
            blocks += [lines, notice.heading]
        elif notice.heading and len(notice.items) == 1 and odds < HEADING_BELOW + HEADINGS_HEAPED and not heaped:
            heaped.append(notice.heading)
            blocks.append(lines)
        else:
            blocks += (
                [[*notice.heading, *lines]] if chance.random() < 0.5 else [b for b in (notice.heading, lines) if b]
            )
            blocks += heaped
            heaped = []
    blocks += [*heaped, *(rest for _, rest in waiting)]
    gold: Item = {"kind": "torn", "items": [item for notice in notices for item in notice.items]}
    return "\n\n".join("\n".join(block) for block in blocks) + "\n", gold


def _cut(lines: list[str], chance: random.Random) -> tuple[list[str], list[str]] | None:
    """The lines in two parts, the first of which ends in mid-sentence."""
    flat = "".join(lines)
    if len(flat) < LEAST:
        return None
    if len(lines) >= 4:
        places = [at for at in range(2, len(lines) - 1) if re.search(r"[\u4e00-\u9fff，,、]$", lines[at - 1].strip())]
        places = [at for at in places if len(lines[at - 1]) >= len(max(lines, key=len)) - 2]
        if not places:
            return None
        at = chance.choice(places)
        return lines[:at], lines[at:]
    longest = max(range(len(lines)), key=lambda index: len(lines[index]))
    text = lines[longest]
    places = [
        at for at in range(20, len(text) - 15) if all("\u4e00" <= char <= "\u9fff" for char in text[at - 2 : at + 2])
    ]
    if not places:
        return None
    at = chance.choice(places)
    return [*lines[:longest], text[:at]], [text[at:], *lines[longest + 1 :]]
