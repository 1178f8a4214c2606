"""How long the desk takes on the server for a page of 300 blocks: opening it, also with another file to compare,
saving one edit, its history; and the queue over an archive of pages that all wait.

python -m benchmarks.desk
"""

from __future__ import annotations

import json
import os
import statistics
import time
from collections.abc import Callable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

ITEMS, BLOCKS, RUNS = 30, 10, 15
ARCHIVE = 20_000  # pages, five articles and three open findings each


def milliseconds(act: Callable[[], object]) -> str:
    spent = []
    for _ in range(RUNS):
        start = time.perf_counter()
        act()
        spent.append((time.perf_counter() - start) * 1000)
    return f"{statistics.median(spent):.0f} ms (slowest {max(spent):.0f})"


def main() -> None:
    import django

    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import setup_test_environment

    setup_test_environment()
    connection.creation.create_test_db(verbosity=0)
    from ingest.desk.codec import encode
    from ingest.desk.operations import EditText
    from ingest.desk.rows import load
    from tests import factories

    page = factories.page()
    for item in range(ITEMS):
        body = [
            {"id": f"e{item * BLOCKS + n}", "role": "paragraph", "text": "青溪大桥建成通车，两岸往来只要五分钟。" * 5}
            for n in range(BLOCKS - 1)
        ]
        factories.article(on=page, headline=f"第{item}条", body=body)
    client = Client()
    client.force_login(factories.user(role="编辑"))
    address = f"/admin/articles/page/{page.pk}/desk/"

    def save() -> None:
        now = load(page.pk)
        block = now.layout.items[3].blocks[2]
        steps = [{"label": "改字", "ops": [encode(EditText(block.id, 0, "", "字"))]}]
        sent = {"base": now.stamp, "key": f"key-{time.perf_counter_ns()}", "steps": steps}
        answer = client.post(f"{address}save/", json.dumps(sent), content_type="application/json")
        if answer.status_code != 200:
            raise SystemExit(answer.content.decode())

    print(f"open a page of {ITEMS * BLOCKS} blocks: {milliseconds(lambda: client.get(address))}")
    print(f"save one edit: {milliseconds(save)}")
    print(f"the history of the page: {milliseconds(lambda: client.get(f'{address}past/'))}")
    print(f"open it with another file of 300 paragraphs, 60 of them otherwise: {milliseconds(with_new_reading())}")
    archive()
    print(f"the queue over {ARCHIVE} pages: {milliseconds(lambda: client.get('/admin/articles/page/queue/'))}")
    print(f"the next page: {milliseconds(lambda: client.get(f'{address}next/'))}")


def with_new_reading() -> Callable[[], object]:
    """A page with a source, and another file for it: every paragraph is its own, every fifth reads otherwise."""
    import random

    from django.test import Client

    from ingest.models import NewReading, Provenance, Source
    from tests import factories

    chance = random.Random(5)  # the same text every time
    signs = [chr(0x4E00 + n) for n in range(2000)]
    texts = ["".join(chance.choices(signs, k=60)) + "。" for _ in range(ITEMS * BLOCKS)]
    page = factories.page(number=2)
    text = "\n".join(texts)
    source = Source.objects.create(
        sha256="a" * 64, name="a.txt", raw=text.encode(), encoding="utf-8", text=text, page=page
    )
    for item in range(ITEMS):
        mine = range(item * BLOCKS, (item + 1) * BLOCKS)
        starts = {n: sum(len(each) + 1 for each in texts[:n]) for n in mine}
        article = factories.article(
            on=page, body=[{"id": f"s{starts[n]}", "role": "paragraph", "text": texts[n]} for n in mine]
        )
        pieces = {
            f"s{starts[n]}": {"role": "paragraph", "spans": [[starts[n], starts[n] + len(texts[n])]]} for n in mine
        }
        Provenance.objects.create(source=source, item_key=f"s{starts[mine[0]]}", article=article, pieces=pieces)
    other = [each if n % 5 else f"{each[:20]}甲{each[21:40]}乙丙{each[40:]}" for n, each in enumerate(texts)]
    blocks = [{"role": "paragraph", "text": each} for each in other]
    NewReading.objects.create(page=page, sha256="b" * 64, name="b.txt", text="\n".join(other), blocks=blocks)
    client = Client()
    client.force_login(factories.user(role="编辑"))
    address = f"/admin/articles/page/{page.pk}/desk/"
    found = client.get(address).context["state"]["readings"][0]["changes"]
    if len(found) != 2 * len(texts[::5]):
        raise SystemExit(f"{len(found)} differences were found")
    return lambda: client.get(address)


def archive() -> None:
    from django.db import connection

    from articles.models import Article, Finding, Issue, Page

    issues = Issue.objects.bulk_create([Issue() for _ in range(ARCHIVE // 8)], batch_size=2000)
    pages = Page.objects.bulk_create(
        [Page(issue=issue, number=number) for issue in issues for number in range(1, 9)], batch_size=2000
    )
    body = [{"id": "e1", "role": "paragraph", "text": "文"}]
    for start in range(0, len(pages), 2000):
        some = pages[start : start + 2000]
        Article.objects.bulk_create(
            [
                Article(page=page, position=n, headline="题", body=body, content_hash="x")
                for page in some
                for n in range(5)
            ],
            batch_size=2000,
        )
        Finding.objects.bulk_create(
            [Finding(page=page, key=f"k{n}", kind="试", message="试") for page in some for n in range(3)],
            batch_size=2000,
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    main()
