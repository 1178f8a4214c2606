"""Query parameters of the interface: how each is read, and how the description tells of it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from articles.content import NoticeKind
from articles.public.api.problems import Problem
from articles.public.paging import Cursor, WrongCursor
from articles.public.parameters import problem_with
from articles.public.searching import SORTS

Schema = dict[str, Any]

LIMIT_DEFAULT, LIMIT_MOST = 30, 100


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    description: str
    schema: Schema
    read: Callable[[str], Any]
    """Makes the value; a `ValueError` with the reason in Chinese refuses it."""
    default: Any = None


def _date(text: str) -> datetime.date:
    if re.fullmatch(r"[12]\d{3}-\d\d-\d\d", text, re.ASCII):
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            pass
    raise ValueError("要写成 2024-03-05 这样的、存在的日期")


def _limit(text: str) -> int:
    if re.fullmatch(r"[1-9]\d{0,2}", text, re.ASCII) and int(text) <= LIMIT_MOST:
        return int(text)
    raise ValueError(f"要写 1 到 {LIMIT_MOST} 的整数")


def _cursor(text: str) -> Cursor:
    try:
        return Cursor.parse(text)
    except WrongCursor:
        raise ValueError("不是本接口给出的翻页位置：请照抄上一页的 next") from None


def _number(text: str) -> int:
    if re.fullmatch(r"[1-9]\d{0,17}", text, re.ASCII):
        return int(text)
    raise ValueError("不是本接口给出的翻页位置：请照抄上一页的 next")


def _slug(text: str) -> str:
    if re.fullmatch(r"[-\w]{1,40}", text, re.ASCII):
        return text
    raise ValueError("报纸代号只有字母、数字、横线")


def _kind(text: str) -> str:
    if text in NoticeKind.values:
        return text
    raise ValueError("没有这个类别；可写：" + "、".join(NoticeKind.values))


def _sort(text: str) -> str:
    if text in SORTS:
        return text
    raise ValueError("没有这种排列；可写：" + "、".join(SORTS))


NEWSPAPER = Parameter(
    "newspaper", "只要这份报纸的：报纸的 slug", {"type": "string", "pattern": "^[-A-Za-z0-9_]{1,40}$"}, _slug
)
KIND = Parameter("kind", "只要这一类公告", {"type": "string", "enum": list(NoticeKind.values)}, _kind)
SINCE = Parameter("since", "见报日期不早于", {"type": "string", "format": "date"}, _date)
UNTIL = Parameter("until", "见报日期不晚于", {"type": "string", "format": "date"}, _date)
LIMIT = Parameter(
    "limit",
    "一页几条",
    {"type": "integer", "minimum": 1, "maximum": LIMIT_MOST, "default": LIMIT_DEFAULT},
    _limit,
    LIMIT_DEFAULT,
)
BEFORE = Parameter(
    "before",
    "翻页的位置，从上一页的 next 来；不要自己拼",
    {"type": "string", "pattern": r"^[12]\d{3}-\d\d-\d\d\.[1-9]\d{0,17}$"},
    _cursor,
)
_ROW = {"type": "string", "pattern": r"^[1-9]\d{0,17}$"}
AFTER = Parameter("after", BEFORE.description, _ROW, _number)
BEFORE_ROW = Parameter("before", BEFORE.description, _ROW, _number)
QUERY = Parameter("q", "要找什么，写法同搜索页", {"type": "string"}, str, "")
SORT = Parameter("sort", "怎样排列", {"type": "string", "enum": list(SORTS)}, _sort, "")
RESULT = Parameter("after", "翻页的位置，从上一页的 next 来；不要自己拼", {"type": "string"}, str, "")


def read(given: QueryDict, parameters: Sequence[Parameter]) -> dict[str, Any]:
    """The values by name, defaults for those not given; `Problem` 400 names the first that is wrong."""
    wrong = problem_with(given, {parameter.name for parameter in parameters})
    if wrong is not None:
        raise Problem(400, wrong[1].replace("本页", "这个地址"), parameter=wrong[0][:60])
    values = {}
    for parameter in parameters:
        text = given.get(parameter.name)
        try:
            values[parameter.name] = parameter.default if text is None else parameter.read(text)
        except ValueError as error:
            raise Problem(400, str(error), parameter=parameter.name) from None
    if values.get("since") and values.get("until") and values["since"] > values["until"]:
        raise Problem(400, "结束日期早于开始日期", parameter="until")
    return values
