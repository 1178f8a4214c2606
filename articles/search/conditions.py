"""A question as conditions on rows of the index: which tokens, and what must be looked up in the text itself.

Tokens say exactly where one or two characters stand together. Of anything longer they say where all its pairs stand
somewhere in the text; whether they stand in a row is read in the folded text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from articles.models import Newspaper, Topic
from articles.search import keys, tokens
from articles.search.folding import BREAK, fold
from articles.search.types import Field, Query, Term

MOST_TOKENS: Final = 24
"""Tokens looked up for one term: what more there are narrow nothing down, and the text is read anyway."""

PLAIN: Final = ("body", "headline", "deck", "byline", "column", "captions")
"""Where a term without a field may stand; the likeliest first."""

Sql = tuple[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Token:
    text: str
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class Sought:
    """A term, folded."""

    text: str
    field: Field | None
    tokens: tuple[Token, ...]
    is_exact: bool
    """Whoever has the tokens has the term."""

    @classmethod
    def of(cls, term: Term) -> Sought | None:
        """None when nothing of it can stand in a folded text."""
        text = fold(term.text)
        if not text:
            return None
        mark = tokens.FIELD_MARKS[term.field] if term.field else ""
        runs = text.split(BREAK)
        found: dict[Token, None] = {}
        for number, run in enumerate(runs, 1):
            found |= {Token(mark + run[at : at + 2]): None for at in range(len(run) - 1)}
            if number < len(runs):
                found[Token(mark + run[-1])] = None
            elif len(run) == 1:
                found[Token(mark + run, is_prefix=True)] = None
        return cls(text, term.field, tuple(found)[:MOST_TOKENS], len(text) <= 2 and BREAK not in text)

    @property
    def in_text(self) -> Sql:
        """That it stands in the text."""
        places = [self.field.value] if self.field else PLAIN
        return " OR ".join(f'{{find}}(d."{name}", %s) > 0' for name in places), (self.text,) * len(places)


@dataclass(frozen=True)
class Conditions:
    groups: tuple[tuple[Sought, ...], ...]
    none_of: tuple[Sought, ...]
    marks: tuple[Token, ...]
    """Of kind, newspaper, page, topic, contributor."""
    columns: tuple[Sql, ...]
    """The same on the columns, for a walk through the rows."""
    first_place: int
    end_place: int

    @property
    def has_tokens(self) -> bool:
        return bool(self.groups or self.marks)

    @property
    def is_everywhere(self) -> bool:
        """Whether no day and no place bounds them."""
        return self.first_place == 0 and self.end_place == keys.PLACE + 1

    def read(self) -> list[Sql]:
        """What has to be read in the text of rows that the tokens led to."""
        asked = [_any(group) for group in self.groups if not all(each.is_exact for each in group)]
        return asked + [_not(each) for each in self.none_of if not (each.is_exact and self.has_tokens)]

    def read_all(self) -> list[Sql]:
        """What has to be read in rows that nothing led to."""
        return [*self.columns, *map(_any, self.groups), *map(_not, self.none_of)]

    def not_tokens(self) -> list[Sought]:
        return [each for each in self.none_of if each.is_exact]

    def in_headline(self) -> Conditions | None:
        """The same for those that have every group in the headline; None when it asks for other fields."""
        plain = [[each for each in group if each.field in (None, Field.HEADLINE)] for group in self.groups]
        if not plain or not all(plain):
            return None
        moved = [[Sought.of(Term(each.text, Field.HEADLINE)) for each in group] for group in plain]
        groups = tuple(tuple(each for each in group if each is not None) for group in moved)
        return Conditions(groups, self.none_of, self.marks, self.columns, self.first_place, self.end_place)


def _any(group: Sequence[Sought]) -> Sql:
    parts = [each.in_text for each in group]
    return f"({' OR '.join(sql for sql, _ in parts)})", tuple(value for _, values in parts for value in values)


def _not(sought: Sought) -> Sql:
    sql, values = sought.in_text
    return f"NOT ({sql})", values


def conditions(query: Query) -> Conditions | None:
    """None when nothing can answer it: an unknown newspaper or topic, a term of nothing but signs."""
    groups = []
    for group in query.all_of:
        sought = tuple(found for term in group if (found := Sought.of(term)) is not None)
        if not sought:
            return None
        groups.append(sought)
    marks: list[Token] = []
    columns: list[Sql] = []
    if query.kind is not None:
        marks.append(Token(f"{tokens.KIND}{tokens.KINDS[query.kind]}"))
        columns.append(("d.kind = %s", (tokens.KINDS[query.kind],)))
    if query.newspaper is not None:
        number = Newspaper.objects.filter(slug=query.newspaper).values_list("pk", flat=True).first()
        if number is None:
            return None
        marks.append(Token(f"{tokens.NEWSPAPER}{number}"))
        columns.append(("d.newspaper_id = %s", (number,)))
    if query.page is not None:
        marks.append(Token(f"{tokens.PAGE}{query.page}"))
        columns.append(("d.page_number = %s", (query.page,)))
    if query.topic is not None:
        number = Topic.objects.filter(slug=query.topic).values_list("pk", flat=True).first()
        if number is None:
            return None
        marks.append(Token(f"{tokens.TOPIC}{number}"))
        columns.append(("{find}(',' || d.topics || ',', %s) > 0", (f",{number},",)))
    if query.contributor is not None:
        marks.append(Token(tokens.contributor_token(query.contributor)))
        columns.append(("{find}({newline} || d.contributors || {newline}, %s) > 0", (f"\n{query.contributor}\n",)))
    first, end = keys.places(query.first_day, query.last_day)
    if first >= end:
        return None
    none_of = tuple(found for term in query.none_of if (found := Sought.of(term)) is not None)
    return Conditions(tuple(groups), none_of, tuple(marks), tuple(columns), first, end)
