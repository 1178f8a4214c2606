"""One file from bytes to rows: read it, see what is there, write what the plan says, leave a trace.

Every file is one transaction, or several new ones are one together. A file that fails, or contradicts what is there,
changes nothing; its outcome is recorded, once. A run that changes nothing writes nothing.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import IO, Any

from django.contrib.auth.models import User
from django.db import DatabaseError, DataError, IntegrityError, OperationalError, transaction

from articles.actions.locks import locked_page
from articles.inserting import insert
from articles.models import Page
from articles.search.ahead import worked_out
from articles.suggest import Clues, clues_in_use
from ingest import arriving, engine
from ingest.arriving import Arrival, Overtaken
from ingest.claims import claims, in_turn, need_not_wait_for_the_disk
from ingest.credits import known_beforehand
from ingest.cutting import cut_page
from ingest.engine import Hints, PageLayout
from ingest.given import Given, LayoutRefused, read_given
from ingest.hints import hints_from_json, hints_to_json, is_given, newly_said, read_with, together
from ingest.loading import TooMuch, apply_plan
from ingest.models import ImportOutcome, ImportRun, OutcomeKind, Source
from ingest.placement import Clash, move_page, new_place, place_of, refuse_if_taken
from ingest.planning import PagePlan, StandingPage, Verdict, plan_page
from ingest.proposing import propose_file, propose_reading
from ingest.reading import TextFile, Unreadable, read_file
from ingest.standing import check_rows, rows_of, standing_page
from ingest.walking import Found

log = logging.getLogger(__name__)

GIVEN = "，照给出的排法"

ATTEMPTS = 5
"""A file that another process writes at the same moment is tried again; then it finds the other's page there."""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one file. `shown` is its path as given."""

    shown: str
    kind: OutcomeKind
    reason: str = ""
    sha256: str = ""


class BeingRead(Exception):
    """Another process is reading this very file now: come back to it later."""


