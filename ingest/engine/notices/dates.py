"""Dates and periods of notices, read from folded text. The print date is given, never the clock's."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "○": 0,
    "O": 0,
    "o": 0,
    "两": 2,
}
_MISREAD = {"O": "0", "o": "0", "Q": "0", "l": "1", "I": "1", "Z": "2", "S": "5"}
_D = r"(?:\d[OoQlIZS]|[OoQlIZS]\d|\d{1,2})"
"""A day or month in figures, one of them perhaps misread ('2O日')."""
_Y = r"[12]\d{3}|[二一][〇零○Oo0一二三四五六七八九]{3}"
_N = rf"{_D}|[一二三四五六七八九十廿卅]{{1,4}}"

DATE = re.compile(
    rf"(?<![\d〇])(?:(?P<year>{_Y}) ?年 ?(?P<month>{_N}) ?月 ?(?P<day>{_N}) ?[日号曰目]"  # 曰, 目: misread 日
    rf"|(?P<year2>20\d\d|19\d\d) ?(?P<sep>[./-]) ?(?P<month2>\d{{1,2}}) ?(?P=sep) ?(?P<day2>\d{{1,2}})(?![\d])"
    rf"|(?P<month3>\d{{1,2}}|[一二三四五六七八九十]{{1,3}}) ?月 ?(?P<day3>{_N}) ?[日号])"
)
"""2025年12月20日, 二〇二五年十二月二十日, 2025.12.20, 2025-12-20, 12月20日."""


LUNAR = (
    r"(?:农历|岁次|夏历)?(?:[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年?)?闰?[正一二三四五六七八九十冬腊]{1,2}月"
    r"(?:初[一二三四五六七八九十]|[二三]十|[十廿][一二三四五六七八九]|[一二三]?十[一二三四五六七八九]?)日?"
)
"""乙巳年正月廿一: a day of the lunar calendar, known for a date but not turned into one."""


def number(text: str) -> int | None:
    """An Arabic or Chinese number up to 999 (二十, 十二, 四十五, 一百二十, 三〇)."""
    text = "".join(_MISREAD.get(char, char) for char in text if char != " ")
    if text.isdigit() and text.isascii():
        return int(text)
    text = text.replace("廿", "二十").replace("卅", "三十")
    total = 0
    if "百" in text:
        hundreds, _, text = text.partition("百")
        total = (_DIGITS.get(hundreds) or 1) * 100
        text = text.lstrip("零〇")
    if "十" in text:
        tens, _, units = text.partition("十")
        if len(tens) > 1 or len(units) > 1 or any(c not in _DIGITS for c in tens + units):
            return None
        return total + (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[units] if units else 0)
    if any(char not in _DIGITS for char in text):
        return None
    return total + (int("".join(str(_DIGITS[char]) for char in text)) if text else 0)


def year_number(text: str) -> int | None:
    if text.isdigit() and text.isascii():
        return int(text)
    figures = [("0" if char == "0" else str(_DIGITS[char])) for char in text if char in _DIGITS or char == "0"]
    return int("".join(figures)) if len(figures) == len(text) == 4 else None


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date as printed at ``start:end``; ``value`` is None when no such day exists."""

    start: int
    end: int
    value: date | None
    has_year: bool


def find_dates(text: str, printed: date | None, *, year: int | None = None) -> Iterator[FoundDate]:
    """All dates in the folded text; a missing year is taken from the date before it, else from the print date."""
    for found in DATE.finditer(text):
        year_text = found["year"] or found["year2"]
        month, day = (
            number(found["month"] or found["month2"] or found["month3"]),
            number(found["day"] or found["day2"] or found["day3"]),
        )
        if month is None or day is None:
            continue
        if year_text:
            year = year_number(year_text)
            if year is None:
                continue
            yield FoundDate(found.start(), found.end(), _day(year, month, day), True)
        elif year is not None:
            value = _day(year, month, day)
            yield FoundDate(found.start(), found.end(), value, False)
        elif printed is not None:
            yield FoundDate(found.start(), found.end(), nearest(month, day, printed), False)


def nearest(month: int, day: int, printed: date) -> date | None:
    """The 12月20日 nearest the print date; None when the calendar has no such day."""
    near = [d for year in (printed.year - 1, printed.year, printed.year + 1) if (d := _day(year, month, day))]
    return min(near, key=lambda d: abs((d - printed).days)) if near else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


_COUNT = r"\d{1,3}|[一二三四五六七八九十两]{1,4}|[一二]百[一二三四五六七八九十零]{0,4}"
_BASE = (
    r"(?:见报|登报|刊登|刊出|刊载|公告|公示|发布|本公告|声明|通知|通告|即日|公布|发出|报纸|本通知|今日|本日"
    r"|启事|登载|刊报)"
)

PERIOD = re.compile(
    rf"{_BASE}[^,。;:()自从]{{0,12}}?(?:之日|当日|日|起|次日)(?:起|后|始|开始|起算|计起|算起)*(?:的|,|经过"
    rf"|满|在|至)*(?:\([^)]{{1,20}}\))?"
    rf",?(?:经过|满)?(?P<count>{_COUNT})(?P<unit>个自然日|个?工作日|个月|天|日|周|年)"
)
"""自见报之日起45日内, 公告之日起三十日内, 自本公告发出之日起,经过三十日, 请于见报之日起45天内, 登报之日起两个月内."""
_DATED_PERIOD = re.compile(
    rf"(?:自|从)?(?:{DATE.pattern})(?:之日)?起(?:的)?(?P<count>{_COUNT})(?P<unit>个自然日|个?工作日|个月|天|日"
    rf"|周)(?:之)?内"
)
"""自2025年12月20日起90日内."""
_SHORT_PERIOD = re.compile(rf"(?:见报|登报|公告|刊登|发布)(?:后|起)(?P<count>{_COUNT})(?P<unit>个月|天|日|周)(?:之?内)")
"""见报后7日内."""
_NOT_THE_PAPER = re.compile(r"(?:接到|收到|送达)[^,。;自从]{0,16}$")
"""自接到通知书之日起30日内 runs from a letter, not from the paper."""

