"""Taking many files, by this process alone or by several workers; the reports come in the order of the files.

Workers are forks of this process: they share the engine's word lists with it, and each takes whole files, a parcel at
a time, from the bytes to the transaction. Only so many files are under way that every worker has something to do, so
memory does not grow with the folder. A worker that dies, or a parent that is killed, leaves no half page: `importing`
writes a page in one transaction, by itself or with others of its parcel.
"""

from __future__ import annotations

import contextlib
import gc
import itertools
import multiprocessing
import os
import signal
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import connection as pipes
from typing import IO, Any

from django.contrib.auth.models import User
from django.db import DatabaseError, connection, connections

from articles.search import gathering
from articles.words import keywords, rarity
from ingest import engine
from ingest.engine import PageLayout, layout_to_json
from ingest.importing import Importer, Report
from ingest.models import ImportRun
from ingest.walking import Found

PARCEL, LARGE_PARCEL = 8, 40
"""Files that a worker takes at once; the large one where no engine has to read them."""

AHEAD = 2
"""Parcels under way per worker: a long page must not leave the other workers idle."""

PUT_OFF_AT_MOST = 500
"""Files that another process was reading, kept to look at later. They are only names; but a folder has no end."""

WAIT = 0.2
"""Seconds between two looks at files that another process is reading."""


@dataclass(frozen=True, slots=True)
class Way:
    """How files are to be taken: the same for every worker."""

    actor: User | None
    options: dict[str, Any] = field(default_factory=dict)
    dry_run: bool = False
    has_database: bool = True
    wants_layouts: bool = False
    parcel: int = PARCEL
    """Files that a worker takes at once: new pages among them are written together."""

    @property
    def writes(self) -> bool:
        return self.has_database and not self.dry_run


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file, and the layouts that were read on the way, as JSON."""

    report: Report
    layouts: tuple[dict[str, Any], ...] = ()


class _Worker:
    """Takes files one by one; None for one that another process is reading just now."""

    def __init__(self, way: Way, run: ImportRun | None = None, turn: IO[bytes] | None = None) -> None:
        self.layouts: list[dict[str, Any]] = []
        self.importer = Importer(
            actor=way.actor,
            options=way.options,
            dry_run=way.dry_run,
            has_database=way.has_database,
            on_layout=self._keep if way.wants_layouts else None,
            shares=way.writes,
            run=run,
            turn=turn,
        )

    def _keep(self, layout: PageLayout) -> None:
        self.layouts.append(layout_to_json(layout))

    def take(self, parcel: Sequence[Found]) -> list[Taken | None]:
        if self.importer.on_layout is None:
            reports = self.importer.take_many(parcel)
            return [None if report is None else Taken(report) for report in reports]
        taken: list[Taken | None] = []
        for found in parcel:
            self.layouts.clear()
            (report,) = self.importer.take_many([found])
            taken.append(None if report is None else Taken(report, tuple(self.layouts)))
        return taken


def take_all(files: Iterable[Found], *, way: Way, workers: int = 1) -> Generator[Taken]:
    """Take every file and say what became of it. Only a database that is gone, or a worker that died, raises."""
    if workers == 1:
        worker = _Worker(way)
        try:
            yield from _sharing(files, lambda each: _flat(map(worker.take, _parcels(each, way.parcel))))
        finally:
            worker.importer.finish()
        return
    with _shared_run(way) as run:
        yield from _by_forks(files, way, run, workers)


def _parcels(files: Iterator[Found], size: int) -> Iterator[list[Found]]:
    while parcel := list(itertools.islice(files, size)):
        yield parcel


def _flat(parcels: Iterable[list[Taken | None]]) -> Iterator[Taken | None]:
    return itertools.chain.from_iterable(parcels)


_Take = Callable[[Iterator[Found]], Iterator[Taken | None]]


def _sharing(files: Iterable[Found], take: _Take) -> Iterator[Taken]:
    """Files that another process is reading are put off; when their turn comes again they are in, or free."""
    put_off: deque[Found] = deque()
    given: deque[Found] = deque()

    def first_round() -> Iterator[Found]:
        for found in files:
            given.append(found)
            yield found
            while len(put_off) > PUT_OFF_AT_MOST:
                given.append(put_off.popleft())
                yield given[-1]

    def rounds() -> Iterator[Iterator[Found]]:
        yield first_round()
        while put_off:
            again = list(put_off)
            put_off.clear()
            given.extend(again)
            yield iter(again)

    for each in rounds():
        was_any_taken = False
        for taken in take(each):
            found = given.popleft()
            if taken is None:
                put_off.append(found)
            else:
                was_any_taken = True
                yield taken
        if put_off and not was_any_taken:
            time.sleep(WAIT)


# Workers


@contextlib.contextmanager
def _shared_run(way: Way) -> Iterator[ImportRun | None]:
    """One run for all workers. It must be there before they are; one that nobody had anything to say about goes."""
    if not way.writes or way.actor is None:
        yield None
        return
    run = ImportRun.objects.create(by=way.actor, options=way.options)
    try:
        yield run
    finally:
        if run.outcomes.exists():
            run.finish()
        else:
            run.delete()


def _by_forks(files: Iterable[Found], way: Way, run: ImportRun | None, workers: int) -> Iterator[Taken]:
    _warm_up(with_engine=way.parcel == PARCEL)
    turn = tempfile.TemporaryFile() if connection.vendor == "sqlite" else None  # noqa: SIM115 (closed below)
    connections.close_all()  # a connection has one owner: every worker opens its own
    pool = ProcessPoolExecutor(
        workers, mp_context=multiprocessing.get_context("fork"), initializer=_begin, initargs=(way, run, turn)
    )

    def take(each: Iterator[Found]) -> Iterator[Taken | None]:
        under_way: deque[Future[list[Taken | None]]] = deque()
        for parcel in _parcels(each, way.parcel):
            under_way.append(pool.submit(_take, parcel))
            if len(under_way) >= AHEAD * workers:
                yield from under_way.popleft().result()
        while under_way:
            yield from under_way.popleft().result()

    try:
        yield from _sharing(files, take)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        if turn is not None:
            turn.close()
        if way.writes:
            gathering.end()


def _warm_up(*, with_engine: bool) -> None:
    """Load what all workers need, once, and keep the collector from copying it into each."""
    if with_engine:
        engine.read_page("春耕全面展开\n本报讯（记者 王小明）各乡镇备足种子化肥，确保农时。\n")
    keywords("春耕")
    rarity("春耕")
    gc.collect()
    gc.freeze()


_worker: _Worker | None = None


def _begin(way: Way, run: ImportRun | None, turn: IO[bytes] | None) -> None:
    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent tells when to stop
    gc.disable()  # nearly everything goes by itself; the rest after each parcel
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _worker = _Worker(way, run, turn)
    if way.writes:
        with contextlib.suppress(DatabaseError):  # one that is gone the first parcel tells of
            gathering.begin()


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for ever for the next file."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        pipes.wait([parent.sentinel])
        os._exit(1)


def _take(parcel: list[Found]) -> list[Taken | None]:
    if _worker is None:
        raise RuntimeError("a worker takes files only after its beginning")
    taken = _worker.take(parcel)
    gc.collect()
    return taken
