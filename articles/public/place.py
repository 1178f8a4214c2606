"""Where a public item was printed, and what stands around it there."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.fields.json import KT

from articles.models import Snapshot, SnapshotContributor, SnapshotExtract, SnapshotTopic, TopicState
from articles.prepared import Prepared, Rows
from articles.public.addresses import address
from articles.public.corrections import with_corrections
from articles.public.gathering import gathered
from articles.public.layout import Jump, Neighbours, PageOfEntries, jump, neighbours, pages_of
from articles.public.reading import Entry, Paper, entry_from, page_label


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

    @property
    def issue_url(self) -> str:
        return address("issue", self.paper.slug, self.date)

    @property
    def page_url(self) -> str:
        return address("page", self.paper.slug, self.date, self.page_number)

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
    return next(iter(_LIVE_ITEM[key, False](pk=pk)), None)


def placed_rows(key: str, pk: int) -> Rows:
    """The same ready for `place_of`, as the database says it; nothing where there is nothing. One query."""
    return _LIVE_ITEM[key, True].rows(pk=pk)


def placed_item(key: str, rows: Rows) -> Any:
    """What such rows say."""
    return _LIVE_ITEM[key, True].made(rows)[0]


def _live_item(pk: int, *, key: str, placed: bool) -> QuerySet[Snapshot]:
    found = Snapshot.objects.live().filter(**{key: pk}).select_related("newspaper", "issue")
    extract = SnapshotExtract.objects.filter(snapshot=OuterRef("pk"))
    if placed:
        around = Snapshot.objects.live().filter(issue=OuterRef("issue"))
        found = found.annotate(around=gathered(around, "issue", **_AROUND))
    # At most one: an item has one live snapshot.
    return with_links(found.annotate(is_extracted=Exists(extract)))[:1]


# What the lists beside an item need of the others in its issue.
_AROUND: dict[str, Any] = {
    **{name: name for name in ("pk", "article_id", "notice_id", "notice_kind", "title")},
    **{name: name for name in ("page_number", "section", "position")},
    "continued_from": KT("content__continued_from"),
    "continued_on": KT("content__continued_on"),
}

# And what they do not.
_UNTOLD: dict[str, Any] = {"kicker": "", "column": "", "summary": "", "deadline_on": None}

_LIVE_ITEM: dict[tuple[str, bool], Prepared[Snapshot]] = {
    (key, placed): Prepared(partial(_live_item, key=key, placed=placed), pk=int)
    for key in ("article", "notice")
    for placed in (False, True)
}


@dataclass(frozen=True, slots=True)
class Link:
    name: str
    url: str


def topics_of(found: Any) -> list[Link]:
    """Topics in use of a `live_item` or `placed_item`, under their present names and addresses, not those of the day of
    publication."""
    rows = sorted(found.topics_there or (), key=lambda row: row["name"])
    return [Link(row["name"], address("topic", row["slug"])) for row in rows]


def people_of(found: Any) -> list[Link]:
    """Contributors of a `live_item` or `placed_item`, in the order in which it names them."""
    named = [credit["name"] for credit in found.content.get("credits", ())]
    places = {name: place for place, name in enumerate(named)}
    rows = sorted(found.people_there or (), key=lambda row: (places.get(row["name"], len(places)), row["pk"]))
    return [Link(row["name"], address("contributor", row["pk"])) for row in rows]


def place_of(found: Any) -> Place:
    """Of a `placed_item`. No query."""
    paper = Paper(found.newspaper_id, found.newspaper.name, found.newspaper.slug)
    shared = {**_UNTOLD, "issue_id": found.issue_id, "date": found.date}
    rows = sorted(found.around, key=lambda row: (row["page_number"], row["position"], row["pk"]))
    entries = [entry_from(row | shared, paper) for row in rows]
    pages = pages_of(entries)
    return Place(
        paper=paper,
        date=found.date,
        page_number=found.page_number,
        page_label=page_label(found.page_number, found.section),
        pages=pages,
        page=next((page for page in pages if page.number == found.page_number), None),
        neighbours=neighbours(entries, found.pk),
        here=found.pk,
        entries=entries,
    )
