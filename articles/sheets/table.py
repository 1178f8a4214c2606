"""A table of text, its limits, and the mark that keeps a cell from being run as a formula."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from articles.content import is_storable

MOST_ROWS = 20_000
MOST_COLUMNS = 60
MOST_CHARACTERS = 131_072
"""In one cell."""
MOST_BYTES = 32 * 1024 * 1024
"""In one file."""
MOST_TEXT = 64_000_000
"""Characters in one table: a workbook may name one long text in every cell."""

_LIVE = tuple("=+-@\t\r\n＝＋－＠")
_BLANK = " \u3000\u00a0\ufeff\x0b\x0c"


class SheetRefused(ValueError):
    """The file cannot be read as a table; `str()` says where and why, in Chinese."""


@dataclass(frozen=True)
class Table:
    """Column names and rows of text, each row as long as there are names; empty rows inside keep their place, so that
    the row at index i is row i + 2 of the sheet."""

    headers: list[str]
    rows: list[list[str]]


def _needs_mark(text: str) -> bool:
    bare = text.lstrip("'")
    return bare.startswith(_LIVE) or bare.lstrip(_BLANK).startswith(_LIVE)


def marked(text: str) -> str:
    """The text as no spreadsheet takes it for a formula, whatever stands before it. `unmarked` gives it back."""
    return f"'{text}" if _needs_mark(text) else text


def unmarked(cell: str) -> str:
    """The text that `marked` made the cell from; a cell that it did not make is left as it is."""
    return cell[1:] if cell.startswith("'") and _needs_mark(cell[1:]) else cell


def column_name(index: int) -> str:
    """What a spreadsheet calls its columns: A, B … Z, AA …"""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def make_table(rows: Iterable[Sequence[str]]) -> Table:
    """The first row names the columns. Raises `SheetRefused` where a limit or the form is broken."""
    checked = _checked(rows)
    headers = [cell.strip() for cell in next(checked, [])]
    while headers and not headers[-1]:
        headers.pop()
    if not any(headers):
        raise SheetRefused("第 1 行没有列名。第一行要写列名，和导出的表格一样。")
    for header in headers:
        if header and headers.count(header) > 1:
            raise SheetRefused(f"有两列都叫“{header}”，不知道用哪一列。")
    made: list[list[str]] = []
    for number, row in enumerate(checked, 2):
        for index, cell in enumerate(row):
            if cell and (index >= len(headers) or not headers[index]):
                raise SheetRefused(f"第 {number} 行 {column_name(index)} 列有文字，可是这一列没有列名。")
        made.append([*row[: len(headers)], *[""] * (len(headers) - len(row))])
    while made and not any(made[-1]):
        made.pop()
    if not made:
        raise SheetRefused("只有列名，没有内容。")
    named = [index for index, header in enumerate(headers) if header]
    return Table([headers[i] for i in named], [[row[i] for i in named] for row in made])


def _checked(rows: Iterable[Sequence[str]]) -> Iterator[list[str]]:
    total = 0
    for number, row in enumerate(rows, 1):
        if number > MOST_ROWS + 1:
            raise SheetRefused(f"超过 {MOST_ROWS} 行：请分成几个文件。")
        if len(row) > MOST_COLUMNS and any(row[MOST_COLUMNS:]):
            raise SheetRefused(f"第 {number} 行超过 {MOST_COLUMNS} 列。")
        total += sum(map(len, row))
        if total > MOST_TEXT:
            raise SheetRefused(f"全表超过 {MOST_TEXT} 字：请分成几个文件。")
        for index, cell in enumerate(row[:MOST_COLUMNS]):
            if len(cell) > MOST_CHARACTERS:
                raise SheetRefused(f"第 {number} 行 {column_name(index)} 列超过 {MOST_CHARACTERS} 字。")
            if not is_storable(cell):
                raise SheetRefused(f"第 {number} 行 {column_name(index)} 列有不能保存的控制字符，请删去。")
        yield [unmarked(cell) for cell in row[:MOST_COLUMNS]]
