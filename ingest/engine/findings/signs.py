"""Signs that cannot have been printed: replacement and private-use characters, wrong encodings, foreign forms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from ingest.engine.findings.known import known
from ingest.engine.findings.passages import Passage
from ingest.engine.text import is_cjk
from ingest.engine.types import Block, Finding, Role

# A page with this share of traditional characters is a traditional page, and no single one is wrong in it.
TRADITIONAL_PAGE = 0.05
CONTEXT = 4

_UNREADABLE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff\ud800-\udfff]+")
_MISSING = re.compile(r"(?<=[一-鿿，。、])[□〓囗](?=[一-鿿，。、])")
_COMPATIBLE = re.compile("[\u2e80-\u2fd5\uf900-\ufaff\U0002f800-\U0002fa1f]")


def find_signs(source: str, page: Sequence[Passage], removed: Sequence[Block]) -> Iterator[Finding]:
    yield from _replaced(source, removed)
    text_size = sum(1 for passage in page for char in passage.text if is_cjk(char))
    foreign = sum(1 for passage in page for char in passage.text if char in known().simplified)
    is_traditional = foreign > 5 and foreign > TRADITIONAL_PAGE * text_size
    for passage in page:
        yield from _of_passage(passage)
        if not is_traditional:
            yield from _foreign(passage)


def _replaced(source: str, removed: Sequence[Block]) -> Iterator[Finding]:
    """Where the extractor put � something was printed; control characters between words hide nothing."""
    for block in removed:
        for start, end in block.spans:
            if "\ufffd" in source[start:end] and start and is_cjk(source[start - 1]):
                yield Finding("unreadable", (start, end), "这里有字没有读出来，提取时成了 �，要对照原报补上")


def _of_passage(passage: Passage) -> Iterator[Finding]:
    text = passage.text
    for found in _UNREADABLE.finditer(text):
        yield passage.finding("unreadable", *found.span(), "这里是没有标准编码的造字，读者看不到，要对照原报改成通用字")
    for found in known().mojibake.finditer(text):
        yield passage.finding("mojibake", *found.span(), "这里是乱码，要对照原报重打")
    for found in _MISSING.finditer(text):
        if passage.role is not Role.SUBHEAD:
            yield passage.finding("unreadable", *found.span(), f"这里的 {found.group(0)} 像是缺字，要对照原报补上")
    for found in _COMPATIBLE.finditer(text):
        char = found.group(0)
        plain = unicodedata.normalize("NFKC", char)
        if plain != char:
            at = found.start()
            message = f"“{char}”看着像“{plain}”，编码却是部首或兼容字，检索不到，应换成“{plain}”"
            yield passage.finding("odd-code", at, at + 1, message, {at: plain})


def _foreign(passage: Passage) -> Iterator[Finding]:
    text = passage.text
    for at, char in enumerate(text):
        plain = known().simplified.get(char)
        if plain is not None:
            message = f"简体文字里夹了“{char}”，应为“{plain}”"
            yield passage.finding("traditional", at, at + 1, message, {at: plain})
        elif char in known().kana and _stands_alone(text, at):
            plain = known().kana[char]
            message = f"“{char}”是日文假名，应为汉字“{plain}”"
            yield passage.finding("traditional", at, at + 1, message, {at: plain})


def _stands_alone(text: str, at: int) -> bool:
    """Between Chinese characters, so no Japanese word."""
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    return is_cjk(before or " ") and is_cjk(after or " ")
