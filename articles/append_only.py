"""Append-only tables: triggers in the database refuse to change or delete their rows, whoever asks and however.

`AppendOnly` is a migration operation for both databases. With `columns` only changes of those columns are
refused (and deletion); without, every change is. A migration that guards other columns of a table than before names
the `former` ones: going back guards those again.

SQLite changes a table by making it anew, and drops its triggers with the old one: a migration that alters a guarded
table must end in the operation again. A test finds tables that lost their guard.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class AppendOnly(Operation):
    reversible = True
    reduces_to_sql = False

    def __init__(self, table: str, *, columns: Sequence[str] = (), former: Sequence[str] = ()) -> None:
        self.table = table
        self.columns = tuple(columns)
        self.former = tuple(former)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        given = {"columns": self.columns, "former": self.former}
        return (type(self).__qualname__, [self.table], {name: value for name, value in given.items() if value})

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        pass

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for statement in create_statements(schema_editor.connection.vendor, self.table, self.columns):
            schema_editor.execute(statement)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        vendor = schema_editor.connection.vendor
        for statement in drop_statements(vendor, self.table):
            schema_editor.execute(statement)
        if self.former:
            for statement in create_statements(vendor, self.table, self.former):
                schema_editor.execute(statement)

    def describe(self) -> str:
        return f"Make {self.table} append-only"


def create_statements(vendor: str, table: str, columns: Sequence[str] = ()) -> list[str]:
    """The SQL that guards a table, whether or not it is guarded already. On PostgreSQL TRUNCATE is refused too."""
    message = f"{table} is append-only"
    of = f" OF {', '.join(columns)}" if columns else ""
    if vendor == "postgresql":
        refuse = f"EXECUTE FUNCTION {table}_refuse()"
        return [
            f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
            f"CREATE OR REPLACE TRIGGER {table}_no_update BEFORE UPDATE{of} ON {table} FOR EACH ROW {refuse}",
            f"CREATE OR REPLACE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {refuse}",
            f"CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}",
        ]
    return [
        *drop_statements(vendor, table),
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE{of} ON {table} BEGIN SELECT RAISE(ABORT, '{message}'); END",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{message}'); END",
    ]


def drop_statements(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        return [f"DROP FUNCTION IF EXISTS {table}_refuse() CASCADE"]
    return [f"DROP TRIGGER IF EXISTS {table}_no_update", f"DROP TRIGGER IF EXISTS {table}_no_delete"]
