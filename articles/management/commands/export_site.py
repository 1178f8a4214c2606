"""`manage.py export_site DIR --base-url URL [--relative]`: the public site as plain files."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.public.export.folder import FolderRefused
from articles.public.export.rewriting import Target
from articles.public.export.site import ExportFailed, export


class Command(BaseCommand):
    help = (
        "把读者看到的整个网站导出成静态文件，任何网页服务器或 CDN 都能直接提供。再次导出到同一个文件夹只写变了的，"
        "撤下的换成说明，没有了的删去；中途停下，再运行一次就好。文件夹必须是空的，或是上次导出的。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path, help="导出到哪个文件夹")
        parser.add_argument(
            "--base-url", required=True, help="副本的网址，例如 https://paper.example.cn/；引文、订阅、网站地图里写它"
        )
        parser.add_argument(
            "--relative", action="store_true", help="网页之间用相对链接：文件夹放在哪里都能打开，不用服务器也行"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        target = Target(_base(options["base_url"]), options["relative"])
        tell = self.stdout.write if options["verbosity"] > 0 else lambda line: None
        try:
            done = export(options["folder"], target, tell=tell)
        except (FolderRefused, ExportFailed) as refusal:
            raise CommandError(str(refusal)) from None
        except OSError as problem:
            raise CommandError(f"{problem.filename or options['folder']}：{problem.strerror or problem}") from None
        counts = done.counts
        self.stdout.write(
            f"写了 {counts.written} 个文件，{counts.same} 个没有变，删了 {counts.removed} 个；"
            f"{done.made} 组重做，{done.kept} 组没有变化。"
        )


def _base(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise CommandError(f"--base-url {url!r} 不对：要写成 https://paper.example.cn/ 或 https://example.cn/paper/。")
    return url if url.endswith("/") else f"{url}/"
