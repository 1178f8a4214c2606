"""Layouts that are given with the texts, instead of being read out of them by the engine: `ingest --layouts`.

They come in the form that `ingest --dry-run --json` writes: one file a page, named as its text, or JSON Lines.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ingest import engine
from ingest.engine import Hints, PageLayout
from ingest.walking import Found, LayoutPlace, readable

SIZE_LIMIT = 40 * 1024 * 1024
"""Of one layout: the largest text, its blocks and their reasons."""


class LayoutRefused(Exception):
    """A layout that is given cannot be taken. `str()` names its file and place, and says what is wrong, in Chinese."""


@dataclass(frozen=True, slots=True)
class Given:
    """A layout as given."""

    sha256: str
    said: Any
    place: LayoutPlace

    def layout(self, text: str, *, source: str, hints: Hints) -> PageLayout:
        """The layout, held against the text; what people say of the page outranks it. Raises `LayoutRefused`."""
        try:
            layout = engine.layout_from_json(self.said)
            engine.check(text, layout)
            if any(finding.where[1] > len(text) for finding in layout.findings):
                raise engine.LayoutError("findings：位置超出了来源")
        except engine.LedgerError as problem:
            raise LayoutRefused(f"{self.place.shown}：与来源文字对不上：{problem}。未写入任何内容。") from None
        except engine.LayoutError as problem:
            raise LayoutRefused(f"{self.place.shown}：{problem}。未写入任何内容。") from None
        return _placed(replace(layout, source=source), hints)


def _placed(layout: PageLayout, hints: Hints) -> PageLayout:
    said: dict[str, Any] = {}
    for name in ("newspaper", "page", "section"):
        if (value := getattr(hints, name)) is not None:
            said |= {name: value, f"{name}_basis": "option"}
    if hints.date:
        said |= {"date": hints.date, "date_basis": hints.date_basis or "option"}
    return replace(layout, **said)


def read_given(place: LayoutPlace) -> Given:
    """Raises `LayoutRefused`."""
    try:
        with place.path.open("rb") as file:
            file.seek(place.start)
            raw = file.readline(SIZE_LIMIT + 1) if place.line else file.read(SIZE_LIMIT + 1)
    except OSError as problem:
        raise LayoutRefused(f"{place.shown}：读不出来（{problem.strerror or problem}）。") from None
    return Given(hashlib.sha256(raw.strip()).hexdigest(), _parsed(raw, place), place)


def _parsed(raw: bytes, place: LayoutPlace) -> Any:
    if len(raw) > SIZE_LIMIT:
        raise LayoutRefused(f"{place.shown}：超过 {SIZE_LIMIT // 1024 // 1024} MB。")
    try:
        text = raw.decode("utf-8-sig")
        said = json.loads(text)
        if r"\ud" in text or r"\uD" in text:  # halves of a character are no text that anything could keep
            json.dumps(said, ensure_ascii=False).encode()
        return said
    except UnicodeDecodeError:
        raise LayoutRefused(f"{place.shown}：不是 UTF-8。") from None
    except UnicodeEncodeError:
        raise LayoutRefused(f"{place.shown}：有只写了一半的字符（\\ud800 到 \\udfff 要成对）。") from None
    except json.JSONDecodeError as problem:
        raise LayoutRefused(f"{place.shown}：不是 JSON（第 {problem.lineno} 行第 {problem.colno} 列）。") from None
    except (ValueError, RecursionError):
        raise LayoutRefused(f"{place.shown}：不是能读的 JSON（嵌套太深，或数字太长）。") from None


def layouts_at(path: Path) -> Callable[[Found], LayoutPlace | None]:
    """Where the layout of a file is to be found, given what `--layouts` names: a folder with a JSON file for each text,
    in the same folders below, or JSON Lines whose `source` is the text's path. Raises `LayoutRefused`."""
    if path.is_dir():

        def beside(found: Found) -> LayoutPlace | None:
            place = (path / found.name).with_suffix(".json")
            return LayoutPlace(place) if place.is_file() else None

        return beside
    lines = _lines(path)
    return lambda found: lines.get(found.name)


def _lines(path: Path) -> dict[str, LayoutPlace]:
    """Only places are kept, and every line is looked at before anything is written."""
    places: dict[str, LayoutPlace] = {}
    try:
        with path.open("rb") as file:
            start = number = 0
            while raw := file.readline(SIZE_LIMIT + 1):
                number += 1
                place = LayoutPlace(path, start, number)
                start += len(raw)
                if not raw.strip():
                    continue
                said = _parsed(raw, place)
                name = said.get("source") if isinstance(said, dict) else None
                if not isinstance(name, str) or not name:
                    raise LayoutRefused(f"{place.shown}：没有写明是哪个文件（source）。")
                if name in places:
                    raise LayoutRefused(f"{place.shown}：“{name}”在第 {places[name].line} 行已经有了。")
                places[name] = place
    except OSError as problem:
        raise LayoutRefused(f"{readable(str(path))}：读不出来（{problem.strerror or problem}）。") from None
    return places
