"""The list of notices."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from articles.models import Snapshot
from articles.public.paging import PAGE_SIZE, Cursor, Slice
from articles.public.reading import Entry, Paper, entries


def live_notices() -> QuerySet[Snapshot]:
    """Newest first, in the order of the index."""
    return Snapshot.objects.live().notices().order_by("-date", "-pk")


def notice_entries(
    notices: QuerySet[Snapshot], cursor: Cursor | None, papers: Iterable[Paper], *, size: int = PAGE_SIZE
) -> Slice[Entry]:
    """A page of these notices: one query."""
    if cursor is not None:
        notices = notices.filter(cursor.older())
    found = entries(notices[: size + 1], papers)
    shown = found[:size]
    older = str(Cursor(shown[-1].date, shown[-1].pk)) if len(found) > size else ""
    return Slice(rows=shown, older=older, is_first=cursor is None)
