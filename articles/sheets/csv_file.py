"""CSV as Chinese spreadsheet programs write and read it."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from articles.sheets.table import MOST_CHARACTERS, SheetRefused, Table, make_table, marked


def write_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with the mark by which Excel knows it; no cell is live."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([marked(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def read_csv(data: bytes) -> Table:
    """UTF-8, UTF-16 or GB18030, with or without a mark; commas, or the tabs of Excel's “Unicode text”."""
    text = _decoded(data)
    first = text.partition("\n")[0]
    delimiter = "\t" if "\t" in first and "," not in first else ","
    return make_table(_lines(text, delimiter))


def _lines(text: str, delimiter: str) -> Iterator[list[str]]:
    number = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            number += 1
            yield [cell.replace("\r\n", "\n") for cell in row]
    except csv.Error as wrong:
        if "field larger" in str(wrong):
            raise SheetRefused(f"第 {number + 1} 行有一格超过 {MOST_CHARACTERS} 字。") from wrong
        raise SheetRefused(f"第 {number + 1} 行的引号不成对：带引号的格子要以引号结束。") from wrong


def _decoded(data: bytes) -> str:
    for encoding in _candidates(data):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetRefused("认不出文字编码：请另存为“CSV UTF-8”或 Excel 工作簿（.xlsx）。")


def _candidates(data: bytes) -> tuple[str, ...]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    if b"\n\0" in data or b"\0\n" in data:  # no other encoding has a zero beside the end of a line
        return ("utf-16-le", "utf-16-be") if b"\n\0" in data and data.find(b"\n\0") % 2 == 0 else ("utf-16-be",)
    return ("utf-8-sig", "gb18030")
