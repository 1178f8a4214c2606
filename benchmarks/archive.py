"""A seeded archive of published articles and notices, as large as asked for, written past the models.

The words are those of jieba's dictionary by their frequency, in phrases that come again as they do in a newspaper, with
known words planted at known rates; 18 items in 100 are notices, the articles have 600 characters in the mean and 8,000
at most. A larger archive is a longer one: three papers come out by turns, one issue of eight pages a day, and an issue
has 91 items in the mean (a quarter more at the end than over the years) whether there are four months of them or thirty
years. People write for seven and a half years, four of them a story every other day; topics go on. The database is that
of `DATABASE_URL`, and must be empty.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

_BATCH = 2_000
_END = date(2025, 2, 12)
_ITEMS_OF_DAYS = 1_000, 11
"""So many items fill so many days."""
_PAGES = 8
_CAREER = 2_750
"""Days. Who signs with the same name afterwards is somebody else."""
_REPORTERS, _OF_REPORTER = ("陈采访", "林跑线", "黄通讯", "许记言"), 0.007
"""Names that sign much in any archive, and the share of each."""
_PLANTED = {
    "安全": 0.45, "发展": 0.37, "安全生产": 0.13, "台风": 0.028, "张文贤": 0.019, "长期护理保险": 0.0087,
    "长护险": 0.004, "渔船": 0.0013, "吴志朴": 0.0013, "五店市": 0.002, "陈埭": 0.006, "水库": 0.01,
}  # fmt: skip
_PUNCTUATION = "，，，，，。。。、、；"
_PHRASE, _PHRASES = 4, 1 << 19
"""Words of a phrase, and how many different phrases there are."""
_OF_SUBJECT, _AGAIN = 0.3, 0.25
"""Shares of a text: what belongs to its subject, and what it has said before."""


def _vocabulary() -> tuple[list[str], list[int]]:
    import jieba

    from articles.search.folding import simplified

    traditional = set(simplified())
    words, counts = [], []
    for line in (Path(jieba.__file__).parent / "dict.txt").read_text("utf-8").splitlines():
        word, count, _ = line.split(" ")
        if len(word) <= 4 and int(count) > 3 and word not in _PLANTED and traditional.isdisjoint(word):
            words.append(word)
            counts.append(int(count))
    return words, list(accumulate(counts))


class Writer:
    """Words put together at random make twice as many different pairs of neighbouring characters as a newspaper, and
    a text of them repeats nothing. So phrases are drawn, few of them often; and an article keeps to its subject, and
    repeats itself. `python -m benchmarks.prose` shows how near that comes."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        words, counts = _vocabulary()
        drawn = self.chance.choices(words, cum_weights=counts, k=_PHRASES * _PHRASE)
        phrases = ["".join(drawn[at : at + _PHRASE]) for at in range(0, len(drawn), _PHRASE)]
        weights = list(accumulate(1 / (rank + 100) for rank in range(_PHRASES)))
        self.phrases = self.chance.choices(phrases, cum_weights=weights, k=1 << 21)
        """Drawn once: drawing from these is as good, and quicker."""
        self.subjects = [self.chance.choices(self.phrases, k=200) for _ in range(240)]
        self.length = sum(map(len, self.phrases[:10_000])) / 10_000 + 0.5

    def text(self, length: int) -> str:
        """About that many characters."""
        count = max(2, round(length / self.length))
        again = int(count * _AGAIN)
        of_subject = int(count * _OF_SUBJECT)
        parts = self.chance.choices(self.chance.choice(self.subjects), k=of_subject)
        parts += self.chance.choices(self.phrases, k=count - of_subject - again)
        parts += self.chance.choices(parts, k=again)
        self.chance.shuffle(parts)
        for place in range(1, len(parts) - 1, 2):
            parts[place] += self.chance.choice(_PUNCTUATION)
        for word, rate in _PLANTED.items():
            if self.chance.random() < rate * min(1.5, length / 500):
                for _ in range(self.chance.choice((1, 1, 2, 3))):
                    parts.insert(self.chance.randrange(len(parts)), word)
        return "".join(parts) + "。"

    def items(self, count: int, days: int) -> Iterator[tuple[int, bool, str, str, str]]:
        """Day, whether it is a notice, headline, byline and body."""
        for day in sorted(int(days * self.chance.random() ** 0.8) for _ in range(count)):
            name = "".join(
                self.chance.choices("张王李蔡吴陈林黄许庄", k=1) + self.chance.choices("文贤志朴斯洵明华丽强", k=2)
            )
            often = int(self.chance.random() / _OF_REPORTER)
            if often < len(_REPORTERS):
                name = _REPORTERS[often]
            if self.chance.random() < 0.18:
                yield day, True, "遗失声明", "", f"{name}不慎遗失身份证，声明作废。" + self.text(90)
            else:
                length = min(8000, max(90, int(self.chance.lognormvariate(6.25, 0.75))))
                head = self.text(14).rstrip("。")
                yield day, False, head, f"本报记者 {name}", f"本报讯（记者 {name}）" + self.text(length)


