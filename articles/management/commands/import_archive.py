"""`manage.py import_archive FILE`: an exported archive into an empty database of either kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles import archive


class Command(BaseCommand):
    help = (
        "把 export_archive 的文件恢复到刚 migrate 过的空库，SQLite 和 PostgreSQL 都行。先整个核对，再一次写入；"
        "有任何不对就什么都不写。账号没有密码，之后用 changepassword 设。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="要恢复的文件")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = archive.restore(options["file"])
        except archive.Problem as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(f"恢复了 {made.total} 条记录，与存档一致（SHA-256 {made.sha256}）。")
        self.stdout.write("账号都没有密码：请用 python manage.py changepassword 用户名 逐个设定。")
