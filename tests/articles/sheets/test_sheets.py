"""Tables come back as they went out, and no file takes memory or time, or leaves anything but words."""

from __future__ import annotations

import contextlib
import csv
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.sheets import table, xlsx_file
from articles.sheets.csv_file import read_csv, write_csv
from articles.sheets.table import SheetRefused, marked, unmarked
from articles.sheets.xlsx_file import read_xlsx, write_xlsx

HOSTILE = [
    *("=1+1", "+1", "-1", "@SUM(A1)", "＝1", "＋1", "－1", "＠a", "\t=1", "\r=1", "\n=1", " =1", "　=1"),
    *("'", "''", "'=1", "''=1", "'甲", "' =1", "\u00a0=1", "_x000D_", "_x0041_x", "a\r\nb", "a\rb", "<&>\"'", "，"),
]


@pytest.mark.parametrize("text", HOSTILE)
def test_the_mark_comes_off_again_and_nothing_else(text):
    assert unmarked(marked(text)) == text


@pytest.mark.parametrize("text", ["'甲", "'", "''", "'1-1", "1'"])
def test_an_apostrophe_of_the_texts_own_is_left_alone(text):
    assert marked(text) == unmarked(text) == text


@pytest.mark.parametrize(("write", "read"), [(write_csv, read_csv), (write_xlsx, read_xlsx)])
def test_a_table_comes_back_as_it_went_out(write, read):
    rows = [[text, "尾"] for text in HOSTILE]
    made = read(write([["列", "二"], *rows]))
    assert made.headers == ["列", "二"]
    folded = [[cell.replace("\r\n", "\n") for cell in row] for row in rows] if write is write_csv else rows
    assert made.rows == folded


_texts = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn"), include_characters="\t\n"), max_size=20)


@pytest.mark.parametrize(("write", "read"), [(write_csv, read_csv), (write_xlsx, read_xlsx)])
@given(cells=st.lists(_texts, min_size=1, max_size=4))
def test_any_text_comes_back(write, read, cells):
    assert read(write([["甲", "尾"], *([cell, "尾"] for cell in cells)])).rows == [[cell, "尾"] for cell in cells]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_every_encoding_of_excel_is_read(encoding):
    text = "名称,说明\r\n海丝,㐂\r\n"
    assert read_csv(text.encode(encoding)) == table.Table(["名称", "说明"], [["海丝", "㐂"]])


def test_unicode_text_of_excel_has_tabs():
    assert read_csv("名称\t说明\r\n海丝\t甲,乙\r\n".encode("utf-16")).rows == [["海丝", "甲,乙"]]