class Table:
    """Rows of a model, with its defaults, written past Django: by COPY where there is one."""

    def __init__(self, model: Any, **same: Any) -> None:
        self.name = model._meta.db_table
        self.fields = {field.attname: field for field in model._meta.concrete_fields}
        plain = model(**same)
        self.usual = {name: self._value(name, field.pre_save(plain, True)) for name, field in self.fields.items()}
        self.last = model._default_manager.aggregate(last=Max("pk"))["last"] or 0

    def _value(self, name: str, value: Any) -> Any:
        if self.fields[name].get_internal_type() == "JSONField":
            return json.dumps(value, ensure_ascii=False)
        if connection.vendor == "sqlite" and isinstance(value, date):
            return str(value).removesuffix("+00:00")
        return value

    def write(self, rows: Iterable[dict[str, Any]]) -> range:
        """Their numbers."""
        first, full = self.last + 1, []
        for row in rows:
            self.last += 1
            given = {name: self._value(name, value) for name, value in row.items()}
            full.append(list((self.usual | given | {"id": self.last}).values()))
        names = ", ".join(f'"{field.column}"' for field in self.fields.values())
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                places = ", ".join("?" * len(self.fields))
                connection.connection.executemany(f"INSERT INTO {self.name} ({names}) VALUES ({places})", full)
            else:
                with cursor.copy(f"COPY {self.name} ({names}) FROM STDIN") as copy:
                    for values in full:
                        copy.write_row(values)
                cursor.execute(f"SELECT setval(pg_get_serial_sequence('{self.name}', 'id'), {max(self.last, 1)})")
        return range(first, self.last + 1)


