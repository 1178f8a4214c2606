"""Paging by keyset: a page starts after the last row of the one before, found in the index, never by counting.

A cursor is `2024-03-05.1234`: the date and number of the row it stands after, so it stays right while rows come.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Q

T = TypeVar("T")

PARAMETER = "before"
PAGE_SIZE = 30

_CURSOR = re.compile(r"([12]\d{3}-\d\d-\d\d)\.([1-9]\d{0,17})", re.ASCII)


class WrongCursor(ValueError):
    """The text is no cursor of ours."""


@dataclass(frozen=True, slots=True)
class Cursor:
    date: datetime.date
    pk: int

    @classmethod
    def parse(cls, text: str) -> Cursor:
        found = _CURSOR.fullmatch(text)
        if found is None:
            raise WrongCursor(text)
        try:
            return cls(datetime.date.fromisoformat(found[1]), int(found[2]))
        except ValueError:
            raise WrongCursor(text) from None

    def __str__(self) -> str:
        return f"{self.date.isoformat()}.{self.pk}"

    def older(self, *, date: str = "date", pk: str = "pk") -> Q:
        """What stands after this row, newest first. Written as a bound on the date and an exception, so that the
        database starts reading its index here."""
        return Q(**{f"{date}__lte": self.date}) & ~Q(**{date: self.date, f"{pk}__gte": self.pk})


@dataclass(frozen=True, slots=True)
class Slice(Generic[T]):
    """The rows of one page and where the next one starts."""

    rows: Sequence[T]
    older: str
    """The cursor of the next page, empty on the last."""
    is_first: bool


def read_cursor(text: str) -> Cursor | None:
    """None for the first page; `WrongCursor` for anything that is not a cursor."""
    return Cursor.parse(text) if text else None
