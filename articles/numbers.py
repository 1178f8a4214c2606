"""Numbers of notices: how they are compared, which of them a notice carries, what may be asked for. Pure.

A number is compared without everything that setting and typing change: width, case, spaces, hyphens of every kind,
brackets. It can be found under several values (`values_of`): a certificate also by its serial number alone, a landline
also without its area code, a number with letters in front also without them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from articles.identity import is_credit_code, looks_like_identity
from articles.masking import FOLD, MASK, personal_numbers
from articles.notice_masking import runs_hidden

VALUE_LIMIT = 80
SHORTEST = 6
"""Signs of the shortest number that may be asked for: shorter ones are guessed too easily."""
_DIGITS_AT_LEAST = 4


class NumberKind(models.TextChoices):
    CREDIT_CODE = "uscc", "统一社会信用代码"
    IDENTITY = "identity", "身份证号码"
    PHONE = "phone", "电话号码"
    ACCOUNT = "account", "账号"
    CERTIFICATE = "certificate", "证件、票据编号"


@dataclass(frozen=True, slots=True)
class Number:
    kind: NumberKind
    value: str
    """As `normalise` gives it."""


class NumberRefused(ValueError):
    """What was asked for is no number to look up. `str()` says why, in Chinese."""


# 0595一85661234: recognisers read dashes as 一, ー or 丨.
_FALSE_DASH = re.compile(r"(?<=[0-9A-Z])[ー一丨](?=[0-9A-Z])")
_PARTIAL = re.compile(rf"[*＊×{MASK}#]|X{{3,}}")


def normalise(text: str) -> str:
    """The letters, digits and characters of a number, in half width and capitals, and nothing else."""
    folded = unicodedata.normalize("NFKC", text).upper()
    return _FALSE_DASH.sub("", "".join(c for c in folded if c.isalnum() or c in "ー"))


def is_partial(text: str) -> bool:
    """Whether signs of it were left out in print: 350582********0011."""
    return _PARTIAL.search(text.upper()) is not None


_SERIAL = re.compile(r"第?([0-9A-Z]{5,})号?$")
_LETTERS_FIRST = re.compile(r"[A-Z]{1,3}(?=\d{8,}$)")
_TRUNK = re.compile(r"(?:00)?86(?=1[3-9]\d{9}$)|0(?=1[3-9]\d{9}$)")
_AREA = re.compile(r"0(?:10|2\d|[3-9]\d{2})(?=[2-9]\d{6,7}$)")
_LANDLINE = re.compile(r"(?:0\d{2,3})?[2-9]\d{6,7}")
_EXTENSION = re.compile(r"(?:转|分机|[-－—–])\s*\d{1,5}\s*$")


def values_of(printed: str, kind: NumberKind = NumberKind.CERTIFICATE) -> list[str]:
    """The values under which a printed number is found, its full one first; none for one that is only partly there."""
    if is_partial(printed):
        return []
    without = _EXTENSION.sub("", printed)
    if kind is NumberKind.PHONE and _LANDLINE.fullmatch(normalise(without)):
        printed = without
    full = normalise(printed)
    values = [full]
    if kind is NumberKind.PHONE:
        values += [_TRUNK.sub("", full), _AREA.sub("", full)]
    else:
        serial = _SERIAL.search(full)
        if serial and not full.isascii():
            values += [full.removesuffix("号"), serial[1]]
        values += [_LETTERS_FIRST.sub("", value) for value in list(values)]
    return [value[:VALUE_LIMIT] for value in dict.fromkeys(values) if len(value) > 2]


def asked_for(typed: str) -> list[str]:
    """The values to look for when somebody types this; `NumberRefused` when it is no number to look up."""
    if is_partial(typed):
        raise NumberRefused("请输入完整的号码，不要用星号代替其中的数字。")
    value = re.sub(r"^(?:NO|编号|号码|证号)(?=[0-9A-Z])", "", normalise(typed))
    if len(value) > VALUE_LIMIT:
        raise NumberRefused(f"号码不会超过 {VALUE_LIMIT} 个字，请只输入一个号码。")
    digits = [c for c in value if c.isascii() and c.isdigit()]
    if len(value) < SHORTEST or (len(digits) < _DIGITS_AT_LEAST and not _PLATE.fullmatch(value)):
        raise NumberRefused(f"请输入完整的号码：至少 {SHORTEST} 位，其中至少 {_DIGITS_AT_LEAST} 位数字。")
    bare = value.removeprefix("第").removesuffix("号")
    if len(set(digits)) == 1 or bare in "01234567890123456789":
        raise NumberRefused("这样的号码太常见，查不出是哪一则公告：请核对后再输入。")
    mobile = _TRUNK.sub("", value)
    return list(dict.fromkeys([value, value.removesuffix("号"), bare, mobile]))


_PLATE = re.compile(r"[\u4e00-\u9fff][A-Z][0-9A-Z]{4,6}[挂学警]?")
"""闽CTR856: letters and figures as they come."""


_ACCOUNT_BEFORE = re.compile(r"(?:[账帐][号户]|卡号|存折|存单)[^0-9A-Za-z]{0,8}$")


def numbers_of(content: Mapping[str, Any]) -> list[Number]:
    """Every number a notice can be found by: those read into its fields, and the personal ones its text has besides.
    The first kind that a value comes up as is kept."""
    found: dict[str, NumberKind] = {}
    for kind, printed in _printed(content):
        for value in values_of(printed, kind):
            found.setdefault(value, kind)
    return [Number(kind, value) for value, kind in found.items()]


def _printed(content: Mapping[str, Any]) -> Iterator[tuple[NumberKind, str]]:
    fields = content.get("fields") or {}
    text = "\n".join(piece["text"] for piece in content.get("body") or ())
    for code in strings(fields.get("uscc")):
        yield (NumberKind.IDENTITY if _is_persons(code) else NumberKind.CREDIT_CODE), code
    for number in strings(fields.get("numbers")):
        yield _kind_of(number, text), number
    for phone in strings(fields.get("phones")):
        yield NumberKind.PHONE, phone
    for name, number in personal_numbers("\n".join([str(content.get("heading") or ""), text])):
        yield NumberKind(name), number
    for found in _CODE.finditer(text.translate(FOLD).upper()):
        if is_credit_code(found[0]):
            yield NumberKind.CREDIT_CODE, found[0]
    for run in runs_hidden(content):
        yield NumberKind.CERTIFICATE, run


_CODE = re.compile(r"(?<![0-9A-Z])[0-9A-Z]{2}\d{6}[0-9A-Z]{10}(?![0-9A-Z])")
"""Two companies that merge have a code each, and the fields hold one."""


def _is_persons(code: str) -> bool:
    return looks_like_identity(normalise(code)) and not is_credit_code(normalise(code))


def _kind_of(number: str, text: str) -> NumberKind:
    value = normalise(number)
    if _is_persons(value):
        return NumberKind.IDENTITY
    if is_credit_code(value):
        return NumberKind.CREDIT_CODE
    place = text.find(number)
    if place >= 0 and _ACCOUNT_BEFORE.search(text, max(0, place - 16), place):
        return NumberKind.ACCOUNT
    return NumberKind.CERTIFICATE


def strings(value: Any) -> Iterable[str]:
    """The strings of a field that is a string or a list of them; whatever else it may be holds none."""
    values = value if isinstance(value, list) else [value]
    return [each.strip() for each in values if isinstance(each, str) and each.strip()]
