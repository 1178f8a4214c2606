"""Which files can be read, in which encoding, and what is said of the others."""

from __future__ import annotations

import codecs
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.reading import SIZE_LIMIT, Unreadable, read_bytes, read_file

SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))

SIMPLIFIED = "本报讯（记者 王小明）昨日上午，青溪大桥建成通车。\r\n全长3公里。"
TRADITIONAL = "本報訊（記者 王小明）昨日上午，臺灣的大橋建成通車。\n全長3公里。"

ENCODED = [
    # what a file holds, as which bytes, recognised as
    (SIMPLIFIED, SIMPLIFIED.encode(), "utf-8"),  # plain UTF-8
    (SIMPLIFIED, codecs.BOM_UTF8 + SIMPLIFIED.encode(), "utf-8"),  # from Windows Notepad
    (SIMPLIFIED, SIMPLIFIED.encode("gb2312"), "gb18030"),  # the oldest archives; GB 18030 contains it
    (SIMPLIFIED + "镕", (SIMPLIFIED + "镕").encode("gbk"), "gb18030"),  # a character GB 2312 lacks
    (SIMPLIFIED + "𠮷", (SIMPLIFIED + "𠮷").encode("gb18030"), "gb18030"),  # four bytes
    (TRADITIONAL, TRADITIONAL.encode("big5"), "big5"),  # from Taiwan and Hong Kong
    (TRADITIONAL, TRADITIONAL.encode("gb18030"), "gb18030"),  # traditional, but in GB
    (SIMPLIFIED, codecs.BOM_UTF16_LE + SIMPLIFIED.encode("utf-16-le"), "utf-16-le"),  # Notepad's "Unicode"
    (SIMPLIFIED, codecs.BOM_UTF16_BE + SIMPLIFIED.encode("utf-16-be"), "utf-16-be"),
    (SIMPLIFIED, SIMPLIFIED.encode("utf-16-le"), "utf-16-le"),  # no mark to go by
    (SIMPLIFIED, SIMPLIFIED.encode("utf-16-be"), "utf-16-be"),
    ("遗失声明", "遗失声明".encode("gbk"), "gb18030"),  # four characters are enough
    ("遺失聲明", "遺失聲明".encode("big5"), "big5"),
    ("昨日", "昨日".encode("gbk"), "gb18030"),
    ("联通", "联通".encode("gbk"), "gb18030"),  # the word that older Notepads took for UTF-8
    ("2025-12-20 A3", b"2025-12-20 A3", "utf-8"),  # figures only
    ("14℃", "14℃".encode(), "utf-8"),  # valid UTF-8 is UTF-8, common or not
]


@pytest.mark.parametrize(("text", "raw", "encoding"), ENCODED)
def test_the_encoding_is_recognised_and_nothing_is_changed(text, raw, encoding):
    file = read_bytes(raw, name="a.txt")
    assert (file.text, file.encoding) == (text, encoding)
    assert file.raw == raw
    assert raw.decode(file.encoding).removeprefix("\ufeff") == file.text  # the mark is all that is taken off


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.name[:3])
def test_real_pages_read_the_same_in_every_encoding(seed, encoding):
    text = seed.read_bytes().decode()
    assert read_bytes(text.encode(encoding), name="a.txt").text == text
    part = text.strip()[:40]  # a scrap of a page as well
    assert read_bytes(part.encode(encoding), name="a.txt").text == part


BAD = [
    # the bytes, a word of what is said
    (b"", "空文件"),
    (b" \n\t\r\n", "只有空白"),
    ("\u3000\u3000\n".encode(), "只有空白"),  # full-width spaces are white space
    (codecs.BOM_UTF8, "只有空白"),  # a mark and nothing else
    (b"%PDF-1.7 ...", "PDF"),
    (b"PK\x03\x04" + bytes(40), "Word"),
    (b"\x89PNG\r\n\x1a\n" + bytes(40), "图片"),
    (b"abc\x00def", "二进制"),
    (bytes(range(256)), "二进制"),
    (bytes(range(128, 256)) * 3, "看不出编码"),
    ("字".encode()[:2] + SIMPLIFIED.encode(), "看不出编码"),  # cut in the middle of a character
    ("Größe, déjà vu, naïve".encode("latin-1") * 4, "看不出编码"),  # Western, not Chinese
    (("カタカナ" * 9).encode("shift-jis"), "看不出编码"),  # Japanese
    (codecs.BOM_UTF16_LE + "字".encode("utf-16-le") + b"a", "损坏"),  # an odd byte too many
    (codecs.BOM_UTF8 + b"\xff\xff", "损坏"),
    (codecs.BOM_UTF32_LE + "字".encode("utf-32-le"), "UTF-32"),
    (b"x" * (SIZE_LIMIT + 1), "5 MB"),
]


@pytest.mark.parametrize(("raw", "word"), BAD)
def test_what_cannot_be_read_is_refused_by_name_with_what_to_do(raw, word):
    with pytest.raises(Unreadable) as refusal:
        read_bytes(raw, name="坏页.txt")
    message = str(refusal.value)
    assert message.startswith("坏页.txt：") and word in message
    assert "请" in message  # what to do
    assert len(refusal.value.sha256) == 64


def test_the_largest_file_allowed_is_read(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * SIZE_LIMIT)
    assert len(read_file(path).text) == SIZE_LIMIT


def _folder(tmp_path):
    (tmp_path / "a.txt").mkdir()


def _loop(tmp_path):
    (tmp_path / "a.txt").symlink_to(tmp_path / "a.txt")


def _nowhere(tmp_path):
    (tmp_path / "a.txt").symlink_to(tmp_path / "gone")


def _pipe(tmp_path):
    os.mkfifo(tmp_path / "a.txt")


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (_folder, "是文件夹"),
        (_loop, "读不出来"),  # a link to itself
        (_nowhere, "找不到"),  # a link to nothing
        (_pipe, "特殊文件"),  # never waited for
    ],
)
def test_what_is_not_a_file_is_refused(tmp_path, make, word):
    make(tmp_path)
    with pytest.raises(Unreadable, match=word):
        read_file(tmp_path / "a.txt")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_refused(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("字")
    path.chmod(0)
    with pytest.raises(Unreadable, match="权限"):
        read_file(path)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_back_exactly_or_refused(raw):
    try:
        file = read_bytes(raw, name="a.txt")
    except Unreadable:
        return
    assert raw.decode(file.encoding).removeprefix("\ufeff") == file.text
    assert "\x00" not in file.text and file.text.strip()
