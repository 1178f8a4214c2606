"""While several processes bring pages in, PostgreSQL gathers rows beside the inverted index and merges many at once.

A token leads to a packed list of rows, which every further row that has it gets unpacked and packed again: half of what
the server did in an import. With GIN's `fastupdate` new rows first go into a list of their own, which is searched as
well; who fills it (`gin_pending_list_limit`, 4 MB, about 400 items) merges it. Not for ever: of some hundred saves of
editors one would take as long as all of them together.

An import that was killed leaves it on. Nothing is wrong then; `migrate`, or the next import that ends, turns it off.
"""

from __future__ import annotations

import logging
import time
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, OperationalError, ProgrammingError, connection, connections, transaction

log = logging.getLogger(__name__)

_AT_WORK: Final = 811801
"""A number of our own among advisory locks: whoever gathers shares it."""

_PATIENCE: Final = (0.2, 0.2, 0.2, 0.2, 1.5)
"""Seconds of each try. To turn it on or off nobody may be looking into the index, and whoever comes meanwhile waits as
well. The last is long enough for PostgreSQL to send its own vacuum away, which likes to come after many new rows."""


def begin() -> None:
    """Gather, as long as this session lives. Only the owner of the index can: others go on as ever."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock_shared(%s)", [_AT_WORK])
            if not _is_on(cursor):
                _turn("on", connection.alias)


def end(using: str = DEFAULT_DB_ALIAS, *, patience: str = "3s") -> None:
    """Merge what was gathered, and no longer gather, unless another session does so even after some waiting."""
    if connections[using].vendor != "postgresql":
        return
    with connections[using].cursor() as cursor:
        if not _is_on(cursor):
            return
        try:
            with transaction.atomic(using=using):
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [patience])
                cursor.execute("SELECT pg_advisory_lock(%s)", [_AT_WORK])
        except OperationalError:
            return
        try:
            if _turn("off", using):
                cursor.execute("SELECT gin_clean_pending_list('search_tokens')")
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_AT_WORK])


def _is_on(cursor: Any) -> bool:
    cursor.execute("SELECT reloptions @> '{fastupdate=on}' FROM pg_class WHERE oid = to_regclass('search_tokens')")
    return bool(next(iter(cursor.fetchone() or ()), False))


def _turn(state: str, using: str) -> bool:
    for seconds in _PATIENCE:
        try:
            with transaction.atomic(using=using), connections[using].cursor() as cursor:
                cursor.execute(f"SET LOCAL lock_timeout = '{seconds}s'")
                cursor.execute(f"ALTER INDEX search_tokens SET (fastupdate = {state})")
            return True
        except OperationalError:
            time.sleep(0.2)
        except ProgrammingError as problem:  # the role does not own it
            log.info("search index not turned %s: %s", state, problem)
            return False
    log.warning("search index not turned %s: it is being read all the time", state)
    return False
