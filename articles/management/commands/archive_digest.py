"""`manage.py archive_digest`: one fingerprint of the whole archive, to compare two databases."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from articles import archive


class Command(BaseCommand):
    help = "算出整个档案的指纹：两个数据库指纹相同，内容就逐条相同。与 export_archive 末行的 sha256 是同一个。"

    def handle(self, *args: Any, **options: Any) -> None:
        made = archive.digest()
        if options["verbosity"] > 1:
            for table, count in made.rows.items():
                self.stdout.write(f"{table}  {count}")
        self.stdout.write(f"{made.sha256}  {made.total} 条")
