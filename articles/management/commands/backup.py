"""`manage.py backup FILE`: a copy of the SQLite database while the site goes on serving."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

PAGES_AT_ONCE = 2000
"""8 MB: writers wait no longer than one such step."""


class Command(BaseCommand):
    help = (
        "给 SQLite 数据库做一份备份，网站照常工作；做好后核对一遍。恢复：停下网站，用它换掉数据目录里的 db.sqlite3"
        "（连同 -wal 和 -shm 一起移走），再启动。PostgreSQL 请用 pg_dump。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="写到哪里；不能已经存在")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if connection.vendor != "sqlite":
            raise CommandError("这个命令只备份 SQLite。PostgreSQL 请用：pg_dump --format=custom --file=FILE 数据库")
        if os.path.lexists(path):
            raise CommandError(f"{path} 已经存在，未动：请换一个文件名。")
        part = path.with_name(f".part-{os.getpid()}-{path.name}")
        connection.ensure_connection()
        try:
            os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            with contextlib.closing(sqlite3.connect(part)) as copy:
                connection.connection.backup(copy, pages=PAGES_AT_ONCE, sleep=0.01)
                trouble = [row[0] for row in copy.execute("PRAGMA integrity_check(1)") if row[0] != "ok"]
            if trouble:
                raise CommandError(f"备份核对不过（{trouble[0]}），没有留下文件：请检查磁盘，再做一次。")
            with part.open("rb") as written:
                os.fsync(written.fileno())
            part.replace(path)
        except (OSError, sqlite3.Error) as problem:
            raise CommandError(f"{path}：备份不了（{problem}），没有留下文件。") from None
        finally:
            for leftover in (part, part.with_name(f"{part.name}-journal")):
                with contextlib.suppress(OSError):
                    leftover.unlink(missing_ok=True)
        self.stdout.write(f"{path}：{path.stat().st_size} 字节，已核对。")
