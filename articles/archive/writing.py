"""Writing the archive, and its digest: the same loop over the same lines."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from django.db import connection, transaction
from django.utils import timezone

from articles.archive.tables import FORMAT, VERSION, line, migrations, rows, tables


@dataclass(frozen=True, slots=True)
class Summary:
    """How many rows each table has, and the SHA-256 of all lines of rows."""

    rows: dict[str, int]
    sha256: str

    @property
    def total(self) -> int:
        return sum(self.rows.values())


Tell = Callable[[str, int], None]


def write(file: IO[str], *, tell: Tell = lambda table, done: None) -> Summary:
    """Write everything as it stood at one moment; `tell` hears of each table when it is done.

    Memory does not grow with the archive. Editors go on meanwhile, and what they do is not in it.
    """
    with _one_moment():
        head = {"format": FORMAT, "version": VERSION, "made_at": timezone.now().isoformat(), "migrations": migrations()}
        file.write(json.dumps(head, ensure_ascii=False) + "\n")
        made = _summarised(_lines(tell), file.write)
    file.write(json.dumps({"end": {"rows": made.rows, "sha256": made.sha256}}) + "\n")
    return made


def digest(*, tell: Tell = lambda table, done: None) -> Summary:
    """What `write` would say at its end: two databases with equal digests hold the same archive."""
    with _one_moment():
        return _summarised(_lines(tell), lambda text: None)


@contextmanager
def _one_moment() -> Iterator[None]:
    """A transaction that sees the database as it was at its start. Inside another one, that one decides."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if connection.vendor == "postgresql" and is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _lines(tell: Tell) -> Iterator[tuple[str, str]]:
    for table, model in tables().items():
        done = 0
        for row in rows(model):
            done += 1
            yield table, line(table, row)
        tell(table, done)


def _summarised(lines: Iterator[tuple[str, str]], out: Callable[[str], object]) -> Summary:
    counts = dict.fromkeys(tables(), 0)
    sha256 = hashlib.sha256()
    for table, text in lines:
        counts[table] += 1
        sha256.update(text.encode())
        out(text)
    return Summary(counts, sha256.hexdigest())
