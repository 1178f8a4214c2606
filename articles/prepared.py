"""Queries of hot pages, put into SQL once a process instead of at every request.

Django spends five to ten times as long on building a query with many annotations as a database on answering it. A
`Prepared` builds it once with stand-ins for the values, remembers SQL and parameters, and later puts the real values in
their places; rows become objects as ever.
"""

from __future__ import annotations

import copy
import datetime
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import connections
from django.db.models import QuerySet

from articles import clock
from articles.replicas import reading

M = TypeVar("M")

Rows = tuple[tuple[Any, ...], ...]
"""Of a database, as it gives them: numbers, texts, times."""

NOW = "now"
"""The slot of `clock.now()`: every prepared query has it."""

# Numbers that fit the smallest column: Django leaves a comparison out that a column can never meet.
_STAND_INS: dict[type, Callable[[int], Any]] = {
    int: lambda number: 32_000 + number,
    str: lambda number: f"\ue000{number}\ue000",
    datetime.date: lambda number: datetime.date(7001, 1, 1) + datetime.timedelta(number),
    datetime.datetime: lambda number: datetime.datetime(7000, 6, 15, 12, 34, 56, number, tzinfo=datetime.UTC),
}
_APART = 300
"""Between the stand-ins of two buildings of one query: what differs there is a value, what does not is part of it."""


@dataclass(frozen=True)
class _Ready:
    """A compiled query: where each value goes, and how the database wants it."""

    rows: QuerySet[Any]
    compiler: Any
    sql: str
    parameters: tuple[Any, ...]
    places: dict[int, str]
    converters: Any
    """How Django makes its values of those of the database, which it works out column by column at every query."""


class Prepared(Generic[M]):
    """`build(**slots)` gives the query; `slots` names its values and their types (int, str or date).

    Everything that the query compares with a time must ask `articles.clock`; one that asks elsewhere would stay at
    the time of its first use, and is refused when it is built.
    """

    def __init__(self, build: Callable[..., Any], **slots: type) -> None:
        self._build = build
        self._slots = slots
        self._ready: dict[str, _Ready] = {}
        self._lock = threading.Lock()

    def __call__(self, *, using: str = "", **values: Any) -> list[M]:
        """Objects for these values: one query, to the database that is read from unless another is named."""
        using = using or reading()
        return self.made(self.rows(using=using, **values), using=using)

    def rows(self, *, using: str = "", **values: Any) -> Rows:
        """The same as the database gives them, to be compared with what it gave before. One query."""
        using = using or reading()
        ready = self._ready_for(using)
        adapt = _adapters(using)
        said = {NOW: adapt(clock.now()), **{name: adapt(value) for name, value in values.items()}}
        if said.keys() != {NOW, *self._slots}:
            raise TypeError(f"wanted {sorted(self._slots)}, got {sorted(values)}")
        parameters = tuple(
            said[ready.places[place]] if place in ready.places else fixed
            for place, fixed in enumerate(ready.parameters)
        )
        with connections[using].cursor() as cursor:
            cursor.execute(ready.sql, parameters)
            return tuple(cursor.fetchall())

    def made(self, rows: Rows, *, using: str = "") -> list[M]:
        """Objects of such rows, new ones each time. No query."""
        using = using or reading()
        ready = self._ready_for(using)
        compiler = copy.copy(ready.compiler)
        compiler.connection = connections[using]
        told: Iterable[Any] = (row[: compiler.col_count] for row in rows)
        if ready.converters:
            told = map(tuple, compiler.apply_converters(told, ready.converters))
        compiler.execute_sql = lambda *_, **__: None
        compiler.results_iter = lambda *_, **__: told
        found = ready.rows._chain()  # type: ignore[attr-defined]
        found._db = using
        found.query.get_compiler = lambda *_, **__: compiler
        return list(found)

    def _ready_for(self, using: str) -> _Ready:
        vendor = connections[using].vendor
        ready = self._ready.get(vendor)
        if ready is None:
            with self._lock:
                ready = self._ready.get(vendor) or self._compiled(using)
                self._ready[vendor] = ready
        return ready

    def _compiled(self, using: str) -> _Ready:
        adapt = _adapters(using)
        kinds = {NOW: datetime.datetime, **self._slots}
        built = []
        for shift in (0, _APART):
            stand_ins = {name: _STAND_INS[kind](shift + number) for number, (name, kind) in enumerate(kinds.items(), 1)}
            with clock.as_of(stand_ins[NOW]):
                rows = self._build(**{name: value for name, value in stand_ins.items() if name != NOW}).using(using)
            compiler = rows.query.get_compiler(using)
            sql, parameters = compiler.as_sql()
            built.append((rows, compiler, sql, parameters, {name: adapt(value) for name, value in stand_ins.items()}))
        rows, compiler, sql, parameters, first = built[0]
        _, _, other_sql, others, second = built[1]
        if sql != other_sql:
            raise ValueError("the query itself depends on its values")
        names = {(first[name], second[name]): name for name in kinds}
        places = {}
        for place, pair in enumerate(zip(parameters, others, strict=True)):
            if (name := names.get(pair)) is not None:
                places[place] = name
            elif pair[0] != pair[1] or isinstance(pair[0], datetime.datetime) or _looks_like_an_instant(pair[0]):
                raise ValueError(f"a time that is not of the clock would stand still: {pair[0]}")
        if missing := set(self._slots) - set(places.values()):
            raise ValueError(f"nothing in the query for {sorted(missing)}")
        converters = compiler.get_converters([column for column, *_ in compiler.select[: compiler.col_count]])
        return _Ready(rows, compiler, sql, tuple(parameters), places, converters)


def _adapters(using: str) -> Callable[[Any], Any]:
    operations = connections[using].ops

    def adapt(value: Any) -> Any:
        match value:
            case datetime.datetime():
                return operations.adapt_datetimefield_value(value)
            case datetime.date():
                return operations.adapt_datefield_value(value)
        return value

    return adapt


def _looks_like_an_instant(value: Any) -> bool:
    """As SQLite gets it: text."""
    if not isinstance(value, str) or len(value) < 19:
        return False
    try:
        datetime.datetime.fromisoformat(value)
    except ValueError:
        return False
    return True