class Importer:
    """Takes files one by one and reports on each. With `dry_run` nothing is written, whatever happens.

    With `shares`, other processes may be taking the same files: `take` raises `BeingRead` for one that somebody else is
    reading. A `run` that is given is written to and not finished: it belongs to whoever made it. `turn` is for
    `claims.in_turn`.
    """

    def __init__(
        self,
        *,
        actor: User | None,
        options: dict[str, Any] | None = None,
        dry_run: bool = False,
        has_database: bool = True,
        on_layout: Callable[[PageLayout], None] | None = None,
        shares: bool = False,
        run: ImportRun | None = None,
        turn: IO[bytes] | None = None,
    ) -> None:
        self.actor = actor
        self.options = options or {}
        self.dry_run = dry_run
        self.has_database = has_database
        self.on_layout = on_layout
        self.shares = shares
        self.run = run
        self.turn = turn

    def take(self, found: Found) -> Report:
        """Bring one file in. Only a database that is gone raises, and `BeingRead` when files are shared."""
        file = self._file(found)
        return file if isinstance(file, Report) else self._take(found, file, None)

    def take_many(self, some: Sequence[Found]) -> list[Report | None]:
        """Bring several files in; None for one that somebody else is reading. Pages that are not there yet are written
        together: when one of them cannot be, each goes by itself, as `take` does it."""
        if self.dry_run or self.on_layout is not None or len(some) == 1:
            return [self._take_or_leave(found, None) for found in some]
        new: dict[int, _Fresh] = {}
        places: set[object] = set()
        reports: dict[int, Report | None] = {}
        clues = cache(clues_in_use)  # asked once, and only where a page is new
        files = self._files(some)
        known = self._known_of(files.values())
        unknown = {file.sha256: number for number, file in files.items() if file.sha256 not in known}
        with claims(unknown) if self.shares else contextlib.nullcontext(set(unknown)) as ours:
            reports |= {number: None for sha256, number in unknown.items() if sha256 not in ours}
            if self.shares:  # written by others before the claim was ours
                known |= self._known_of(file for file in files.values() if file.sha256 in ours)
            for number, file in files.items():
                found, source = some[number], known.get(file.sha256)
                try:
                    if number in reports:
                        continue
                    if source is None:
                        fresh = self._fresh(found, file, clues)
                        if (place := fresh.place) is None or place not in places:
                            new[number] = fresh
                            places.add(place)
                    elif _is_read(source, found.hints, _given(found)):
                        reports[number] = self._unchanged(found, file, source)
                except (LayoutRefused, engine.LedgerError, TooMuch):
                    continue  # told when the file is taken by itself
            if written := self._write_together(list(new.values())):
                reports |= zip(new, written, strict=True)
            return [
                reports[number] if number in reports else self._take_or_leave(found, new.get(number))
                for number, found in enumerate(some)
            ]

    def _take_or_leave(self, found: Found, fresh: _Fresh | None) -> Report | None:
        try:
            return self.take(found) if fresh is None else self._take(found, fresh.file, fresh)
        except BeingRead:
            return None

    def _file(self, found: Found) -> TextFile | Report:
        try:
            if found.problem:
                raise Unreadable(found.shown, found.problem)
            return read_file(found.path, name=found.name)
        except Unreadable as problem:
            return self._failed(found, str(problem), problem.sha256)

    def _take(self, found: Found, file: TextFile, fresh: _Fresh | None) -> Report:
        try:
            return self._take_shared(found, file, fresh) if self.shares else self._take_text(found, file, fresh)
        except Clash as clash:
            return self._trace(Report(found.shown, OutcomeKind.CLASH, str(clash), file.sha256))
        except LayoutRefused as problem:
            return self._failed(found, str(problem), file.sha256)
        except TooMuch as problem:
            return self._failed(found, f"装不进数据库：{problem}请拆成几个文件再入库。", file.sha256)
        except engine.LedgerError as problem:
            return self._failed(
                found, f"还原前后文字对不上，未写入任何内容：{problem}。请把这个文件报给开发者。", file.sha256
            )
        except OperationalError:
            raise
        except (DataError, IntegrityError) as problem:
            log.exception("ingest: %s", found.shown)
            return self._failed(
                found, f"数据库不接受（{type(problem).__name__}）：请把这个文件报给开发者。", file.sha256
            )

    def finish(self) -> None:
        """Close the run, if it has left a row."""
        if self.run is not None:
            self.run.finish()

    # One file

    def _read(self, file: TextFile, hints: Hints, given: Given | None) -> PageLayout:
        try:
            read = given.layout if given else engine.read_page
            layout = read(file.text, source=file.name, hints=hints)
        except (engine.LedgerError, LayoutRefused):
            raise
        except Exception as problem:
            # Whatever goes wrong in one page must not stop the others; the traceback is in the log.
            log.exception("ingest: the engine failed on %s", file.name)
            raise engine.LedgerError(f"引擎出错（{type(problem).__name__}）") from problem
        if self.on_layout is not None:
            self.on_layout(layout)
        return layout

    @staticmethod
    def _files(some: Sequence[Found]) -> dict[int, TextFile]:
        """Those that can be read, by their place; of the same bytes the first. The others go by themselves, which tells
        what is in the way."""
        files: dict[str, tuple[int, TextFile]] = {}
        for number, found in enumerate(some):
            if not found.problem:
                with contextlib.suppress(Unreadable):
                    file = read_file(found.path, name=found.name)
                    files.setdefault(file.sha256, (number, file))
        return dict(files.values())

    def _fresh(self, found: Found, file: TextFile, clues: Callable[[], Clues]) -> _Fresh:
        given = _given(found)
        layout = self._read(file, found.hints, given)
        return _Fresh(found, file, layout, arriving.prepare(_source(file, found.hints, given), layout, clues()))

    def _write_together(self, fresh: Sequence[_Fresh]) -> list[Report]:
        """Their reports; none when nothing was written because one of them stood in the way."""
        if not fresh:
            return []
        former_run = self.run
        try:
            arrivals = [each.arrival for each in fresh]
            items = ((made.item, arrival.page.section) for arrival in arrivals for made in arrival.items)
            people = [name for arrival in arrivals for each in arrival.items for name, _ in each.signed]
            with worked_out(items), in_turn(self.turn), known_beforehand(people), transaction.atomic():
                need_not_wait_for_the_disk()
                arriving.write(arrivals, actor=self._actor)
                return self._record(
                    [(_created(each.found, each.file, each.arrival.plan), each.arrival.source) for each in fresh]
                )
        except (Overtaken, Clash, engine.LedgerError, DatabaseError):
            self.run = former_run  # a run made in this transaction is gone with it
            return []

    def _take_shared(self, found: Found, file: TextFile, fresh: _Fresh | None) -> Report:
        source = self._known(file)
        if source is not None and _is_read(source, found.hints, _given(found)):
            return self._take_text(found, file, fresh)
        with claims([file.sha256]) as ours:
            if not ours:
                raise BeingRead
            return self._take_text(found, file, fresh)

    def _take_text(self, found: Found, file: TextFile, fresh: _Fresh | None = None) -> Report:
        layout = fresh.layout if fresh else None
        read_for = found.hints if fresh else None
        given = _given(found)
        for attempt in range(ATTEMPTS):
            source = self._known(file) if self.has_database else None
            hints = together(hints_from_json(source.hints), found.hints) if source else found.hints
            if source is not None and _is_read(source, found.hints, given):
                if self.on_layout is not None and layout is None and (given or not is_given(source.read_with)):
                    self._read(file, hints, given)
                return self._unchanged(found, file, source)
            if source is not None and given is None and is_given(source.read_with):
                raise Clash(
                    "这一版照给出的排法入库，引擎不会改它；"
                    "要改日期、版次或版名，请在后台核定，或连同 --layouts 再运行一次。"
                )
            # Outside the transaction: reading is slow and needs no lock.
            if layout is None or read_for != hints:
                layout, read_for = self._read(file, hints, given), hints
            if self.dry_run:
                return self._foresee(found, file, layout, source)
            try:
                return self._write(found, file, layout, hints, given, source)
            except Overtaken:
                continue
            except Clash as clash:
                if source is None and clash.taken is not None:
                    propose_file(page=clash.taken, file=file, name=_source_name(file.name), cut=cut_page(layout))
                raise
            except (IntegrityError, OperationalError):
                if attempt == ATTEMPTS - 1:
                    raise
        raise IntegrityError("overtaken again and again")

    def _known(self, file: TextFile) -> Source | None:
        return self._known_of([file]).get(file.sha256)

    @staticmethod
    def _known_of(files: Iterable[TextFile]) -> dict[str, Source]:
        """The sources of these bytes, without their texts: most files of a second run need one small row."""
        few = Source.objects.only("sha256", "name", "read_with", "hints", "page_id")
        return {source.sha256: source for source in few.filter(sha256__in={file.sha256 for file in files})}

    def _unchanged(self, found: Found, file: TextFile, source: Source) -> Report:
        same_name = source.name == _source_name(file.name)
        reason = "" if same_name else f"同样的文字已经以“{source.name}”入库"
        return Report(found.shown, OutcomeKind.UNCHANGED, reason, file.sha256)

    def _write(
        self,
        found: Found,
        file: TextFile,
        layout: PageLayout,
        hints: Hints,
        given: Given | None,
        source: Source | None,
    ) -> Report:
        arrival = arriving.prepare(_source(file, hints, given), layout, clues_in_use()) if source is None else None
        former_run = self.run
        try:
            with in_turn(self.turn), transaction.atomic():
                if arrival is not None:
                    arriving.write([arrival], actor=self._actor)
                    report = self._record([(_created(found, file, arrival.plan), arrival.source)])[0]
                elif source is not None:
                    report = self._update(found, file, layout, hints, given, source)
        except BaseException:
            self.run = former_run  # a run made in this transaction is gone with it
            raise
        return report

    def _update(
        self, found: Found, file: TextFile, layout: PageLayout, hints: Hints, given: Given | None, seen: Source
    ) -> Report:
        source = Source.objects.select_for_update().defer("raw").get(pk=seen.pk)
        if source.read_with != seen.read_with:
            raise Overtaken
        page = locked_page(source.page_id)  # before its items: see articles.actions.locks
        there = rows_of(source, lock=True)
        plan = plan_page(file.text, cut_page(layout), standing_page(page, source, there))
        place = new_place(page, layout, newly_said(hints_from_json(source.hints), found.hints))
        if place is not None:
            page = move_page(page, place, actor=self._actor)
        is_changed = apply_plan(plan, page=page, source=source, there=there, found=layout.findings, actor=self._actor)
        propose_reading(page=page, source=source, plan=plan)
        source.read_with, source.hints = _way(hints, given), hints_to_json(hints) or None
        source.save(update_fields=["read_with", "hints"])
        check_rows({source.pk: file.text})
        report = _judged(found, file, plan, is_changed=is_changed, is_moved=place is not None)
        return report if report.kind is OutcomeKind.UNCHANGED else self._record([(report, source)])[0]

    def _foresee(self, found: Found, file: TextFile, layout: PageLayout, source: Source | None) -> Report:
        """The report that a real run would give, found out by reading only."""
        cut = cut_page(layout)
        if source is None:
            if self.has_database:
                refuse_if_taken(place_of(layout))
            return _created(found, file, plan_page(file.text, cut, StandingPage((), ())))
        page = Page.objects.select_related("issue__newspaper").get(pk=source.page_id)
        standing = standing_page(page, source, rows_of(source, lock=False))
        plan = plan_page(file.text, cut, standing)
        place = new_place(page, layout, newly_said(hints_from_json(source.hints), found.hints))
        laid = [b for each in standing.outside if (b := each.block)]
        is_changed = list(plan.outside) != laid or any(plan.count(v) for v in (Verdict.CREATE, Verdict.VANISHED))
        return _judged(
            found, file, plan, is_changed=is_changed or plan.count(Verdict.UPDATE) > 0, is_moved=place is not None
        )

    # Traces

    @property
    def _actor(self) -> User:
        if self.actor is None:
            raise ValueError("writing needs somebody who signs it")
        return self.actor

    def _failed(self, found: Found, reason: str, sha256: str) -> Report:
        return self._trace(Report(found.shown, OutcomeKind.FAILED, reason, sha256))

    def _trace(self, report: Report) -> Report:
        """Record a failure or a clash, unless it is the last that was recorded of this file already."""
        if self.dry_run or not self.has_database:
            return report
        last = ImportOutcome.objects.filter(name=_outcome_name(report.shown)).order_by("-pk").first()
        if last is not None and (last.sha256, last.kind, last.reason) == (report.sha256, report.kind, report.reason):
            return report
        former_run = self.run
        try:
            with in_turn(self.turn), transaction.atomic():
                return self._record([(report, None)])[0]
        except DatabaseError:
            self.run = former_run
            raise

    def _record(self, told: Sequence[tuple[Report, Source | None]]) -> list[Report]:
        if self.run is None:
            self.run = ImportRun.objects.create(by=self._actor, options=self.options)
        insert(
            ImportOutcome(
                run_id=self.run.pk,
                name=_outcome_name(report.shown),
                sha256=report.sha256,
                kind=report.kind,
                reason=report.reason,
                source=source,
            )
            for report, source in told
        )
        return [report for report, _ in told]


