"""What a browser sends the desk as JSON: read in one place, so that nothing odd in it gets further."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest

from articles.content import is_storable

DEPTH: Final = 12
"""Levels of lists and objects in one another; an operation of the desk needs eight."""


class Unreadable(ValueError):
    """What was sent is no JSON object that both databases could store."""


def read_sent(request: HttpRequest) -> dict[str, Any]:
    """The object in the body. `Unreadable` for anything else: broken or too deep, not a number (Infinity), signs that
    no database stores. Bodies that are too large never get here: Django refuses them as they are read."""
    try:
        sent = json.loads(request.body, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise Unreadable from None
    if not isinstance(sent, dict) or not _is_sound(sent):
        raise Unreadable
    return sent


def _refuse(name: str) -> None:
    raise Unreadable(name)


def _is_sound(value: object, depth: int = 0) -> bool:
    if depth > DEPTH:
        return False
    if isinstance(value, str):
        return is_storable(value)
    if isinstance(value, Mapping):
        return all(_is_sound(key) and _is_sound(part, depth + 1) for key, part in value.items())
    if isinstance(value, list):
        return all(_is_sound(part, depth + 1) for part in value)
    # No number that the browser would not count right itself; 1e999 is read as infinity.
    return not isinstance(value, int | float) or abs(value) < 2**53
