"""Addresses of public things, remembered: Django tries a name against all patterns each time, thirty times a page."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.urls import get_script_prefix, reverse

REMEMBERED = 20_000
"""About 4 MB when full."""


def address(name: str, *args: Any) -> str:
    """What `reverse(name, args=args)` says."""
    return _address(get_script_prefix(), name, args)


@lru_cache(REMEMBERED)
def _address(prefix: str, name: str, args: tuple[Any, ...]) -> str:
    return reverse(name, args=args)
