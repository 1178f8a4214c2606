"""Tell kicker, headline and deck of one heading apart, and close up what was broken over lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.engine.fluency import word_gain
from ingest.engine.knowledge import pattern
from ingest.engine.parts import tells
from ingest.engine.text import NEVER_FIRST, OPEN_ENDED, is_cjk, open_signs, width_of
from ingest.engine.types import Block, Role
from ingest.engine.units import Unit

# A word cut by the line's end gains this much; two clauses side by side gain nothing.
CUT_WORD = 5.5
# A headline is broken into lines about equally long, and big letters leave room for few.
BROKEN_LINE = 13.0
BROKEN_DIFFERENCE = 3.5
# The rest of a headline may be shorter when it tells what is told of the first line: 三十年前的“错别字” / 改过来了.
REST = 8.0
TELLS = 1.5
# A deck is set smaller and runs longer than its headline by at least this much.
DECK_LONGER = 5.0


@dataclass(frozen=True, slots=True)
class Heading:
    column: Block | None = None
    kicker: Block | None = None
    headline: Block | None = None
    deck: tuple[Block, ...] = ()


def read_heading(units: Sequence[Unit]) -> Heading:
    """The parts of one heading from its lines in printed order."""
    lines = list(units)
    column = None
    if len(lines) > 1 and (is_column_name(lines[0].text) or pattern("label_in_title").match(lines[0].text)):
        column = lines.pop(0).block(Role.COLUMN, "栏目名")
    groups: list[list[Unit]] = []
    for unit in lines:
        if groups and _goes_on(groups[-1][-1], unit):
            groups[-1].append(unit)
        else:
            groups.append([unit])
    if not groups:
        return Heading(column)
    main = _headline(groups)
    kicker = _block(Role.KICKER, [u for g in groups[:main] for u in g], "引题") if main else None
    return Heading(
        column,
        kicker,
        _block(Role.HEADLINE, groups[main], "主题"),
        tuple(_block(Role.DECK, g, "副题") for g in groups[main + 1 :]),
    )


def is_column_name(text: str) -> bool:
    return width_of(text) <= 12 and pattern("column_name").match(text) is not None


def _block(role: Role, units: Sequence[Unit], reason: str) -> Block:
    text = units[0].text
    for unit in units[1:]:
        text = join_titles(text, unit.text)
    spans = tuple(span for unit in units for span in unit.spans)
    return Block(role, text, spans, reason, min(unit.confidence for unit in units))


def join_titles(left: str, right: str) -> str:
    """Two lines of one title: closed up where a word or a quotation was cut, a space between clauses."""
    if right[0] in NEVER_FIRST or left[-1] in OPEN_ENDED or open_signs(left) or cuts_word(left, right):
        return left + right
    if pattern("continues").match(right):
        return left + right
    return f"{left} {right}"


def cuts_word(left: str, right: str) -> bool:
    return is_cjk(left[-1]) and is_cjk(right[0]) and word_gain(left, right) >= CUT_WORD


def runs_on(left: str, right: str) -> bool:
    """Whether the right line can only be the rest of the left one: a word, a quotation or a list was cut."""
    if right[0] in NEVER_FIRST or open_signs(left) or left[-1] in "、，,（(《“":
        return True
    return pattern("continues").match(right) is not None or cuts_word(left, right)


def _goes_on(above: Unit, below: Unit) -> bool:
    """Whether the lower line carries on the title of the upper one."""
    left, right = above.text, below.text
    if right.startswith("—"):
        return False
    if runs_on(left, right):
        return True
    if any(mark in left for mark in "？！?!。…"):  # 升温？别急 is complete
        return False
    wide = max(width_of(left), width_of(right))
    if below.gap == 0 and width_of(right) <= REST and tells(right) >= TELLS and not re.search(r"[\s，]", left + right):
        return True
    close = abs(width_of(left) - width_of(right)) <= BROKEN_DIFFERENCE
    if below.gap == 0 and wide <= BROKEN_LINE and " " not in left and " " not in right:
        return close or width_of(left) < 6
    return False


def _headline(groups: Sequence[Sequence[Unit]]) -> int:
    """Which line of the heading is the headline."""
    texts = ["".join(unit.text for unit in group) for group in groups]
    for place, text in enumerate(texts):
        if text.startswith("—"):
            return max(0, place - 1)
    if len(texts) == 1:
        return 0
    if len(texts) >= 3 and width_of(texts[0]) <= width_of(texts[2]):
        return 1
    first, second = texts[0], texts[1]
    if width_of(second) > width_of(first) + DECK_LONGER and (width_of(second) > 20 or re.search(r"\d", second)):
        return 0
    if pattern("activity_in_title").search(second) or pattern("deck_opening").match(second):
        return 0
    if first[-1:] in "？！?!":
        return 0
    if second[-1:] in "？?" and width_of(second) > width_of(first):
        return 0  # 冰箱里的“隐形账本” / 谁来管那些自提点？: a question longer than the headline goes on from it
    names_place = pattern("place_in_title")
    if not names_place.search(first) and names_place.search(second) and not re.search(r"\d", first):
        return 1
    two_clauses = first.count(" ") == 1 and abs(len(first.split(" ")[0]) - len(first.split(" ")[1])) <= 1
    if two_clauses and width_of(second) >= width_of(first) and " " not in second:
        return 1
    if pattern("range_in_title").match(first):
        return 1
    return 0


# Runs of one kind of sign in a title: characters, figures, or a mark by itself.
_RUNS = re.compile(r"(?P<c>[一-鿿、·]+)|(?P<d>[\d.:：%℃]+)|(?P<s>\s+)|(?P<m>.)", re.S)
# Subheads torn from one story stand within so many title lines of each other.
PARALLEL_REACH = 5
# Longer lines are headlines or decks, which are alike by chance.
LONGEST_PARALLEL = 18
LABEL = (2, 4)
SHORT_HEAD = 2  # 一本“人情账”, 凌晨2:00


def parallel_lines(texts: Sequence[str]) -> frozenset[int]:
    """Lines built like a line near them: 现状 … / 困境 … / 出路 …, 一本“人情账” / 一本“产业账”. Subheads are."""
    found: set[int] = set()
    builds = [_build(text) for text in texts]
    for i, text in enumerate(texts):
        for j in range(i + 1, min(len(texts), i + 1 + PARALLEL_REACH)):
            if text != texts[j] and _is_parallel(builds[i], builds[j]):
                found |= {i, j}
    return frozenset(found)


def _build(text: str) -> tuple[tuple[str, str], ...]:
    """Kind and text of each run of the line; nothing for lines too long to be one of a series."""
    if len(text) > LONGEST_PARALLEL or text.startswith("—"):
        return ()
    return tuple((found.lastgroup or "", found.group(0)) for found in _RUNS.finditer(text))


def _is_parallel(a: Sequence[tuple[str, str]], b: Sequence[tuple[str, str]]) -> bool:
    if not a or not b:
        return False
    kinds = [kind for kind, _ in a]
    if kinds != [kind for kind, _ in b] or any(x != y for (kind, x), (_, y) in zip(a, b, strict=True) if kind == "m"):
        return False
    lengths = [(len(x), len(y)) for (kind, x), (_, y) in zip(a, b, strict=True) if kind == "c"]
    if not lengths:
        return False
    if kinds == ["c"]:  # 爷爷的煤油灯 / 父亲的记录本 are no build; 故事一 / 故事二, 一盘棋 / 一本账 share a part
        one, other = a[0][1], b[0][1]
        return len(one) <= 8 and abs(len(one) - len(other)) <= 1 and (one[:2] == other[:2] or one[-2:] == other[-2:])
    if kinds == ["c", "s", "c"]:  # a label of two to four characters and a clause
        return lengths[0][0] == lengths[0][1] and LABEL[0] <= lengths[0][0] <= LABEL[1]
    if "m" not in kinds and "d" not in kinds:
        return False
    if kinds[0] == "d" or (kinds[0] == "c" and max(lengths[0]) > SHORT_HEAD):
        return False  # 工地上的“店小二” and 海鲜市场换上“智慧秤” are alike by chance
    last = len(lengths) - 1
    return all(abs(x - y) <= (1 if place < last else 4) for place, (x, y) in enumerate(lengths))
