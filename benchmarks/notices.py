"""Looking notices up among many: ``python -m benchmarks.notices [--count 100000] [--seed 1]``.

Makes a database of that many published notices (bulk, seeded, one in twenty printed three times), then shows for each
question the number of queries, the median time of the whole request, and how the database answers each query. Runs on
the database of `DATABASE_URL`, or on SQLite in a temporary folder; on PostgreSQL through ``python -m tests.postgres``.
The database must be empty: the rows stay in it.
"""

from __future__ import annotations

import argparse
import atexit
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

_BATCH = 2_000
_SURNAMES = "王李张刘陈杨黄赵吴周"
_GIVEN = "明华丽强芳伟娜敏静军杰勇艳涛超"
_KINDS = ("遗失声明", "注销公告", "债权债务公告", "声明作废", "招租", "清算公告")
_FIRST = date(2015, 1, 1)
_DAYS = 4_000


def passing_folder() -> str:
    """Gone with the process: what is measured may be gigabytes."""
    folder = tempfile.mkdtemp(prefix="jjcms-bench-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def set_up(*, migrates: bool = True) -> None:
    if not os.environ.get("DATABASE_URL"):
        folder = os.environ["JJCMS_DATA_DIR"] = passing_folder()
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/notices.sqlite3"
    elif not os.environ.get("JJCMS_DATA_DIR"):
        os.environ["JJCMS_DATA_DIR"] = passing_folder()
    os.environ.update(SERVE_HTTP="1", SECRET_KEY="only-for-benchmarks", DJANGO_SETTINGS_MODULE="jjcms.settings")
    os.environ["DEBUG"] = ""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.ALLOWED_HOSTS = ["*"]
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    if migrates:
        call_command("migrate", verbosity=0)


def contents(count: int, seed: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """Day and content of each notice; numbers are unique but where a notice is printed again."""
    chance = random.Random(seed)
    made = 0
    while made < count:
        number = f"T35{chance.randrange(10**9):09d}"
        name = chance.choice(_SURNAMES) + chance.choice(_GIVEN) + chance.choice(_GIVEN)
        kind = chance.choice(_KINDS)
        fields: dict[str, Any] = {"declarant": name, "numbers": [number], "documents": ["出生医学证明"]}
        day = chance.randrange(_DAYS)
        if kind in ("债权债务公告", "清算公告"):
            fields["deadline"] = (_FIRST + timedelta(day + 45)).isoformat()
            fields["declarant"] = f"青溪{name}商贸有限公司"
        phone = f"1390000{chance.randrange(10**4):04d}"
        text = f"{fields['declarant']}遗失出生医学证明，编号：{number}，声明作废。联系电话{phone}。"
        body = [{"id": "s1", "role": "paragraph", "text": text}]
        content = {"kind": kind, "heading": kind, "body": body, "fields": fields}
        for again in range(3 if chance.randrange(20) == 0 else 1):
            if made < count:
                made += 1
                yield day + 7 * again, content


def snapshot_of(notice: Any, *, now: datetime, actor: Any) -> Any:
    from articles.models import Snapshot

    number, issue = notice.fields["numbers"][0], notice.page.issue
    text = notice.body[0]["text"].replace(number, "T3＊＊＊＊＊＊＊＊＊＊")
    return Snapshot(
        notice=notice,
        number=1,
        live_from=now,
        published_at=now,
        published_by=actor,
        source_hash=notice.content_hash,
        newspaper_id=issue.newspaper_id,
        issue=issue,
        date=issue.date,
        page_number=4,
        position=notice.position,
        notice_kind=notice.kind,
        deadline_on=notice.deadline_on,
        title=f"{notice.heading}：{notice.declarant}",
        summary=text,
        content={"kind": notice.kind, "heading": notice.heading, "body": [{"role": "paragraph", "text": text}]},
    )


def fill(count: int, seed: int) -> None:
    from articles.actions.notices import digests, find_repeats
    from articles.models import Issue, Newspaper, Notice, NoticeNumber, NoticeRegister, Page, Snapshot, SnapshotNumber
    from articles.people import engine_user

    if Notice.objects.exists():
        sys.exit("The database is not empty.")
    papers = [Newspaper.objects.create(name=f"报{n}", slug=f"paper{n}") for n in range(3)]
    days = range(_DAYS + 30)
    issues = Issue.objects.bulk_create(
        (
            Issue(newspaper=papers[day % 3], date=_FIRST + timedelta(day), date_state="confirmed", date_basis="x")
            for day in days
        ),
        batch_size=_BATCH,
    )
    pages = Page.objects.bulk_create((Page(issue=issue, number=4) for issue in issues), batch_size=_BATCH)
    actor, key, now = engine_user(), NoticeRegister.digest_key(), datetime.now(UTC)
    left = contents(count, seed)
    while chunk := list(islice(left, _BATCH)):
        notices = []
        for position, (day, content) in enumerate(chunk):
            notice = Notice(page=pages[day], position=position, work_state="corrected")
            notice.set_content(content)
            notices.append(notice)
        Notice.objects.bulk_create(notices)
        # As the actions would write it, without reading every text again for what the generator knows.
        values = [[number := n.fields["numbers"][0], number[1:]] for n in notices]
        NoticeNumber.objects.bulk_create(
            NoticeNumber(notice=notice, kind="certificate", value=value)
            for notice, own in zip(notices, values, strict=True)
            for value in own
        )
        find_repeats(notices)
        made = [snapshot_of(notice, now=now, actor=actor) for notice in notices]
        Snapshot.objects.bulk_create(made)
        SnapshotNumber.objects.bulk_create(
            SnapshotNumber(snapshot=snapshot, kind="certificate", digest=digest)
            for snapshot, own in zip(made, values, strict=True)
            for digest in digests(own, key)
        )


def questions() -> Iterator[tuple[str, Callable[[], Any]]]:
    from django.contrib.auth.models import User
    from django.test import Client
    from django.urls import reverse

    from articles.models import NoticeNumber

    reader, desk = Client(), Client()
    desk.force_login(User.objects.create_superuser("bench", password="bench"))
    number = NoticeNumber.objects.order_by("-pk").filter(kind="certificate", value__startswith="T").first()
    assert number is not None
    admin = reverse("admin:articles_notice_changelist")
    yield "look-up by number", lambda: reader.post("/notices/lookup/", {"number": number.value})
    yield "look-up, not found", lambda: reader.post("/notices/lookup/", {"number": "T35999999999"})
    yield "all notices", lambda: reader.get("/notices/")
    yield "by kind", lambda: reader.get("/notices/?kind=清算公告")
    yield "by newspaper", lambda: reader.get("/notices/?newspaper=paper1")
    yield "by period", lambda: reader.get("/notices/?since=2018-01-01&until=2018-12-31")
    yield "by all three", lambda: reader.get("/notices/?kind=招租&newspaper=paper2&since=2018-01-01&until=2018-12-31")
    yield "by text (rare)", lambda: reader.get("/notices/?text=王明华")
    yield "by text (nowhere)", lambda: reader.get("/notices/?text=无此一人")
    yield "running periods", lambda: reader.get("/notices/open/")
    yield "admin: by number", lambda: desk.get(admin, {"q": number.value})
    yield "admin: this week", lambda: desk.get(admin, {"deadline": "week"})


def plan_of(sql: str, params: Any) -> str:
    from django.db import connection

    explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN (COSTS OFF) "
    with connection.cursor() as cursor:
        cursor.execute(explain + sql, params)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def ask(name: str, question: Callable[[], Any], *, explains: bool) -> None:
    from django.db import connection

    seen: list[tuple[str, Any]] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT"):
            seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        status = question().status_code
    took = []
    for _ in range(9):
        start = time.perf_counter()
        question()
        took.append(1000 * (time.perf_counter() - start))
    print(f"| {name} | {len(seen)} | {statistics.median(took):.1f} | {status} |")
    if explains:
        for sql, params in seen:
            if "articles_" in sql:
                print("    " + plan_of(sql, params).replace("\n", "\n    ") + "\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--explain", action="store_true", help="show how each query is answered")
    given = parser.parse_args()
    set_up()
    from django.db import connection, transaction

    from articles.search import schema, upkeep

    start = time.perf_counter()
    schema.lift(connection)
    with transaction.atomic():
        fill(given.count, given.seed)
    upkeep.fill()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"{connection.vendor}: {given.count} notices in {time.perf_counter() - start:.0f} s\n")
    print("| question | queries | ms | status |\n|---|---|---|---|")
    for name, question in questions():
        ask(name, question, explains=given.explain)
    return 0


if __name__ == "__main__":
    sys.exit(main())
