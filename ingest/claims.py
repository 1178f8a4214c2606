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
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Final

from django.db import DatabaseError, connection

PAUSE: Final = 0.12
"""Seconds in which whoever waits for SQLite surely looks again."""
EVERY: Final = 3.0
"""Seconds; so an editor waits no longer, and an import takes a twenty-fifth longer at most."""


@contextmanager
def claims(files: Collection[str]) -> Iterator[set[str]]:
    """Which of the files, by the SHA-256 of their bytes, are ours to read until the end of the block. SQLite serves one
    machine, whose runs share their files out among their own workers: there all are."""
    if connection.vendor != "postgresql" or not files:
        yield set(files)
        return
    keys = {_number(bytes.fromhex(sha256)): sha256 for sha256 in files}
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM unnest(%s::bigint[]) key WHERE pg_try_advisory_lock(key)", [list(keys)])
        ours = [key for (key,) in cursor.fetchall()]
    try:
        yield {keys[key] for key in ours}
    finally:
        _give_back(ours)


def _number(digest: bytes) -> int:
    return int.from_bytes(digest[:8], "big", signed=True)


def _give_back(keys: Sequence[int]) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(key) FROM unnest(%s::bigint[]) key", [list(keys)])
    except DatabaseError:
        connection.close()  # with the session go the locks


def take_turns(things: Collection[object]) -> None:
    """Wait until no other transaction is at any of these things, and keep them until the end of ours.

    For what a unique key cannot hold: two transactions that each look for something, find nothing, and make it.
    SQLite lets one transaction write at a time anyway.
    """
    if connection.vendor == "postgresql" and things:
        # In one order, so that two imports cannot wait for each other.
        keys = sorted({_number(hashlib.sha256(repr(thing).encode()).digest()) for thing in things})
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(key) FROM unnest(%s::bigint[]) key", [keys])


def need_not_wait_for_the_disk() -> None:
    """Let the current transaction end on PostgreSQL before its log is on the disk. Should the server itself go down in
    the next half second, the transaction is gone whole, and all after it: to be done again as if never begun."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = off")


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
