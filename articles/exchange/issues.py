"""An issue as readers may see it now, as plain values for the writers of each form."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from articles.models import Snapshot
from articles.public.corrections import Told, corrections_of
from articles.public.place import with_links


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an item as printed; `role` is kicker, headline, deck, byline, paragraph, subhead or caption."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Item:
    kind: str
    """article or notice."""
    pk: int
    title: str
    summary: str
    pieces: tuple[Piece, ...]
    page: int
    section: str
    column: str
    notice_kind: str
    authors: tuple[str, ...]
    topics: tuple[tuple[str, str], ...]
    """Names and addresses."""
    published: datetime.datetime
    modified: datetime.datetime
    revision: int
    corrections: tuple[Told, ...]

    @property
    def key(self) -> str:
        """``a12`` or ``n7``: its own in the whole archive, and a name that XML takes for an ID."""
        return f"{self.kind[0]}{self.pk}"

    @property
    def path(self) -> str:
        return f"/{self.kind[0]}/{self.pk}/"


@dataclass(frozen=True, slots=True)
class Page:
    number: int
    section: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Issue:
    newspaper: str
    slug: str
    date: datetime.date
    pages: tuple[Page, ...]

    @property
    def items(self) -> Iterator[Item]:
        for page in self.pages:
            yield from page.items

    @property
    def path(self) -> str:
        return f"/p/{self.slug}/{self.date}/"


def public_issues(
    *, newspaper: str | None = None, since: datetime.date | None = None, until: datetime.date | None = None
) -> Iterator[Issue]:
    """Every issue of which something is public, in order of newspapers and days. One query for the days and one for
    each issue; one issue is in memory."""
    live = Snapshot.objects.live()
    if newspaper is not None:
        live = live.filter(newspaper__slug=newspaper)
    if since is not None:
        live = live.filter(date__gte=since)
    if until is not None:
        live = live.filter(date__lte=until)
    days = live.order_by("newspaper__slug", "date").values_list("newspaper", "date").distinct()
    for paper, date in list(days):
        found = with_links(Snapshot.objects.live().filter(newspaper=paper, date=date).select_related("newspaper"))
        snapshots = list(found.in_page_order())  # type: ignore[attr-defined]
        if snapshots:  # withdrawn in this moment
            first = snapshots[0]
            yield Issue(first.newspaper.name, first.newspaper.slug, date, _pages(snapshots))


def _pages(snapshots: list[Any]) -> tuple[Page, ...]:
    pages = []
    for number, group in groupby(snapshots, key=lambda snapshot: snapshot.page_number):
        items = tuple(_item(snapshot) for snapshot in group)
        pages.append(Page(number, next((item.section for item in items if item.section), ""), items))
    return tuple(pages)


def _item(snapshot: Any) -> Item:
    content = snapshot.content
    is_article = snapshot.article_id is not None
    return Item(
        kind="article" if is_article else "notice",
        pk=snapshot.article_id or snapshot.notice_id,
        title=snapshot.title,
        summary=snapshot.summary,
        pieces=tuple(_pieces(content, is_article=is_article)),
        page=snapshot.page_number,
        section=snapshot.section,
        column=content.get("column", ""),
        notice_kind=snapshot.notice_kind,
        authors=tuple(credit["name"] for credit in content.get("credits", ())),
        topics=tuple(sorted((row["name"], row["slug"]) for row in snapshot.topics_there or ())),
        published=snapshot.published_at,
        modified=snapshot.live_from,
        revision=snapshot.number,
        corrections=tuple(corrections_of(snapshot)),
    )


def _pieces(content: dict[str, Any], *, is_article: bool) -> Iterator[Piece]:
    """In the order of reading."""
    if is_article:
        parts = [("kicker", content["kicker"]), ("headline", content["headline"])]
        parts += [*(("deck", line) for line in content["deck"]), ("byline", content["byline"])]
    else:
        parts = [("headline", content["heading"])]
    parts += [(piece["role"], piece["text"]) for piece in content["body"]]
    parts += [("caption", text) for text in content.get("captions", ())]
    yield from (Piece(role, text) for role, text in parts if text.strip())
