"""The key of a row of the index: state, day and a number within the day, in 35 bits.

Rows in the order of their keys are in the order of their days, so the newest results are the first ones met, at any
depth, without sorting. Days count from 1790-01-01; before day `FIRST_DAY` (in 1801) stands what has no date. What
readers see is the range of the states BOTH and PUBLIC, drafts are that of DRAFT and BOTH.

A day has room for 65,535 rows of a state, and refuses more. The inverted index holds how far each key is from the one
before, so room for a million makes it larger, and room for 8,191 smaller; but somebody will put the notices of years
under one day.
"""

from __future__ import annotations

import datetime
from typing import Final

from articles.models.search import SearchState
from articles.search.types import Scope

NUMBER_BITS: Final = 16
STATE_SHIFT: Final = 33
EPOCH: Final = datetime.date(1790, 1, 1)
FIRST_DAY, LAST_DAY = 4096, (1 << (STATE_SHIFT - NUMBER_BITS)) - 1
PLACE: Final = (1 << STATE_SHIFT) - 1
"""Masks the day and number out of a key."""

STATES: Final = {
    Scope.PUBLIC: (SearchState.BOTH, SearchState.PUBLIC),
    Scope.DRAFTS: (SearchState.DRAFT, SearchState.BOTH),
}


def day_number(day: datetime.date) -> int:
    return min(max((day - EPOCH).days, FIRST_DAY), LAST_DAY)


def places(first: datetime.date | None, last: datetime.date | None) -> tuple[int, int]:
    """From the lowest place of the first day until before the highest of the last. Without days everything; with one,
    nothing that has no date."""
    if first is None and last is None:
        return 0, PLACE + 1
    low = day_number(first) if first is not None else FIRST_DAY
    high = day_number(last) if last is not None else LAST_DAY
    return low << NUMBER_BITS, (high + 1) << NUMBER_BITS


def key(state: int, place: int) -> int:
    return (state << STATE_SHIFT) + place
