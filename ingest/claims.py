"""How processes that bring pages in keep out of each other's way.

Several machines share the work of one folder by claims of what they are reading. On PostgreSQL a claim is an advisory
lock of the session: it needs no row, and a process that dies gives it back. It saves the engine's time only. That no
page goes in twice is held by the unique fingerprint of its source.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Final

from django.db import DatabaseError, connection

PAUSE: Final = 0.12
"""Seconds in which whoever waits for SQLite surely looks again."""
EVERY: Final = 3.0
"""Seconds; so an editor waits no longer, and an import takes a twenty-fifth longer at most."""


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


@contextmanager
def in_turn(file: IO[bytes] | None) -> Iterator[None]:
    """For workers that were given one open file by their parent: one at a time until the end of the block.

    On SQLite, where one transaction writes at a time: one that finds another there looks again after up to 100 ms, and
    whoever comes by in between goes first. Here the next is woken at once. A process that dies gives its turn back.

    Others, an editor who saves, would find a worker writing whenever they look: every few seconds nobody does for once.
    """
    if file is None:
        yield
        return
    fcntl.lockf(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        _let_others_in(file.fileno())
        fcntl.lockf(file, fcntl.LOCK_UN)


def _let_others_in(file: int) -> None:
    """The file says when that was last, for all workers."""
    said = os.pread(file, 8, 0)
    if said and time.monotonic() - struct.unpack("d", said)[0] < EVERY:
        return
    if said:
        time.sleep(PAUSE)
    os.pwrite(file, struct.pack("d", time.monotonic()), 0)
