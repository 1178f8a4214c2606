"""Full-text search in an archive: ``python -m benchmarks.search [--count 200000] [--seed 1] [--explain]``.

Makes an archive of that many published items (`benchmarks.archive`), then shows size, speed of questions and of edits,
and how the database answers (`--explain`). On the database of `DATABASE_URL`, or on SQLite in a temporary folder; on
PostgreSQL through ``python -m tests.postgres``. The database must be empty: the rows stay in it.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.notices import plan_of, set_up


def index_size() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sum(pgsize) FROM dbstat WHERE name LIKE '%search%' AND name NOT LIKE '%rebuild%'")
        else:
            cursor.execute("SELECT pg_total_relation_size('articles_searchdoc')")
        return int(cursor.fetchone()[0])


def questions() -> Iterator[tuple[str, list[str]]]:
    """What is asked; words apart are two conditions, one after a minus must not stand there."""
    yield "rare word", ["渔船", "五店市"]
    yield "person", ["吴志朴", "张文贤"]
    yield "phrase", ["长期护理保险", "安全生产"]
    yield "two words", ["渔船 安全", "安全 发展", "台风 水库"]
    yield "very common word", ["安全", "发展"]
    yield "one word without another", ["台风 -水库"]
    yield "one character", ["渔", "埭"]
    yield "nowhere", ["无此字串", "安全发展台风水库"]


def parsed(text: str) -> Any:
    from articles.search.types import Query, Term

    words = text.split()
    return Query(
        all_of=tuple((Term(word),) for word in words if word[0] != "-"),
        none_of=tuple(Term(word[1:]) for word in words if word[0] == "-"),
    )


clock = time.perf_counter


def processor_time() -> float:
    """Of this process, and of the server's process that works for it."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return time.process_time()
    server = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return time.process_time() + int(server.read_text("ascii").split()[0]) / 1e9


def timed(act: Callable[[], Any], runs: int) -> list[float]:
    took = []
    for _ in range(runs):
        start = clock()
        act()
        took.append(1000 * (clock() - start))
    return took


def percentile(took: list[float], share: float) -> float:
    return sorted(took)[min(len(took) - 1, int(share * len(took)))]


def ask(runs: int, *, explains: bool) -> None:
    from django.db import connection

    from articles.search import facets, search
    from articles.search.types import Order, Scope

    search(parsed("安全"), scope=Scope.PUBLIC, order=Order.RELEVANCE)  # the dictionary is loaded once a process
    print(
        "| question | results | by date p50 / p95 | total | facets | by relevance and facets p50 / p95 |\n"
        "|---|---|---|---|---|---|"
    )
    for name, texts in questions():
        seen: list[tuple[str, Any]] = []

        def watch(execute: Any, sql: str, params: Any, many: bool, context: Any, seen: Any = seen) -> Any:
            seen.append((sql, params))
            return execute(sql, params, many, context)

        columns: list[list[float]] = [[], [], [], []]
        totals = []
        for text in texts:
            query = parsed(text)

            def ranked(query: Any = query) -> None:
                counted = facets(query, Scope.PUBLIC)
                search(query, scope=Scope.PUBLIC, order=Order.RELEVANCE, counted=counted)

            ranked()  # nothing is measured that has to be read from the disk
            found = search(query, scope=Scope.PUBLIC)
            totals.append(f"{found.total}{'' if found.is_total_exact else '+'}")
            columns[0] += timed(lambda query=query: search(query, scope=Scope.PUBLIC), runs)  # type: ignore[misc]
            columns[1] += timed(lambda query=query: search(query, scope=Scope.PUBLIC).total, runs)  # type: ignore[misc]
            columns[2] += timed(lambda query=query: facets(query, Scope.PUBLIC), runs)  # type: ignore[misc]
            columns[3] += timed(ranked, runs)
        by_date, total, counted, relevance = columns
        print(
            f"| {name} ({', '.join(texts)}) | {', '.join(totals)} | {statistics.median(by_date):.1f} /"
            f" {percentile(by_date, 0.95):.1f} | {statistics.median(total):.1f} | {statistics.median(counted):.1f} |"
            f" {statistics.median(relevance):.1f} / {percentile(relevance, 0.95):.1f} |",
            flush=True,
        )
        if explains:
            with connection.execute_wrapper(watch):
                search(parsed(texts[0]), scope=Scope.PUBLIC)
            for sql, params in seen:
                print("    " + plan_of(sql, params).replace("\n", "\n    ") + "\n")


def edit(count: int, seed: int) -> list[float]:
    """One article's text changed and changed back, each in a transaction of its own."""
    from articles.models import Article

    chance = random.Random(seed)
    numbers = list(Article.objects.order_by("pk").values_list("pk", flat=True))
    took = []
    for pk in chance.sample(numbers, min(count, len(numbers))):
        article = Article.objects.get(pk=pk)
        body = [*article.body, {"id": "e1", "role": "paragraph", "text": "又一段：陈埭五店市。"}]
        took += timed(lambda pk=pk, body=body: Article.objects.filter(pk=pk).update(body=body), 1)  # type: ignore[misc]
    return took


def make(count: int, seed: int) -> None:
    from django.db import connection

    from articles.search import schema, upkeep
    from benchmarks import archive

    start = time.perf_counter()
    schema.lift(connection)
    archive.fill(count, seed)
    filled = time.perf_counter()
    upkeep.fill()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("ANALYZE")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute("VACUUM ANALYZE")
    built = time.perf_counter()
    index, size = index_size(), archive.text_size()
    print(
        f"{connection.vendor}: {count} items, {size / 1e6:.0f} MB of text, made in {filled - start:.0f} s,"
        f" indexed in {built - filled:.0f} s; index {index / 1e6:.0f} MB, {index / size:.2f} times the text\n",
        flush=True,
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--edits", type=int, default=300)
    parser.add_argument("--reuse", action="store_true", help="ask what an earlier run made, as it is")
    parser.add_argument(
        "--cpu", action="store_true", help="processor time instead, on a busy machine; a server must run on this one"
    )
    parser.add_argument("--explain", action="store_true", help="show how each query is answered")
    given = parser.parse_args()
    set_up(migrates=not given.reuse)
    if given.cpu:
        global clock
        clock = processor_time
    if not given.reuse:
        make(given.count, given.seed)
    ask(given.runs, explains=given.explain)
    if not (took := edit(given.edits, given.seed)):
        return 0
    print(
        f"\none article changed, its index with it: p50 {statistics.median(took):.1f},"
        f" p95 {percentile(took, 0.95):.1f}, p99 {percentile(took, 0.99):.1f}, at most {max(took):.1f} ms"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
