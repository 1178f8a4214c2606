"""Two people saved from one version: base, theirs, mine, brought together without losing a character. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from articles.content import Content, Piece, new_piece_id
from articles.diff import plain


@dataclass(frozen=True)
class Clash:
    """The three texts of one field or piece. Only one that both sides changed differently needs a decision."""

    base: str
    theirs: str
    mine: str
    is_open: bool

    @property
    def note(self) -> str:
        return (
            "两边都改了：下面是你的文字，请对照后定稿。" if self.is_open else "对方改了，你没有改：已采用对方的文字。"
        )


@dataclass
class Merged:
    content: Content
    fields: dict[str, Clash] = field(default_factory=dict)
    pieces: dict[str, Clash] = field(default_factory=dict)


def merge(base: Content, theirs: Content, mine: Content) -> Merged:
    """Mine on top of theirs: what only they changed is theirs, everything else is mine; every difference is listed."""
    merged = Merged({})
    for name in mine:
        if name in ("body", "captions"):
            merged.content[name] = _merge_pieces(base[name], theirs[name], mine[name], merged)
        else:
            merged.content[name] = merge_value(name, base[name], theirs[name], mine[name], merged)
    _one_home_per_piece(merged.content)
    return merged


def merge_value(name: str, base: Any, theirs: Any, mine: Any, merged: Merged) -> Any:
    if theirs in (base, mine):
        return mine
    if name == "fields":
        keys = dict.fromkeys([*theirs, *mine])
        both = {
            key: merge_value(f"fields.{key}", base.get(key), theirs.get(key), mine.get(key), merged) for key in keys
        }
        return {key: value for key, value in both.items() if value is not None}
    merged.fields[name] = Clash(plain(base), plain(theirs), plain(mine), is_open=mine != base)
    return theirs if mine == base else mine


def _merge_pieces(base: list[Piece], theirs: list[Piece], mine: list[Piece], merged: Merged) -> list[Piece]:
    was, yours = ({p["id"]: p for p in pieces} for pieces in (base, theirs))
    mine = _renamed(mine, was, yours)
    own = {p["id"]: p for p in mine}
    result: dict[str, Piece] = {}
    for piece in mine:
        key = piece["id"]
        if key in was and key not in yours:  # they took it out
            if piece == was[key]:
                merged.pieces[key] = Clash(was[key]["text"], "（对方移出了这一段）", piece["text"], is_open=False)
                continue
            merged.pieces[key] = Clash(was[key]["text"], "（对方移出了这一段）", piece["text"], is_open=True)
            result[key] = piece
        elif key in yours and yours[key] not in (was.get(key), piece):
            former = was.get(key, {"text": ""})
            is_open = piece != was.get(key)
            merged.pieces[key] = Clash(former["text"], yours[key]["text"], piece["text"], is_open=is_open)
            result[key] = piece if is_open else yours[key]
        else:
            result[key] = piece
    for key, piece in yours.items():
        if key in own:
            continue
        if key not in was:  # they added it
            merged.pieces[key] = Clash("", piece["text"], "", is_open=False)
            result[key] = piece
        elif piece != was[key]:  # I took it out, they changed it
            merged.pieces[key] = Clash(was[key]["text"], piece["text"], "（你移出了这一段）", is_open=True)
            result[key] = piece
    return _in_order(result, base, theirs, mine)


def _renamed(mine: list[Piece], was: dict[str, Piece], yours: dict[str, Piece]) -> list[Piece]:
    """My new pieces get other ids where both sides made a new piece under one id."""
    taken = set(was) | set(yours) | {p["id"] for p in mine}
    result = []
    for piece in mine:
        key = piece["id"]
        if key not in was and key in yours and yours[key] != piece:
            key = new_piece_id(taken)
            taken.add(key)
        result.append({**piece, "id": key})
    return result


def _in_order(result: dict[str, Piece], base: list[Piece], theirs: list[Piece], mine: list[Piece]) -> list[Piece]:
    """My order if I changed it, else theirs; what only the other list has follows the piece before it there."""
    kept = [p["id"] for p in base]
    mine_order, their_order = ([p["id"] for p in pieces] for pieces in (mine, theirs))
    i_moved = [k for k in mine_order if k in kept] != [k for k in kept if k in mine_order]
    lead, other = (mine_order, their_order) if i_moved else (their_order, mine_order)
    order = list(lead)
    for place, key in enumerate(other):
        if key not in order:
            before = next((k for k in reversed(other[:place]) if k in order), None)
            order.insert(order.index(before) + 1 if before else 0, key)
    return [result[key] for key in order if key in result]


def _one_home_per_piece(content: Content) -> None:
    """One side may have made a paragraph a caption: a piece that stands in both lists stays in the body."""
    if "captions" in content:
        body = {p["id"] for p in content["body"]}
        content["captions"] = [p for p in content["captions"] if p["id"] not in body]
