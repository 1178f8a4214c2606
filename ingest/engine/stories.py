"""What passes between dividing a page and assembling its layout: stories, and where jump lines stood."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.engine.units import Unit


@dataclass(frozen=True, slots=True)
class Story:
    """The units of one article. ``body`` holds, in reading order, paragraphs and runs of subhead lines."""

    body: tuple[tuple[Unit, ...], ...] = ()
    titles: tuple[Unit, ...] = ()
    column: Unit | None = None
    byline: tuple[Unit, ...] = ()
    captions: tuple[Unit, ...] = ()
    continued_from: str | None = None
    continued_on: str | None = None
    confidence: float = 0.9
    """That the paragraphs belong together."""
    margin: float = 9.0
    """How much better the heading fits this story than the next one."""
    fit: float = 0.0
    """How much of the heading the story says."""
    page_doubt: float = 0.0
    """Share of the page's stories and headings that found no partner."""


@dataclass(frozen=True, slots=True)
class Jumps:
    """Where jump lines stood in the source and the pages they name: 上接第一版, 下转第四版."""

    origins: tuple[tuple[int, str], ...] = ()
    targets: tuple[tuple[int, str], ...] = ()


NO_JUMPS = Jumps()


@dataclass(frozen=True, slots=True)
class Division:
    stories: tuple[Story, ...]
    furniture: tuple[Unit, ...]
