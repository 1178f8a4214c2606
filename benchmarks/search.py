"""Full-text search in an archive: ``python -m benchmarks.search [--count 200000] [--seed 1] [--explain]``.

Makes a seeded archive of that many published items (18 in 100 are notices) from the words of jieba's dictionary by
their frequency, with known words planted at known rates, then shows size, speed of questions and of edits, and how the
database answers (`--explain`). On the database of `DATABASE_URL`, or on SQLite in a temporary folder; on PostgreSQL
through ``python -m tests.postgres``. The database must be empty: the rows stay in it.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

from benchmarks.notices import plan_of, set_up

_BATCH = 2_000
_FIRST = date(1995, 1, 1)
_DAYS = 11_000
_PLANTED = {
    "安全": 0.45, "发展": 0.37, "安全生产": 0.13, "台风": 0.028, "张文贤": 0.019, "长期护理保险": 0.0087,
    "长护险": 0.004, "渔船": 0.0013, "吴志朴": 0.0013, "五店市": 0.002, "陈埭": 0.006, "水库": 0.01,
}  # fmt: skip
_PUNCTUATION = "，，，，，。。。、、；"


def _vocabulary() -> tuple[list[str], list[float]]:
    import jieba

    words, weights = [], []
    for line in (Path(jieba.__file__).parent / "dict.txt").read_text("utf-8").splitlines():
        word, count, _ = line.split(" ")
        if len(word) <= 4 and int(count) > 3 and word not in _PLANTED:
            words.append(word)
            weights.append(int(count) ** 0.85)
    return words, list(accumulate(weights))


class Writer:
    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.words, self.weights = _vocabulary()

    def text(self, length: int) -> str:
        """About that many characters."""
        words = self.chance.choices(self.words, cum_weights=self.weights, k=max(4, int(length / 2.1)))
        for place in range(6, len(words), 7):
            words[place] += self.chance.choice(_PUNCTUATION)
        for word, rate in _PLANTED.items():
            if self.chance.random() < rate * min(1.5, length / 500):
                for _ in range(self.chance.choice((1, 1, 2, 3))):
                    words.insert(self.chance.randrange(len(words)), word)
        return "".join(words) + "。"

    def items(self, count: int) -> Iterator[tuple[int, bool, str, str, str]]:
        """Day, whether it is a notice, headline, byline and body."""
        days = sorted(int(_DAYS * self.chance.random() ** 0.8) for _ in range(count))
        for day in days:
            name = "".join(
                self.chance.choices("张王李蔡吴陈林黄许庄", k=1) + self.chance.choices("文贤志朴斯洵明华丽强", k=2)
            )
            if self.chance.random() < 0.18:
                yield day, True, "遗失声明", "", f"{name}不慎遗失身份证，声明作废。" + self.text(90)
            else:
                length = min(8000, max(90, int(self.chance.lognormvariate(6.25, 0.75))))
                head = self.text(14).rstrip("。")
                yield day, False, head, f"本报记者 {name}", f"本报讯（记者 {name}）" + self.text(length)


def fill(count: int, seed: int) -> int:
    """The archive; the bytes of its text, each counted once."""
    from articles.models import (
        Article,
        Contributor,
        Credit,
        Issue,
        Newspaper,
        Notice,
        Page,
        Snapshot,
        SnapshotTopic,
        Topic,
    )
    from articles.people import engine_user

    if Article.objects.exists():
        sys.exit("The database is not empty.")
    papers = [Newspaper.objects.create(name=f"报{n}", slug=f"paper{n}") for n in range(3)]
    issues = Issue.objects.bulk_create(
        (
            Issue(newspaper=papers[n % 3], date=_FIRST + timedelta(n), date_state="confirmed", date_basis="x")
            for n in range(_DAYS)
        ),
        batch_size=_BATCH,
    )
    pages = Page.objects.bulk_create((Page(issue=i, number=1 + i.pk % 8) for i in issues), batch_size=_BATCH)
    topics = Topic.objects.bulk_create(Topic(name=f"测{n}", slug=f"bench{n}") for n in range(40))
    people = {}
    actor, now, size = engine_user(), datetime.now(UTC), 0
    chance = random.Random(seed)
    left = Writer(seed).items(count)
    while chunk := list(islice(left, _BATCH)):
        articles, notices, credits_ = [], [], []
        for position, (day, is_notice, head, byline, text) in enumerate(chunk):
            size += len((head + byline + text).encode())
            third = len(text) // 3
            body = [
                {"id": f"s{n}", "role": "paragraph", "text": part}
                for n, part in enumerate((text[:third], text[third : 2 * third], text[2 * third :]))
            ]
            if is_notice:
                fields = {"declarant": text[:3]}
                notices.append(
                    Notice(
                        page=pages[day],
                        position=position,
                        kind=head,
                        heading=head,
                        body=body,
                        fields=fields,
                        content_hash="x",
                    )
                )
            else:
                article = Article(
                    page=pages[day], position=position, headline=head, byline=byline, body=body, content_hash="x"
                )
                articles.append(article)
                credits_.append(byline[5:])
        Article.objects.bulk_create(articles)
        Notice.objects.bulk_create(notices)
        for name in set(credits_) - set(people):
            people[name] = Contributor.objects.create(name=name)
        Credit.objects.bulk_create(
            Credit(article=article, contributor=people[name]) for article, name in zip(articles, credits_, strict=True)
        )
        made = [
            _snapshot(item, people=name, now=now, actor=actor) for item, name in zip(articles, credits_, strict=True)
        ]
        Snapshot.objects.bulk_create(made)
        SnapshotTopic.objects.bulk_create(
            SnapshotTopic(snapshot=each, topic=topics[int(40 * chance.random() ** 2)], date=each.date)
            for each in made[::3]
        )
        Snapshot.objects.bulk_create([_snapshot(item, people="", now=now, actor=actor) for item in notices])
    _confirm_topics()
    return size


def _confirm_topics() -> None:
    """The drafts' topics as the snapshots have them, so that both say the same."""
    from articles.models import SnapshotTopic, TopicLink

    links = SnapshotTopic.objects.values_list("snapshot__article", "topic").iterator(chunk_size=_BATCH)
    while chunk := list(islice(links, _BATCH)):
        TopicLink.objects.bulk_create(TopicLink(article_id=a, topic_id=t, state="confirmed") for a, t in chunk)


