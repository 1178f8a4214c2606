"""Quotes and brackets that found no partner, that face the wrong way, or that are closed by another kind."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.engine.findings.passages import Passage
from ingest.engine.text import TERMINAL, ends_sentence
from ingest.engine.types import Finding, Role

CLOSER_OF = {"“": "”", "‘": "’", "（": "）", "《": "》", "【": "】", "「": "」", "『": "』", "〈": "〉"}
OPENER_OF = {closer: opener for opener, closer in CLOSER_OF.items()}
FOLDED = {"(": "（", ")": "）", "［": "【", "］": "】"}
"""Half-width brackets pair with full-width ones; the width is a question of its own."""
NAMES = dict.fromkeys("“‘「『", "引号") | dict.fromkeys("（【", "括号") | dict.fromkeys("《〈", "书名号")
# Between two marks that face the same way, a clause of this length at most was meant to be quoted.
LONGEST_TURNED = 24
# A mark shown in its surroundings is found sooner than a mark alone.
CONTEXT = 8
# A term in quotes has this many characters; tried from the longest.
LENGTHS = range(12, 1, -1)

_LIST_NUMBER = re.compile(r"(?:^|(?<=[：:；;。，\s]))(?:\d{1,2}|[A-Za-z]|[一二三四五六七八九十]{1,2})[)）]")
_TERM = re.compile("“([^“”，。！？；：]{2,12})”")


@dataclass(frozen=True, slots=True)
class Loose:
    """A mark without a partner: where it stands among the marks of its passage and in its text."""

    order: int
    at: int
    sign: str


def find_pairs(article: Sequence[Passage], terms: Collection[str] = ()) -> Iterator[Finding]:
    """The passages of one article in reading order; a quotation may run over several of its paragraphs. ``terms`` are
    the short quotations of the page, see `quoted_terms`."""
    loose = [loose_marks(passage.text) for passage in article]
    carried = _over_paragraphs(article, loose)
    for number, passage in enumerate(article):
        yield from _of_passage(passage, [mark for mark in loose[number] if (number, mark.at) not in carried], terms)


def quoted_terms(page: Iterable[Passage]) -> frozenset[str]:
    """What the page puts between quotes elsewhere: “两会”. Where one of them lacks a mark, its place is known."""
    return frozenset(found.group(1) for passage in page for found in _TERM.finditer(passage.text))


def loose_marks(text: str) -> list[Loose]:
    stack: list[Loose] = []
    stray: list[Loose] = []
    order = 0
    numbering = list_brackets(text)
    for at, char in enumerate(text):
        sign = FOLDED.get(char, char)
        if (sign not in CLOSER_OF and sign not in OPENER_OF) or at in numbering or _is_apostrophe(text, at):
            continue
        order += 1
        if sign in CLOSER_OF:
            stack.append(Loose(order, at, sign))
            continue
        wanted = OPENER_OF[sign]
        # Looking back over a few marks only: deeper nesting is no text, and must not cost more than text.
        depth = next((d for d in range(len(stack) - 1, max(-1, len(stack) - 9), -1) if stack[d].sign == wanted), None)
        if depth is None:
            stray.append(Loose(order, at, sign))
        else:
            stray.extend(stack[depth + 1 :])
            del stack[depth:]
    return sorted([*stray, *stack], key=lambda mark: mark.at)


def _is_apostrophe(text: str, at: int) -> bool:
    """it’s, ’90s, ‘08: no quotation."""
    if text[at] not in "’‘":
        return False
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return (before.isascii() and before.isalnum() and after.isascii() and after.isalpha()) or (
        text[at] == "’" and after.isdigit() and not before.isdigit()
    )


def list_brackets(text: str) -> frozenset[int]:
    """Places of the brackets that close a number and have no opening one: 1)修路；2)架桥; 二）."""
    return frozenset(found.end() - 1 for found in _LIST_NUMBER.finditer(text))


def _over_paragraphs(article: Sequence[Passage], loose: Sequence[Sequence[Loose]]) -> set[tuple[int, int]]:
    """Marks that are right although alone in their paragraph: a speech over several paragraphs opens each of them
    with “ and closes the last only; some papers open the first only. Such a speech opens a paragraph or a sentence."""
    right: set[tuple[int, int]] = set()
    for number in range(len(article) - 1):
        if article[number].role is not Role.PARAGRAPH:
            continue
        opened = [mark for mark in loose[number] if mark.sign == "“"][-1:]
        if not opened or any(mark.sign == "”" and mark.at > opened[0].at for mark in loose[number]):
            continue
        before = article[number].text[: opened[0].at].rstrip()[-1:]
        if (before and before not in "：:。！？—") or not ends_sentence(article[number].text):
            continue
        for later in range(number + 1, min(number + 6, len(article))):
            text, marks = article[later].text, loose[later]
            closing = next((mark for mark in marks if mark.sign == "”"), None)
            if closing is not None and "“" not in text[: closing.at]:
                right |= {(number, opened[0].at), (later, closing.at)}
                break
            if text.startswith("“"):
                right.add((number, opened[0].at))
                break
            if "“" in text or article[later].role is not Role.PARAGRAPH:
                break
    return right


def _of_passage(passage: Passage, loose: Sequence[Loose], terms: Collection[str]) -> Iterator[Finding]:
    done: set[int] = set()
    for left, right in pairwise(loose):
        if (
            left.sign == right.sign
            and right.order == left.order + 1
            and left.at not in done
            and right.at - left.at <= LONGEST_TURNED
        ):
            done |= {left.at, right.at}
            wrong, sign = (right, CLOSER_OF[left.sign]) if left.sign in CLOSER_OF else (left, OPENER_OF[left.sign])
            what = NAMES[left.sign if left.sign in CLOSER_OF else OPENER_OF[left.sign]]
            message = f"{what}方向不对：这里应为“{sign}”" if what != "引号" else f"引号方向不对，这里应是 {sign}"
            yield passage.finding("quote-direction", wrong.at, wrong.at + 1, message, {wrong.at: sign})
    for mark in loose:
        if mark.at not in done:
            yield _alone(passage, mark, terms)


def _alone(passage: Passage, mark: Loose, terms: Collection[str]) -> Finding:
    text, at = passage.text, mark.at
    if mark.sign in OPENER_OF:
        opener, what = OPENER_OF[mark.sign], NAMES[OPENER_OF[mark.sign]]
        message = f"{what}不成对：这个 {mark.sign} 前面没有 {opener}"
        term = next((at - size for size in LENGTHS if size <= at and text[at - size : at] in terms), None)
        if mark.sign == "”" and term is not None:
            return passage.finding("unpaired", term, at + 1, message, {term: opener + text[term]})
        return passage.finding("unpaired", max(0, at - CONTEXT), at + 1, message)
    closer, what = CLOSER_OF[mark.sign], NAMES[mark.sign]
    message = f"{what}没有收：这个 {mark.sign} 后面没有 {closer}"
    last = next((at + size for size in LENGTHS if text[at + 1 : at + 1 + size] in terms), None)
    if mark.sign == "“" and last is not None and last < len(text):
        return passage.finding("unpaired", at, last + 1, message, {last: text[last] + closer})
    if _runs_to_the_end(text, at):
        last = len(text) - 1
        message = f"{what}没有收：“{text[at + 1 : at + CONTEXT]}……”的 {mark.sign} 后面没有 {closer}，可能漏在段末"
        return passage.finding("unpaired", last, last + 1, message, {last: text[last] + closer})
    return passage.finding("unpaired", at, min(len(text), at + CONTEXT + 1), message)


def _runs_to_the_end(text: str, at: int) -> bool:
    """A quotation that follows a colon and in which no other begins, so that it is likely all the rest of it."""
    is_speech = text[at] == "“" and at > 0 and text[at - 1] in "：:"
    return is_speech and text[-1] in TERMINAL and not any(sign in text[at + 1 :] for sign in "“”")
