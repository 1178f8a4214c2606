"""Personal numbers are masked in everything the public can read.

Masked whole but for the leading digits that say what kind of number it is: two partly masked copies of one number
can be joined, so the last digits go as well. Organisations' credit codes, landlines and service numbers stay.
Masking keeps the length of the text, and masking twice changes nothing more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from articles.identity import is_credit_code, is_identity

MASK = "＊"

# Signs that set a number in groups. Not the full stop: 15000.123456 (万元) is an amount.
_GAP = r"[ \u3000\u00a0]?[\-\u2010-\u2015\u2212·]?[ \u3000\u00a0]?"

# A resident identity card (GB 11643): region, birth date, order, check digit; or the old form of 15 digits. The tax
# number of a one-man business is the owner's identity number with L and a digit.
_MONTH_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_IDENTITY = (
    rf"(?<!\d)(?:(?<![A-Za-z])|(?<=ID)|(?<=[Nn][Oo]))[1-9]\d{{5}}(?:"
    rf"{_GAP}(?:18|19|20)\d{{2}}{_GAP}{_MONTH_DAY}{_GAP}\d{{3}}[0-9Xx](?:L\d)?"
    rf"|{_GAP}\d{{2}}{_MONTH_DAY}{_GAP}\d{{3}})(?![0-9A-Za-z])"
)
# Mobile numbers: 11 digits from 13 to 19, often with the country's 86 or an old trunk 0 before them; set as
# 139-0000-0000, 1390 000 0000, 13900-000000, 139.0000.0000, or spaced out like a headline: 1 3 9 0 …
_PREFIX = r"(?:(?:\+|00)?\(?86\)?[ \-]?|0)?"
_MOBILE = (
    rf"(?<!\d)(?<!\d\.)(?:(?<![A-Za-z])|(?<=[Tt][Ee][Ll])|(?<=[VvWw][Xx]))(?P<lead>{_PREFIX}1[3-9]\d)"
    rf"(?:{_GAP}\d{{4}}{_GAP}\d{{4}}|\d{_GAP}\d{{3}}{_GAP}\d{{4}}|{_GAP}\d{{3}}{_GAP}\d{{5}}|\d{{2}}{_GAP}\d{{6}}"
    # Also two numbers that lost the sign between them.
    r"|\.\d{4}\.\d{4}|\d{8}1[3-9]\d{9})"
    # Not the amounts of capital notices: 13900000000元, 18812345678.90元, 15000123456股.
    r"(?![0-9A-Za-z])(?!(?:\.\d+)?\s?(?:元|万元|亿元|股|吨|平方米))"
)
_SPACED = r"(?<![0-9A-Za-z])(?<!\d )1 [3-9] \d(?: \d){8}(?! ?[0-9A-Za-z])"
# Accounts: 8 to 30 digits that the word before calls an account or a card; and bank cards of the Chinese network,
# known by their 62.
_ACCOUNT = (
    r"(?:(?<=[账帐]号)|(?<=[账帐]户)|(?<=卡号)|(?<=存折)|(?<=存单))"
    r"(?P<label>[号码为是:\s]{0,5}(?:\([^()\d]{0,12}\))?[:\s]{0,2})"
    rf"\d(?:{_GAP}\d){{7,29}}(?![0-9A-Za-z])"
)
_CARD = rf"(?<![0-9A-Za-z])(?<!\d\.)62\d{{2}}(?:{_GAP}\d{{4}}){{3}}(?:{_GAP}\d{{1,3}})?(?![0-9A-Za-z])"

# What the words before a number of 15 or 18 digits call it: codes of organisations can look like identity numbers.
_OF_ORGANISATION = re.compile(r"(?:信用代码|注册号|机构代码|登记证?号)[^0-9A-Za-z]{0,6}$")

FOLD = {0xFF01 + i: 0x21 + i for i in range(94)}  # full width, one character to one
_PATTERN = re.compile(
    f"(?P<identity>{_IDENTITY})|(?P<account>{_ACCOUNT})|(?P<mobile>{_MOBILE})|{_SPACED}|(?P<card>{_CARD})", re.ASCII
)


def mask(text: str) -> str:
    """The text with personal numbers masked, every other character as it was."""
    parts: list[str] = []
    end = 0
    for found in _personal(text.translate(FOLD)):
        kept = found.end("lead") if found["mobile"] else found.end("label") if found["account"] else found.start()
        parts += [text[end:kept], MASK * (found.end() - kept)]
        end = found.end()
    return "".join(parts) + text[end:] if parts else text


def personal_numbers(text: str) -> Iterator[tuple[str, str]]:
    """Every number that `mask` masks, and what it is: ``identity``, ``account`` or ``phone``."""
    folded = text.translate(FOLD)
    for found in _personal(folded):
        start = found.end("label") if found["account"] else found.start()
        kind = "identity" if found["identity"] else "account" if found["account"] or found["card"] else "phone"
        yield kind, folded[start : found.end()]


def _personal(folded: str) -> Iterator[re.Match[str]]:
    for found in _PATTERN.finditer(folded):
        if found["identity"]:
            called = _OF_ORGANISATION.search(folded, max(0, found.start() - 12), found.start())
            if called and "身份" not in called[0] and not _is_surely_identity(found["identity"]):
                continue
        yield found


def _is_surely_identity(text: str) -> bool:
    """By its check digit an identity number and no credit code, whatever the words before it say."""
    number = "".join(sign for sign in text.upper() if sign.isalnum())
    return is_identity(number) and not is_credit_code(number)


def mask_value(value: Any) -> Any:
    """`mask` over every string inside a JSON value."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, list):
        return [mask_value(v) for v in value]
    if isinstance(value, dict):
        return {k: mask_value(v) for k, v in value.items()}
    return value
