"""Asking the engine again about blocks that an editor has chosen. What it says is a proposal: operations to look at.

The engine reads the text as it stands now, corrections included. Blocks that still say what the source says are given
to it in the source's own lines, whose breaks tell it where columns end.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from articles.content import LINE_LIMITS, NoticeKind, clean_line
from ingest import engine
from ingest.cutting import notice_fields
from ingest.desk.layout import NEW, TRAYS, Block, DeskLayout, Refusal
from ingest.desk.operations import Operation, apply_all
from ingest.desk.rearrange import Fragment, Group, Wanted, fresh_ids, rearranged
from ingest.engine.streams import MOST_PIECES, score, two_streams

MOST_CHARACTERS = 40_000
"""Of one question to the engine; a page of a broadsheet has about 10,000."""
ENDS = "，。；：！？、…"
RHYTHMS = ((1, 1), (2, 1), (1, 2), (2, 2))

Origins = Mapping[str, Mapping[str, Any]]
_Char = tuple[str, int]  # block, offset


@dataclass(frozen=True)
class Proposal:
    """One way to lay the chosen blocks out: `label` says whose idea it is."""

    label: str
    operations: tuple[Operation, ...]
    is_doubtful: bool = False
    """The text reads better as it is."""


def read_again(
    layout: DeskLayout, ids: Sequence[str], *, origins: Origins, texts: Mapping[int, str], after: int = 0
) -> Proposal:
    """What the engine makes of these blocks. Refuses when that is what stands there already.

    `texts` are the sources of the page by number, `after` the highest number of a block id that the caller knows of.
    """
    blocks = _chosen(layout, ids)
    text, chars = _as_page(blocks, origins, texts)
    if len(text) > MOST_CHARACTERS:
        raise Refusal(f"一次最多重读 {MOST_CHARACTERS} 字，选中的有 {len(text)} 字：请分几次。")
    read = engine.read_page(text)
    owner = {block.id: place for place, found in layout.containers() for block in found}
    groups = _groups(layout, read, chars, owner, {block.id: block.text for block in blocks})
    operations = rearranged(layout, groups, fresh_ids(layout, after))
    if _texts(apply_all(layout, operations)[0]) == _texts(layout):
        raise Refusal("机器读出来和现在一样：没有要改的。")
    return Proposal("机器重读", operations)


def _texts(layout: DeskLayout) -> list[Any]:
    return [(place, [(b.role, b.text) for b in found]) for place, found in layout.containers()]


def _chosen(layout: DeskLayout, ids: Sequence[str]) -> list[Block]:
    wanted = set(ids)
    found = [block for _, blocks in layout.containers() for block in blocks if block.id in wanted]
    if not found or len(found) < len(wanted):
        raise Refusal("选中的段有的已经不在了，请重新选。")
    return found


def source_lines(block: Block, origins: Origins, texts: Mapping[int, str]) -> list[tuple[int, str]] | None:
    """The source's lines of a block, each with where it stands there; None if the block says something else now."""
    lines: list[tuple[int, str]] = []
    for piece in block.origins:
        origin = origins.get(piece)
        text = texts.get(origin["source"]) if origin else None
        if origin is None or text is None:
            return None
        for start, end in origin.get("spans", ()):
            offset = start
            for line in text[start:end].split("\n"):
                if line.strip():
                    lines.append((offset, line))
                offset += len(line) + 1
    same = "".join("".join(line.split()) for _, line in lines) == "".join(block.text.split())
    return lines if lines and same else None


def _as_page(blocks: Sequence[Block], origins: Origins, texts: Mapping[int, str]) -> tuple[str, dict[int, _Char]]:
    """The blocks as a text for the engine, and by offset in it which character of which block stands there."""
    found: list[tuple[int, int, str, list[_Char]]] = []  # where in the source, tie, line, its characters
    for number, block in enumerate(blocks):
        marks = [(block.id, at) for at, char in enumerate(block.text) if not char.isspace()]
        lines = source_lines(block, origins, texts)
        for offset, line in lines or [(-1, block.text)]:
            count = sum(not char.isspace() for char in line)
            found.append((offset, number, line, marks[:count]))
            marks = marks[count:]
    in_source = all(offset >= 0 for offset, *_ in found)
    if in_source:
        found.sort(key=lambda each: each[0])
    text, chars = "", {}
    former: int | None = None
    for offset, _, line, marks in found:
        if former is not None:  # lines that follow each other in the source stay together
            text += "\n" if in_source and offset - former <= len("\r\n") else "\n\n"
        rest = iter(marks)
        for at, char in enumerate(line):
            if not char.isspace():
                chars[len(text) + at] = next(rest)
        text += line
        former = offset + len(line)
    return text, chars


def _groups(
    layout: DeskLayout,
    read: engine.PageLayout,
    chars: Mapping[int, _Char],
    owner: Mapping[str, str],
    texts: Mapping[str, str],
) -> list[Group]:
    def wanted(block: engine.Block, role: str) -> Wanted:
        return Wanted(role, tuple(_fragments(block, chars, texts)))

    items = [item for item in read.items if item.blocks]
    places = _places(layout, items, chars, owner)
    groups = []
    last = max(
        (layout.place_of(p) + 1 for p in owner.values() if p not in TRAYS and p in places.values()), default=None
    )
    for number, item in enumerate(items):
        kind = "article" if isinstance(item, engine.ArticleItem) else "notice"
        blocks = tuple(wanted(block, _ROLES.get(block.role, block.role.value)) for block in item.blocks)
        if (place := places.get(number)) is not None:
            groups.append(Group(place, blocks))
            continue
        index = len(layout.items) if last is None else last
        groups.append(Group(f"{NEW}{secrets.randbelow(10**15)}", blocks, kind, index, _facts(item)))
        last = index + 1
    for tray, found in (("unplaced", read.unplaced), ("furniture", read.furniture), ("removed", read.removed)):
        if found:
            groups.append(Group(tray, tuple(wanted(block, "text") for block in found)))
    return groups


