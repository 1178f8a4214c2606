"""``manage.py rebuild_search``: write the search index anew."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand

from articles.search.types import Kind
from articles.search.upkeep import rebuild, rebuild_inverted

_LABELS = {Kind.ARTICLE: "稿件", Kind.NOTICE: "公告"}


class Command(BaseCommand):
    help = (
        "由稿件、公告和见报稿重建检索索引。网站照常服务；中断后再运行，从断处接着做。"
        "平时不用：索引随每次写入一起更新。check_search 说有错时运行。"
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--restart", action="store_true", help="不接着上次，从头做起。")
        parser.add_argument(
            "--inverted",
            action="store_true",
            help="只由索引行重做倒排索引；check_search 说倒排索引坏了时用。在 SQLite 上这段时间不能写入。",
        )

    def handle(self, *, restart: bool, inverted: bool, verbosity: int, **options: Any) -> None:
        if inverted:
            rebuild_inverted()
            self.stdout.write("倒排索引已重做。")
            return

        def report(kind: Kind, number: int) -> None:
            if verbosity > 1 or self.stderr.isatty():
                self.stderr.write(f"{_LABELS[kind]}，到编号 {number}")

        done = rebuild(restart=restart, report=report)
        if verbosity:
            self.stdout.write(f"检索索引重建完成：{done} 条。")
