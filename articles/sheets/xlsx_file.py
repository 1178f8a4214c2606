"""XLSX, written and read without building anything in memory but the text.

The reader goes through the parts it needs once, as a stream of events. Sizes are checked in the directory of the
archive before anything is unpacked; documents with a DTD, or nested as no workbook is, are refused. What a spreadsheet
would have to compute (a formula), or has spoilt already (a number of 16 digits), is refused by its cell.
"""

from __future__ import annotations

import datetime
import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from xml.parsers import expat
from xml.sax.saxutils import escape

from articles.sheets.table import (
    MOST_CHARACTERS,
    MOST_COLUMNS,
    MOST_ROWS,
    SheetRefused,
    Table,
    column_name,
    make_table,
    marked,
)

MOST_UNPACKED = 192 * 1024 * 1024
MOST_MEMBERS = 500
MOST_ELEMENTS = 4_000_000
MOST_DEPTH = 40
CELL_LIMIT = 32_767
"""Characters in a cell, by the format; longer texts leave cut."""

_CHUNK = 64 * 1024

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEETS}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEETS}.worksheet+xml"/></Types>',
    "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
    '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}

# The format writes a character it cannot hold as _x000D_, and an underscore that would look like that as _x005F_.
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def write_xlsx(rows: Iterable[Sequence[str]]) -> bytes:
    """A workbook of one sheet whose every cell is an inline string: there is no way to write a formula with it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in _PARTS.items():
            book.writestr(name, text)
        with book.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            for row in rows:
                cells = (
                    f'<c t="inlineStr"><is><t xml:space="preserve">{_xml(marked(cell))}</t></is></c>' for cell in row
                )
                sheet.write(f"<row>{''.join(cells)}</row>".encode())
            sheet.write(b"</sheetData></worksheet>")
    return out.getvalue()


def _xml(text: str) -> str:
    kept = "".join(c for c in text[:CELL_LIMIT] if c >= " " or c in "\t\n\r")
    return escape(_LOOKS_ESCAPED.sub("_x005F_", kept).replace("\r", "_x000D_"))


def read_xlsx(data: bytes) -> Table:
    """The first sheet. Dates are given as 2024-03-05. Raises `SheetRefused`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            _check_sizes(book)
            return make_table(_rows(book))
    except SheetRefused:
        raise
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, OSError) as broken:
        raise SheetRefused("不是完整的 Excel 工作簿（.xlsx）：文件可能损坏、加了密码，或是旧的 .xls。") from broken
    except (expat.ExpatError, LookupError, ValueError, OverflowError) as broken:
        raise SheetRefused("Excel 工作簿里的内容读不了：请用 Excel 打开再另存一次。") from broken


def _check_sizes(book: zipfile.ZipFile) -> None:
    members = book.infolist()
    if len(members) > MOST_MEMBERS:
        raise SheetRefused("工作簿里的部件太多。")
    if any(member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for member in members):
        raise SheetRefused("工作簿不是用通常的办法压缩的：请用 Excel 打开再另存一次。")
    if sum(member.file_size for member in members) > MOST_UNPACKED:
        raise SheetRefused(f"工作簿展开后超过 {MOST_UNPACKED // 1024 // 1024} MB：请分成几个文件。")


Attributes = Mapping[str, str]


class _Part:
    """One part of the workbook as a stream of events; names come without their namespace."""

    def __init__(self, book: zipfile.ZipFile, name: str) -> None:
        self.book, self.name = book, name
        self.depth = self.elements = 0

    def scan(
        self,
        start: Callable[[str, Attributes], None],
        end: Callable[[str], None] = lambda name: None,
        text: Callable[[str], None] | None = None,
    ) -> Iterator[None]:
        """Stops after every chunk, so that what was found can be taken away."""

        def on_start(name: str, attributes: Attributes) -> None:
            self.depth += 1
            self.elements += 1
            if self.depth > MOST_DEPTH or self.elements > MOST_ELEMENTS:
                raise SheetRefused("工作簿的内部结构不像表格，不读。")
            start(name.rpartition(" ")[2], attributes)

        def on_end(name: str) -> None:
            self.depth -= 1
            end(name.rpartition(" ")[2])

        def on_doctype(*_: object) -> None:
            raise SheetRefused("工作簿里有不该有的 DTD，不读。")

        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = on_start
        parser.EndElementHandler = on_end
        parser.StartDoctypeDeclHandler = on_doctype
        if text is not None:
            parser.CharacterDataHandler = text
        with self.book.open(self.name) as stream:
            while chunk := stream.read(_CHUNK):
                parser.Parse(chunk, False)
                yield
        parser.Parse(b"", True)
        yield


