"""Notices as readers see them: whose number it is decides what is masked.

Of everybody's: identity, mobile and account numbers, and every number that was read as one of a document. Of a person
(whoever is not clearly an organisation) also landlines, and any run of signs that could be a number. What stays: an
organisation's credit code, its landlines, service numbers, the number of a court's case or an authority's decision.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from articles.content import notice_title
from articles.identity import is_credit_code, looks_like_identity
from articles.masking import FOLD, MASK, mask
from articles.organisations import is_organisation

# Fields that a number is never read from, though it may look like theirs: 2025-12-20 and certificate 20251220.
_NOT_PERSONAL = frozenset({"date", "deadline"})

# What may stand between two signs of one number: spaces, line breaks, dashes, dots, strokes, brackets.
_GAP = r"[\s\-\u2010-\u2015\u2212\u30fc._·/\\()（）\[\]〔〕【】]{0,3}"
_DROPPED = re.compile(r"[\s\-\u2010-\u2015\u2212\u30fc._·/\\()（）\[\]〔〕【】]+")
_FALSE_DASH = re.compile(r"(?<=[0-9A-Za-z])[一丨](?=[0-9A-Za-z])")
_SHORTEST = 3
_KEPT = 2  # leading signs that say what kind of number it is

# (2025)闽0582民初1234号; 晋市监罚〔2025〕12号. Never 闽(2019)…不动产权第…号 or 晋国用(2005)第…号.
_OF_COURT = re.compile(
    r"[(\[〔](?:19|20)\d\d[)\]〕][\u4e00-\u9fff]\d{0,4}[\u4e00-\u9fff]{1,4}\d{1,6}(?:号|之)[\u4e00-\u9fff之\d]*"
)
_OF_AUTHORITY = re.compile(
    r"[\u4e00-\u9fff]{1,14}(?:罚|处|告|听|催|责改|责|函|批|审|征|决|通|公|招|拍)字?[(\[〔](?:19|20)\d\d[)\]〕]第?\d{1,6}号"
)
_YEAR = re.compile(r"(?<=[(\[〔（])(?:19|20)\d\d(?=[)\]〕）])")
_SIGN = re.compile(r"[0-9A-Za-z]")

# In a person's notice any run of five digits or more may be somebody's number. First what is none.
_NO_NUMBER = (
    r"(?:19|20)\d\d ?[\-./年] ?\d{1,2} ?[\-./月] ?\d{1,2}(?:日|(?!\d))"  # a date
    r"|(?:19|20)\d\d ?[\-~至到—] ?(?:19|20)\d\d(?= ?[年学]|$|[^0-9A-Za-z])"  # years
    r"|\d[\d,.]*\d ?(?:[余多]?[万亿千百]*(?:美?元|圆|港币)|[万亿股亩吨米人户年月日岁㎡]|平方米|平米|公里|周岁)"
    r"|(?<!\d)(?:400|800)[ \-]?\d{3,4}[ \-]?\d{3,4}(?!\d)"  # service numbers
    r"|(?<!\d)(?:9[56]\d{3,4}|12\d{3})(?!\d)"
)
_RUN = r"(?:[0-9A-Za-z](?:[\s\u3000\u00a0\-\u2010-\u2015\u2212.·/*＊]{0,2}[0-9A-Za-z])*)"
_OF_PERSON = re.compile(rf"(?P<none>{_NO_NUMBER})|(?P<run>{_RUN})", re.ASCII)
_DIGITS_OF_NUMBER = 5


def mask_notice(content: Mapping[str, Any]) -> dict[str, Any]:
    """A notice's content for the public. Keeps the length of every text; masking twice changes nothing more."""
    hide = _hiding(content)
    said = {name: value if name in ("kind", "topics") else hide(value) for name, value in content.items()}
    if "body" in said:  # ids and roles are no text
        said["body"] = [{**piece, "text": hide(piece["text"])} for piece in content["body"]]
    return said


def masked_title(content: Mapping[str, Any]) -> str:
    """The title of such a content, without masking what is not in it."""
    hide, declarant = _hiding(content), content["fields"].get("declarant")
    is_named = isinstance(declarant, str) and declarant.strip()
    body = () if is_named else [{"text": hide(piece["text"])} for piece in content["body"]]
    said = {"kind": content["kind"], "heading": hide(content["heading"]), "fields": {"declarant": hide(declarant)}}
    return notice_title({**said, "body": body})


