"""The editable content of articles and notices: its shape, its checks, its hash.

Content is a plain dict of JSON values with a fixed set of keys per kind of item (`ARTICLE_FIELDS`,
`NOTICE_FIELDS`). Bodies and captions are lists of pieces, ``{"id": "s120", "role": "paragraph", "text": "…"}``
(captions have no role); an id is unique within its item and stays with its text through edits and moves, so that the
source lines of a piece can always be found.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

Content = dict[str, Any]
Piece = dict[str, str]


class BodyRole(models.TextChoices):
    PARAGRAPH = "paragraph", "段落"
    SUBHEAD = "subhead", "小标题"


class NoticeKind(models.TextChoices):
    LOST = "遗失声明", "遗失声明"
    VOID = "声明作废", "声明作废"
    DEREGISTRATION = "注销公告", "注销公告"
    LIQUIDATION = "清算公告", "清算公告"
    DEBTS = "债权债务公告", "债权债务公告"
    CAPITAL_REDUCTION = "减资公告", "减资公告"
    MERGER = "吸收合并公告", "吸收合并公告"
    RENAMING = "更名公告", "更名公告"
    ASSIGNMENT = "债权转让公告", "债权转让公告"
    AUCTION = "拍卖公告", "拍卖公告"
    TENDER = "招标公告", "招标公告"
    LETTING = "招租", "招租"
    TRANSFER = "转让出租", "转让出租"
    RECRUITMENT = "招聘启事", "招聘启事"
    MISSING_PERSON = "寻人启事", "寻人启事"
    MISSING_THING = "寻物启事", "寻物启事"
    FOUND = "招领", "招领"
    FAMILY = "寻亲公告", "寻亲公告"
    OBITUARY = "讣告", "讣告"
    THANKS = "鸣谢", "鸣谢"
    COURT = "法院公告", "法院公告"
    PENALTY = "行政处罚公告", "行政处罚公告"
    DISMISSAL = "解除劳动合同通知书", "解除劳动合同通知书"
    PUBLICITY = "公示", "公示"
    INHERITANCE = "继承公告", "继承公告"
    HANDOVER = "交房公告", "交房公告"
    OWNERS = "业主大会公告", "业主大会公告"
    GRAVES = "迁坟公告", "迁坟公告"
    POWER_CUT = "停电公告", "停电公告"
    WATER_CUT = "停水通知", "停水通知"
    STATEMENT = "声明", "声明"
    APOLOGY = "道歉声明", "道歉声明"
    CORRECTION = "更正", "更正"
    SERVICES = "便民服务", "便民服务"
    OTHER = "其他", "其他"


# What `.values` of the enumerations says: they make a list anew each time they are asked.
_KINDS, _ROLES = frozenset(NoticeKind.values), frozenset(BodyRole.values)

ARTICLE_FIELDS = (
    "column",
    "kicker",
    "headline",
    "deck",
    "byline",
    "body",
    "captions",
    "continued_from",
    "continued_on",
)
NOTICE_FIELDS = ("kind", "heading", "body", "fields")

NOTICE_FIELD_LABELS = {
    "declarant": "声明人",
    "signatory": "署名",
    "documents": "证件",
    "numbers": "号码",
    "uscc": "统一社会信用代码",
    "deadline": "截止日期",
    "contact": "联系人",
    "phones": "电话",
    "address": "地址",
    "amounts": "金额",
    "date": "落款日期",
}
"""What the fields of a notice are called, in the order they are shown; others are for machines."""

LINE_LIMITS = {
    "column": 100,
    "kicker": 300,
    "headline": 300,
    "byline": 300,
    "continued_from": 30,
    "continued_on": 30,
    "kind": 30,
    "heading": 200,
}
DECK_LINE_LIMIT = 300
DECK_LINES_LIMIT = 50
ID_LIMIT = 20
PIECE_LIMIT = 100_000  # characters: a whole page of a broadsheet is about 10,000
PIECES_LIMIT = 2_000
TEXT_LIMIT = 500_000  # of one item
FIELDS_LIMIT = 50_000

# What neither database nor feed can hold: PostgreSQL refuses NUL, UTF-8 lone surrogates, XML the other controls.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LINE_ENDS = re.compile("[\n\r\x0b\x0c\x85\u2028\u2029]")


def clean_line(text: str) -> str:
    """One line: white space at the ends dropped, line breaks inside become one space."""
    return " ".join(part for line in text.splitlines() if (part := line.strip()))


def is_storable(text: str) -> bool:
    """Whether both databases and XML can hold every character of the text."""
    return _UNSTORABLE.search(text) is None


def storable(text: str) -> str:
    """The text without the characters that XML cannot hold: for names typed where nothing refused them."""
    return _UNSTORABLE.sub("", text)


def content_hash(content: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON of the content: equal exactly when every value is equal, code point by code
    point (no Unicode normalisation: to a proofreader 臺 and its compatibility form are two characters)."""
    return hashlib.sha256(_canonical(content).encode()).hexdigest()


_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def pieces_of(content: Mapping[str, Any]) -> Iterator[Piece]:
    """Every piece: the body, then the captions."""
    yield from content["body"]
    yield from content.get("captions", ())


def running_text(content: Mapping[str, Any]) -> str:
    """Every character that stands in the content outside a notice's fields, in order, without white space."""
    lines = [content.get(name, "") for name in LINE_LIMITS if name != "kind"]
    text = "".join([*lines, *content.get("deck", ()), *(piece["text"] for piece in pieces_of(content))])
    return "".join(text.split())