def _rows(book: zipfile.ZipFile) -> Iterator[list[str]]:
    """Every row up to the last, those that are not written down as empty ones."""
    sheet, is_1904 = _first_sheet(book)
    names = set(book.namelist())
    reader = _Sheet(
        strings=_strings(book) if "xl/sharedStrings.xml" in names else [],
        is_date=_date_styles(book) if "xl/styles.xml" in names else [],
        epoch=datetime.date(1904, 1, 1) if is_1904 else datetime.date(1899, 12, 30),
    )
    for _ in _Part(book, sheet).scan(reader.start, reader.end, reader.text):
        yield from reader.taken()


def _first_sheet(book: zipfile.ZipFile) -> tuple[str, bool]:
    found: list[str] = []
    targets: dict[str, str] = {}
    flags: list[bool] = []

    def in_workbook(name: str, attributes: Attributes) -> None:
        if name == "sheet":
            found.extend(value for key, value in attributes.items() if key.endswith(" id"))
        elif name == "workbookPr":
            flags.append(attributes.get("date1904") in ("1", "true"))

    def in_relations(name: str, attributes: Attributes) -> None:
        if name == "Relationship":
            targets[attributes["Id"]] = attributes["Target"]

    for _ in _Part(book, "xl/workbook.xml").scan(in_workbook):
        pass
    for _ in _Part(book, "xl/_rels/workbook.xml.rels").scan(in_relations):
        pass
    if not found:
        raise SheetRefused("工作簿里没有工作表。")
    target = targets[found[0]]
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/"), any(flags)


