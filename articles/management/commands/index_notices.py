"""Make the numbers, periods and repeats of all notices anew from their content."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from articles.actions.notice_index import index_all


class Command(BaseCommand):
    help = "由公告内容重建号码、期限和连登；升级之后或有疑问时运行，随时可以运行，可以重复运行。"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"已重建 {index_all()} 条公告。")