@dataclass(frozen=True)
class _Fresh:
    """A file that is not there yet, read and ready to be written."""

    found: Found
    file: TextFile
    layout: PageLayout
    arrival: Arrival

    @property
    def place(self) -> object:
        """Which page it is: of the same page two cannot be written together. None where nobody knows."""
        place = self.arrival.place
        return (place.newspaper, place.date, place.number) if place.number else None


def _given(found: Found) -> Given | None:
    return read_given(found.layout) if found.layout else None


def _way(hints: Hints, given: Given | None) -> str:
    return read_with(hints, given.sha256 if given else "")


def _is_read(source: Source, said: Hints, given: Given | None) -> bool:
    """Whether nothing is said now that was not when the page was laid out. A layout given outranks the engine."""
    before = hints_from_json(source.hints)
    hints = together(before, said)
    if given is None and is_given(source.read_with):
        return hints == before
    return source.read_with == _way(hints, given)


def _source(file: TextFile, hints: Hints, given: Given | None) -> Source:
    return Source(
        sha256=file.sha256,
        name=_source_name(file.name),
        raw=file.raw,
        encoding=file.encoding,
        text=file.text,
        read_with=_way(hints, given),
        hints=hints_to_json(hints) or None,
    )


def _created(found: Found, file: TextFile, plan: PagePlan) -> Report:
    return Report(found.shown, OutcomeKind.CREATED, in_words(plan) + (GIVEN if found.layout else ""), file.sha256)