def fill(count: int, seed: int) -> None:
    from articles import models
    from articles.people import engine_user

    if models.Article.objects.exists():
        raise ValueError("the database is not empty")
    chance, now, actor = random.Random(seed), timezone.now(), engine_user()
    items, of_days = _ITEMS_OF_DAYS
    days = max(1, count * of_days // items)
    dates = [_END - timedelta(days - day) for day in range(days)]
    papers = Table(models.Newspaper).write({"name": f"报{n}", "slug": f"paper{n}"} for n in range(3))
    topics = Table(models.Topic).write({"name": f"测{n}", "slug": f"bench{n}"} for n in range(40))
    issues = Table(models.Issue, date_state="confirmed", date_basis="x").write(
        {"newspaper_id": papers[day % 3], "date": date} for day, date in enumerate(dates)
    )
    pages = Table(models.Page).write(
        {"issue_id": issue, "number": 1 + number} for issue in issues for number in range(_PAGES)
    )
    articles, notices = Table(models.Article, content_hash="x"), Table(models.Notice, content_hash="x")
    contributors, credited = Table(models.Contributor), Table(models.Credit)
    links, shown = Table(models.TopicLink, state="confirmed"), Table(models.SnapshotTopic)
    signed = Table(models.SnapshotContributor)
    snapshots = Table(models.Snapshot, number=1, live_from=now, published_at=now, published_by=actor, source_hash="x")
    people: dict[tuple[str, int], int] = {}
    printed: Counter[int] = Counter()
    left = Writer(seed).items(count, days)
    while chunk := list(islice(left, _BATCH)):
        places, made, signers = [], [], []
        for day, *rest in chunk:
            position, page = divmod(printed[day], _PAGES)
            printed[day] += 1
            place = {"newspaper_id": papers[day % 3], "issue_id": issues[day], "date": dates[day]}
            places.append(place | {"page_number": 1 + page, "position": position})
            made.append(_item(pages[day * _PAGES + page], position, *rest))
            if "headline" in made[-1]:
                signers.append((made[-1]["byline"][5:], day // _CAREER))
        texts = [(place, item) for place, item in zip(places, made, strict=True) if "headline" in item]
        numbers = articles.write(item for _, item in texts)
        new = sorted(set(signers) - set(people))
        named = contributors.write({"name": name, "note": f"{career + 1}" if career else ""} for name, career in new)
        people |= zip(new, named, strict=True)
        credited.write(
            {"article_id": number, "contributor_id": people[signer]}
            for number, signer in zip(numbers, signers, strict=True)
        )
        seen = snapshots.write(
            place | {"article_id": number, "title": item["headline"], "content": _content(item)}
            for number, (place, item) in zip(numbers, texts, strict=True)
        )
        signed.write(
            {"snapshot_id": at, "contributor_id": people[signer], "date": place["date"]}
            for at, signer, (place, _) in zip(seen, signers, texts, strict=True)
        )
        on = [(at, topics[int(40 * chance.random() ** 2)]) for at in range(0, len(texts), 3)]
        shown.write({"snapshot_id": seen[at], "topic_id": topic, "date": texts[at][0]["date"]} for at, topic in on)
        links.write({"article_id": numbers[at], "topic_id": topic} for at, topic in on)
        texts = [(place, item) for place, item in zip(places, made, strict=True) if "headline" not in item]
        numbers = notices.write(item for _, item in texts)
        snapshots.write(
            place
            | {
                "notice_id": number,
                "notice_kind": item["kind"],
                "title": f"{item['heading']}：{item['fields']['declarant']}",
                "content": _content(item),
            }
            for number, (place, item) in zip(numbers, texts, strict=True)
        )


def _item(page: int, position: int, is_notice: bool, head: str, byline: str, text: str) -> dict[str, Any]:
    third = len(text) // 3
    body = [
        {"id": f"s{n}", "role": "paragraph", "text": part}
        for n, part in enumerate((text[:third], text[third : 2 * third], text[2 * third :]))
    ]
    place = {"page_id": page, "position": position, "body": body}
    if is_notice:
        return place | {"kind": head, "heading": head, "fields": {"declarant": text[:3]}, "declarant": text[:3]}
    return place | {"headline": head, "byline": byline}


def _content(item: dict[str, Any]) -> dict[str, Any]:
    body = [{"role": piece["role"], "text": piece["text"]} for piece in item["body"]]
    if "headline" not in item:
        return {"kind": item["kind"], "heading": item["heading"], "body": body, "fields": item["fields"], "topics": []}
    return {
        "column": "", "kicker": "", "headline": item["headline"], "deck": [], "byline": item["byline"], "body": body,
        "captions": [], "credits": [{"name": item["byline"][5:], "role": "记者"}], "topics": [],
        "continued_from": "", "continued_on": "",
    }  # fmt: skip


def text_size() -> int:
    """Bytes of the text of all items, each counted once."""
    sql = []
    empty = len(json.dumps([{"id": "s0", "role": "paragraph", "text": ""}] * 3))
    length = "length(CAST({} AS BLOB))" if connection.vendor == "sqlite" else "octet_length({}::text)"
    for table, columns in (
        ("articles_article", ("headline", "byline", "body")),
        ("articles_notice", ("heading", "body")),
    ):
        parts = " + ".join(length.format(column) for column in columns)
        sql.append(f"SELECT sum({parts} - {empty}) AS size FROM {table}")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT sum(size) FROM ({' UNION ALL '.join(sql)}) sizes")
        return int(cursor.fetchone()[0])
