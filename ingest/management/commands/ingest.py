"""`manage.py ingest PATH…`: bring pages in. Parses arguments, calls `ingest.importing`, prints the report."""

from __future__ import annotations

import argparse
import contextlib
import itertools
import os
import sys
from collections.abc import Callable, Generator, Iterator
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO, TypeVar

from django.core.management.base import BaseCommand, CommandError, CommandParser, OutputWrapper
from django.db import Error as DatabaseTrouble
from django.db import connection

from articles.people import engine_user
from ingest import manifest, walking
from ingest.account import Account, Progress
from ingest.engine import Hints
from ingest.given import LayoutRefused, layouts_at
from ingest.importing import failed_before
from ingest.models import OutcomeKind, Source
from ingest.running import LARGE_PARCEL, PARCEL, Taken, Way, take_all
from ingest.walking import Found

FAILED, MISUSED, CLASHED, STOPPED = 1, 2, 3, 130
MOST_WORKERS = 64

T = TypeVar("T")


def _workers(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_WORKERS:
        raise ValueError(f"进程数应是 1 到 {MOST_WORKERS} 的整数，现在是“{text}”")
    return int(text)


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
        "退出状态：0 全部妥当；1 有文件失败；2 用法或清单有误，什么都没写；3 没有失败，但有冲突；130 中途停下。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", type=Path, help="文件或文件夹")
        parser.add_argument("--dry-run", action="store_true", help="只看会怎样，什么都不写")
        parser.add_argument(
            "--json", metavar="FILE", help="把每版还原的结果写成 JSON Lines；“-”写到标准输出，别的都走标准错误"
        )
        parser.add_argument(
            "--layouts",
            metavar="PATH",
            type=Path,
            help="照给出的排法入库，不用引擎：--dry-run --json 写出的那种 JSON Lines，或放着同名 .json 的文件夹",
        )
        parser.add_argument(
            "--report", metavar="FILE", help="把每个文件的结果写成 JSON Lines，最后一行是总计；“-”写到标准输出"
        )
        parser.add_argument(
            "--workers",
            type=_argument(_workers),
            default=1,
            metavar="N",
            help="同时用几个进程，一般等于处理器核数；默认 1",
        )
        parser.add_argument("--retry-failed", action="store_true", help="只重做上次失败的文件，别的不碰")
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
        files = itertools.chain(first, files)
        has_database = self._has_database(needed=not dry_run)
        total: int | None = None
        if options["retry_failed"]:
            if not has_database:
                raise CommandError("--retry-failed 要查看上次的结果，需要数据库。", returncode=MISUSED)
            files = failed_before(files)
        elif options["workers"] > 1 or sys.stderr.isatty():
            total = sum(1 for _ in walking.walk(paths, manifests={}, options=said))
        if options["layouts"] is not None:
            files = self._with_layouts(files, options["layouts"])
        way = Way(
            actor=None if dry_run else engine_user(),
            options=self._options(options),
            dry_run=dry_run,
            has_database=has_database,
            wants_layouts=options["json"] is not None,
            parcel=PARCEL if options["layouts"] is None else LARGE_PARCEL,
        )
        with self._lines(options["json"]) as json_out, self._lines(options["report"]) as report_out:
            # With JSON on it, standard output carries nothing else.
            out = self.stderr if "-" in (options["json"], options["report"]) else self.stdout
            taken = take_all(files, way=way, workers=options["workers"])
            account = Account(out, json_out, report_out, Progress(self.stderr, total), options["verbosity"])
            self._take_all(taken, account, dry_run=dry_run)

    @staticmethod
    def _with_layouts(files: Iterator[Found], path: Path) -> Iterator[Found]:
        if not path.exists():
            raise CommandError(f"{path}：没有这个文件或文件夹，请检查路径。", returncode=MISUSED)
        try:
            layout_of = layouts_at(path)
        except LayoutRefused as problem:
            raise CommandError(f"排法有误，什么都没写：\n{problem}", returncode=MISUSED) from None
        return (replace(found, layout=layout_of(found)) for found in files)

    def _take_all(self, taken: Generator[Taken], account: Account, *, dry_run: bool) -> None:
        try:
            with contextlib.closing(taken):
                for each in taken:
                    account.add(each)
        except DatabaseTrouble as trouble:
            raise CommandError(
                f"数据库中断（{trouble}）：已经入库的都在，没写完的那一版什么都没留下；恢复后再运行一次即可。",
                returncode=FAILED,
            ) from trouble
        except BrokenProcessPool as trouble:
            raise CommandError(
                "一个工作进程意外退出（多半是内存不够）：已经入库的都在，没写完的那几版什么都没留下。"
                "请减少 --workers，再运行一次即可。",
                returncode=FAILED,
            ) from trouble
        except KeyboardInterrupt:
            raise CommandError(
                "停下了：已经入库的都在，没写完的那几版什么都没留下；再运行一次就接着做完。", returncode=STOPPED
            ) from None
        finally:
            account.progress.clear()
        account.close(dry_run=dry_run)
        if failed := account.counts[OutcomeKind.FAILED]:
            raise CommandError(f"有 {failed} 个文件没有入库，原因见上。", returncode=FAILED)
        if clashes := account.counts[OutcomeKind.CLASH]:
            raise CommandError(f"有 {clashes} 个文件与已有内容冲突，原因见上。", returncode=CLASHED)

    @contextlib.contextmanager
    def _lines(self, target: str | None) -> Iterator[TextIO | OutputWrapper | None]:
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
        names = ("layouts", "newspaper", "date", "page", "section")
        said = {name: str(options[name]) for name in names if options[name] is not None}
        return {"paths": [walking.readable(str(path)) for path in options["paths"]], **said}


def _exists(name: Any) -> bool:
    return Path(name).exists()
