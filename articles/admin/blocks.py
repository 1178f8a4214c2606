"""What an editor typed into the blocks of an item, put together into content. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from articles.content import BodyRole, Content, Piece, new_piece_id

CAPTION = "caption"
HEAD_ROLES = {"headline": "主题", "kicker": "引题", "deck": "副题", "byline": "署名", "column": "栏目"}
"""Head parts a block's text can be made into: engines often leave a headline among the paragraphs."""

_BLANK_LINE = re.compile(r"\n[ \t\u3000]*\n+")


@dataclass(frozen=True)
class Row:
    """One block as submitted. `is_away`: it moves to the target chosen for the whole form."""

    id: str
    order: int
    role: str
    text: str
    is_removed: bool = False
    is_joined: bool = False
    is_away: bool = False


@dataclass
class Assembled:
    content: Content
    away: list[str] = field(default_factory=list)
    errors: dict[int, str] = field(default_factory=dict)
    """Messages by the index of the row they belong to."""


def assemble(rows: Sequence[Row], head: Content, former: Mapping[str, Piece]) -> Assembled:
    """The content of `head` plus these blocks.

    An empty line inside a changed text splits the block. Text that is as it was stays exactly as it was, empty lines
    included. Only articles have captions: for a notice pass a head without ``captions``.
    """
    made = Assembled({**head, "body": []})
    if "captions" in head:
        made.content["captions"] = []
    taken = set(former) | {row.id for row in rows if row.id}
    last: Piece | None = None
    for index, row in sorted(enumerate(rows), key=lambda pair: pair[1].order):
        text = row.text.replace("\r\n", "\n")
        was = former.get(row.id)
        if row.is_removed or (not row.id and not text.strip()):
            continue
        is_same = was is not None and was["text"] == text
        parts = [text] if is_same else [part.strip() for part in _BLANK_LINE.split(text) if part.strip()]
        if not parts:
            made.errors[index] = "这一段没有文字：要去掉它，请勾选“移出”。"
            continue
        if row.is_joined:
            if last is None:
                made.errors[index] = "前面没有可以并入的段落。"
                continue
            last["text"] += parts.pop(0)
            row = Row("", row.order, row.role, "", is_away=row.is_away)
        if row.role in HEAD_ROLES and row.role in made.content:
            _to_head(made.content, row.role, "".join(parts))
            continue
        for number, part in enumerate(parts):
            piece_id = row.id if number == 0 and row.id else new_piece_id(taken)
            taken.add(piece_id)
            last = _append(made.content, piece_id, row.role, part)
            if row.is_away:
                made.away.append(piece_id)
    return made


def _append(content: Content, piece_id: str, role: str, text: str) -> Piece:
    piece: Piece
    if role == CAPTION and "captions" in content:
        piece = {"id": piece_id, "text": text}
        content["captions"].append(piece)
    else:
        known = role if role in BodyRole.values else BodyRole.PARAGRAPH.value
        piece = {"id": piece_id, "role": known, "text": text}
        content["body"].append(piece)
    return piece


def _to_head(content: Content, name: str, text: str) -> None:
    text = " ".join(text.split("\n")).strip()
    if name == "deck":
        content[name] = [*content[name], text]
    else:
        content[name] = f"{content[name]} {text}".strip()
