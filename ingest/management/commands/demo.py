"""``manage.py demo``: a newspaper office to look at, from the seeds. See `ingest.demo` for what it does."""

from __future__ import annotations

import argparse
import io
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.urls import reverse

from articles.errors import ActionRefused
from articles.models import Snapshot
from ingest import demo
from ingest.demo import Account, PageReport

TITLE_WIDTH = 48  # columns of a terminal


def _base_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise argparse.ArgumentTypeError(f"“{text}”不是网址：要写成 http://localhost:8000/ 这样。")
    return text.rstrip("/")


def width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def pad(text: str, columns: int) -> str:
    return text + " " * max(0, columns - width(text))


def clip(text: str, columns: int) -> str:
    """The text cut to that many columns, with an ellipsis."""
    if width(text) <= columns:
        return text
    kept = ""
    for char in text:
        if width(kept + char) > columns - 2:
            break
        kept += char
    return kept + "…"


def table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Lines with aligned columns, indented by two."""
    columns = [max(width(row[n]) for row in rows) for n in range(len(rows[0]))] if rows else []
    for row in rows:
        yield ("  " + "  ".join(pad(cell, columns[n]) for n, cell in enumerate(row))).rstrip()


class Command(BaseCommand):
    help = (
        "用 seeds/ 的五个示例版面搭好一个可看可试的编辑部：入库、建各角色账号、核定日期版次、校毕、归入专题、见报。"
        "每一步都用编辑用的同一操作，署演示账号，理由写明“演示数据”；不合见报规则的不见报，并列出原因。"
        "再运行一次很快，只补没做完的；编辑动过的版和条目一概不碰。"
        "数据库里已有别的版面而从没装过演示数据时，什么都不做，只打印网址（用 --force 硬装）。"
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--base-url", type=_base_url, default="http://localhost:8000", metavar="URL", help="打印网址时用的开头。"
        )
        parser.add_argument("--force", action="store_true", help="数据库里已有正式版面时也装入演示数据。")

    def handle(self, *, base_url: str, force: bool, **options: Any) -> None:
        if not demo.seed_hashes():
            raise CommandError(f"{demo.seed_folder()} 里没有示例版面。")
        try:
            User.objects.exists()
        except DatabaseError as problem:
            raise CommandError(f"数据库还不能用，先运行 python manage.py migrate（{problem}）。") from None
        if not force and not demo.is_set_up() and demo.has_other_content():
            self.stdout.write("数据库里已有正式版面，没有装入演示数据（确实要装，请加 --force）。")
            self._print_addresses(base_url, with_content=True)
            return
        self._ingest()
        try:
            accounts = demo.make_accounts()
        except ActionRefused as refusal:
            raise CommandError(str(refusal)) from None
        try:
            reports = demo.work()
            self._print_pages(reports)
            self._print_addresses(base_url, with_content=any(report.published for report in reports))
        finally:
            # They are shown this once, so whatever happens above must not swallow them.
            self._print_accounts(accounts)

    def _ingest(self) -> None:
        said, told = io.StringIO(), io.StringIO()
        try:
            call_command("ingest", str(demo.seed_folder()), stdout=said, stderr=told)
        except CommandError as problem:
            # A page that failed or clashes with what an editor changed; the others are in.
            self.stderr.write(said.getvalue() + told.getvalue())
            self.stderr.write(f"入库：{problem}")

    def _print_pages(self, reports: Sequence[PageReport]) -> None:
        head = [["版面", "稿件", "公告", "见报", "未见报"]]
        rows = [[str(r.page), *map(str, (r.articles, r.notices, r.published, len(r.held)))] for r in reports]
        self._print("示例版面", table(head + rows))
        if any(report.trouble for report in reports):
            self._print("没能核定日期版次", table([[str(r.page), r.trouble] for r in reports if r.trouble]))
        held = [
            [report.page.label, clip(str(item), TITLE_WIDTH), reason]
            for report in reports
            for item, reason in report.held
        ]
        if held:
            self._print("没有见报的条目和原因（在后台处理之后即可见报）", table(held))

    def _print_addresses(self, base_url: str, *, with_content: bool) -> None:
        rows = [["首页", reverse("front")]]
        if with_content:
            live = Snapshot.objects.live().select_related("newspaper").order_by("-date", "page_number", "position")
            first = live.filter(article__isnull=False).first()
            if first is not None:
                rows.append(["一期", reverse("issue", args=[first.newspaper.slug, first.date])])
                rows.append(["一篇稿件", first.get_absolute_url()])
            if live.filter(notice__isnull=False).exists():
                rows.append(["分类公告", reverse("notices")])
            rows.append(["专题", reverse("topics")])
        rows.append(["后台", reverse("admin:index")])
        self._print("网址", table([[name, base_url + path] for name, path in rows]))

    def _print_accounts(self, accounts: Sequence[Account]) -> None:
        new = [account for account in accounts if account.password]
        if new:
            rows = [["用户名", "密码", "角色"], *([a.username, a.password, a.role or "超级用户"] for a in new)]
            self._print("后台账号（密码只显示这一次，没有存明文，请记下）", table(rows))
        old = [account for account in accounts if not account.password]
        if old:
            rows = [[a.username, a.role or "超级用户", "（原有同名账号，未动）" if a.is_taken else ""] for a in old]
            self._print("后台账号（早已建好，密码不再显示；重设：python manage.py changepassword 用户名）", table(rows))

    def _print(self, heading: str, lines: Iterator[str]) -> None:
        self.stdout.write(heading)
        for line in lines:
            self.stdout.write(line)
        self.stdout.write("")
