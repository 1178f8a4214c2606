"""Differences between two texts, by character: Chinese has no spaces to split at.

`text_diff` gives runs that read sensibly: changes separated by a single unchanged character are told as one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from articles.content import Content

Kind = Literal["same", "ins", "del"]

# SequenceMatcher is quadratic at worst: beyond this product of lengths clauses are compared instead of characters.
_CHARACTER_LIMIT = 4_000_000
_CLAUSES = re.compile(r"[^，。；：！？、\n]*[，。；：！？、\n]?")


@dataclass(frozen=True)
class Run:
    kind: Kind
    text: str


def text_diff(before: str, after: str) -> list[Run]:
    """Runs whose same and deleted text joins to `before`, same and inserted to `after`."""
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    runs = [Run("same", before[:head]), *_middle(old, new), Run("same", before[len(before) - tail :] if tail else "")]
    return [run for run in _joined(runs) if run.text]


def _common(one: str, other: str) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _middle(old: str, new: str) -> list[Run]:
    if not old or not new:
        return [Run("del", old), Run("ins", new)]
    by_character = len(old) * len(new) <= _CHARACTER_LIMIT
    a, b = (list(old), list(new)) if by_character else (_CLAUSES.findall(old), _CLAUSES.findall(new))
    runs: list[Run] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            runs.append(Run("same", "".join(a[i1:i2])))
        else:
            runs += [Run("del", "".join(a[i1:i2])), Run("ins", "".join(b[j1:j2]))]
    return runs


def _joined(runs: list[Run]) -> list[Run]:
    """A lone unchanged character between two changes is noise: it joins both. Deletions stand before insertions."""
    runs = [run for run in runs if run.text]
    result: list[Run] = []
    gone = come = ""

    def flush() -> None:
        nonlocal gone, come
        result.extend(Run(kind, text) for kind, text in (("del", gone), ("ins", come)) if text)  # type: ignore[arg-type]
        gone = come = ""

    for index, run in enumerate(runs):
        if run.kind == "del":
            gone += run.text
        elif run.kind == "ins":
            come += run.text
        elif (gone or come) and len(run.text) == 1 and index + 1 < len(runs):
            gone, come = gone + run.text, come + run.text
        else:
            flush()
            result.append(run)
    flush()
    return result


@dataclass(frozen=True)
class Change:
    """One changed thing: a head field, or a piece. `note` says what happened besides the words."""

    label: str
    runs: list[Run]
    note: str = ""


def count_corrections(changes: list[Change]) -> int:
    """In how many places something was corrected: words put for others are one, so are a new role and a new order."""
    total = 0
    for change in changes:
        places, was_same = 0, True
        for run in change.runs:
            places += run.kind != "same" and was_same
            was_same = run.kind == "same"
        total += max(places, 1)
    return total


def content_diff(before: Content, after: Content, labels: Mapping[str, str], roles: Mapping[str, str]) -> list[Change]:
    """What differs between two contents of one item, in the order of the fields."""
    changes: list[Change] = []
    for name, new in after.items():
        old = before.get(name)
        if old == new:
            continue
        label = labels.get(name, name)
        if name in ("body", "captions"):
            changes += _piece_changes(old or [], new, label, roles)
        elif name == "fields":
            keys = dict.fromkeys([*(old or {}), *new])
            changes += [
                Change(f"{label} {labels.get(f'fields.{key}', key)}", text_diff(plain(was), plain(now)))
                for key in keys
                if (was := (old or {}).get(key)) != (now := new.get(key))
            ]
        else:
            changes.append(Change(label, text_diff(plain(old), plain(new))))
    return changes


def plain(value: Any) -> str:
    """A content value as text: a list is a line each."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "\n".join(plain(each) for each in value)
    return str(value)


def _piece_changes(
    old: list[dict[str, str]], new: list[dict[str, str]], label: str, roles: Mapping[str, str]
) -> list[Change]:
    was = {piece["id"]: piece for piece in old}
    now = {piece["id"]: piece for piece in new}
    changes = []
    for number, piece in enumerate(new, 1):
        former = was.get(piece["id"])
        name = f"{label} 第{number}段"
        if former is None:
            changes.append(Change(name, [Run("ins", piece["text"])], "新增"))
            continue
        role, old_role = piece.get("role", ""), former.get("role", "")
        note = f"{roles.get(old_role, old_role)} → {roles.get(role, role)}" if role != old_role else ""
        if former["text"] != piece["text"] or note:
            changes.append(Change(name, text_diff(former["text"], piece["text"]), note))
    for number, piece in enumerate(old, 1):
        if piece["id"] not in now:
            changes.append(Change(f"{label} 原第{number}段", [Run("del", piece["text"])], "移出"))
    kept = [piece["id"] for piece in old if piece["id"] in now]
    if kept != [piece["id"] for piece in new if piece["id"] in was]:
        changes.append(Change(label, [], "次序有变"))
    return changes
