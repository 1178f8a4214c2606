"""What a careful reader would query about a notice's numbers and dates, with a proposal where only one is possible."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ingest.engine.notices import checks, dates, numbers
from ingest.engine.notices.text import Piece
from ingest.engine.types import Finding

REGISTRATION_LENGTH = 15
"""The registration numbers (注册号) and identity-card numbers of before 2013 and 1999 have no check sign to fail."""
CODE_LENGTH = 18


def _code(piece: Piece, found: numbers.Found) -> str:
    return piece.flat[found.start : found.end].replace(" ", "")


def about_codes(piece: Piece, codes: Sequence[numbers.Found]) -> list[Finding]:
    """Credit codes of a wrong length or with a wrong check sign."""
    made = []
    for found in codes:
        code, where = _code(piece, found), piece.where(found.start, found.end)
        if checks.is_uscc(code.upper()) or len(code) == REGISTRATION_LENGTH:
            continue
        if len(code) != CODE_LENGTH:
            made.append(Finding("uscc-length", where, f"统一社会信用代码应为 18 位，此处 {len(code)} 位：{code}"))
            continue
        fixes = checks.proposals(code.upper(), checks.is_uscc)
        made.append(_failed("uscc-check", "统一社会信用代码", where, code, fixes))
    return made


def about_ids(piece: Piece, found_numbers: Sequence[numbers.Found]) -> list[Finding]:
    """Numbers printed as identity-card numbers that are none."""
    made = []
    for found in found_numbers:
        code, where = _code(piece, found), piece.where(found.start, found.end)
        if not _is_called_id(piece.flat[: found.start]) or "*" in code:
            continue
        if checks.is_id_number(code.upper()) or (len(code) == REGISTRATION_LENGTH and code.isdigit()):
            continue
        if len(code) != CODE_LENGTH:
            made.append(Finding("id-length", where, f"身份证号码应为 18 位，此处 {len(code)} 位：{code}"))
            continue
        fixes = checks.proposals(code.upper(), checks.is_id_number)
        made.append(_failed("id-check", "身份证号码", where, code, fixes))
    return made


ID_LABEL_MOST = 16


def _is_called_id(ahead: str) -> bool:
    """Whether the words right before a number call it an identity-card number; the nearest 证 counts ('残疾证号')."""
    near = ahead[-ID_LABEL_MOST:]
    place = near.rfind("身份证")
    return place >= 0 and "证" not in near[place + 3 :].replace("证号", "").replace("证件号", "")


def _failed(kind: str, name: str, where: tuple[int, int], code: str, fixes: list[str]) -> Finding:
    fix = fixes[0] if len(fixes) == 1 else None
    hint = f"，疑为 {fix}" if fix else f"，可能是 {'、'.join(fixes[:3])}" if fixes else ""
    return Finding(kind, where, f"{name}校验位不符：{code}{hint}", fix)


def about_phones(piece: Piece, calls: Sequence[numbers.Found]) -> list[Finding]:
    """Telephone numbers of an impossible length or beginning, and letters read for figures."""
    made = []
    for found in calls:
        number = _code(piece, found).replace("(", "").replace(")", "-")
        if checks.is_phone(number):
            continue
        where = piece.where(found.start, found.end)
        plain = checks.as_figures(number)
        if plain != number and checks.is_phone(plain):
            made.append(Finding("phone", where, f"电话号码中有误认的字母：{number}，疑为 {plain}", plain))
            continue
        figures = sum(char.isdigit() for char in number)
        made.append(Finding("phone", where, f"电话号码位数或号段不对：{number}（{figures} 位）"))
    return made


def about_dates(piece: Piece, printed: date | None) -> list[Finding]:
    """Days the calendar does not have, and letters read for figures ('2O日')."""
    made = []
    for found in dates.find_dates(piece.flat, printed):
        text, where = piece.text[found.start : found.end], piece.where(found.start, found.end)
        plain = checks.as_figures(text)
        if found.value is None:
            made.append(Finding("date", where, f"没有这一天：{text}"))
        elif plain != text:
            made.append(Finding("date", where, f"日期中有误认的字母：{text}，疑为 {plain}", plain))
    return made
