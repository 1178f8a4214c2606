"""From bytes to text: which encoding a file is in, or a refusal that says what is wrong and what to do.

The bytes are kept as received. The text is `raw.decode(encoding)` less one byte order mark at its start; its line
ends are those of the file.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SIZE_LIMIT = 5 * 1024 * 1024  # a broadsheet page of text is about 30 kB
BOM = "\ufeff"

_BOMS = (
    # UTF-32 is looked for first: its little-endian mark begins with that of UTF-16.
    (b"\xff\xfe\x00\x00", ""),
    (b"\x00\x00\xfe\xff", ""),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
# In this order where two read a file equally well. cp950 reads a few signs that plain Big5 lacks.
_CANDIDATES = ("utf-8", "gb18030", "big5", "cp950", "utf-16-le", "utf-16-be")

# What people drop into the folder by mistake, by its first bytes.
_SIGNATURES = (
    (b"%PDF", "PDF 文件"),
    (b"PK\x03\x04", "压缩包或 Word、Excel 文件"),
    (b"\xd0\xcf\x11\xe0", "旧版 Word、Excel 文件"),
    (b"{\\rtf", "RTF 文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"II*\x00", "图片"),
    (b"MM\x00*", "图片"),
    (b"\x1f\x8b", "压缩包"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
    (b"SQLite format 3", "数据库文件"),
)

# The commonest characters of running Chinese, simplified and traditional: about half of any newspaper text. A wrong
# decoding hardly ever hits them.
_COMMON = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然"
    "家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把"
    "机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果"
    "加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔"
    "更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展"
    "马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共"
    "确传师观清今切院让识候带导争运笔镇村乡县省企遗失声明晋江泉州福建晚日经济讯昨项服务街亿元"
    "這個們來為國說時會對過發後裡種經麼沒動當還進樣從實無與長機業將兩間問並應戰頭體見產現話給員電總報結場計區隊達"
    "傳師觀權設該據術確領廣華麗開關點門題聞記者處條縣鎮鄉遺聲億專線號臺灣讓識帶導爭運筆書聽難覺變邊張萬學習認議"
    "，。、；：？！“”‘’（）《》〈〉【】—…·％〇　「」『』"
)


def _level_one() -> frozenset[str]:
    """The everyday characters: level 1 of GB 2312 (3,755, simplified) and of Big5 (5,401, traditional)."""
    gb = b"".join(bytes((lead, trail)) for lead in range(0xB0, 0xD8) for trail in range(0xA1, 0xFF))
    trails = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    big5 = b"".join(bytes((lead, trail)) for lead in range(0xA4, 0xC7) for trail in trails)
    return frozenset(gb.decode("gb2312", "ignore") + big5.decode("big5", "ignore"))


_EVERYDAY = _level_one()
RUNNING = 0.75  # running text read rightly scores so much and more,
PLAUSIBLE = 0.55  # read wrongly 0.45 and less; names and lists between


class Unreadable(Exception):
    """The file cannot go in. `str()` names it, says what is wrong and what to do; `sha256` is empty if unread."""

    def __init__(self, name: str, problem: str, *, sha256: str = "") -> None:
        super().__init__(f"{name}：{problem}")
        self.sha256 = sha256


@dataclass(frozen=True, slots=True)
class TextFile:
    name: str
    raw: bytes
    sha256: str
    encoding: str
    text: str


def plausibility(text: str) -> float:
    """How much the text looks like Chinese print, from 0 to 1; text of ASCII alone says 1."""
    total = score = 0.0
    for char, times in Counter(text).items():
        if (value := _value(char)) is not None:
            total += times
            score += times * value
    return 1.0 if not total else max(0.0, score / total)


@cache
def _value(char: str) -> float | None:
    """What a character says for print; nothing for white space and plain ASCII."""
    if char.isspace() or " " < char < "\x7f":
        return None
    if char in _COMMON:
        return 1.0
    if char in _EVERYDAY or "\uff01" <= char <= "\uff5e":
        return 0.7
    if "\u2000" <= char <= "\u27bf":  # signs such as ℃ ‰ ½ → ▲
        return 0.5
    if "\u4e00" <= char <= "\u9fff":
        return 0.2
    return -2.0 if char <= "\u009f" or char == "\ufffd" else 0.0  # control characters


def _decoded(raw: bytes, encoding: str) -> str | None:
    if encoding.startswith("utf-16") and len(raw) % 2:
        return None
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if "\x00" in text else text.removeprefix(BOM)


def decode(raw: bytes) -> tuple[str, str]:
    """(text, encoding); `ValueError` in Chinese if it is in none of the encodings we know."""
    for signature, what in _SIGNATURES:
        if raw.startswith(signature):
            raise ValueError(f"这是{what}，不是文字文件：请先取出文字，另存为 UTF-8 的 .txt 再入库。")
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            if not encoding:
                raise ValueError("UTF-32 编码不收：请另存为 UTF-8。")
            text = _decoded(raw, encoding)
            if text is None:
                raise ValueError(f"开头标明是 {encoding.upper()}，内容却不合这个编码，文件可能已损坏：请重新导出。")
            return text, encoding
    best: tuple[float, str, str] | None = None
    for encoding in _CANDIDATES:
        text = _decoded(raw, encoding)
        if text is None:
            continue
        score = plausibility(text)
        if encoding == "utf-8" and score > 0:  # hardly anything else is valid UTF-8 by chance
            score = max(score, PLAUSIBLE)
            if raw.isascii() or score >= RUNNING:
                return text, encoding
        if best is None or score > best[0]:
            best = (score, text, encoding)
    if best is None or best[0] < PLAUSIBLE:
        if b"\x00" in raw:
            raise ValueError("含有空字节，是二进制文件，不是文字：请换成文字文件（UTF-8 的 .txt）。")
        raise ValueError(
            "看不出编码：不是 UTF-8、GB18030（GBK、GB2312）、Big5 或 UTF-16 的中文。请用文本编辑器打开，另存为 UTF-8。"
        )
    return best[1], best[2]


def read_bytes(raw: bytes, *, name: str) -> TextFile:
    """Decode the bytes of one file; `Unreadable` if they cannot go in."""
    sha256 = hashlib.sha256(raw).hexdigest()
    if len(raw) > SIZE_LIMIT:
        raise Unreadable(
            name, f"超过 {SIZE_LIMIT // 1024 // 1024} MB：一个文件只放一个版的文字，请拆开。", sha256=sha256
        )
    if not raw:
        raise Unreadable(name, "是空文件：请检查导出是否成功。", sha256=sha256)
    try:
        text, encoding = decode(raw)
    except ValueError as problem:
        raise Unreadable(name, str(problem), sha256=sha256) from None
    if not text.strip():
        raise Unreadable(name, "只有空白，没有文字：请检查导出是否成功。", sha256=sha256)
    return TextFile(name, raw, sha256, encoding, text)


def read_file(path: Path, *, name: str = "") -> TextFile:
    """Read and decode one file. Never reads more than the limit, never waits on a pipe or a device."""
    name = name or path.name
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if not stat.S_ISREG(mode):
                what = "文件夹" if stat.S_ISDIR(mode) else "特殊文件（管道、设备等）"
                raise Unreadable(name, f"是{what}，不是文字文件：请给出 .txt 文件。")
            raw = file.read(SIZE_LIMIT + 1)
    except IsADirectoryError:
        raise Unreadable(name, "是文件夹，不是文字文件：请给出 .txt 文件。") from None
    except FileNotFoundError:
        raise Unreadable(name, "找不到：请检查路径（也可能是失效的链接）。") from None
    except PermissionError:
        raise Unreadable(name, "没有读取的权限：请修改文件权限。") from None
    except OSError as problem:
        raise Unreadable(name, f"读不出来（{problem.strerror or problem}）：请检查文件或磁盘。") from None
    return read_bytes(raw, name=name)