def _snapshot(item: Any, *, people: str, now: datetime, actor: Any) -> Any:
    from articles.models import Article, Snapshot

    body = [{"role": piece["role"], "text": piece["text"]} for piece in item.body]
    is_article = isinstance(item, Article)
    content: dict[str, Any] = {"heading": "", "kind": "", "body": body}
    if is_article:
        content = {
            "column": "", "kicker": "", "headline": item.headline, "deck": [], "byline": item.byline, "body": body,
            "captions": [], "credits": [{"name": people, "role": "记者"}], "topics": [],
        }  # fmt: skip
    else:
        content = {"kind": item.kind, "heading": item.heading, "body": body, "fields": item.fields, "topics": []}
    issue = item.page.issue
    return Snapshot(
        **{item.snapshot_key: item},
        number=1,
        live_from=now,
        published_at=now,
        published_by=actor,
        source_hash="x",
        newspaper_id=issue.newspaper_id,
        issue=issue,
        date=issue.date,
        page_number=item.page.number,
        position=item.position,
        notice_kind="" if is_article else item.kind,
        title=item.headline if is_article else f"{item.heading}：{item.fields['declarant']}",
        summary=body[0]["text"][:120],
        content=content,
    )


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
                search(query, scope=Scope.PUBLIC, order=Order.RELEVANCE)
                facets(query, Scope.PUBLIC)

            found = search(query, scope=Scope.PUBLIC)
            totals.append(f"{found.total}{'' if found.is_total_exact else '+'}")
            columns[0] += timed(lambda query=query: search(query, scope=Scope.PUBLIC), runs)  # type: ignore[misc]
            columns[1] += timed(lambda query=query: search(query, scope=Scope.PUBLIC).total, runs // 2)  # type: ignore[misc]
            columns[2] += timed(lambda query=query: facets(query, Scope.PUBLIC), runs // 2)  # type: ignore[misc]
            columns[3] += timed(ranked, runs // 2)
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

    start = time.perf_counter()
    schema.lift(connection)
    size = fill(count, seed)
    filled = time.perf_counter()
    upkeep.fill()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    built = time.perf_counter()
    index = index_size()
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
    parser.add_argument("--reuse", action="store_true", help="ask what an earlier run made")
    parser.add_argument(
        "--cpu", action="store_true", help="processor time of this process instead: SQLite on a busy machine"
    )
    parser.add_argument("--explain", action="store_true", help="show how each query is answered")
    given = parser.parse_args()
    if given.cpu:
        global clock
        clock = time.process_time
    set_up()
    if not given.reuse:
        make(given.count, given.seed)
    ask(given.runs, explains=given.explain)
    took = edit(given.edits, given.seed)
    print(
        f"\none article changed, its index with it: p50 {statistics.median(took):.1f},"
        f" p95 {percentile(took, 0.95):.1f}, p99 {percentile(took, 0.99):.1f}, at most {max(took):.1f} ms"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
