"""How long the desk takes on the server for a page of 300 blocks: opening it, and saving one edit.

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


if __name__ == "__main__":
    main()
