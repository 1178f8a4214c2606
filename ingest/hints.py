"""What people have said of a file, as it is kept beside it, and the fingerprint of a way of reading."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.dateparse import parse_date

from ingest import engine
from ingest.engine import Hints


@cache
def engine_version() -> str:
    """A fingerprint of the engine's own files: every change of the engine or its knowledge is a new version."""
    digest = hashlib.sha256()
    folder = Path(engine.__file__).parent
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".py", ".toml", ".txt"}:
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


_GIVEN = "given-"


def read_with(hints: Hints, layout_sha256: str = "") -> str:
    """The fingerprint of a way of reading: same engine, or same layout that was given, and same hints: same layout."""
    said = json.dumps([layout_sha256 or engine_version(), hints_to_json(hints)], ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(said.encode()).hexdigest()
    return _GIVEN + digest[len(_GIVEN) :] if layout_sha256 else digest


def is_given(way: str) -> bool:
    """Whether a page was laid out as somebody gave it, not by the engine."""
    return way.startswith(_GIVEN)


def hints_to_json(hints: Hints) -> dict[str, Any]:
    """What is said, without what is not."""
    said = {name: value for name, value in asdict(hints).items() if value is not None}
    return {**said, "date": hints.date.isoformat()} if hints.date else said


def hints_from_json(said: dict[str, Any] | None) -> Hints:
    said = dict(said or {})
    return Hints(**{**said, "date": parse_date(said["date"])} if "date" in said else said)


def together(before: Hints, now: Hints) -> Hints:
    """Everything people have said so far: a later word outranks an earlier one, silence takes nothing back."""
    said = {name: value for name, value in asdict(now).items() if value is not None}
    if now.date == before.date:
        said.pop("date_basis", None)  # the same date in a list and in an option is nothing new
    return replace(before, **said)


def newly_said(before: Hints, now: Hints) -> Hints:
    """What was not said before, or differently."""
    said = {n: v for n, v in asdict(now).items() if v is not None and v != getattr(before, n) and n != "date_basis"}
    return Hints(**said, date_basis=now.date_basis if "date" in said else None)
