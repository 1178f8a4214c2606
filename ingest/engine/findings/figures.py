"""Figures and dates: letters among digits, units said twice, days that do not exist, wrong weekdays."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from ingest.engine.findings.passages import Passage
from ingest.engine.fluency import model
from ingest.engine.types import Finding

_DIGIT_OF = {"O": "0", "o": "0", "Q": "0", "I": "1", "l": "1", "|": "1"}
_UNIT = "年月日时分秒元万亿人个件次户家米吨亩名岁期届号楼层%％℃"
# O2O and 5G are words; a letter stands for a digit only among digits, or between a digit and a unit.
_LETTER = re.compile(
    rf"(?<![A-Za-z\d])(?=[\dOoQIl]{{0,11}}\d)\d{{0,11}}[OoQIl][\dOoQIl]{{0,11}}(?=[{_UNIT}])|(?<=\d)[OoQl](?=\d)"
)
_ZERO = re.compile(r"(?<=[一二三四五六七八九])[OoQ](?=[一二三四五六七八九〇零OoQ年])")
_UNIT_MISREAD = re.compile(r"(?<=\d)\s?([曰夭忆])")
_MISREAD_FOR = {"曰": "日", "夭": "天", "忆": "亿"}
_UNIT_TWICE = re.compile(
    r"(?<=\d)[多余万亿千百]?\s?"
    r"(平方米|平方公里|公里|公斤|千瓦时|人次|万元|亿元|小时|[年月日时分元万亿吨亩岁名座件个次户辆处项场所批张%％℃米])\s?\1"
)
_POINTS = re.compile(r"\d\.\.\d")
_COMMA = re.compile(r"(?<![\d.,，])\d{1,3}，\d{3}(?=[元人万亿吨个户名件])")
_SHARE = re.compile(r"(?:占比|占)(?:达到?|为|至|约|超过?|的?比例?为?)?\s?(\d{3,5})(?:\.\d+)?\s?[%％]")

_DATE = re.compile(
    r"(?<![\d.])(?:((?:19|20|21)\d{2})\s?年\s?)?(\d{1,3})\s?月\s?(\d{1,3})\s?(?:日|号(?!楼|线|院|门|文|令|公告))"
)
_MONTH = re.compile(r"(?<![\d.第])(?:((?:19|20)\d{2})\s?年\s?)(\d{1,2})\s?月(?!\d|\s\d)")
_WEEKDAY = re.compile(r"\s?[（(,，、]?\s?(?:星期|周|礼拜)([一二三四五六日天])(?![一-鿿]?[岁年])")
_HOUR = re.compile(
    r"(?:日|上午|下午|凌晨|晚上|当晚|中午|早上|傍晚|今早|昨晚)\s?(\d{1,3})\s?[时点:：]"
    r"(?:\s?(\d{1,3})(?:\s?分)?)?(?!\d)"
)
_RANGE = re.compile(r"(?<!\d)(\d{1,2})\s?月\s?(\d{1,2})\s?日?\s?(?:至|到|—{1,2}|－|-|~|～)\s?(\d{1,2})\s?日")
_LUNAR = re.compile(r"(?:农历|正月|腊月|闰)[^，。]{0,6}$")
_DAYS = "一二三四五六日"


def find_figures(passage: Passage) -> Iterator[Finding]:
    text = passage.text
    for found in _LETTER.finditer(text):
        signs = {at: _DIGIT_OF[text[at]] for at in range(*found.span()) if text[at] in _DIGIT_OF}
        if signs:
            yield passage.finding("letter-in-number", *found.span(), "数字里夹了字母，可能是 0 或 1 认错", signs)
    for found in _ZERO.finditer(text):
        at = found.start()
        yield passage.finding("letter-in-number", at, at + 1, "汉字数字里的零应为 〇", {at: "〇"})
    for found in _UNIT_MISREAD.finditer(text):
        at, char = found.start(1), found.group(1)
        message = f"“{char}”可能是“{_MISREAD_FOR[char]}”认错了"
        yield passage.finding("misread", max(0, found.start() - 2), at + 1, message, {at: _MISREAD_FOR[char]})
    for found in _UNIT_TWICE.finditer(text):
        unit = found.group(1)
        if unit + text[found.end() : found.end() + 1] not in model().words or len(unit) > 1:
            first = text.index(unit, found.start())
            gone = dict.fromkeys(range(found.end() - len(unit), found.end()), "")
            yield passage.finding("doubled-unit", first, found.end(), f"单位重复：{unit}{unit}", gone)
    for found in _POINTS.finditer(text):
        at = found.start()
        yield passage.finding("odd-number", at, found.end(), "数字里有两个小数点", {at + 1: ""})
    for found in _COMMA.finditer(text):
        yield passage.finding("odd-number", *found.span(), "数字中间的全角逗号：是千分位，还是两个数？")
    for found in _SHARE.finditer(text):
        if int(found.group(1)) > 100:
            yield passage.finding("odd-number", *found.span(), "占比超过了 100%")


def find_dates(passage: Passage, printed: date | None) -> Iterator[Finding]:
    """``printed`` is the day of the page, against which dates without a year are read."""
    text = passage.text
    for found in _DATE.finditer(text):
        year = int(found.group(1)) if found.group(1) else None
        month, day = int(found.group(2)), int(found.group(3))
        if not _exists(year, month, day):
            if not _LUNAR.search(text[max(0, found.start() - 8) : found.start()]):
                yield passage.finding("impossible-date", *found.span(), f"没有这一天：{_squeezed(found.group(0))}")
            continue
        named = _WEEKDAY.match(text, found.end())
        actual = _day_meant(year, month, day, printed) if named is not None else None
        if named is not None and actual is not None:
            said = "日" if named.group(1) == "天" else named.group(1)
            right = _DAYS[actual.weekday()]
            if said != right:
                message = f"{actual.year}年{actual.month}月{actual.day}日是星期{right}，不是星期{said}"
                yield passage.finding("weekday", found.start(), named.end(1), message, {named.start(1): right})
    for found in _MONTH.finditer(text):
        if not 1 <= int(found.group(2)) <= 12:
            yield passage.finding("impossible-date", *found.span(), f"没有这个月：{_squeezed(found.group(0))}")
    for found in _HOUR.finditer(text):
        hour, minute = int(found.group(1)), int(found.group(2) or 0)
        if hour > 24 or minute > 59 or (hour == 24 and minute):
            yield passage.finding("impossible-date", found.start(1), found.end(), "没有这个钟点")
    for found in _RANGE.finditer(text):
        month, first, last = (int(group) for group in found.groups())
        if _exists(None, month, first) and last < first:
            yield passage.finding("impossible-date", *found.span(), "起止日期前后颠倒")


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _exists(year: int | None, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= monthrange(year or 2024, month)[1]


def _day_meant(year: int | None, month: int, day: int, printed: date | None) -> date | None:
    if year is not None:
        return date(year, month, day)
    if printed is None:
        return None
    near = [date(y, month, day) for y in range(printed.year - 1, printed.year + 2) if _exists(y, month, day)]
    return min(near, key=lambda each: abs((each - printed).days)) if near else None