def _source_name(name: str) -> str:
    return name[-255:]


def _outcome_name(shown: str) -> str:
    return shown[-500:]


_COUNTED = (
    (Verdict.CREATE, "新建 {} 条"),
    (Verdict.UPDATE, "更新 {} 条"),
    (Verdict.VANISHED, "并去 {} 条"),
    (Verdict.CLASH, "编辑已经动过、未改 {} 条"),
)


def in_words(plan: PagePlan) -> str:
    """What the plan does, in a few words for the report."""
    articles = sum(1 for p in plan.items if p.verdict is Verdict.CREATE and p.cut and p.cut.kind == "article")
    if plan.count(Verdict.CREATE) == len(plan.items):
        unplaced = sum(block.role == "unplaced" for block in plan.outside)
        words = [f"稿件 {articles}", f"公告 {len(plan.items) - articles}"]
        return "，".join([*words, f"未归位 {unplaced}"] if unplaced else words)
    return "，".join(text.format(count) for verdict, text in _COUNTED if (count := plan.count(verdict)))


def _judged(found: Found, file: TextFile, plan: PagePlan, *, is_changed: bool, is_moved: bool) -> Report:
    reason = "，".join(
        part for part in ("改了日期版次" if is_moved else "", in_words(plan) if plan.items else "") if part
    )
    if is_changed or is_moved:
        reason = (reason or "版面附件有变") + (GIVEN if found.layout else "")
        return Report(found.shown, OutcomeKind.UPDATED, reason, file.sha256)
    if plan.count(Verdict.CLASH):
        return Report(found.shown, OutcomeKind.CLASH, reason, file.sha256)
    return Report(found.shown, OutcomeKind.UNCHANGED, "", file.sha256)


LOOKED_UP_AT_ONCE = 200


def failed_before(files: Iterable[Found]) -> Iterator[Found]:
    """Those whose last recorded outcome is a failure."""
    files = iter(files)
    while some := list(itertools.islice(files, LOOKED_UP_AT_ONCE)):
        recorded = ImportOutcome.objects.filter(name__in={_outcome_name(found.shown) for found in some})
        last = dict(recorded.order_by("pk").values_list("name", "kind"))
        yield from (found for found in some if last.get(_outcome_name(found.shown)) == OutcomeKind.FAILED)
