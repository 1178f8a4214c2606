"""Personal numbers are masked in everything the public can read.

Masked whole but for the leading digits that say what kind of number it is: two partly masked copies of one number
can be joined, so the last digits go as well. Organisations' credit codes and service numbers stay.
"""

from __future__ import annotations

import re
from typing import Any

MASK = "＊"

# A resident identity card (GB 11643): region, birth date, order, check digit; or the old form of 15 digits.
_MONTH_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_IDENTITY = (
    r"(?<![0-9A-Za-z])[1-9]\d{5}"
    rf"(?:(?:18|19|20)\d{{2}}{_MONTH_DAY}\d{{3}}[0-9Xx]|\d{{2}}{_MONTH_DAY}\d{{3}})"
    r"(?![0-9A-Za-z])"
)
# Mobile numbers: 11 digits from 13 to 19, also set with spaces or hyphens as 139-0000-0000.
_MOBILE = r"(?<![0-9A-Za-z.])1[3-9]\d[ \-]?\d{4}[ \-]?\d{4}(?![0-9A-Za-z])"
# Accounts: a run of 10 to 30 digits that the word before it calls an account or a card.
_ACCOUNT = r"(?<=[号号码户卡][:：])\s?\d[\d ]{8,28}\d(?![0-9A-Za-z])"

# An all-digit credit code can look like an identity number; its label tells them apart.
_CREDIT_CODE = "信用代码"

_FULL_WIDTH = str.maketrans("０１２３４５６７８９Ｘｘ－", "0123456789Xx-")
_PATTERN = re.compile(f"(?P<identity>{_IDENTITY})|(?P<mobile>{_MOBILE})|(?P<account>{_ACCOUNT})")
_KEEP = {"identity": 0, "mobile": 3, "account": 0}


def mask(text: str) -> str:
    """The text with personal numbers masked, every other character as it was."""
    # Folding is one character to one, so that positions hold.
    folded = text.translate(_FULL_WIDTH)
    parts: list[str] = []
    end = 0
    for found in _PATTERN.finditer(folded):
        if found.lastgroup == "identity" and _CREDIT_CODE in text[max(0, found.start() - 12) : found.start()]:
            continue
        keep = _KEEP[str(found.lastgroup)]
        raw = text[found.start() : found.end()]
        lead = len(raw) - len(raw.lstrip())
        parts += [text[end : found.start()], raw[: lead + keep], MASK * (len(raw) - lead - keep)]
        end = found.end()
    return "".join(parts) + text[end:] if parts else text


def mask_value(value: Any) -> Any:
    """`mask` over every string inside a JSON value."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, list):
        return [mask_value(v) for v in value]
    if isinstance(value, dict):
        return {k: mask_value(v) for k, v in value.items()}
    return value


def mask_notice(content: dict[str, Any]) -> dict[str, Any]:
    """A notice's content for the public: besides what `mask` finds, every certificate or account number that was
    read as a field is masked, in the fields and wherever the text repeats it. The credit code stays."""
    fields = content.get("fields") or {}
    numbers = sorted({str(n) for n in fields.get("numbers") or () if len(str(n)) > 2}, key=lambda n: (-len(n), n))
    uscc = fields.get("uscc", "")

    def hide(value: Any) -> Any:
        if isinstance(value, str):
            for number in numbers:
                if number != uscc:
                    value = value.replace(number, number[:2] + MASK * (len(number) - 2))
            return mask(value)
        if isinstance(value, list):
            return [hide(v) for v in value]
        if isinstance(value, dict):
            return {k: v if k == "uscc" else hide(v) for k, v in value.items()}
        return value

    masked: dict[str, Any] = hide(content)
    return masked
