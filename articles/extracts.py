"""提取原文: the lines of the source that a published article was made from, as far as readers may see them.

This room knows no sources. An app that does says so in its config: `extracted_lines(article)` gives, by piece, its role
and its lines as they came in.

A source says more than was published, so nothing of it is shown but lines of pieces that are in the article, and of
those only what the published text says as well, or what it corrects: a run of up to two characters read wrong. What an
editor took out or wrote anew is covered, and so is every personal number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps

from articles.diff import text_diff
from articles.masking import MASK, mask
from articles.models import Article

HEAD = ("column", "kicker", "headline", "deck", "byline")
_MISREAD = 2  # characters that may be shown though they were corrected
_REDACTED = frozenset("某×✕□○*＊XxＸ…")  # stand where an editor left out a name


@dataclass(frozen=True, slots=True)
class Extracted:
    """A piece as it came in. `role` is a field of the head, or anything for a paragraph, subhead or caption."""

    role: str
    lines: Sequence[str]


def _said(article: Article) -> dict[str, Extracted]:
    found: dict[str, Extracted] = {}
    for config in apps.get_app_configs():
        say = getattr(config, "extracted_lines", None)
        if say is not None:
            found |= say(article)
    return found


def extract(article: Article, content: Mapping[str, Any]) -> dict[str, Any]:
    """``head {field: [line..]}, body [[line..]..], captions [[line..]..]``, parallel to the masked `content` that is
    published from the article; empty when no line of it is known."""
    said = _said(article)
    everything = "".join(_texts(content))
    pairs = zip(article.body, content["body"], strict=True)
    body = [_shown(said.get(piece["id"]), published["text"], everything) for piece, published in pairs]
    captions = [
        _shown(said.get(piece["id"]), published, everything)
        for piece, published in zip(article.captions, content["captions"], strict=True)
    ]
    head: dict[str, list[str]] = {}
    for name in HEAD:
        lines = [line for one in said.values() if one.role == name for line in one.lines]
        if lines and _head(content, name):
            head[name] = covered(lines, _head(content, name), everything)
    return {"head": head, "body": body, "captions": captions} if head or any(body) or any(captions) else {}


def _head(content: Mapping[str, Any], name: str) -> str:
    value = content[name]
    return value if isinstance(value, str) else "".join(value)


def _texts(content: Mapping[str, Any]) -> Iterable[str]:
    yield from (_head(content, name) for name in HEAD)
    yield from (piece["text"] for piece in content["body"])
    yield from content["captions"]


def _shown(said: Extracted | None, published: str, everything: str) -> list[str]:
    return covered(said.lines, published, everything) if said else []


def covered(lines: Sequence[str], published: str, everything: str) -> list[str]:
    """The lines, what readers may not see replaced sign for sign. `everything` is all that the article publishes: text
    that was moved to another paragraph of it has not been taken out."""
    joined = "".join(lines)
    hidden = _numbers(lines) | _taken_out(joined, published, everything)
    signs = [MASK if place in hidden and not sign.isspace() else sign for place, sign in enumerate(joined)]
    result, start = [], 0
    for line in lines:
        result.append("".join(signs[start : start + len(line)]))
        start += len(line)
    return result


def _numbers(lines: Sequence[str]) -> set[int]:
    """Where personal numbers stand in the joined lines. A number may run over the end of a line, or end there with
    another figure right after it: looked for both ways."""
    return _masked(lines, "") | _masked(lines, " ")


def _masked(lines: Sequence[str], between: str) -> set[int]:
    text = between.join(lines)
    hidden = mask(text)
    found, place, start = set(), 0, 0
    for line in lines:
        for offset, sign in enumerate(line):
            if hidden[start + offset] != sign:
                found.add(place + offset)
        place += len(line)
        start += len(line) + len(between)
    return found


def _taken_out(joined: str, published: str, everything: str) -> set[int]:
    """Where the source says what the published article does not."""
    found: set[int] = set()
    place = 0
    runs = text_diff(joined, published)
    for index, run in enumerate(runs):
        if run.kind == "ins":
            continue
        if run.kind == "del":
            following = runs[index + 1] if index + 1 < len(runs) else None
            instead = following.text if following and following.kind == "ins" else ""
            if not _may_stand(run.text, instead, everything):
                found.update(range(place, place + len(run.text)))
        place += len(run.text)
    return found


def _may_stand(text: str, instead: str, everything: str) -> bool:
    words = "".join(sign for sign in text if sign.isalnum())
    if not words or (len(words) > 1 and text in everything):
        return True
    if not instead or _REDACTED & set(instead):
        return False
    # A lone character that is right between two that are wrong belongs to the run, see `text_diff`.
    same = sum(one == other for one, other in zip(text, instead, strict=False)) if len(text) == len(instead) else 0
    return len(words) - same <= _MISREAD
