"""Rows of the archive as data. Every text comes from a live snapshot, as readers see it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from articles.content import NOTICE_FIELD_LABELS
from articles.models import Correction, Snapshot
from articles.public.corrections import corrections_of, subjects_of
from articles.public.notices import Print
from articles.public.reading import Paper

Json = dict[str, Any]
Absolute = Callable[[str], str]

_LISTED = (
    "pk",
    "article_id",
    "notice_id",
    "title",
    "summary",
    "notice_kind",
    "newspaper_id",
    "date",
    "page_number",
    "section",
    "published_at",
    "live_from",
    "number",
    "deadline_on",
)


def listed(snapshots: QuerySet[Snapshot], *more: str) -> Iterable[Json]:
    """The columns of `item_in_list` and those named; the large content stays in the database."""
    rows: Iterable[Json] = snapshots.values(*_LISTED, *more)
    return rows


def instant(at: datetime.datetime) -> str:
    """In the newspaper's own time, +08:00."""
    return timezone.localtime(at).isoformat(timespec="seconds")


def newspaper(paper: Paper, absolute: Absolute) -> Json:
    return {
        "slug": paper.slug,
        "name": paper.name,
        "self": absolute(reverse("api-newspaper", args=[paper.slug])),
        "url": absolute(paper.url),
    }


def item_in_list(row: Mapping[str, Any], paper: Paper, absolute: Absolute) -> Json:
    """What an article or a notice is and where it stands, without its text."""
    kind = "article" if row["article_id"] else "notice"
    pk = row["article_id"] or row["notice_id"]
    item: Json = {
        "type": kind,
        "id": pk,
        "self": absolute(reverse(f"api-{kind}", args=[pk])),
        "url": absolute(reverse(kind, args=[pk])),
        "title": row["title"],
        "summary": row["summary"],
        "newspaper": {"slug": paper.slug, "name": paper.name},
        "date": row["date"].isoformat(),
        "page": row["page_number"],
        "section": row["section"],
        "published": instant(row["published_at"]),
        "modified": instant(row["live_from"]),
        "revision": row["number"],
    }
    if kind == "notice":
        deadline = row["deadline_on"]
        item |= {"kind": row["notice_kind"], "deadline": deadline.isoformat() if deadline else None}
    return item


def item(snapshot: Any, paper: Paper, absolute: Absolute) -> Json:
    """The whole of it. `snapshot` carries `topics_there` and `people_there`: see `place.with_links`."""
    row = {name: getattr(snapshot, name) for name in _LISTED}
    place = [paper.slug, snapshot.date]
    where: Json = {
        "issue": absolute(reverse("api-issue", args=place)),
        "page_self": absolute(reverse("api-page", args=[*place, snapshot.page_number])),
        "position": snapshot.position,
    }
    where["corrections"] = [
        {"id": told.pk, "kind": told.kind, "text": told.text, "at": instant(told.at)}
        for told in corrections_of(snapshot)
    ]
    told = _article(snapshot, absolute) if snapshot.article_id else _notice(snapshot.content)
    return item_in_list(row, paper, absolute) | where | told


def _article(snapshot: Any, absolute: Absolute) -> Json:
    content = snapshot.content
    topics = sorted(snapshot.topics_there or (), key=lambda row: row["name"])
    people = sorted(snapshot.people_there or (), key=lambda row: row["pk"])
    return {
        "column": content["column"],
        "kicker": content["kicker"],
        "headline": content["headline"],
        "deck": content["deck"],
        "byline": content["byline"],
        "authors": [{"name": credit["name"], "role": credit["role"]} for credit in content.get("credits", ())],
        "contributors": [
            {"id": row["pk"], "name": row["name"], "self": absolute(reverse("api-contributor", args=[row["pk"]]))}
            for row in people
        ],
        "body": _body(content),
        "captions": content["captions"],
        "continued_from": content["continued_from"],
        "continued_on": content["continued_on"],
        "topics": [
            {"slug": row["slug"], "name": row["name"], "self": absolute(reverse("api-topic", args=[row["slug"]]))}
            for row in topics
        ],
    }


def _notice(content: Mapping[str, Any]) -> Json:
    fields = content["fields"]
    return {
        "heading": content["heading"],
        "body": _body(content),
        # Others were not made for readers.
        "fields": {name: fields[name] for name in NOTICE_FIELD_LABELS if fields.get(name)},
    }


def _body(content: Mapping[str, Any]) -> list[Json]:
    return [{"role": piece["role"], "text": piece["text"]} for piece in content["body"]]


def printing(one: Print, absolute: Absolute) -> Json:
    return {"url": absolute(one.url), "newspaper": one.paper, "date": one.date.isoformat(), "page": one.page_number}


def correction(one: Correction, absolute: Absolute) -> Json:
    return {
        "id": one.pk,
        "kind": one.get_kind_display(),
        "text": one.text,
        "at": instant(one.at),
        "items": [
            {
                "type": kind,
                "id": pk,
                "self": absolute(reverse(f"api-{kind}", args=[pk])),
                "url": absolute(reverse(kind, args=[pk])),
            }
            for kind, pk in subjects_of(one)
        ],
    }
