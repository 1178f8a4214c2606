"""The untouched source text beside the work. Whoever knows sources fills it in: this room does not."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Mark:
    """Whose text a source line became: a link back to it. `tone` (1 to 6) tells neighbours apart, besides the label."""

    label: str
    href: str
    tone: int = 1


@dataclass(frozen=True)
class SourceLine:
    number: int
    anchor: str
    text: str
    marks: tuple[Mark, ...] = ()
    links: tuple[Mark, ...] = ()
    """The marks that begin here: only these are links, so that the keyboard need not stop at every line."""


@dataclass(frozen=True)
class SourceText:
    name: str
    note: str
    lines: list[SourceLine]
    start: str = ""
    """The anchor of the first line to look at."""


@dataclass(frozen=True)
class Origin:
    """Where a piece comes from: a link to its first source line, and the line numbers in words."""

    href: str
    lines: str
    reason: str = ""
    confidence: float | None = None


@dataclass(frozen=True)
class Beside:
    texts: list[SourceText] = field(default_factory=list)
    origins: dict[str, Origin] = field(default_factory=dict)
    """By piece id."""
