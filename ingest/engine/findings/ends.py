"""Paragraphs that do not end or do not begin: a mark dropped, a column's end not joined, a story cut off."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.engine.findings.passages import Passage
from ingest.engine.knowledge import pattern
from ingest.engine.text import NEVER_FIRST, ends_sentence, is_cjk
from ingest.engine.types import ArticleItem, Finding, Role

GOES_ON = "，、；,;（(《【·／/+＋－~～"
"""After these something must follow; after ： and —— a list or a section may."""
TAIL = 10
# A paragraph this short without any stop is a line of verse, a signature, a label: it needs no end mark.
SHORT = 16

_HAS_STOP = re.compile("[，。；！？]")
_SIGNED = re.compile(r"[）)】]$|(?:摄|图|文|报道|供稿|整理|编辑)$|(?:来源|作者|记者|编辑)[：:]\s?\S{2,20}$")
_ADDRESS = re.compile(r"(?:电话|热线|地址|邮箱|微信|时间|地点|网址)[：:][^。]*$|[\w.]+@[\w.]+$|https?://\S+$")
_LIST_ITEM = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.．]|\d{1,2}[、.．)）]|[（(][一二三四五六七八九十\d]{1,3}[)）]|[●■◆★▲①-⑳])"
)


def find_ends(item: ArticleItem, article: Sequence[Passage]) -> Iterator[Finding]:
    body = [passage for passage in article if passage.role is Role.PARAGRAPH]
    for number, passage in enumerate(body):
        if number == 0 and item.continued_from is None:
            yield from _beginning(passage, "这篇稿")
        elif number:
            yield from _beginning(passage, "这一段")
        is_last = number == len(body) - 1
        if not (is_last and item.continued_on is not None):
            yield from _ending(passage)


def _beginning(passage: Passage, what: str) -> Iterator[Finding]:
    text = passage.text
    if text[0] in NEVER_FIRST and not text.startswith(("…", "℃")):
        yield passage.finding("cut-off-start", 0, min(TAIL, len(text)), f"{what}以“{text[0]}”开头，前面像是缺了文字")


def _ending(passage: Passage) -> Iterator[Finding]:
    text = passage.text.rstrip()
    if ends_sentence(text) or text.endswith(("——", "：", ":", "—")):
        return
    start = max(0, len(text) - TAIL)
    last = text.rstrip("”’」』")[-1:] or text[-1]
    if last in GOES_ON:
        yield passage.finding("cut-off", start, len(text), f"段落以“{last}”结尾，后面像是缺了文字，或者没有接上")
        return
    if text[-1] in "“‘":
        yield passage.finding("cut-off", start, len(text), "段落以前引号结尾，后面像是缺了文字，或者没有接上")
        return
    if len(text) <= SHORT or not _HAS_STOP.search(text) or _SIGNED.search(text[-60:]) or _ADDRESS.search(text[-120:]):
        return
    if _LIST_ITEM.match(text) or pattern("letter_opening").match(text) or pattern("signature").search(text[-60:]):
        return
    at = len(text) - 1
    fix = {at: f"{text[at]}。"} if is_cjk(text[at]) or text[at] in "”》%％" or text[at].isdigit() else None
    message = "段末没有标点：可能漏了句号，也可能后文没有接上"
    yield passage.finding("no-end-mark", start, len(text), message, fix)