def csv_of(*rows: list[str]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


REFUSED = {
    "认不出文字编码": b"\xff\xfe\x00",
    "第 1 行没有列名": b"",
    "只有列名": csv_of(["甲"], [""]),
    "有两列都叫“甲”": csv_of(["甲", "甲"], ["1", "2"]),
    "第 2 行 B 列有文字，可是这一列没有列名": csv_of(["甲"], ["1", "2"]),
    "第 3 行 A 列有不能保存的控制字符": csv_of(["甲"], ["1"], ["\x07"]),
    "第 2 行的引号不成对": '甲\n"1\n'.encode(),
    "第 2 行有一格超过 131072 字": csv_of(["甲"], ["一" * 131_073]),
    "第 2 行超过 60 列": csv_of(["甲"], ["1"] * 61),
    "超过 20000 行": csv_of(["甲"], *[["1"]] * 20_001),
}


@pytest.mark.parametrize(("words", "data"), REFUSED.items(), ids=REFUSED)
def test_what_is_no_table_is_refused_with_its_place(words, data):
    with pytest.raises(SheetRefused, match=words):
        read_csv(data)


def test_a_table_of_20_000_rows_is_read():
    assert len(read_csv(csv_of(["甲"], *[["1"]] * 20_000)).rows) == 20_000


# XLSX

NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def book(rows: str = "", *, head: str = "", **parts: str) -> bytes:
    """A workbook whose sheet holds these rows; further parts by name."""
    plain = dict(xlsx_file._PARTS)
    plain["xl/worksheets/sheet1.xml"] = f"{head}<worksheet {NS}><sheetData>{rows}</sheetData></worksheet>"
    plain.update({f"xl/{name}.xml": text for name, text in parts.items()})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in plain.items():
            made.writestr(name, text)
    return out.getvalue()


def cell(value: str, **attributes: str) -> str:
    return f"<c {' '.join(f'{k}={v!r}' for k, v in attributes.items())}>{value}</c>"


HEADER = "<row r='1'><c r='A1' t='inlineStr'><is><t>甲</t></is></c><c t='inlineStr'><is><t>乙</t></is></c></row>"
STYLES = (
    f"<styleSheet {NS}><numFmts><numFmt numFmtId='164' formatCode='yyyy\\-mm\\-dd'/>"
    "<numFmt numFmtId='165' formatCode='&quot;day&quot;0'/></numFmts><cellStyleXfs><xf numFmtId='14'/></cellStyleXfs>"
    "<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='31'/><xf numFmtId='164'/><xf numFmtId='165'/>"
    "</cellXfs></styleSheet>"
)


@pytest.mark.parametrize(
    ("given_cell", "read"),
    [
        (cell("<v>1</v>", t="s"), "甲乙"),
        (cell("<v>0</v>", t="s"), "字"),
        (cell("<v>1E2</v>"), "100"),
        (cell("<v>0.10000000000000001</v>"), "0.1"),
        (cell("<v>45356</v>"), "45356"),
        (cell("<v>45356</v>", s="1"), "2024-03-05"),
        (cell("<v>45356</v>", s="2"), "2024-03-05"),
        (cell("<v>45356</v>", s="3"), "2024-03-05"),
        (cell("<v>45356</v>", s="4"), "45356"),
        (cell("<v>1</v>", t="b"), "TRUE"),
        (cell("<v>2024-03-05T00:00:00</v>", t="d"), "2024-03-05"),
        (cell("<is><t>甲_x000D_</t></is>", t="inlineStr"), "甲\r"),
    ],
)
def test_cells_say_what_the_spreadsheet_shows(given_cell, read):
    strings = f"<sst {NS}><si><t>字</t></si><si><r><t>甲</t></r><rPh><t>注音</t></rPh><r><t>乙</t></r></si></sst>"
    data = book(f"{HEADER}<row>{given_cell}</row>", sharedStrings=strings, styles=STYLES)
    assert read_xlsx(data).rows == [[read, ""]]


def test_rows_and_cells_that_are_not_written_down_are_empty():
    data = book(f"{HEADER}<row r='4'><c r='B4'><v>1</v></c></row><row r='9'/>")
    assert read_xlsx(data).rows == [["", ""], ["", ""], ["", "1"]]


def bombed() -> bytes:
    return book(f"<row><c t='inlineStr'><is><t>{'0' * (xlsx_file.MOST_UNPACKED + 1)}</t></is></c></row>")


LOL = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;'>]>"
BAD_BOOKS = {
    "不是完整的 Excel 工作簿": lambda: b"PK\x03\x04broken",
    "展开后超过": bombed,
    "DTD": lambda: book(HEADER, head=LOL),
    "内部结构不像表格": lambda: book(f"{HEADER}<row>{'<a>' * 100_000}{'</a>' * 100_000}</row>"),
    "内容读不了": lambda: book("<row><c></row>"),
    "第 2 行 B 列是公式": lambda: book(f"{HEADER}<row><c r='B2'><f>1+1</f><v>2</v></c></row>"),
    "第 2 行 A 列的数字超过 15 位": lambda: book(f"{HEADER}<row><c><v>3.50582199001011E+17</v></c></row>"),
    "第 2 行 A 列是错误值 #REF!": lambda: book(f"{HEADER}<row><c t='e'><v>#REF!</v></c></row>"),
    "超过 20000 行": lambda: book(f"{HEADER}<row r='1048576'><c><v>1</v></c></row>"),
    "第 2 行超过 60 列": lambda: book(f"{HEADER}<row r='2'><c r='XFD2'><v>1</v></c></row>"),
    "行次是乱的": lambda: book(f"{HEADER}<row r='1'><c><v>1</v></c></row>"),
}


@pytest.mark.parametrize(("words", "make"), BAD_BOOKS.items(), ids=BAD_BOOKS)
def test_a_bad_workbook_is_refused_in_words(words, make):
    with pytest.raises(SheetRefused, match=words):
        read_xlsx(make())


@given(st.data())
def test_a_spoilt_workbook_is_read_or_refused(data):
    whole = bytearray(write_xlsx([["甲"], ["乙"]]))
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(SheetRefused):
        read_xlsx(bytes(whole))


def test_many_cells_of_one_long_text_are_refused_before_they_are_read():
    strings = f"<sst {NS}><si><t>{'字' * 100_000}</t></si></sst>"
    rows = "".join("<row>" + "<c t='s'><v>0</v></c>" * 2 + "</row>" for _ in range(2_000))
    with pytest.raises(SheetRefused, match="全表超过"):
        read_xlsx(book(f"{HEADER}{rows}", sharedStrings=strings))
