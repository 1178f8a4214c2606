"""``manage.py suggest_topics``: work out keywords and suggested topics again."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from articles.models import Article
from articles.suggest import suggest_topics


def _positive(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"“{text}”不是正整数。")
    return number


class Command(BaseCommand):
    help = (
        "按现有的文字、专题和线索词，重算稿件的关键词和推荐专题。改了线索词或站点词典之后运行。"
        "编辑确认或否决过的不动；可以随时中断，再运行一次即可。"
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--batch", type=_positive, default=200, metavar="N", help="每批几篇，一批一个事务（默认 200）。"
        )
        parser.add_argument(
            "--after", type=int, default=0, metavar="ID", help="只算编号大于 ID 的稿件，用来接着上次中断处。"
        )

    def handle(self, *, batch: int, after: int, verbosity: int, **options: Any) -> None:
        done = 0
        while True:
            with transaction.atomic():
                # By key, a batch at a time: memory stays the same however large the archive is.
                articles = list(Article.objects.filter(pk__gt=after).order_by("pk")[:batch])
                suggest_topics(articles)
            if not articles:
                break
            done += len(articles)
            after = articles[-1].pk
            if verbosity > 1 or self.stderr.isatty():
                self.stderr.write(f"已算 {done} 篇，到编号 {after}")
        if verbosity:
            self.stdout.write(f"重算完成：{done} 篇稿件。")