def notice_title(content: Mapping[str, Any]) -> str:
    """What a notice is called in lists: “遗失声明：王小明”. Made from masked content it is fit for readers."""
    declarant = content["fields"].get("declarant")
    if not isinstance(declarant, str) or not declarant.strip():
        declarant = "\n".join(piece["text"] for piece in content["body"])[:16]
    return f"{content['heading'] or content['kind']}：{clean_line(declarant)}"


def new_piece_id(taken: Collection[str]) -> str:
    """An id for text an editor adds: ``e1``, ``e2`` …; ids from the source start with ``s``."""
    number = 1
    while f"e{number}" in taken:
        number += 1
    return f"e{number}"


def check_content(content: Mapping[str, Any], fields: tuple[str, ...]) -> None:
    """Raise `ValidationError` (keyed by field, in Chinese) unless the content has exactly these fields, well formed.

    What passes can be stored by both databases, comes back equal, and keeps its hash.
    """
    if set(content) != set(fields):
        raise ValidationError(f"内容的字段不对：{sorted(set(content) ^ set(fields))}")
    for name, value in content.items():
        if name in LINE_LIMITS:
            _check_line(name, value, LINE_LIMITS[name])
        elif name == "deck":
            if not isinstance(value, list) or len(value) > DECK_LINES_LIMIT:
                raise ValidationError({name: f"副题须是若干行文字，不超过 {DECK_LINES_LIMIT} 行。"})
            for line in value:
                _check_line(name, line, DECK_LINE_LIMIT)
                if not line.strip():
                    raise ValidationError({name: "副题不能有空行。"})
        elif name == "fields":
            _check_fields(value)
        else:
            _check_pieces(name, value, with_role=name == "body")
    if "kind" in content and content["kind"] not in _KINDS:
        raise ValidationError({"kind": f"没有“{content['kind']}”这个类别。"})
    ids = [piece["id"] for piece in pieces_of(content)]
    if len(set(ids)) < len(ids):
        raise ValidationError({"captions": "图片说明的编号与正文段落重复。"})
    if sum(len(piece["text"]) for piece in pieces_of(content)) > TEXT_LIMIT:
        raise ValidationError({"body": f"一条不能超过 {TEXT_LIMIT} 字。"})


def _check_storable(name: str, text: str) -> None:
    found = _UNSTORABLE.search(text)
    if found:
        raise ValidationError({name: f"有不能保存的控制字符（U+{ord(found[0]):04X}），请删去。"})


def _check_line(name: str, value: Any, limit: int) -> None:
    if not isinstance(value, str) or _LINE_ENDS.search(value):
        raise ValidationError({name: "须是一行文字。"})
    _check_storable(name, value)
    if len(value) > limit:
        raise ValidationError({name: f"不能超过 {limit} 字，现有 {len(value)} 字。"})


def _check_pieces(name: str, value: Any, *, with_role: bool) -> None:
    if not isinstance(value, list) or len(value) > PIECES_LIMIT:
        raise ValidationError({name: f"内容须是段落列表，且不超过 {PIECES_LIMIT} 段。"})
    seen: set[str] = set()
    keys = {"id", "role", "text"} if with_role else {"id", "text"}
    for number, piece in enumerate(value, 1):
        if not isinstance(piece, dict) or set(piece) != keys or not all(isinstance(v, str) for v in piece.values()):
            raise ValidationError({name: f"第 {number} 段的格式不对。"})
        key, text = piece["id"], piece["text"]
        if not key or key in seen or len(key) > ID_LIMIT or not key.isascii() or not key.isprintable():
            raise ValidationError({name: f"第 {number} 段的编号为空、重复或不合格式。"})
        seen.add(key)
        if with_role and piece["role"] not in _ROLES:
            raise ValidationError({name: f"第 {number} 段的类别“{piece['role']}”不认识。"})
        if not text.strip():
            raise ValidationError({name: f"第 {number} 段没有文字：请删去这一段或填上文字。"})
        if len(text) > PIECE_LIMIT:
            raise ValidationError({name: f"第 {number} 段超过 {PIECE_LIMIT} 字。"})
        _check_storable(name, text)


def _check_fields(value: Any) -> None:
    """Strings, whole numbers, true, false, null, and lists and dicts of them. No floats: PostgreSQL gives 1e2 back
    as 100, and the hash would no longer fit."""

    def check(part: Any, depth: int) -> int:
        if depth > 4:
            raise ValidationError({"fields": "要素嵌套太深。"})
        if isinstance(part, str):
            _check_storable("fields", part)
            return len(part)
        if isinstance(part, dict) and all(isinstance(key, str) for key in part):
            return sum(check(each, depth + 1) + 1 for pair in part.items() for each in pair)
        if isinstance(part, list):
            return sum(check(each, depth + 1) + 1 for each in part)
        if part is None or (isinstance(part, int) and abs(part) < 2**53):
            return 1
        raise ValidationError({"fields": "要素只能是文字、整数和它们的列表。"})

    if not isinstance(value, dict):
        raise ValidationError({"fields": "须是字段表。"})
    if check(value, 0) > FIELDS_LIMIT:
        raise ValidationError({"fields": f"要素合计不能超过 {FIELDS_LIMIT} 字。"})
