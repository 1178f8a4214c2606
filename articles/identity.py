"""Check digits: resident identity numbers (GB 11643) and unified social credit codes (GB 32100). Pure."""

from __future__ import annotations

import datetime
import re

_IDENTITY = re.compile(r"[1-9]\d{5}((?:18|19|20)\d\d)(\d\d)(\d\d)\d{3}[\dX]", re.ASCII)
_IDENTITY_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CODE_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE = re.compile(rf"[{_CODE_SIGNS}]{{2}}\d{{6}}[{_CODE_SIGNS}]{{10}}", re.ASCII)
_CODE_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


def looks_like_identity(number: str) -> bool:
    """A birthday that exists in its place; the check digit may be misread."""
    found = _IDENTITY.fullmatch(number)
    if found is None:
        return False
    try:
        datetime.date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return False
    return True


def is_identity(number: str) -> bool:
    """An identity number with its check digit right."""
    if not looks_like_identity(number):
        return False
    total = sum(int(sign) * weight for sign, weight in zip(number, _IDENTITY_WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[17]


def is_credit_code(code: str) -> bool:
    """A unified social credit code with its check sign right."""
    if _CODE.fullmatch(code) is None:
        return False
    total = sum(_CODE_SIGNS.index(sign) * weight for sign, weight in zip(code, _CODE_WEIGHTS, strict=False))
    return _CODE_SIGNS[(31 - total % 31) % 31] == code[17]
