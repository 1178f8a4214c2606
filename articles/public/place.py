"""Where a public item was printed, and what stands around it there."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.urls import reverse

from articles.models import Snapshot
from articles.public.layout import Jump, Neighbours, PageOfEntries, jump, neighbours, pages_of
from articles.public.reading import Entry, Paper, changes, issue_entries, page_label


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
        return reverse("issue", args=[self.paper.slug, self.date])

    @property
    def page_url(self) -> str:
        return reverse("page", args=[self.paper.slug, self.date, self.page_number])

    def jump(self, text: str, *, is_forward: bool) -> Jump | None:
        return jump(text, entries=self.entries, here=self.page_number, is_forward=is_forward)


def live_item(key: str, pk: int) -> Snapshot | None:
    """What readers may see of this article or notice, with its newspaper and issue: one query."""
    found = Snapshot.objects.live().filter(**{key: pk}).select_related("newspaper", "issue")
    return found.annotate(**changes("issue")).first()


def place_of(snapshot: Snapshot) -> Place:
    """One query: the titles of the issue."""
    paper = Paper(snapshot.newspaper_id, snapshot.newspaper.name, snapshot.newspaper.slug)
    entries = issue_entries(snapshot.issue_id, paper)
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
    )
