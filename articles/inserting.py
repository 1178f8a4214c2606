"""Writing many new rows: what `bulk_create` writes, in a fraction of its time. COPY on PostgreSQL, one prepared
statement on SQLite.

Rows get no numbers back: who needs them calls `number` before. No signals.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from operator import attrgetter
from types import NoneType
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, Field, FloatField, ForeignKey, IntegerField, JSONField, Model, TextField


def number(rows: Sequence[Model]) -> None:
    """Give unsaved rows of one model the numbers they will have. On SQLite the transaction must be writing already."""
    if not rows:
        return
    table, column = rows[0]._meta.db_table, rows[0]._meta.pk.column
    connection = connections[DEFAULT_DB_ALIAS]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [table, column, len(rows)]
            )
            numbers = [pk for (pk,) in cursor.fetchall()]
        else:
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            last = (cursor.fetchone() or (0,))[0]
            numbers = list(range(last + 1, last + 1 + len(rows)))
    for row, pk in zip(rows, numbers, strict=True):
        row.pk = pk


def insert(rows: Iterable[Model], *, unless_there: bool = False) -> None:
    """Write unsaved rows of one model; either all of them have numbers or none has. With `unless_there` a row that
    clashes with one that is there is passed over; which those are nobody is told."""
    rows = list(rows)
    if not rows:
        return
    meta = rows[0]._meta
    fields = [field for field in meta.concrete_fields if not (field.primary_key and rows[0].pk is None)]
    connection = connections[DEFAULT_DB_ALIAS]  # itself: what stands for it looks it up at every touch
    quote = connection.ops.quote_name
    into = f"{quote(meta.db_table)} ({', '.join(quote(field.column or '') for field in fields)})"
    columns = [_values(rows, field, connection) for field in fields]
    otherwise = " ON CONFLICT DO NOTHING" if unless_there else ""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            places = ", ".join(["%s"] * len(fields))
            # Names of our own, no values.
            statement = f"INSERT INTO {into} VALUES ({places}){otherwise}"  # noqa: S608
            cursor.executemany(statement, list(zip(*columns, strict=True)))
        elif unless_there:
            # As texts: asked for one of 40 characters PostgreSQL would cut what is longer.
            kinds = ("text" if isinstance(field, CharField) else field.db_type(connection) for field in fields)
            places = ", ".join(f"%s::{kind}[]" for kind in kinds)
            cursor.execute(f"INSERT INTO {into} SELECT * FROM unnest({places}){otherwise}", columns)  # noqa: S608
        else:
            # What COPY raises comes from the end of the block: Django's wrapper of the call does not see it.
            with connection.wrap_database_errors, cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for values in zip(*columns, strict=True):
                    copy.write_row(values)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _values(rows: Sequence[Model], field: Field[Any, Any], connection: BaseDatabaseWrapper) -> list[Any]:
    """A column: that is quicker than row by row."""
    if isinstance(field, ForeignKey):
        for row in rows:
            # The other row may have been saved after it was set here.
            if getattr(row, field.attname) is None and field.is_cached(row) and (other := field.get_cached_value(row)):
                setattr(row, field.name, other)
    values: list[Any]
    if type(field).pre_save is Field.pre_save:
        values = list(map(attrgetter(field.attname), rows))
    else:
        values = [field.pre_save(row, True) for row in rows]
    if isinstance(field, JSONField) and field.encoder is None and connection.vendor == "postgresql":
        return [_json(value) if value or type(value) not in _EMPTY else _EMPTY[type(value)] for value in values]
    plain = _plain(field)
    if plain.issuperset(map(type, values)):
        return values
    return [value if type(value) in plain else field.get_db_prep_save(value, connection) for value in values]


_json = json.JSONEncoder(ensure_ascii=False).encode
"""Half as long as with every Chinese character escaped."""

_EMPTY: dict[type, str | None] = {list: "[]", dict: "{}", NoneType: None}
"""What most are."""


_PLAIN: tuple[tuple[type[Field[Any, Any]], frozenset[type]], ...] = (
    (CharField, frozenset({str, NoneType})),
    (TextField, frozenset({str, NoneType})),
    (IntegerField, frozenset({int, NoneType})),
    (FloatField, frozenset({float, NoneType})),
    (ForeignKey, frozenset({int, NoneType})),
)


def _plain(field: Field[Any, Any]) -> frozenset[type]:
    """The types of values that Django hands to the database as they are: asking it for each costs more than writing."""
    return next((types for kind, types in _PLAIN if isinstance(field, kind)), frozenset())
