"""`manage.py ingest PATH…`: bring pages in. Parses arguments, calls `ingest.importing`, prints the report."""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO, TypeVar

from django.core.management.base import BaseCommand, CommandError, CommandParser, OutputWrapper
from django.db import Error as DatabaseTrouble
from django.db import connection

from articles.people import engine_user
from ingest import manifest, walking
from ingest.engine import Hints, layout_to_json
from ingest.importing import Importer, Report
from ingest.models import OutcomeKind, Source

FAILED, MISUSED, CLASHED = 1, 2, 3
SHOWN_AGAIN = 200  # failures listed at the end; every file has had its line before

T = TypeVar("T")


def _argument(parse: Callable[[str], T]) -> Callable[[str], T]:
    def checked(text: str) -> T:
        try:
            return parse(text)
        except ValueError as problem:
            raise argparse.ArgumentTypeError(str(problem)) from None

    return checked


class Command(BaseCommand):
    help = (
        "把报纸版面的文字入库。给出文件，或文件夹（连同下级文件夹里的 *.txt；不跟随指向文件夹的链接）。"
        "文件夹里可以放一份 manifest.csv（file,newspaper,date,page,section）；选项优先于清单，人说的优先于报面印的。"
        "退出状态：0 全部妥当；1 有文件失败；2 用法或清单有误，什么都没写；3 没有失败，但有冲突。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", type=Path, help="文件或文件夹")
        parser.add_argument("--dry-run", action="store_true", help="只看会怎样，什么都不写")
        parser.add_argument(
            "--json", metavar="FILE", help="把每版还原的结果写成 JSON Lines；“-”写到标准输出，别的都走标准错误"
        )
        parser.add_argument("--newspaper", type=_argument(manifest.parse_newspaper), help="报名")
        parser.add_argument("--date", type=_argument(manifest.parse_date), help="日期，如 2025-12-20；算作已确认")
        parser.add_argument("--page", type=_argument(manifest.parse_page), help="版次，只能用于一个文件")
        parser.add_argument("--section", type=_argument(manifest.parse_section), help="版名，如 要闻")

    def handle(self, *args: Any, **options: Any) -> None:
        paths: list[Path] = options["paths"]
        dry_run: bool = options["dry_run"]
        said = Hints(
            newspaper=options["newspaper"],
            date=options["date"],
            date_basis="option" if options["date"] else None,
            page=options["page"],
            section=options["section"],
        )
        for path in paths:
            if not os.path.lexists(path):
                raise CommandError(f"{path}：没有这个文件或文件夹，请检查路径。", returncode=MISUSED)
        try:
            manifests = walking.read_manifests(paths)
        except manifest.ManifestError as error:
            raise CommandError(f"清单有误，什么都没写：\n{error}", returncode=MISUSED) from None
        files = walking.walk(paths, manifests=manifests, options=said)
        first = list(itertools.islice(files, 2))
        if len(first) > 1 and said.page is not None:
            raise CommandError("--page 只能用于一个文件：多个文件请用 manifest.csv 逐个写版次。", returncode=MISUSED)
        has_database = self._has_database(needed=not dry_run)
        with self._json(options["json"]) as json_out:
            importer = Importer(
                actor=None if dry_run else engine_user(),
                options=self._options(options),
                dry_run=dry_run,
                has_database=has_database,
                on_layout=None if json_out is None else lambda layout: _write_line(json_out, layout_to_json(layout)),
            )
            # With JSON on it, standard output carries nothing else.
            out = self.stderr if options["json"] == "-" else self.stdout
            self._take_all(importer, itertools.chain(first, files), out, verbosity=options["verbosity"])

    def _take_all(
        self, importer: Importer, files: Iterator[walking.Found], out: OutputWrapper, *, verbosity: int
    ) -> None:
        counts: Counter[OutcomeKind] = Counter()
        bad: list[Report] = []
        progress = _Progress(self.stderr)
        try:
            for found in files:
                progress.show(sum(counts.values()) + 1, found.shown)
                report = importer.take(found)
                counts[report.kind] += 1
                progress.clear()
                if verbosity > 0:
                    out.write(_line(report), _plain)
                if report.kind in (OutcomeKind.FAILED, OutcomeKind.CLASH) and len(bad) < SHOWN_AGAIN:
                    bad.append(report)
        except DatabaseTrouble as trouble:
            raise CommandError(
                f"数据库中断（{trouble}）：已经入库的都在，没写完的那一版什么都没留下；恢复后再运行一次即可。",
                returncode=FAILED,
            ) from trouble
        finally:
            progress.clear()
        importer.finish()
        if not counts:
            out.write("没有找到 .txt 文件。", _plain)
        will = "（试运行，什么都没写）" if importer.dry_run else ""
        totals = "，".join(f"{kind.label} {counts[kind]}" for kind in OutcomeKind)
        out.write(f"共 {sum(counts.values())} 个文件：{totals}{will}", _plain)
        if verbosity > 0 and bad and sum(counts.values()) > len(bad):
            out.write("需要处理的：", _plain)
            for report in bad:
                out.write(_line(report), _plain)
        if counts[OutcomeKind.FAILED]:
            raise CommandError(f"有 {counts[OutcomeKind.FAILED]} 个文件没有入库，原因见上。", returncode=FAILED)
        if counts[OutcomeKind.CLASH]:
            raise CommandError(f"有 {counts[OutcomeKind.CLASH]} 个文件与已有内容冲突，原因见上。", returncode=CLASHED)

    @contextlib.contextmanager
    def _json(self, target: str | None) -> Iterator[TextIO | OutputWrapper | None]:
        if target is None:
            yield None
        elif target == "-":
            yield self.stdout
        else:
            with contextlib.ExitStack() as stack:
                try:
                    file = stack.enter_context(Path(target).open("w", encoding="utf-8", newline="\n"))
                except OSError as problem:
                    raise CommandError(f"{target}：写不进去（{problem.strerror}）。", returncode=MISUSED) from None
                yield file

    def _has_database(self, *, needed: bool) -> bool:
        """Whether there is a migrated database. A dry run goes without one, and never makes its file."""
        name = connection.settings_dict["NAME"]
        trouble = ""
        if connection.vendor == "sqlite" and not needed and not str(name).startswith("file:") and not _exists(name):
            return False
        try:
            Source.objects.values("hints", "outside").first()
        except DatabaseTrouble as problem:
            trouble = str(problem)
        if trouble and needed:
            raise CommandError(f"数据库还不能用，先运行 python manage.py migrate（{trouble}）。", returncode=MISUSED)
        return not trouble

    @staticmethod
    def _options(options: dict[str, Any]) -> dict[str, Any]:
        names = ("newspaper", "date", "page", "section")
        said = {name: str(options[name]) for name in names if options[name] is not None}
        return {"paths": [walking.readable(str(path)) for path in options["paths"]], **said}


def _exists(name: Any) -> bool:
    return Path(name).exists()


def _plain(text: str) -> str:
    return text


def _line(report: Report) -> str:
    reason = report.reason.removeprefix(f"{report.shown}：").removeprefix(f"{Path(report.shown).name}：")
    return f"{report.kind.label}  {report.shown}" + (f"：{reason}" if reason else "")


def _write_line(out: TextIO | OutputWrapper, layout: dict[str, Any]) -> None:
    out.write(json.dumps(layout, ensure_ascii=False) + "\n")
    out.flush()


class _Progress:
    """One line that is written over, on a terminal only."""

    def __init__(self, err: OutputWrapper) -> None:
        self.err = err
        self.is_on = bool(getattr(err, "isatty", bool)()) and sys.stderr.isatty()

    def show(self, number: int, name: str) -> None:
        if self.is_on:
            self.err.write(f"\r\x1b[K{number}  {name[-60:]}", _plain, ending="")
            self.err.flush()

    def clear(self) -> None:
        if self.is_on:
            self.err.write("\r\x1b[K", _plain, ending="")
            self.err.flush()
