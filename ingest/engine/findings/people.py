"""Names: the same person with two offices, and two spellings of what is likely one name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from ingest.engine.findings.known import known
from ingest.engine.findings.passages import Passage
from ingest.engine.knowledge import surnames
from ingest.engine.text import is_cjk
from ingest.engine.types import Finding, Role


@dataclass(frozen=True, slots=True)
class Mention:
    """An office and the name after it. ``body`` is what stands before the office, as far as it is one word of text."""

    passage: Passage
    start: int
    end: int
    name: str
    office: str
    is_deputy: bool
    body: str


@cache
def _office() -> re.Pattern[str]:
    single, double = surnames()
    offices = "|".join(known().offices)
    names = f"(?:{'|'.join(double)}|[{''.join(sorted(single))}])"
    after = "|".join(re.escape(word) for word in known().after_name)
    return re.compile(rf"(常务副|第一副|副)?({offices})({names}[㐀-鿿]{{1,2}}?)(?={after}|$)")


@cache
def _speaker() -> re.Pattern[str]:
    single, _ = surnames()
    verbs = "说|表示|介绍|指出|强调|要求|坦言|告诉"
    return re.compile(rf"(?<![㐀-鿿])([{''.join(sorted(single))}][㐀-鿿]{{2}})(?={verbs})")


def find_people(page: Sequence[Passage]) -> Iterator[Finding]:
    """The passages of all articles of the page in reading order."""
    prose = [p for p in page if p.role in (Role.PARAGRAPH, Role.CAPTION) and p.item is not None and not p.is_notice]
    mentions = [mention for passage in prose for mention in _mentions(passage)]
    yield from _two_offices(mentions)
    yield from _two_spellings(prose, mentions)


def _mentions(passage: Passage) -> Iterator[Mention]:
    text = passage.text
    for found in _office().finditer(text):
        deputy, office, name = found.groups()
        start = found.start()
        left = start
        while left > 0 and start - left < 8 and is_cjk(text[left - 1]):
            left -= 1
        yield Mention(passage, start, found.end(), name, office, deputy is not None, text[left:start])


def _two_offices(mentions: Sequence[Mention]) -> Iterator[Finding]:
    """县长王某 and 副县长王某: the same office of the same body, once with and once without 副."""
    first: dict[tuple[str, str], Mention] = {}
    for mention in mentions:
        key = (mention.name, mention.office)
        before = first.setdefault(key, mention)
        if before.is_deputy == mention.is_deputy or not _may_be_same_body(before.body, mention.body):
            continue
        one, other = (_title(before), _title(mention))
        message = f"{mention.name}有两个职务：前面是“{one}”，这里是“{other}”"
        yield mention.passage.finding("two-titles", mention.start, mention.end, message)
        first[key] = mention


def _title(mention: Mention) -> str:
    return ("副" if mention.is_deputy else "") + mention.office


def _may_be_same_body(one: str, other: str) -> bool:
    """市委 and 镇党委 are two bodies; 晋江市 and nothing at all may be one."""
    size = min(len(one), len(other), 2)
    return size == 0 or one[-size:] == other[-size:]


def _two_spellings(prose: Sequence[Passage], mentions: Sequence[Mention]) -> Iterator[Finding]:
    """A name that stands once and differs in one character from a name that has an office in the same article."""
    by_item: dict[int | None, dict[str, int]] = {}
    for mention in mentions:
        if len(mention.name) == 3:
            names = by_item.setdefault(mention.passage.item, {})
            names[mention.name] = names.get(mention.name, 0) + 1
    texts: dict[int | None, str] = {}
    for passage in prose:
        texts[passage.item] = texts.get(passage.item, "") + passage.text + "\n"
    seen: set[tuple[int | None, str]] = set()
    for passage in prose:
        names = by_item.get(passage.item, {})
        if not names:
            continue
        for found in _speaker().finditer(passage.text):
            name = found.group(1)
            if name in names or (passage.item, name) in seen or texts[passage.item].count(name) > 1:
                continue
            near = sorted(known_name for known_name in names if _differs_in_one(known_name, name))
            if len(near) == 1:
                seen.add((passage.item, name))
                at = next(i for i in (1, 2) if near[0][i] != name[i])
                message = f"人名前后不一：这里是“{name}”，别处是“{near[0]}”"
                change = {found.start() + at: near[0][at]}
                yield passage.finding("two-spellings", found.start(), found.end(1), message, change)


def _differs_in_one(one: str, other: str) -> bool:
    return one[0] == other[0] and sum(a != b for a, b in zip(one, other, strict=True)) == 1
