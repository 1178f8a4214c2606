"""What must hold when everybody has gone home: the invariants of `benchmarks.soak`, each over all rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

from benchmarks.soak_people import MARK, Record

AT_ONCE = 200


def batched(numbers: Iterable[int], size: int) -> Iterator[list[int]]:
    numbers = iter(numbers)
    while some := list(islice(numbers, size)):
        yield some


def broken(record: Record) -> Iterator[str]:
    """Every fault in words."""
    yield from ledger(record)
    yield from history()
    yield from publications(record)
    yield from housekeeping()


def ledger(record: Record) -> Iterator[str]:
    """Every page has the characters of its source and of the saves that were confirmed, and no others."""
    from articles.models import Page
    from ingest.desk.layout import ledger as characters_of
    from ingest.desk.rows import load
    from ingest.engine import LedgerError
    from ingest.models import DeskSave, Source
    from ingest.standing import check_rows

    marks: dict[int, list[str]] = {}
    for mark, page in record.saved.items():
        marks.setdefault(page, []).append(mark)
    numbers = Source.objects.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=AT_ONCE)
    for some in batched(numbers, AT_ONCE):
        texts = dict(Source.objects.filter(pk__in=some).values_list("pk", "text"))
        try:
            check_rows(texts)
        except LedgerError as problem:
            yield f"the rows of sources {some[0]} to {some[-1]} do not hold their texts: {problem}"
    # What nobody has saved is proved by that.
    for page in Page.objects.filter(desk_saves__isnull=False).distinct().order_by("pk"):
        layout = load(page.pk).layout
        mine = marks.get(page.pk, [])
        sources = Source.objects.filter(page=page).values_list("text", flat=True)
        wanted = Counter(char for text in (*sources, *mine) for char in text if not char.isspace())
        there = characters_of(layout)
        if there != wanted:
            yield f"{page}: more {dict(there - wanted)}, fewer {dict(wanted - there)}"
        found = Counter(m for item in layout.items for block in item.blocks for m in MARK.findall(block.text))
        if lost := [mark for mark in mine if found[mark] != 1]:
            yield f"{page} lost confirmed saves: {lost}"
        if record.refused & found.keys():
            yield f"{page} holds refused saves: {record.refused & found.keys()}"
    keys = Counter(DeskSave.objects.values_list("key", flat=True))
    if keys != Counter(f"soak-{mark}" for mark in record.saved):
        yield f"{sum(keys.values())} saves are in the log, {len(record.saved)} were confirmed"


def history() -> Iterator[str]:
    """Every version of every item is in the history, and leads back to the first by recorded hashes."""
    from articles.models import Article, HistoryEntry, Notice
    from articles.versions import versions

    for model in (Article, Notice):
        items = model._default_manager.order_by("pk")
        first = HistoryEntry.objects.filter(target=model.snapshot_key, version=1)
        if first.count() != items.count():
            yield f"{items.count()} of {model.snapshot_key}, {first.count()} beginnings in the history"
        for item in items.filter(version__gt=1).iterator(chunk_size=AT_ONCE):
            walked = list(versions(item))
            if [each.entry.version for each in walked] != list(range(item.version, 0, -1)):
                yield f"{item.snapshot_key} {item.pk} lacks versions: {[each.entry.version for each in walked]}"
            if not all(each.is_intact for each in walked):
                yield f"{item.snapshot_key} {item.pk} has a version that its history does not lead to"


def publications(record: Record) -> Iterator[str]:
    """Each confirmed act has its row and its entry in the history, once."""
    from articles.models import Act, Correction, HistoryEntry, Outcome, SignOff, Snapshot, Withdrawal

    acts = Counter(HistoryEntry.objects.values_list("act", flat=True))
    counts = record.counts
    rows = {
        "published": (counts["published"], acts[Act.PUBLISHED]),
        "scheduled": (counts["scheduled"], acts[Act.SCHEDULED]),
        "snapshots": (counts["published"] + counts["scheduled"], Snapshot.objects.count()),
        "withdrawn": (counts["withdrawn"], acts[Act.WITHDRAWN]),
        "withdrawals": (counts["withdrawn"], Withdrawal.objects.count()),
        "signed": (counts["signed"], acts[Act.SIGNED]),
        "signatures": (counts["signed"], SignOff.objects.filter(outcome=Outcome.SIGNED).count()),
        "corrections": (counts["corrections"], Correction.objects.count()),
    }
    for name, (confirmed, there) in rows.items():
        if confirmed != there:
            yield f"{name}: {confirmed} confirmed, {there} there"


def housekeeping() -> Iterator[str]:
    from django.core.management import CommandError, call_command

    from articles import public_version
    from articles.models import Issue, Page
    from ingest.models import ImportOutcome, OutcomeKind, Source

    if missing := public_version.missing("default"):
        yield f"triggers are missing: {missing}"
    try:
        call_command("check_search", verbosity=0)
    except CommandError as problem:
        yield str(problem)
    if Source.objects.count() != Page.objects.count():
        yield f"{Source.objects.count()} sources, {Page.objects.count()} pages"
    days = Counter(Issue.objects.values_list("newspaper", "date"))
    if twice := [day for day, count in days.items() if count > 1]:
        yield f"days that are there twice: {twice}"
    for outcome in ImportOutcome.objects.exclude(kind=OutcomeKind.CREATED)[:5]:
        yield f"the import said: {outcome}: {outcome.reason}"
