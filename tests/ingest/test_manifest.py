"""manifest.csv: what it can say, and how its mistakes are named."""

from __future__ import annotations

import datetime

import pytest

from ingest.engine import Hints
from ingest.manifest import ManifestError, read_manifest

DAY = datetime.date(2025, 12, 20)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sub").mkdir()
    for name in ("a.txt", "b.txt", "中文.txt", "sub/c.txt", "d.csv"):
        (tmp_path / name).write_text("字", "utf-8")
    return tmp_path


GOOD = [
    # the list, what it says of which file
    ("file,newspaper,date,page,section\na.txt,晋江经济报,2025-12-20,3,社会\n",
     {"a.txt": Hints("晋江经济报", DAY, "manifest", 3, "社会")}),
    ("file\na.txt\n", {"a.txt": Hints()}),  # only the file is required
    ("page, file\n3, a.txt\n", {"a.txt": Hints(page=3)}),  # any order, spaces around
    ("file,date\na.txt,\nb.txt,2025/12/20\n", {"a.txt": Hints(), "b.txt": Hints(date=DAY, date_basis="manifest")}),
    ("file,date\n中文.txt,2025年12月20日\n", {"中文.txt": Hints(date=DAY, date_basis="manifest")}),
    ("file,page\nsub\\c.txt,1\n", {"sub/c.txt": Hints(page=1)}),  # from Windows
    ("file,page\na.txt\n\n\nb.txt,2\n", {"a.txt": Hints(), "b.txt": Hints(page=2)}),  # short and empty rows
    ('file,section\n"a.txt","要闻"\n', {"a.txt": Hints(section="要闻")}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), GOOD)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_what_a_manifest_says(folder, text, expected, encoding):
    (folder / "manifest.csv").write_bytes(text.replace("\n", "\r\n").encode(encoding))
    assert read_manifest(folder) == {folder / name: hints for name, hints in expected.items()}


def test_a_folder_without_a_manifest_says_nothing(folder):
    assert read_manifest(folder) == {}


BAD = [
    # the list, the place and the words of its problem
    ("file,datum\na.txt,1\n", "第 1 行：不认识的列“datum”"),
    ("newspaper\n晋江经济报\n", "第 1 行：缺少“file”列"),
    ("file,date,date\n", "第 1 行：“date”列出现了不止一次"),
    ("file,date\na.txt,2025-02-29\n", "第 2 行“date”列：“2025-02-29”不是有效的日期"),
    ("file,date\na.txt,20日\n", "第 2 行“date”列：“20日”不是有效的日期"),
    ("file,date\na.txt,0025-12-20\n", "第 2 行“date”列"),
    ("file,page\na.txt,零\n", "第 2 行“page”列：“零”不是版次"),
    ("file,page\na.txt,0\n", "第 2 行“page”列"),
    ("file,page\na.txt,-1\n", "第 2 行“page”列"),
    ("file,page\na.txt,³\n", "第 2 行“page”列"),
    (f"file,section\na.txt,{'长' * 41}\n", "第 2 行“section”列：版名须是一行文字"),
    (f"file,newspaper\na.txt,{'长' * 61}\n", "第 2 行“newspaper”列：报名须是一行文字"),
    ("file\ngone.txt\n", "第 2 行“file”列：找不到“gone.txt”"),
    ("file\na.txt\nb.txt\na.txt\n", "第 4 行“file”列：“a.txt”重复了"),
    ("file\na.txt\n./a.txt\n", "第 3 行“file”列：“a.txt”重复了"),  # the same file in other words
    ("file\n../a.txt\n", "第 2 行“file”列：“../a.txt”须是本文件夹里的文件"),
    ("file\n/etc/passwd\n", "第 2 行“file”列"),
    ("file\nd.csv\n", "第 2 行“file”列：“d.csv”不是 .txt 文件"),
    ("file,page\n,3\n", "第 2 行“file”列：没有写文件名"),
    ("file,page\na.txt,1,多\n", "第 2 行：有 3 格，表头只有 2 格"),
    ('file,page\n"a.txt,1\n', "不是有效的 CSV"),
    ("", "空文件"),
]


@pytest.mark.parametrize(("text", "problem"), BAD)
def test_a_mistake_is_named_with_its_row_and_column(folder, text, problem):
    (folder / "manifest.csv").write_text(text, "utf-8")
    with pytest.raises(ManifestError) as refusal:
        read_manifest(folder)
    assert problem in str(refusal.value) and "manifest.csv" in str(refusal.value)


def test_all_mistakes_are_named_at_once(folder):
    (folder / "manifest.csv").write_text("file,date,page\na.txt,x,y\ngone.txt,,\n", "utf-8")
    with pytest.raises(ManifestError) as refusal:
        read_manifest(folder)
    assert len(refusal.value.problems) == 3
