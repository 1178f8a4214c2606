"""Entries that are reached over a table of links with a date of its own: those of a topic, of a contributor."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db.models import QuerySet

from articles.models import Snapshot, SnapshotContributor, SnapshotTopic
from articles.public.paging import PAGE_SIZE, Cursor, Slice
from articles.public.reading import Entry, Paper, entries

Links = QuerySet[SnapshotTopic] | QuerySet[SnapshotContributor]
Found = list[tuple[datetime.date, int]]


def newest(links: Links, size: int, cursor: Cursor | None = None) -> Found:
    """The dates and snapshots of the newest of these live links: one query, on the index of links alone."""
    if cursor is not None:
        links = links.filter(cursor.older(pk="snapshot"))
    return list(links.order_by("-date", "-snapshot").values_list("date", "snapshot")[:size])


def snapshots_at(found: Found) -> QuerySet[Snapshot]:
    """What they lead to, newest first."""
    return Snapshot.objects.live().filter(pk__in=[pk for _, pk in found]).order_by("-date", "-pk")


def linked_entries(links: Links, cursor: Cursor | None, papers: Iterable[Paper]) -> Slice[Entry]:
    """A page of what these live links lead to, newest first: two queries."""
    found = newest(links, PAGE_SIZE + 1, cursor)
    shown = found[:PAGE_SIZE]
    older = str(Cursor(*shown[-1])) if len(found) > PAGE_SIZE else ""
    return Slice(rows=entries(snapshots_at(shown), papers), older=older, is_first=cursor is None)
