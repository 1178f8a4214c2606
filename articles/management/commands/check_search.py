"""``manage.py check_search``: hold the search index against the content."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.search.types import Kind
from articles.search.upkeep import check

_LABELS = {Kind.ARTICLE: "稿件", Kind.NOTICE: "公告"}
_LISTED = 10


class Command(BaseCommand):
    help = "核对检索索引与内容：逐条比对文字，检查倒排索引、触发器，再抽查若干字串。只读；有错时退出码不为零。"

    def handle(self, *args: Any, **options: Any) -> None:
        report = check()
        problems = []
        if report.lacking:
            listed = "、".join(report.lacking[:_LISTED])
            problems.append(
                f"数据库里缺少或过时：{listed}。请运行 manage.py migrate，再运行 manage.py rebuild_search。"
            )
        if report.wrong:
            listed = "、".join(f"{_LABELS[kind]} {number}" for kind, number in report.wrong[:_LISTED])
            problems.append(f"{len(report.wrong)} 条与内容不符：{listed}。请运行 manage.py rebuild_search。")
        if report.is_broken or report.lost:
            problems.append(
                f"倒排索引与索引行不符（抽查时 {len(report.lost)} 个字串没有找到）："
                "请运行 manage.py rebuild_search --inverted。"
            )
        if problems:
            raise CommandError("\n".join(problems))
        self.stdout.write(f"检索索引与内容一致：{report.rows} 行。")
