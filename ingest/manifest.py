"""manifest.csv 清单: what people know about the files of a folder, a row each.

    file,newspaper,date,page,section
    003.txt,晋江经济报,2025-12-20,3,社会

Only `file` is required; an empty cell says nothing. The whole list is checked before anything is written, and every
problem names its row and column.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from ingest.engine import Hints
from ingest.reading import Unreadable, read_file

FILE_NAME = "manifest.csv"
COLUMNS = ("file", "newspaper", "date", "page", "section")
PROBLEMS_SHOWN = 20

NEWSPAPER_LIMIT, SECTION_LIMIT = 60, 40
EARLIEST_YEAR, LATEST_YEAR = 1815, 2199  # 察世俗每月统记传, the first modern Chinese periodical


class ManifestError(Exception):
    """The list cannot be used; nothing was written. `problems` are lines for people."""

    def __init__(self, problems: list[str]) -> None:
        more = len(problems) - PROBLEMS_SHOWN
        shown = [*problems[:PROBLEMS_SHOWN], *([f"……还有 {more} 处"] if more > 0 else [])]
        super().__init__("\n".join(shown))
        self.problems = problems


# 2025-12-20; spreadsheets like to write 2025/12/20 back, and people 2025年12月20日.
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


def parse_date(text: str) -> datetime.date:
    """`ValueError` in Chinese unless it is a day of the calendar."""
    match = _DATE.fullmatch(text.strip())
    try:
        day = datetime.date(*map(int, match.groups())) if match else None
    except ValueError:
        day = None
    if day is None or not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise ValueError(f"“{text}”不是有效的日期，请写成 2025-12-20 这样")
    return day


def parse_page(text: str) -> int:
    number = int(text) if re.fullmatch(r"[0-9]{1,3}", text.strip()) else 0
    if number < 1:
        raise ValueError(f"“{text}”不是版次，请写 1 到 999 的数字")
    return number


def _line_of(limit: int, what: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        text = text.strip()
        if not text or len(text) > limit or not text.isprintable():
            raise ValueError(f"{what}须是一行文字，不能为空，不超过 {limit} 字")
        return text

    return parse


parse_newspaper = _line_of(NEWSPAPER_LIMIT, "报名")
parse_section = _line_of(SECTION_LIMIT, "版名")

_PARSERS: dict[str, Callable[[str], object]] = {
    "newspaper": parse_newspaper,
    "date": parse_date,
    "page": parse_page,
    "section": parse_section,
}


def read_manifest(folder: Path) -> dict[Path, Hints]:
    """Hints by file, for the files listed in the folder's manifest; empty without one.

    Raises `ManifestError` with all its problems.
    """
    path = folder / FILE_NAME
    if not path.exists():
        return {}
    try:
        text = read_file(path, name=str(path)).text
    except Unreadable as problem:
        raise ManifestError([str(problem)]) from None
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    problems: list[str] = []
    hints: dict[Path, Hints] = {}
    header: list[str] | None = None
    try:
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            where = f"{path} 第 {rows.line_num} 行"
            if header is None:
                header = [cell.strip() for cell in row]
                if wrong := _wrong_header(header):
                    raise ManifestError([f"{where}：{problem}" for problem in wrong])
                continue
            problems += [f"{where}{problem}" for problem in _read_row(folder, header, row, hints)]
    except csv.Error as problem:
        problems.append(f"{path} 第 {rows.line_num} 行：不是有效的 CSV（{problem}）")
    if problems:
        raise ManifestError(problems)
    return hints


def _wrong_header(header: list[str]) -> list[str]:
    wrong = [f"不认识的列“{name}”，只能用 {'、'.join(COLUMNS)}" for name in header if name not in COLUMNS]
    wrong += [f"“{name}”列出现了不止一次" for name in dict.fromkeys(header) if header.count(name) > 1]
    return wrong if "file" in header else [*wrong, "缺少“file”列"]


def _read_row(folder: Path, header: list[str], row: list[str], hints: dict[Path, Hints]) -> list[str]:
    """Add the row's hints; return its problems, each beginning with the column."""
    if len(row) > len(header):
        return [f"：有 {len(row)} 格，表头只有 {len(header)} 格"]
    cells = {name: cell.strip() for name, cell in zip(header, row, strict=False)}
    problems, said = [], {}
    for name, parse in _PARSERS.items():
        if text := cells.get(name, ""):
            try:
                said[name] = parse(text)
            except ValueError as problem:
                problems.append(f"“{name}”列：{problem}")
    listed = PurePosixPath(cells.get("file", "").replace("\\", "/"))
    if not listed.name:
        return [*problems, "“file”列：没有写文件名"]
    if listed.is_absolute() or ".." in listed.parts:
        return [*problems, f"“file”列：“{listed}”须是本文件夹里的文件"]
    path = folder / listed
    if path in hints:
        return [*problems, f"“file”列：“{listed}”重复了"]
    if path.suffix.lower() != ".txt":
        return [*problems, f"“file”列：“{listed}”不是 .txt 文件"]
    if not path.is_file():
        return [*problems, f"“file”列：找不到“{listed}”"]
    hints[path] = Hints(**said, date_basis="manifest" if "date" in said else None)  # type: ignore[arg-type]
    return problems
