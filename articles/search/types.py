"""What is asked and what is answered. A question is data; `query` makes one from what a person typed."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Final

EXACT_TOTAL: Final = 10_000
"""Totals and facets are counted up to here."""
FACETED: Final = 3_000
"""Of more results the facets are those of so many of the latest, at most; so too where the text of each of more has to
be read."""


class Field(StrEnum):
    """A part of an item that a term can be restricted to."""

    HEADLINE = "headline"
    """Kicker and headline; of a notice its title: heading, or kind when it has none, and declarant."""
    BYLINE = "byline"
    COLUMN = "column"
    SECTION = "section"
    """版名 of the page, such as 要闻. Asked for by name only: it is no part of the item's own text."""


class Kind(StrEnum):
    ARTICLE = "article"
    NOTICE = "notice"


class Scope(StrEnum):
    PUBLIC = "public"
    """What readers may see now: live snapshots, personal numbers masked."""
    DRAFTS = "drafts"
    """Articles and notices as they are now, whatever their state, in clear: for the desk only."""


class Order(StrEnum):
    DATE = "date"
    RELEVANCE = "relevance"


@dataclass(frozen=True, slots=True)
class Term:
    """A string that must stand in the item, folded on both sides. A phrase is taken literally only; the words of
    other terms count when results are put in order."""

    text: str
    field: Field | None = None
    is_phrase: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """Every condition must hold. One that nothing is given for holds always."""

    all_of: tuple[tuple[Term, ...], ...] = ()
    """Of each group at least one term. A term without a letter, digit or Han character stands nowhere."""
    none_of: tuple[Term, ...] = ()
    first_day: datetime.date | None = None
    last_day: datetime.date | None = None
    newspaper: str | None = None
    """Its slug."""
    page: int | None = None
    kind: Kind | None = None
    topic: str | None = None
    """Its slug."""
    contributor: str | None = None
    """The name."""


class WrongCursor(ValueError):
    """The text is no cursor of ours, or one of another order."""


@dataclass(frozen=True, slots=True)
class Hit:
    kind: Kind
    pk: int
    """Of the article or notice."""
    snapshot: int | None
    """Of the snapshot readers see; None among drafts."""
    day: datetime.date | None
    key: int
    """Its place when sorted by date: larger is later."""
    score: float = 0.0


class Results:
    """A page of results. The total is counted when it is asked for, and once."""

    def __init__(
        self,
        hits: Sequence[Hit],
        next: str | None,
        count: Callable[[], int],
        is_cut: bool = False,
        previous: str | None = None,
    ) -> None:
        self.hits = hits
        self.next = next
        """The cursor of the next page, None on the last."""
        self.previous = previous
        """That of the page before, None on the first; empty when that is the first."""
        self.is_cut = is_cut
        """By relevance: only the best candidates were put in order, not all results."""
        self._count = count

    @cached_property
    def _counted(self) -> int:
        return self._count()

    def knows(self, facets: Facets) -> None:
        """Take the total from the facets of the same query, if they tell it."""
        if facets.is_exact:
            self._count = lambda: facets.total
        elif facets.is_more:
            self._count = lambda: EXACT_TOTAL + 1

    @property
    def total(self) -> int:
        """How many there are, `EXACT_TOTAL` when there are more."""
        return min(self._counted, EXACT_TOTAL)

    @property
    def is_total_exact(self) -> bool:
        """False: there are more than `EXACT_TOTAL`."""
        return self._counted <= EXACT_TOTAL


@dataclass(frozen=True)
class Facets:
    """How many of the results fall to each value, the largest first (years: the latest first)."""

    years: Mapping[int, int] = field(default_factory=dict)
    newspapers: Mapping[str, int] = field(default_factory=dict)
    """By slug."""
    kinds: Mapping[Kind, int] = field(default_factory=dict)
    topics: Mapping[str, int] = field(default_factory=dict)
    """By slug."""
    contributors: Mapping[str, int] = field(default_factory=dict)
    """By name."""
    total: int = 0
    keys: Sequence[int] | None = None
    """Of the latest results, of all or of thousands, in no order; None where only some of the latest were looked at."""
    is_more: bool = False
    """There are more than `EXACT_TOTAL`."""
    is_exact: bool = True
    """False: there are more than `EXACT_TOTAL` (on SQLite than `FACETED` whose texts must be read), and only some of
    the latest, `FACETED` at most, are counted."""
