"""Which files other processes are reading at this moment, so that several machines share the work of one folder.

On PostgreSQL a claim is an advisory lock of the session: it needs no row, and a process that dies gives it back. It
saves the engine's time only. That no page goes in twice is held by the unique fingerprint of its source.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection


@contextmanager
def claim(sha256: str) -> Iterator[bool]:
    """Whether the file is ours to read until the end of the block. SQLite serves one machine, whose runs share their
    files out among their own workers: there the answer is always yes."""
    if connection.vendor != "postgresql":
        yield True
        return
    key = int.from_bytes(bytes.fromhex(sha256)[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours:
            _give_back(key)


def _give_back(key: int) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
    except DatabaseError:
        connection.close()  # with the session goes the lock


def take_turns(*what: object) -> None:
    """Wait until no other transaction is at the same thing, and keep it until the end of ours.

    For what a unique key cannot hold: two transactions that each look for something, find nothing, and make it.
    SQLite lets one transaction write at a time anyway.
    """
    if connection.vendor == "postgresql":
        digest = hashlib.sha256(repr(what).encode()).digest()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(digest[:8], "big", signed=True)])
