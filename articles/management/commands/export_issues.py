"""`manage.py export_issues DIR`: published issues in the forms that libraries and agencies use."""

from __future__ import annotations

import argparse
import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.exchange.folders import FORMS, NotOurs, lay_down
from articles.exchange.issues import public_issues
from articles.models import Newspaper


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"日期“{text}”看不懂：请写成 2025-12-20 这样") from None


def _base(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise argparse.ArgumentTypeError(f"网址“{text}”看不懂：请写成 https://paper.example.cn 这样")
    return text.rstrip("/")


class Command(BaseCommand):
    help = (
        "把已见报的各期导出成 METS/ALTO（图书馆）、ninjs（通讯社）、纯文本和 Markdown，每期一个文件夹 DIR/报纸/日期。"
        "只有读者看得到的内容，号码已遮盖。再运行一次只重写有变化的期；已没有见报内容的期不动。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path, help="写到哪里")
        parser.add_argument("--base-url", type=_base, required=True, help="网站的网址，如 https://paper.example.cn")
        parser.add_argument("--format", choices=sorted(FORMS), action="append", help="哪种格式，可写几次；不写就全都要")
        parser.add_argument("--newspaper", help="只要这份报纸，写它网址里的名字")
        parser.add_argument("--since", type=_day, help="从哪天起")
        parser.add_argument("--until", type=_day, help="到哪天为止（含）")

    def handle(self, *args: Any, **options: Any) -> None:
        newspaper = options["newspaper"]
        if newspaper is not None and not Newspaper.objects.filter(slug=newspaper).exists():
            raise CommandError(f"没有网址名是“{newspaper}”的报纸。")
        forms = list(dict.fromkeys(options["format"] or FORMS))
        written = same = 0
        try:
            for issue in public_issues(newspaper=newspaper, since=options["since"], until=options["until"]):
                is_new = lay_down(issue, options["folder"], forms=forms, base_url=options["base_url"])
                written, same = written + is_new, same + (not is_new)
                if options["verbosity"] > 1:
                    self.stdout.write(f"{'写好' if is_new else '未变'}  {issue.newspaper} {issue.date}")
        except NotOurs as problem:
            raise CommandError(f"{problem}之前的 {written + same} 期已写好。") from None
        except OSError as problem:
            raise CommandError(
                f"{problem.filename or options['folder']}：写不进去（{problem.strerror}），这一期没有留下。"
                f"之前的 {written + same} 期已写好，解决后再运行一次即可。"
            ) from None
        self.stdout.write(f"写好 {written} 期，未变 {same} 期。")
