"""The ledger: every non-space character of the source is in exactly one block, and no block says anything else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ingest.engine.types import PageLayout


class LedgerError(ValueError):
    """A layout lost, doubled or invented text. Always a fault of the engine, never of the page."""


def without_space(text: str) -> str:
    """The text without white space, as `str.split` understands it."""
    return "".join(text.split())


def check(source: str, layout: PageLayout) -> None:
    """Raise `LedgerError` unless the blocks of the layout partition the non-space characters of the source."""
    check_texts(source, ((block.text, block.spans) for block in layout.blocks))


def check_texts(source: str, texts: Iterable[tuple[str, Sequence[Sequence[int]]]]) -> None:
    """`check` for texts with the spans they are made of."""
    owner = bytearray(len(source))
    for text, spans in texts:
        if not spans:
            raise LedgerError(f"段块没有位置：{text[:20]!r}")
        parts = []
        for start, end in spans:
            if not 0 <= start < end <= len(source):
                raise LedgerError(f"位置越界：[{start}, {end})，来源共 {len(source)} 字")
            if owner.find(1, start, end) >= 0:
                raise LedgerError(f"文字被放了两次：[{start}, {end}) {source[start:end][:20]!r}")
            owner[start:end] = b"\x01" * (end - start)
            parts.append(source[start:end])
        if without_space(text) != without_space("".join(parts)):
            raise LedgerError(f"段块与来源不符：{text[:20]!r} ≠ {''.join(parts)[:20]!r}")
    position = 0
    while (position := owner.find(0, position)) >= 0:
        end = owner.find(1, position)
        left = source[position : end if end >= 0 else len(source)]
        if not left.isspace():
            at = position + len(left) - len(left.lstrip())
            raise LedgerError(f"文字没有归处：第 {at} 字 {source[at : at + 20]!r}")
        position += len(left)
