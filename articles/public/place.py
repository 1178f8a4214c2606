"""Where a public item was printed, and what stands around it there."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from articles.models import Snapshot, SnapshotContributor, SnapshotExtract, SnapshotTopic, TopicState
from articles.prepared import Prepared
from articles.public.corrections import with_corrections
from articles.public.gathering import gathered
from articles.public.layout import Jump, Neighbours, PageOfEntries, jump, neighbours, pages_of
from articles.public.reading import Entry, Paper, page_label, rows_of_any_paper, rows_with_papers


@dataclass(frozen=True, slots=True)
class Place:
    paper: Paper
    date: datetime.date
    page_number: int
    page_label: str
    pages: list[PageOfEntries]
    """版面导航: the pages of the issue."""
    page: PageOfEntries | None
    """标题导航: what else stands on its page."""
    neighbours: Neighbours
    here: int
    entries: list[Entry]
    near: tuple[Entry, ...]
    """Others that were asked for along with it, as far as they are public."""

    @property
    def issue_url(self) -> str:
        return reverse("issue", args=[self.paper.slug, self.date])

    @property
    def page_url(self) -> str:
        return reverse("page", args=[self.paper.slug, self.date, self.page_number])

    def jump(self, text: str, *, is_forward: bool, linked: int | None = None) -> Jump | None:
        return jump(text, entries=self.entries, here=self.page_number, is_forward=is_forward, linked=linked)


def with_links(snapshots: QuerySet[Snapshot]) -> QuerySet[Snapshot]:
    """With `topics_there` (in use, under their present names) and `people_there`: lists of dicts, or None; and ready
    for `corrections_of`."""
    topics = SnapshotTopic.objects.filter(snapshot=OuterRef("pk"), topic__state=TopicState.ACTIVE)
    people = SnapshotContributor.objects.filter(snapshot=OuterRef("pk"))
    return with_corrections(snapshots).annotate(
        topics_there=gathered(topics, "snapshot", pk="topic", name="topic__name", slug="topic__slug"),
        people_there=gathered(people, "snapshot", pk="contributor", name="contributor__name"),
    )


def live_item(key: str, pk: int) -> Snapshot | None:
    """What readers may see of this item, with newspaper, issue, `is_extracted` and `with_links`: one query."""
    return next(iter(_LIVE_ITEM[key](pk=pk)), None)


def _live_item(pk: int, *, key: str) -> QuerySet[Snapshot]:
    found = Snapshot.objects.live().filter(**{key: pk}).select_related("newspaper", "issue")
    extract = SnapshotExtract.objects.filter(snapshot=OuterRef("pk"))
    # At most one: an item has one live snapshot.
    return with_links(found.annotate(is_extracted=Exists(extract)))[:1]


_LIVE_ITEM: dict[str, Prepared[Snapshot]] = {
    key: Prepared(partial(_live_item, key=key), pk=int) for key in ("article", "notice")
}


@dataclass(frozen=True, slots=True)
class Link:
    name: str
    url: str


def topics_of(found: Any) -> list[Link]:
    """Topics in use of what `live_item` found, under their present names and addresses, not those of the day of
    publication."""
    rows = sorted(found.topics_there or (), key=lambda row: row["name"])
    return [Link(row["name"], reverse("topic", args=[row["slug"]])) for row in rows]


def people_of(found: Any) -> list[Link]:
    """Contributors of what `live_item` found, in the order in which it names them."""
    named = [credit["name"] for credit in found.content.get("credits", ())]
    places = {name: place for place, name in enumerate(named)}
    rows = sorted(found.people_there or (), key=lambda row: (places.get(row["name"], len(places)), row["pk"]))
    return [Link(row["name"], reverse("contributor", args=[row["pk"]])) for row in rows]


NEAR_AT_MOST = 12
_NEAR = tuple(f"near{number}" for number in range(NEAR_AT_MOST))


def _around(issue: int, **near: int) -> Any:
    beside = Q(issue=issue) | Q(pk__in=list(near.values())) if near else Q(issue=issue)
    return rows_of_any_paper(Snapshot.objects.live().filter(beside).in_page_order())


_ISSUE: Prepared[Any] = Prepared(_around, issue=int)
_AROUND: Prepared[Any] = Prepared(_around, issue=int, **dict.fromkeys(_NEAR, int))


def place_of(snapshot: Snapshot, *, near: Sequence[int] = ()) -> Place:
    """One query: the titles of the issue, and of other snapshots that are `near`, at most `NEAR_AT_MOST`."""
    paper = Paper(snapshot.newspaper_id, snapshot.newspaper.name, snapshot.newspaper.slug)
    asked: dict[str, Any] = dict(zip(_NEAR, [*near[: len(_NEAR)], *[0] * len(_NEAR)], strict=False))
    read = rows_with_papers(_AROUND(issue=snapshot.issue_id, **asked) if near else _ISSUE(issue=snapshot.issue_id))
    entries = [entry for entry in read if entry.issue_id == snapshot.issue_id]
    by_pk = {entry.pk: entry for entry in read}
    pages = pages_of(entries)
    return Place(
        paper=paper,
        date=snapshot.date,
        page_number=snapshot.page_number,
        page_label=page_label(snapshot.page_number, snapshot.section),
        pages=pages,
        page=next((page for page in pages if page.number == snapshot.page_number), None),
        neighbours=neighbours(entries, snapshot.pk),
        here=snapshot.pk,
        entries=entries,
        near=tuple(by_pk[pk] for pk in near if pk in by_pk),
    )
