"""The layout from its JSON: what `export` writes, read back. Anything else is refused with the place of the mistake."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any, TypeVar

from ingest.engine.export import texts_to_json
from ingest.engine.types import ArticleItem, Block, Finding, Item, NoticeFields, NoticeItem, PageLayout, Role

OUTSIDE = {Role.FURNITURE: "furniture", Role.REMOVED: "removed", Role.UNPLACED: "unplaced"}
_OF_ARTICLES = frozenset(
    {Role.COLUMN, Role.KICKER, Role.HEADLINE, Role.DECK, Role.BYLINE, Role.PARAGRAPH, Role.SUBHEAD, Role.CAPTION}
)
_OF_NOTICES = frozenset({Role.NOTICE_HEADING, Role.PARAGRAPH, Role.SUBHEAD})
_BODY = (Role.PARAGRAPH, Role.SUBHEAD)
MOST_BLOCKS = 20_000


class LayoutError(ValueError):
    """What is given is no layout in this form. `str()` says where and what, in Chinese."""


def layout_from_json(said: Any) -> PageLayout:
    """The layout that `export.layout_to_json` gives as `said`. Whether it fits a text is for `ledger.check` to say.

    Blocks say what stands where; what the items and lists repeat of their texts must agree with them.
    """
    page = _object(said, "")
    blocks = [_block(each, f"blocks[{n}]") for n, each in enumerate(_list(page, "blocks", "", most=MOST_BLOCKS))]
    listed = _list(page, "items", "")
    held: list[list[Block]] = [[] for _ in listed]
    outside: dict[Role, list[Block]] = {role: [] for role in OUTSIDE}
    for number, (block, place) in enumerate(blocks):
        where = f"blocks[{number}]"
        if (place is None) is not (block.role in outside):
            raise LayoutError(f"{where}：角色 {block.role.value} 与 item 不符，条外的段块 item 为 null")
        if place is None:
            outside[block.role].append(block)
        elif not 0 <= place < len(held):
            raise LayoutError(f"{where}.item：没有第 {place} 条（从 0 数起，共 {len(held)} 条）")
        else:
            held[place].append(block)
    items = tuple(
        _item(each, blocks_, f"items[{n}]") for n, (each, blocks_) in enumerate(zip(listed, held, strict=True))
    )
    layout = PageLayout(
        items=items,
        **{name: tuple(outside[role]) for role, name in OUTSIDE.items()},
        findings=tuple(_finding(each, f"findings[{n}]") for n, each in enumerate(_list(page, "findings", ""))),
        source=_text(page, "source", ""),
        newspaper=_maybe(page, "newspaper", _text),
        newspaper_basis=_maybe(page, "newspaper_basis", _text),
        date=_maybe(page, "date", _day),
        date_basis=_maybe(page, "date_basis", _text),
        date_not_before=_maybe(page, "date_not_before", _day),
        page=_maybe(page, "page", _whole),
        page_basis=_maybe(page, "page_basis", _text),
        section=_text(page, "section", "") if "section" in page else "",
        section_basis=_maybe(page, "section_basis", _text),
    )
    _check_agreement(page, layout)
    return layout


def _check_agreement(page: Mapping[str, Any], layout: PageLayout) -> None:
    """Whoever changes a text in one place of the file and not in the other must not lose either."""
    again = texts_to_json(layout)
    for number, (said, meant) in enumerate(zip(page["items"], again["items"], strict=True)):
        for name in _REPEATED:
            if name in said and _said(said[name]) != _said(meant.get(name)):
                raise LayoutError(f"items[{number}].{name}：与 blocks 里这一条的段块说的不一样")
    for name in OUTSIDE.values():
        if name in page and _said(page[name]) != _said(again[name]):
            raise LayoutError(f"{name}：与 blocks 里的段块说的不一样")


_REPEATED = ("column", "kicker", "headline", "deck", "byline", "heading", "body", "captions")


def _said(value: Any) -> Any:
    """The texts alone."""
    return (
        [each.get("text") if isinstance(each, dict) else each for each in value] if isinstance(value, list) else value
    )


def _item(said: Any, blocks: Sequence[Block], where: str) -> Item:
    item = _object(said, where)
    kind = item.get("type")
    if kind not in ("article", "notice"):
        raise LayoutError(f"{where}.type：应是 article 或 notice")
    if wrong := {block.role for block in blocks} - (_OF_ARTICLES if kind == "article" else _OF_NOTICES):
        raise LayoutError(f"{where}：{kind} 里不能有 {sorted(wrong)[0].value}")

    def only(role: Role) -> Block | None:
        found = [block for block in blocks if block.role is role]
        if len(found) > 1:
            raise LayoutError(f"{where}：{role.value} 最多一段，现有 {len(found)} 段")
        return found[0] if found else None

    body = tuple(block for block in blocks if block.role in _BODY)
    confidence = _share(item, "confidence", where)
    if kind == "notice":
        known = _fields(_object(item.get("fields", {}), f"{where}.fields"), f"{where}.fields")
        return NoticeItem(_text(item, "kind", where), body, only(Role.NOTICE_HEADING), known, confidence)
    return ArticleItem(
        body=body,
        column=only(Role.COLUMN),
        kicker=only(Role.KICKER),
        headline=only(Role.HEADLINE),
        deck=tuple(block for block in blocks if block.role is Role.DECK),
        byline=only(Role.BYLINE),
        captions=tuple(block for block in blocks if block.role is Role.CAPTION),
        authors=_texts(item, "authors", where),
        continued_from=_maybe(item, "continued_from", _text, where),
        continued_on=_maybe(item, "continued_on", _text, where),
        confidence=confidence,
    )


def _fields(said: Mapping[str, Any], where: str) -> NoticeFields:
    plain = {field.name: isinstance(field.default, str) for field in fields(NoticeFields)}
    if strange := sorted(set(said) - set(plain)):
        raise LayoutError(f"{where}：没有 {strange[0]} 这一项")
    return NoticeFields(
        **{name: _text(said, name, where) if plain[name] else _texts(said, name, where) for name in said}  # type: ignore[arg-type]
    )


def _block(said: Any, where: str) -> tuple[Block, int | None]:
    block = _object(said, where)
    name = _text(block, "role", where)
    try:
        role = Role(name)
    except ValueError:
        raise LayoutError(f"{where}.role：没有“{name}”这个角色") from None
    spans = tuple(_span(each, f"{where}.spans[{n}]") for n, each in enumerate(_list(block, "spans", where)))
    if not spans:
        raise LayoutError(f"{where}.spans：没有位置")
    item = _maybe(block, "item", _whole, where)
    text, reason = _text(block, "text", where), _text(block, "reason", where)
    return Block(role, text, spans, reason, _share(block, "confidence", where)), item


def _finding(said: Any, where: str) -> Finding:
    finding = _object(said, where)
    kind, message = _text(finding, "kind", where), _text(finding, "message", where)
    return Finding(kind, _span(finding.get("where"), f"{where}.where"), message, _maybe(finding, "fix", _text, where))


def _span(said: Any, where: str) -> tuple[int, int]:
    if (
        isinstance(said, list)
        and len(said) == 2
        and all(type(each) is int for each in said)
        and 0 <= said[0] <= said[1]
    ):
        return said[0], said[1]
    raise LayoutError(f"{where}：应是 [起, 止] 两个整数")


# Values by name; `where` is the place of what they stand in.


def _at(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _object(said: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(said, dict):
        raise LayoutError(f"{where}：应是一个 JSON 对象" if where else "应是一个 JSON 对象")
    return said


def _list(said: Mapping[str, Any], name: str, where: str, most: int = MOST_BLOCKS) -> list[Any]:
    found = said.get(name)
    if not isinstance(found, list):
        raise LayoutError(f"{_at(where, name)}：缺少，或不是列表")
    if len(found) > most:
        raise LayoutError(f"{_at(where, name)}：不能超过 {most} 项")
    return found


def _text(said: Mapping[str, Any], name: str, where: str = "") -> str:
    found = said.get(name)
    if not isinstance(found, str):
        raise LayoutError(f"{_at(where, name)}：缺少，或不是文字")
    return found


def _texts(said: Mapping[str, Any], name: str, where: str) -> tuple[str, ...]:
    found = said.get(name, [])
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise LayoutError(f"{_at(where, name)}：应是文字的列表")
    return tuple(found)


def _whole(said: Mapping[str, Any], name: str, where: str = "") -> int:
    found = said.get(name)
    if type(found) is not int or not 0 <= found < 2**31:
        raise LayoutError(f"{_at(where, name)}：应是整数")
    return found


def _share(said: Mapping[str, Any], name: str, where: str) -> float:
    found = said.get(name, 1.0)
    if type(found) not in (int, float) or not 0 <= found <= 1:
        raise LayoutError(f"{_at(where, name)}：应在 0 和 1 之间")
    return float(found)


def _day(said: Mapping[str, Any], name: str, where: str = "") -> date:
    try:
        return date.fromisoformat(_text(said, name, where))
    except ValueError:
        raise LayoutError(f"{_at(where, name)}：应是 2025-12-20 这样的日期") from None


Value = TypeVar("Value")


def _maybe(
    said: Mapping[str, Any], name: str, read: Callable[[Mapping[str, Any], str, str], Value], where: str = ""
) -> Value | None:
    return None if said.get(name) is None else read(said, name, where)