def _hiding(content: Mapping[str, Any]) -> Callable[[Any], Any]:
    """Masks a text of this content, or all texts in a value of it."""
    fields = content.get("fields") or {}
    is_persons = not is_organisation("、".join(_strings(fields.get("declarant"))))
    codes = {code for code in _strings(fields.get("uscc")) if _is_open_code(code)}
    numbers = [number for number in _hidden(fields, is_persons) if number not in codes]
    pattern = _pattern(numbers)

    def hide(value: Any) -> Any:
        if isinstance(value, str):
            if value.strip() in codes:
                return value
            text = mask(_hide_listed(value, pattern))
            return _hide_runs(text, codes) if is_persons else text
        if isinstance(value, list):
            return [hide(each) for each in value]
        if isinstance(value, dict):
            return {name: each if name in _NOT_PERSONAL else hide(each) for name, each in value.items()}
        return value

    return hide


def _strings(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [each.strip() for each in values if isinstance(each, str) and each.strip()]


def _is_open_code(code: str) -> bool:
    """An organisation's credit code; not an identity number that was read as one."""
    folded = "".join(code.translate(FOLD).split()).upper()
    return MASK not in code and (not looks_like_identity(folded[:18]) or is_credit_code(folded))


def _hidden(fields: Mapping[str, Any], is_persons: bool) -> Iterator[str]:
    for number in (*_strings(fields.get("numbers")), *_strings(fields.get("uscc"))):
        folded = number.translate(FOLD)
        if is_persons or not (_OF_COURT.fullmatch(folded) or _OF_AUTHORITY.fullmatch(folded)):
            yield number
    if is_persons:
        # Mobiles are masked in any case, and better: their first three digits say what they are.
        phones = (phone for phone in _strings(fields.get("phones")) if mask(phone) == phone)
        yield from (phone for phone in phones if not _is_service(phone))


def _is_service(phone: str) -> bool:
    found = _OF_PERSON.match(phone.translate(FOLD))
    return found is not None and found["none"] is not None and found.end() == len(phone)


def _pattern(numbers: list[str]) -> re.Pattern[str] | None:
    """Finds any of the numbers (of three signs at least) however they are set, outside longer runs of digits."""
    runs = {_FALSE_DASH.sub("", _DROPPED.sub("", number.translate(FOLD))) for number in numbers}
    wanted = sorted(
        (run for run in runs if len(run) >= _SHORTEST and MASK not in run and _SIGN.search(run)),
        key=lambda run: (-len(run), run),
    )
    if not wanted:
        return None
    spelled = (_between(run) for run in wanted)
    return re.compile(rf"(?<![0-9])(?:{'|'.join(spelled)})(?![0-9])", re.IGNORECASE)


def _between(run: str) -> str:
    signs = [re.escape(sign) for sign in run]
    gap = rf"(?:{_GAP}|[一丨](?=[0-9A-Za-z]))"
    return gap.join(signs)


def _hide_listed(text: str, pattern: re.Pattern[str] | None) -> str:
    if pattern is None:
        return text
    folded, parts, end = text.translate(FOLD), [], 0
    for found in pattern.finditer(folded):
        parts += [text[end : found.start()], _hide_number(text[found.start() : found.end()], found[0])]
        end = found.end()
    return "".join(parts) + text[end:]


def _hide_number(printed: str, folded: str) -> str:
    """An ordinary number keeps its first signs; one with words in it keeps its words and the year in brackets."""
    if all(ord(sign) < 0x2E80 for sign in folded):
        return printed[:_KEPT] + MASK * (len(printed) - _KEPT)
    years = {place for year in _YEAR.finditer(folded) for place in range(*year.span())}
    return "".join(
        MASK if _SIGN.match(folded[place]) and place not in years else sign for place, sign in enumerate(printed)
    )


def _hide_runs(text: str, codes: set[str]) -> str:
    """Every run of signs that could be a number, in a person's notice."""
    open_codes = {code.translate(FOLD).upper() for code in codes}
    parts, end = [], 0
    for start, stop, run in _runs(text):
        if run.upper() in open_codes:
            continue
        parts += [text[end : start + _KEPT], MASK * (stop - start - _KEPT)]
        end = stop
    return "".join(parts) + text[end:]


def _runs(text: str) -> Iterator[tuple[int, int, str]]:
    for found in _OF_PERSON.finditer(text.translate(FOLD)):
        run = found["run"]
        if run is not None and sum(sign.isdigit() for sign in run) >= _DIGITS_OF_NUMBER:
            yield found.start(), found.end(), run


def runs_hidden(content: Mapping[str, Any]) -> Iterator[str]:
    """The runs of signs in the body that readers do not see because the notice is a person's."""
    if not is_organisation("、".join(_strings((content.get("fields") or {}).get("declarant")))):
        for piece in content.get("body") or ():
            yield from (run for _, _, run in _runs(piece["text"]))
