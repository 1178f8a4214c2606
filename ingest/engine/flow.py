"""What physically precedes each paragraph: the last paragraph before it on the page, and what stands between."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ingest.engine.units import Unit, Use

# Of 608 paragraphs that go on with the section above them none is set so many characters wider or narrower; of 75 that
# are, 13 begin another section of the same story.
OTHER_MEASURE = 1.6
LIKELY_FRAME = 0.5  # a frame begins rather than not, as the heights of columns say (`frames`)
LINES_TO_MEASURE = 3  # fewer lines show no measure


@dataclass(frozen=True, slots=True)
class Step:
    """From one paragraph to the next one on the page, by unit number."""

    before: int | None
    """The paragraph above; None at the start of the page."""
    titles: tuple[int, ...]
    bylines: tuple[int, ...]
    is_interruption: bool
    """The paragraph above goes on elsewhere: it was cut by a column's end, and something else follows here."""
    is_new_frame: bool = False
    """A frame begins with it: a frame has one measure, and columns of one height."""


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
                is_new_frame = before is not None and (
                    measures_differ(units[before], unit) or unit.begins_frame > LIKELY_FRAME
                )
                steps[number] = Step(before, tuple(titles), tuple(bylines), is_cut, is_new_frame)
            before, is_cut = number, fragment != unit.fragments[-1]
            titles, bylines = [], []
    return steps


def measures_differ(above: Unit, below: Unit) -> bool:
    """Whether both show their measure, and one is set wider."""
    if min(len(above.widths), len(below.widths)) < LINES_TO_MEASURE or not above.measure or not below.measure:
        return False
    return abs(above.measure - below.measure) > OTHER_MEASURE
