"""Entries that are reached over a table of links with a date of its own: those of a topic, of a contributor."""

from __future__ import annotations

from django.db.models import QuerySet

from articles.models import Snapshot, SnapshotContributor, SnapshotTopic
from articles.public.paging import PAGE_SIZE, Cursor, Slice
from articles.public.reading import Entry, all_papers, entries


def linked_entries(
    links: QuerySet[SnapshotTopic] | QuerySet[SnapshotContributor], cursor: Cursor | None
) -> Slice[Entry]:
    """A page of what these live links lead to, newest first: three queries, the first on the index of links alone."""
    if cursor is not None:
        links = links.filter(cursor.older(pk="snapshot"))
    found = list(links.order_by("-date", "-snapshot").values_list("date", "snapshot")[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    live = Snapshot.objects.live().filter(pk__in=[pk for _, pk in shown]).order_by("-date", "-pk")
    older = str(Cursor(*shown[-1])) if len(found) > PAGE_SIZE else ""
    return Slice(rows=entries(live, all_papers()), older=older, is_first=cursor is None)