_CLOCK = r"(?: ?(?:上午|下午|中午|晚上?|早上)? ?\d{1,2} ?(?:[:时点] ?(?:\d{1,2} ?分?|半|整)?)? ?)?"
BEFORE = re.compile(rf"^(?:\([^)]{{1,8}}\))?{_CLOCK}(?:\([^)]{{1,12}}\))?(?:之?前|以前|止|截止|为止|(?:\([^)]*\))?前)")
"""What follows a last day: 2026年1月5日前, 2026年1月5日17时止, 2026年1月5日(含)前."""
UNTIL = re.compile(
    r"(?:截止(?:日期|时间|到|至|于|期)?|截至|(?:逾期|限期|期限|有效期)(?:至|为)|止于|最迟(?:于|在)?|(?:更正"
    r"|变更|延长|延期|调整|顺延|推迟|改)(?:为|至|到)|截止|期限至)"
    r"(?:为|至|到|是|:|,|于)*$"
)
"""What precedes a last day: 报名截止时间:, 截至."""
_RANGE = re.compile(rf"^{_CLOCK}(?:起|开始|始)?(?:,)?(?:至|到|-{{1,2}}|~)$")
_PERIOD_WORD = re.compile(
    r"(?:公示|公告|报名|登记|期限|时间|有效|展示|申请|异议|意见|投标|竞买|缴纳|认领|申报|受理|招标文件|征求"
    r"|反馈|日期|领取)[^。;]{0,24}$"
)
"""A range of days has a last day of interest when it is the range of one of these (公示期:12月20日至12月26日)."""


def deadline(text: str, printed: date | None, *, year: int | None = None) -> date | None:
    """The last day the notice sets, from a period counted from the print date or a printed last day."""
    dated = _dated_last_day(text, printed, year)
    spoken = _printed_last_day(text, printed, year)
    counted = _counted_last_day(text, printed)
    return counted or dated or spoken


def _dated_last_day(text: str, printed: date | None, year: int | None) -> date | None:
    for found in _DATED_PERIOD.finditer(text):
        start = next(find_dates(found.group(), printed, year=year), None)
        count = number(found["count"])
        if start is not None and start.value is not None and count:
            return _after(start.value, count, found["unit"])
    return None


def _counted_last_day(text: str, printed: date | None) -> date | None:
    if printed is None:
        return None
    for pattern in (PERIOD, _SHORT_PERIOD):
        for found in pattern.finditer(text):
            if _NOT_THE_PAPER.search(text[max(0, found.start() - 20) : found.start()]):
                continue
            count = number(found["count"])
            if not count:
                continue
            value = _after(printed, count, found["unit"])
            if value is not None:
                return value
    return None


def _after(start: date, count: int, unit: str) -> date | None:
    """The day ``count`` units later. Working days need the year's holiday calendar: not guessed."""
    try:
        if unit in ("天", "日", "个自然日"):
            return start + timedelta(days=count)
        if unit == "周":
            return start + timedelta(weeks=count)
        if unit in ("个月", "年"):
            months = start.month - 1 + count * (12 if unit == "年" else 1)
            year, month = start.year + months // 12, months % 12 + 1
            return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))
    except (ValueError, OverflowError):
        return None
    return None


def _printed_last_day(text: str, printed: date | None, year: int | None) -> date | None:
    """A day said to be the last one; without any, the end of a period of days."""
    before: FoundDate | None = None
    ends: list[date] = []
    for found in find_dates(text, printed, year=year):
        if found.value is not None and (printed is None or found.value >= printed):
            after, ahead = text[found.end : found.end + 24], text[max(0, found.start - 30) : found.start]
            is_event = before is not None and _is_event(text, before, found)
            if is_event:
                before = found
                continue
            if BEFORE.match(after) or UNTIL.search(ahead.replace(" ", "")):
                return found.value
            if before is not None and _is_range(text, before, found):
                ends.append(found.value)
        before = found
    return ends[0] if ends else None


_EVENT = re.compile(r"^[^。;]{0,24}(?:拍卖|竞价|变卖|施工|停电|停水|开庭|举行|召开)")
"""'将于1月15日10时至1月16日10时止…公开拍卖': the hours of an event, no last day to act."""


def _is_event(text: str, first: FoundDate, last: FoundDate) -> bool:
    is_range = _RANGE.match(text[first.end : last.start].replace(" ", "")) is not None
    ahead = text[max(0, first.start - 4) : first.start]
    return is_range and re.search(r"[于定在]$", ahead) is not None and _EVENT.match(text[last.end :][:40]) is not None


def _is_range(text: str, first: FoundDate, last: FoundDate) -> bool:
    if _RANGE.match(text[first.end : last.start].replace(" ", "")) is None:
        return False
    ahead, after = text[max(0, first.start - 30) : first.start], text[last.end : last.end + 12]
    return _PERIOD_WORD.search(ahead) is not None or _PERIOD_ACT.match(after) is not None


_PERIOD_ACT = re.compile(
    r"^(?:集中|统一|到|前往|期间|,|内|在|向)*[^,。;]{0,16}(?:办理|报名|登记|领取|申报|认领|交房|收房|交付|交纳|缴纳)"
)
"""…至12月31日集中办理交房手续."""
