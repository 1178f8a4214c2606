"""The static copy of an archive: ``python -m benchmarks.export [--articles 20000] [--data DIR]``.

Makes a seeded archive of issues with five pages of five items (one in five a notice), then runs `export_site` three
times, each in a process of its own: into an empty folder, with nothing changed, after one article was published anew.
Shows seconds, processor time, memory at most, and what was written. `--data` keeps archive and copy in that folder, and
uses an archive that is there already. On the database of `DATABASE_URL`, or on SQLite in the folder.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.archive import Writer
from benchmarks.notices import passing_folder

_LAST = date(2024, 6, 30)
_PAGES, _ON_PAGE = 5, 5
_PAPERS = 2


def fill(articles: int, seed: int) -> None:
    """In 25 items of an issue 20 are articles; every article is signed, every third is in a topic."""
    from django.db import transaction

    from articles.models import Contributor, Issue, Newspaper, Page, SnapshotContributor, SnapshotTopic, Topic

    writer = Writer(seed)
    papers = [Newspaper.objects.create(name=f"报{n}", slug=f"paper{n}") for n in range(_PAPERS)]
    topics = Topic.objects.bulk_create(Topic(name=f"专题{n}", slug=f"bench{n}") for n in range(40))
    people = Contributor.objects.bulk_create(Contributor(name=f"记者{n}") for n in range(100))
    made = 0
    while made < articles:
        with transaction.atomic():
            number = made // 20
            day = _LAST - timedelta(number // _PAPERS)
            issue = Issue.objects.create(newspaper=papers[number % _PAPERS], date=day, date_state="confirmed")
            pages = [Page.objects.create(issue=issue, number=n + 1, section=f"版{n}") for n in range(_PAGES)]
            live = _items(pages, writer)
            SnapshotTopic.objects.bulk_create(
                SnapshotTopic(snapshot=one, topic=writer.chance.choice(topics), date=day) for one in live[::3]
            )
            SnapshotContributor.objects.bulk_create(
                SnapshotContributor(snapshot=one, contributor=writer.chance.choice(people), date=day) for one in live
            )
            made += len(live)


def _items(pages: list[Any], writer: Writer) -> list[Any]:
    """The live articles among them."""
    from articles.models import Article, Notice, Snapshot
    from articles.people import engine_user

    articles, notices = [], []
    for page in pages:
        for position in range(_ON_PAGE):
            length = 100 if position == 4 else min(3000, int(writer.chance.lognormvariate(6.25, 0.75)))
            body = [{"id": f"s{n}", "role": "paragraph", "text": writer.text(length // 3)} for n in range(3)]
            shared: dict[str, Any] = {"page": page, "position": position, "body": body, "content_hash": "x"}
            if position == 4:
                fields = {"declarant": body[0]["text"][:3]}
                notices.append(Notice(kind="遗失声明", heading="遗失声明", fields=fields, **shared))
            else:
                articles.append(Article(headline=writer.text(14).rstrip("。"), byline="本报记者", **shared))
    Article.objects.bulk_create(articles)
    Notice.objects.bulk_create(notices)
    now, actor = datetime.now(UTC), engine_user()
    both = [_snapshot(item, now=now, actor=actor) for group in (articles, notices) for item in group]
    Snapshot.objects.bulk_create(both)
    return [one for one in both if one.article_id]


def _snapshot(item: Any, *, now: datetime, actor: Any) -> Any:
    from articles.models import Article, Snapshot

    body = [{"role": piece["role"], "text": piece["text"]} for piece in item.body]
    content: dict[str, Any]
    if isinstance(item, Article):
        kind, title = "", item.headline
        content = {
            "column": "", "kicker": "", "headline": item.headline, "deck": [], "byline": item.byline, "body": body,
            "captions": [], "credits": [], "topics": [], "continued_from": "", "continued_on": "",
        }  # fmt: skip
    else:
        kind, title = item.kind, f"{item.heading}：{item.fields['declarant']}"
        content = {"kind": kind, "heading": item.heading, "body": body, "fields": item.fields, "topics": []}
    return Snapshot(
        **{item.snapshot_key: item},
        number=1,
        live_from=now,
        published_at=now,
        published_by=actor,
        source_hash="x",
        newspaper_id=item.page.issue.newspaper_id,
        issue=item.page.issue,
        date=item.page.issue.date,
        page_number=item.page.number,
        position=item.position,
        notice_kind=kind,
        title=title,
        summary=body[0]["text"][:120],
        content=content,
    )


def publish_one_anew() -> None:
    from articles.actions import items
    from articles.models import Article, Snapshot
    from articles.people import engine_user

    live = Snapshot.objects.live().articles().order_by("-date", "pk")
    article = Article.objects.get(pk=live.values_list("article", flat=True)[0])
    edited: Any = items.edit_item(
        item=article,
        content={**article.content, "headline": f"{time.time_ns()}"},
        base_version=article.version,
        actor=engine_user(),
    )
    from tests.factories import published

    published(edited)


def export(folder: Path, name: str) -> None:
    command = [sys.executable, "manage.py", "export_site", str(folder), "--base-url", "https://paper.example.cn/"]
    start = time.perf_counter()
    process = subprocess.Popen([*command, "--verbosity", "0"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = process.stdout.read().strip()
    _, status, used = os.wait4(process.pid, 0)
    took = time.perf_counter() - start
    print(
        f"{name:18} {took:7.1f} s, processor {used.ru_utime + used.ru_stime:7.1f} s, "
        f"memory {used.ru_maxrss / 1024:.0f} MB, {said or f'status {status}'}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path)
    options = parser.parse_args()
    data = (options.data or Path(passing_folder())).absolute()
    data.mkdir(exist_ok=True)
    os.environ["JJCMS_DATA_DIR"] = str(data)
    os.environ.update(SERVE_HTTP="1", SECRET_KEY="only-for-benchmarks", DJANGO_SETTINGS_MODULE="jjcms.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from articles.models import Snapshot

    if not Snapshot.objects.exists():
        start = time.perf_counter()
        fill(options.articles, options.seed)
        print(f"{options.articles} articles written in {time.perf_counter() - start:.0f} s", flush=True)
    export(data / "copy", "first run")
    export(data / "copy", "nothing changed")
    publish_one_anew()
    export(data / "copy", "one change")


if __name__ == "__main__":
    main()