class _Texts:
    """The text of `t` elements, put together; phonetic guides are no text."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.is_open = False
        self.phonetic = 0

    def start(self, name: str) -> None:
        if name == "rPh":
            self.phonetic += 1
        self.is_open = name == "t" and not self.phonetic

    def end(self, name: str) -> None:
        if name == "rPh":
            self.phonetic -= 1
        self.is_open = False

    def add(self, text: str) -> None:
        self.length += len(text)
        if self.length <= 8 * MOST_CHARACTERS:  # what is longer is refused by `make_table`, and need not be kept
            self.parts.append(text)

    def taken(self) -> str:
        text = "".join(self.parts)
        self.parts, self.length = [], 0
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _strings(book: zipfile.ZipFile) -> list[str]:
    made: list[str] = []
    texts = _Texts()

    def end(name: str) -> None:
        texts.end(name)
        if name == "si":
            made.append(texts.taken())

    def add(text: str) -> None:
        if texts.is_open:
            texts.add(text)

    for _ in _Part(book, "xl/sharedStrings.xml").scan(lambda name, attributes: texts.start(name), end, add):
        pass
    return made


# Numbers of formats that are dates: the usual ones, and those of Chinese Excel (27 to 36, 50 to 58).
_DATE_FORMATS = frozenset([*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)])
_NOT_CODE = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')


def _date_styles(book: zipfile.ZipFile) -> list[bool]:
    """For every style of cells, whether it shows a number as a date or time."""
    own: set[int] = set()
    made: list[bool] = []
    inside: list[str] = []

    def start(name: str, attributes: Attributes) -> None:
        if name == "numFmt" and re.search("[ymdhs]", _NOT_CODE.sub("", attributes["formatCode"]), re.IGNORECASE):
            own.add(int(attributes["numFmtId"]))
        elif name == "xf" and inside and inside[-1] == "cellXfs":
            number = int(attributes.get("numFmtId", 0))
            made.append(number in own or number in _DATE_FORMATS)
        inside.append(name)

    def end(name: str) -> None:
        inside.pop()

    for _ in _Part(book, "xl/styles.xml").scan(start, end):
        pass
    return made


_CELL = re.compile(r"([A-Z]{1,3})[1-9][0-9]{0,6}")


class _Sheet:
    """Reads cells into rows of text."""

    def __init__(self, *, strings: list[str], is_date: list[bool], epoch: datetime.date) -> None:
        self.strings, self.is_date, self.epoch = strings, is_date, epoch
        self.done: list[list[str]] = []
        self.row: dict[int, str] | None = None
        self.number = 0
        self.column = -1
        self.kind = ""
        self.style = 0
        self.in_value = False
        self.texts = _Texts()

    def taken(self) -> list[list[str]]:
        done, self.done = self.done, []
        return done

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "row":
            self._begin_row(attributes.get("r"))
        elif name == "c":
            self._begin_cell(attributes)
        elif name == "f" and self.row is not None:
            raise SheetRefused(f"{self._where()}是公式：请先复制，再“选择性粘贴”为数值。")
        self.in_value = name == "v"
        self.texts.start(name)

    def _begin_row(self, written: str | None) -> None:
        number = int(written) if written else self.number + 1
        if number > MOST_ROWS + 1:
            raise SheetRefused(f"超过 {MOST_ROWS} 行：请分成几个文件，并删去后面的空行。")
        if number <= self.number:
            raise SheetRefused("工作表的行次是乱的：请用 Excel 打开再另存一次。")
        self.done += [[] for _ in range(self.number + 1, number)]
        self.number, self.row, self.column = number, {}, -1

    def _begin_cell(self, attributes: Attributes) -> None:
        place = _CELL.fullmatch(attributes.get("r", ""))
        self.column = _column(place[1]) if place else self.column + 1
        self.kind = attributes.get("t", "n")
        self.style = int(attributes.get("s", 0))
        self.texts.taken()

    def text(self, text: str) -> None:
        if self.in_value or self.texts.is_open:
            self.texts.add(text)

    def end(self, name: str) -> None:
        self.texts.end(name)
        self.in_value = False
        if name == "c" and self.row is not None:
            value = self._value()
            if value and self.column >= MOST_COLUMNS:
                raise SheetRefused(f"第 {self.number} 行超过 {MOST_COLUMNS} 列。")
            if value:
                self.row[self.column] = value
        elif name == "row" and self.row is not None:
            self.done.append([self.row.get(index, "") for index in range(max(self.row, default=-1) + 1)])
            self.row = None

    def _where(self) -> str:
        return f"第 {self.number} 行 {column_name(self.column)} 列"

    def _value(self) -> str:
        text = self.texts.taken()
        if not text or self.kind in ("inlineStr", "str"):
            return text
        if self.kind == "s":
            return self.strings[int(text)]
        if self.kind == "b":
            return "TRUE" if text == "1" else "FALSE"
        if self.kind == "e":
            raise SheetRefused(f"{self._where()}是错误值 {text}：请改成文字。")
        if self.kind == "d":
            return text.removesuffix("T00:00:00").removesuffix("T00:00:00.000")
        return self._number(text)

    def _number(self, text: str) -> str:
        value = float(text)
        if not abs(value) < 1e15:
            raise SheetRefused(f"{self._where()}的数字超过 15 位，Excel 已经丢了末尾几位：请设成文本再填。")
        if self.style < len(self.is_date) and self.is_date[self.style]:
            return self._date(value)
        return str(int(value)) if value == int(value) else f"{value:.15g}"

    def _date(self, value: float) -> str:
        if value != int(value) or value < 1:
            raise SheetRefused(f"{self._where()}是带时刻的日期：请设成文本再填。")
        try:
            return (self.epoch + datetime.timedelta(days=int(value))).isoformat()
        except OverflowError as wrong:
            raise SheetRefused(f"{self._where()}的日期不存在。") from wrong


def _column(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1
