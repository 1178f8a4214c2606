"""Append-only tables: triggers in the database refuse to change or delete their rows, whoever asks and however.

`AppendOnly` is a migration operation for both databases. With `columns` only changes of those columns are
refused (and deletion); without, every change is.
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

    def __init__(self, table: str, *, columns: Sequence[str] = ()) -> None:
        self.table = table
        self.columns = tuple(columns)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        return (type(self).__qualname__, [self.table], {"columns": self.columns} if self.columns else {})

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
        for statement in drop_statements(schema_editor.connection.vendor, self.table):
            schema_editor.execute(statement)

    def describe(self) -> str:
        return f"Make {self.table} append-only"


def create_statements(vendor: str, table: str, columns: Sequence[str] = ()) -> list[str]:
    """The SQL that guards a table. On PostgreSQL TRUNCATE is refused as well."""
    message = f"{table} is append-only"
    if vendor == "postgresql":
        of = f" OF {', '.join(columns)}" if columns else ""
        return [
            f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE{of} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_refuse()",
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
        ]
    of = f" OF {', '.join(columns)}" if columns else ""
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE{of} ON {table} BEGIN SELECT RAISE(ABORT, '{message}'); END",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{message}'); END",
    ]


def drop_statements(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        return [f"DROP FUNCTION {table}_refuse() CASCADE"]
    return [f"DROP TRIGGER {table}_no_update", f"DROP TRIGGER {table}_no_delete"]
