"""Which engine answers: that of the database."""

from __future__ import annotations

from typing import Final

from django.db import connections

from articles.replicas import reading
from articles.search.engine import Engine
from articles.search.postgresql_engine import PostgresEngine
from articles.search.sqlite_engine import SqliteEngine
from articles.search.types import Scope

ENGINES: Final = {"sqlite": SqliteEngine, "postgresql": PostgresEngine}


def engine(scope: Scope, using: str = "") -> Engine:
    """On the database that is read from, unless another is named."""
    using = using or reading()
    return ENGINES[connections[using].vendor](using, scope)
