"""Read a text far longer than any page in its own order, in linear time."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.engine.stories import Division, Story
from ingest.engine.units import Unit, Use


def read_in_order(units: Sequence[Unit]) -> Division:
    """Stories as they stand: each begins at a dateline, with the titles right above it."""
    stories: list[Story] = []
    body: list[tuple[Unit, ...]] = []
    titles: list[Unit] = []
    captions: list[Unit] = []
    byline: list[Unit] = []
    furniture: list[Unit] = []
    head: tuple[Unit, ...] = ()

    def close() -> None:
        if body or captions or byline or head:
            stories.append(Story(tuple(body), head, None, tuple(byline), tuple(captions), confidence=0.3, margin=0.0))

    for unit in units:
        if unit.use is Use.FURNITURE:
            furniture.append(unit)
        elif unit.use is Use.TITLE:
            titles.append(unit)
        elif unit.use is Use.CAPTION:
            captions.append(unit)
        elif unit.use is Use.BYLINE:
            byline.append(unit)
        else:
            if unit.is_dateline and body:
                close()
                body, captions, byline, head = [], [], [], ()
            if not body and not head:
                head, titles = tuple(titles[-3:]), titles[:-3]
            body.extend((title,) for title in titles)
            body.append((unit,))
            titles = []
    body.extend((title,) for title in titles)
    close()
    return Division(tuple(stories), tuple(furniture))
