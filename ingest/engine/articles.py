"""Divide the units of a page into stories: where each begins, what belongs to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.engine.units import Unit, Use


@dataclass(frozen=True, slots=True)
class Story:
    """The units of one article. ``titles`` in printed order; ``body`` holds paragraphs and subheads in reading order."""

    body: tuple[Unit, ...] = ()
    titles: tuple[Unit, ...] = ()
    byline: tuple[Unit, ...] = ()
    captions: tuple[Unit, ...] = ()


@dataclass(frozen=True, slots=True)
class Division:
    stories: tuple[Story, ...]
    furniture: tuple[Unit, ...]


def divide(units: Sequence[Unit]) -> Division:
    stories: list[Story] = []
    furniture = tuple(u for u in units if u.use is Use.FURNITURE)
    current = Story()
    pending: list[Unit] = []
    byline: list[Unit] = []
    for unit in units:
        if unit.use is Use.TITLE:
            pending.append(unit)
        elif unit.use is Use.BYLINE:
            byline.append(unit)
        elif unit.use is Use.CAPTION:
            current = replace(current, captions=(*current.captions, unit))
        elif unit.use is Use.BODY:
            if unit.is_dateline or byline or not current.body:
                if current.body or current.captions:
                    stories.append(current)
                current = Story((unit,), tuple(pending), tuple(byline))
            else:
                current = replace(current, body=(*current.body, *pending, unit))
            pending, byline = [], []
    if current.body or current.captions or not stories:
        stories.append(current)
    if pending or byline:
        stories[-1] = replace(
            stories[-1], titles=(*stories[-1].titles, *pending), byline=(*stories[-1].byline, *byline)
        )
    return Division(tuple(s for s in stories if s != Story()), furniture)
