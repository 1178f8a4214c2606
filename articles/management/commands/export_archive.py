"""`manage.py export_archive FILE`: the whole archive as JSON Lines."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles import archive
from articles.archive.reading import opened


class Command(BaseCommand):
    help = (
        "把整个档案导出成 JSON Lines（文件名以 .gz 结尾就压缩）：来源、稿件、历史、见报稿、账号（不含密码）。"
        "网站照常工作，导出的是开始那一刻的样子。文件里有未遮盖的号码，请像备份一样保管。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="写到哪里；不能已经存在")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if os.path.lexists(path):
            raise CommandError(f"{path} 已经存在，未动：请换一个文件名。")
        # Under another name until it is whole, with the same ending, readable by the owner only.
        part = path.with_name(f".part-{os.getpid()}-{path.name}")
        try:
            os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            with opened(part, "w") as file:
                made = archive.write(file, tell=self._tell if options["verbosity"] > 1 else lambda table, done: None)
            with part.open("rb") as written:
                os.fsync(written.fileno())
            part.replace(path)
        except OSError as problem:
            raise CommandError(f"{path}：写不进去（{problem.strerror or problem}），没有留下文件。") from None
        finally:
            with contextlib.suppress(OSError):
                part.unlink()
        self.stdout.write(f"{path}：{made.total} 条记录，SHA-256 {made.sha256}")

    def _tell(self, table: str, done: int) -> None:
        self.stdout.write(f"{table}  {done}")