_ROLES = {engine.Role.NOTICE_HEADING: "heading"}


def _facts(item: engine.Item) -> dict[str, Any]:
    if isinstance(item, engine.NoticeItem):
        kind = item.kind if item.kind in NoticeKind.values else NoticeKind.OTHER.value
        return {"kind": kind, "fields": notice_fields(item.fields)}
    return {
        name: clean_line(getattr(item, name) or "")[: LINE_LIMITS[name]] for name in ("continued_from", "continued_on")
    }


def _places(
    layout: DeskLayout, items: Sequence[engine.Item], chars: Mapping[int, _Char], owner: Mapping[str, str]
) -> dict[int, str]:
    """For each item of the engine the item of the page that it goes on from: the one it shares most text with."""
    shared: Counter[tuple[int, str]] = Counter()
    for number, item in enumerate(items):
        kind = "article" if isinstance(item, engine.ArticleItem) else "notice"
        for block in item.blocks:
            for start, end in block.spans:
                for at in range(start, end):
                    place = owner[chars[at][0]] if at in chars else ""
                    if place and place not in TRAYS and layout.item(place).kind == kind:
                        shared[number, place] += 1
    found: dict[int, str] = {}
    # Items that readers have seen must keep some text: they choose first.
    order = sorted(shared.items(), key=lambda each: (not layout.item(each[0][1]).is_bound, -each[1], each[0]))
    for (number, place), _ in order:
        if number not in found and place not in found.values():
            found[number] = place
    return found


def _fragments(block: engine.Block, chars: Mapping[int, _Char], texts: Mapping[str, str]) -> Iterator[Fragment]:
    """The parts of our blocks that a block of the engine is made of."""
    now: Fragment | None = None
    for at in (position for start, end in block.spans for position in range(start, end)):
        if at not in chars:
            continue
        name, offset = chars[at]
        if now is not None and now.block == name and offset >= now.end and not texts[name][now.end : offset].strip():
            now = Fragment(name, now.start, offset + 1)
            continue
        if now is not None:
            yield now
        now = Fragment(name, offset, offset + 1)
    if now is not None:
        yield now


# Two columns read across each other


def separated(
    layout: DeskLayout, ids: Sequence[str], *, origins: Origins, texts: Mapping[int, str], after: int = 0
) -> list[Proposal]:
    """Ways to deal the blocks, or the lines of a single one, out to two streams; what reads best comes first."""
    blocks = _chosen(layout, ids)
    place = layout.find(blocks[0].id)[0]
    if any(layout.find(block.id)[0] != place for block in blocks):
        raise Refusal("读串的几段要在同一条里：先移到一起，再来分开。")
    is_one = len(blocks) == 1
    fragments = _lines_of(blocks[0], origins, texts) if is_one else [Fragment(b.id, 0, len(b.text)) for b in blocks]
    pieces = [layout.find(each.block)[2].text[each.start : each.end] for each in fragments]
    if not 3 <= len(pieces) <= MOST_PIECES:
        raise Refusal(
            "这一段太短，没有可以分开的行。"
            if is_one
            else f"选中三段以上再分开，最多 {MOST_PIECES} 段；只选一段则按行分。"
        )
    found: dict[tuple[tuple[int, ...], tuple[int, ...]], str] = {}
    found[two_streams(pieces)] = "按接缝"
    for rhythm in RHYTHMS:
        found.setdefault(_dealt(len(pieces), rhythm), f"{rhythm[0]}、{rhythm[1]} 轮换")
    ways = [(streams, label) for streams, label in found.items() if all(streams)]
    ways.sort(key=lambda way: -score(pieces, *way[0]))
    roles = {block.id: block.role for block in blocks}
    as_it_is = score(pieces, range(len(pieces)), ())
    proposals = []
    for streams, label in ways:
        if is_one:
            made = tuple(Wanted(blocks[0].role, tuple(fragments[i] for i in stream)) for stream in streams)
        else:
            made = tuple(Wanted(roles[fragments[i].block], (fragments[i],)) for stream in streams for i in stream)
        operations = rearranged(layout, [Group(place, made)], fresh_ids(layout, after))
        proposals.append(Proposal(label, operations, score(pieces, *streams) <= as_it_is))
    return proposals


def _dealt(count: int, rhythm: tuple[int, int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    first, second = rhythm
    sides = [index % (first + second) < first for index in range(count)]
    return tuple(i for i in range(count) if sides[i]), tuple(i for i in range(count) if not sides[i])


def _lines_of(block: Block, origins: Origins, texts: Mapping[int, str]) -> list[Fragment]:
    """A block cut where its lines end in the source; where it no longer says the same, at its punctuation."""
    lines = source_lines(block, origins, texts)
    marks = [at for at, char in enumerate(block.text) if not char.isspace()]
    starts = [0]
    if lines is not None and len(lines) > 1:
        count = 0
        for _, line in lines[:-1]:
            count += sum(not char.isspace() for char in line)
            starts.append(marks[count])
    else:
        starts += [
            at for at in marks[1:] if block.text[:at].rstrip()[-1] in ENDS and block.text[at] not in ENDS + "”’）"
        ]
    return [Fragment(block.id, start, end) for start, end in zip(starts, [*starts[1:], len(block.text)], strict=True)]
