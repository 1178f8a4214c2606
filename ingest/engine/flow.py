"""What physically precedes each paragraph: the last paragraph before it on the page, and what stands between."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ingest.engine.units import Unit, Use


@dataclass(frozen=True, slots=True)
class Step:
    """From one paragraph to the next one on the page, by unit number."""

    before: int | None
    """The paragraph above; None at the start of the page."""
    titles: tuple[int, ...]
    bylines: tuple[int, ...]
    is_interruption: bool
    """The paragraph above goes on elsewhere: it was cut by a column's end, and something else follows here."""


def steps_of(units: Sequence[Unit], aside: Collection[int] = ()) -> dict[int, Step]:
    """For each body unit the step that leads to it. Units in ``aside`` (captions found late) are passed over."""
    owner: dict[int, int] = {}
    for number, unit in enumerate(units):
        for fragment in unit.fragments:
            owner[fragment] = number
    steps: dict[int, Step] = {}
    before: int | None = None
    is_cut = False
    titles: list[int] = []
    bylines: list[int] = []
    for fragment in sorted(owner):
        number = owner[fragment]
        unit = units[number]
        if number in aside:
            continue
        if unit.use is Use.TITLE:
            if fragment == unit.fragments[0]:
                titles.append(number)
        elif unit.use is Use.BYLINE:
            bylines.append(number)
        elif unit.use is Use.BODY:
            if fragment == unit.fragments[0]:
                steps[number] = Step(before, tuple(titles), tuple(bylines), is_cut)
            before, is_cut = number, fragment != unit.fragments[-1]
            titles, bylines = [], []
    return steps
