"""What a character is to a typesetter: how wide, Chinese or not, opening or closing, ending a sentence or not."""

from __future__ import annotations

import re
from collections.abc import Sequence

TERMINAL = "。！？!?…"
"""Signs that can end a paragraph. A half-width full stop never does in Chinese text."""
CLOSERS = "”’）)】》〉」』］]\"'"
"""Signs that may stand after the sign that ends the sentence."""
OPENERS = "“‘（(【《〈「『［["
OPEN_ENDED = "，、；：,;:—－~～+＋/／·《（(“‘【"
"""Signs after which a sentence must go on."""
NEVER_FIRST = "，。、；：！？,.;:!?”’）)】》〉」』］]%％℃…"
"""Signs no line of Chinese may begin with (禁则): a piece that begins with one continues another piece."""

PAIRS = {"“": "”", "‘": "’", "（": "）", "(": ")", "《": "》", "【": "】", "「": "」", "『": "』", "〈": "〉"}
FOLD_BRACKETS = str.maketrans("()[]", "（）［］")

ARTEFACT_CHARS = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufff9-\ufffb\ufffd]+"
)
"""Control and format characters, byte-order marks, replacement characters: left by the extraction, not by the page."""

_NARROW = re.compile("[\0-\u024f]")
_SPACE_RUN = re.compile(r"\s+")


CJK = "㐀-鿿豈-﫿\U00020000-\U0003134f〇々"
"""Chinese characters (not punctuation), for the brackets of a regular expression."""


def is_cjk(char: str) -> bool:
    """Whether the character is a Chinese character (not punctuation)."""
    return "㐀" <= char <= "鿿" or "豈" <= char <= "﫿" or "\U00020000" <= char <= "\U0003134f" or char in "〇々"


def width_of(text: str) -> float:
    """Set width in em. White space counts nothing: in body lines it only comes from justification."""
    shown = "".join(text.split())
    return len(shown) - 0.5 * len(_NARROW.findall(shown))


def is_spaced_out(text: str) -> bool:
    """A line driven apart to fill the measure, 晋 江 市 池 峰 路, wholly or for most of it."""
    tokens = text.split()
    if len(tokens) < 4:
        return False
    single = sum(1 for t in tokens if len(t) == 1 or (len(t) == 2 and not t.isalnum()))
    return single * 4 >= len(tokens) * 3


def close_up(text: str, *, keep_clauses: bool = False) -> str:
    """The text with white space that only came from setting taken out.

    A space between two Chinese words is kept (记者 许春 陈巧玲; 绷紧思想弦 严守“安全关”), and between Latin words;
    a space beside a figure is setting. ``keep_clauses`` also keeps one space beside figures and quotes, for headlines.
    """
    text = text.strip()
    if len(text) < 2 or not any(c.isspace() for c in text):
        return text
    if is_spaced_out(text):
        return _close_spaced(text)
    out: list[str] = []
    position = 0
    for gap in _SPACE_RUN.finditer(text):
        out.append(text[position : gap.start()])
        if _keeps_space(text[gap.start() - 1], text[gap.end()], keep_clauses):
            out.append(" ")
        position = gap.end()
    out.append(text[position:])
    return "".join(out)


def _close_spaced(text: str) -> str:
    out = [""]
    for token in text.split():
        if out[-1] and out[-1][-1].isascii() and out[-1][-1].isalpha() and token[0].isascii() and token[0].isalpha():
            out.append(" ")
        out.append(token)
    return "".join(out)


def _keeps_space(left: str, right: str, keep_clauses: bool) -> bool:
    if right in NEVER_FIRST or left in OPENERS:
        return False
    if left.isascii() and right.isascii():
        return left.isalpha() or right.isalpha()
    if is_cjk(left) and is_cjk(right):
        return True
    return keep_clauses and left not in OPEN_ENDED


def join_all(pieces: Sequence[str]) -> str:
    """All pieces of one paragraph, in linear time."""
    out: list[str] = []
    last = ""
    for piece in pieces:
        if out and piece and last.isascii() and piece[0].isascii() and last.isalpha() and piece[0].isalpha():
            out.append(" ")
        out.append(piece)
        last = piece[-1:] or last
    return "".join(out)


def ends_sentence(text: str) -> bool:
    """Whether the last sentence is complete, looking past closing quotes and brackets."""
    stripped = text.rstrip().rstrip(CLOSERS)
    if not stripped:
        return False
    if stripped[-1] in TERMINAL:
        return True
    # “……。”（完） and （记者 张三） after the full stop
    closing = text.rstrip()
    if closing[-1] in "）)":
        opening = max(closing.rfind("（"), closing.rfind("("))
        return opening > 0 and closing[:opening].rstrip().rstrip(CLOSERS)[-1:] in tuple(TERMINAL)
    return False


def open_signs(text: str, *, limit: int = 64) -> str:
    """The opening quotes and brackets that found no partner, outermost first."""
    stack: list[str] = []
    for char in text:
        if char in PAIRS:
            stack.append(char)
            if len(stack) > limit:
                return "".join(stack)
        elif char in "”’）)》】」』〉":
            for depth in range(len(stack) - 1, -1, -1):
                if PAIRS[stack[depth]].translate(FOLD_BRACKETS) == char.translate(FOLD_BRACKETS):
                    del stack[depth:]
                    break
    return "".join(stack)


def stray_closers(text: str) -> str:
    """Closing quotes and brackets whose opening partner must stand in an earlier piece."""
    depth = {"”": 0, "’": 0, "）": 0, "》": 0, "】": 0}
    opened = {"“": "”", "‘": "’", "（": "）", "《": "》", "【": "】"}
    stray: list[str] = []
    for char in text.translate(FOLD_BRACKETS):
        if char in opened:
            depth[opened[char]] += 1
        elif char in depth:
            if depth[char]:
                depth[char] -= 1
            elif len(stray) < 64:
                stray.append(char)
    return "".join(stray)


def without_inner_space(text: str) -> str:
    """For reading figures and dates: 2023年 12月 31日 is one date however it is set."""
    return _SPACE_RUN.sub("", text)
