"""What each endpoint answers. A function takes the parameters asked for, a maker of absolute addresses, and the parts
of its path; it returns data or raises `Problem`."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from articles.models import Issue, Snapshot, Topic, Withdrawal
from articles.public.api import rows
from articles.public.api.problems import Problem
from articles.public.api.rows import Absolute, Json
from articles.public.contributors import contributions_of, public_contributor, public_contributors
from articles.public.corrections import public_corrections
from articles.public.linked import Links, newest, snapshots_at
from articles.public.notices import live_notices, prints_of
from articles.public.paging import Cursor
from articles.public.place import live_item, with_links
from articles.public.reading import (
    Paper,
    PublicPaper,
    all_papers,
    issue_beside,
    live_issues,
    public_paper,
    public_papers,
)
from articles.public.topics import links_of, public_topic, topics_in_motion

Asked = Mapping[str, Any]


def _page(items: list[Json], asked: Asked, path: str, absolute: Absolute, **after: object) -> Json:
    """A page of a list. `after` is the parameter that leads to the next page, None on the last."""
    [(name, place)] = after.items()
    kept = {key: value for key, value in asked.items() if value is not None and key not in {"before", "after"}}
    following = absolute(f"{path}?{urlencode({**kept, name: place})}") if place else None
    return {"items": items, "next": following}


def _cut(found: Sequence[Any], limit: int) -> tuple[Sequence[Any], bool]:
    return found[:limit], len(found) > limit


def _paper(slug: str, papers: Sequence[Paper]) -> Paper:
    named = next((paper for paper in papers if paper.slug == slug), None)
    if named is None:
        raise Problem(400, "没有这份报纸", parameter="newspaper")
    return named


def _dated(found: QuerySet[Any], asked: Asked) -> QuerySet[Any]:
    if asked["since"]:
        found = found.filter(date__gte=asked["since"])
    if asked["until"]:
        found = found.filter(date__lte=asked["until"])
    if asked["before"]:
        found = found.filter(asked["before"].older())
    return found


_LISTS = ("newspapers", "issues", "articles", "notices", "topics", "contributors", "corrections")


def root(asked: Asked, absolute: Absolute) -> Json:
    names = {name: name for name in _LISTS} | {"search": "search", "bulk": "bulk-list", "openapi": "openapi"}
    return {"version": "1", "links": {link: absolute(reverse(f"api-{name}")) for link, name in names.items()}}


# Newspapers, issues, pages


def _newspaper(found: PublicPaper, absolute: Absolute) -> Json:
    return rows.newspaper(found.paper, absolute) | {
        "description": found.row.description,
        "first": found.first.isoformat(),
        "last": found.last.isoformat(),
        "feed": absolute(reverse("feed", args=[found.row.slug])),
    }


def newspapers(asked: Asked, absolute: Absolute) -> Json:
    return {"items": [_newspaper(found, absolute) for found in public_papers()], "next": None}


def newspaper(asked: Asked, absolute: Absolute, newspaper: str) -> Json:
    found = public_paper(newspaper)
    if found is None:
        raise Problem(404, "没有这份报纸")
    return _newspaper(found, absolute)


def _issue(paper: Paper, date: datetime.date, number: str, pk: int, absolute: Absolute) -> Json:
    return {
        "id": pk,
        "self": absolute(reverse("api-issue", args=[paper.slug, date])),
        "url": absolute(reverse("issue", args=[paper.slug, date])),
        "newspaper": {"slug": paper.slug, "name": paper.name},
        "date": date.isoformat(),
        "number": number,
    }


def issues(asked: Asked, absolute: Absolute) -> Json:
    papers = all_papers()
    found = _dated(live_issues(), asked).order_by("-date", "-pk")
    if asked["newspaper"]:
        found = found.filter(newspaper=_paper(asked["newspaper"], papers).pk)
    by_pk = {paper.pk: paper for paper in papers}
    told = found.values_list("pk", "newspaper", "date", "number")[: asked["limit"] + 1]
    shown, is_cut = _cut(list(told), asked["limit"])
    items = [_issue(by_pk[paper], date, number, pk, absolute) for pk, paper, date, number in shown]
    before = Cursor(shown[-1][2], shown[-1][0]) if is_cut else None
    return _page(items, asked, reverse("api-issues"), absolute, before=before)


def _live_issue(newspaper: str, date: datetime.date) -> tuple[Issue, Paper]:
    found = live_issues().filter(newspaper__slug=newspaper, date=date).select_related("newspaper").first()
    if found is None or found.newspaper is None:
        raise Problem(404, "没有这一期，或者还没有见报")
    return found, Paper(found.newspaper.pk, found.newspaper.name, newspaper)


def issue(asked: Asked, absolute: Absolute, newspaper: str, date: datetime.date) -> Json:
    found, paper = _live_issue(newspaper, date)
    live = rows.listed(Snapshot.objects.live().filter(issue=found).in_page_order())
    pages = []
    for number, group in groupby(live, key=lambda row: int(row["page_number"])):
        mine = list(group)
        pages.append(
            {
                "number": number,
                "section": next((row["section"] for row in mine if row["section"]), ""),
                "self": absolute(reverse("api-page", args=[newspaper, date, number])),
                "url": absolute(reverse("page", args=[newspaper, date, number])),
                "items": [rows.item_in_list(row, paper, absolute) for row in mine],
            }
        )
    beside = {}
    for name, later in (("previous", False), ("next", True)):
        link = issue_beside(paper, date, later=later)
        beside[name] = absolute(reverse("api-issue", args=[newspaper, link.date])) if link else None
    told = _issue(paper, date, found.number, found.pk, absolute)
    return {**told, "expected_pages": found.expected_pages, "pages": pages, **beside}


def page(asked: Asked, absolute: Absolute, newspaper: str, date: datetime.date, number: int) -> Json:
    found, paper = _live_issue(newspaper, date)
    live = Snapshot.objects.live().filter(issue=found, page_number=number).in_page_order()
    items = list(with_links(live))
    if not items:
        raise Problem(404, "这一期没有这一版，或者还没有见报")
    return {
        "self": absolute(reverse("api-page", args=[newspaper, date, number])),
        "url": absolute(reverse("page", args=[newspaper, date, number])),
        "issue": absolute(reverse("api-issue", args=[newspaper, date])),
        "newspaper": {"slug": paper.slug, "name": paper.name},
        "date": date.isoformat(),
        "number": number,
        "section": next((snapshot.section for snapshot in items if snapshot.section), ""),
        "items": [rows.item(snapshot, paper, absolute) for snapshot in items],
    }


# Articles and notices


def _items(found: QuerySet[Snapshot], asked: Asked, papers: Sequence[Paper], path: str, absolute: Absolute) -> Json:
    by_pk = {paper.pk: paper for paper in papers}
    shown, is_cut = _cut(list(rows.listed(found[: asked["limit"] + 1])), asked["limit"])
    items = [rows.item_in_list(row, by_pk[row["newspaper_id"]], absolute) for row in shown]
    before = Cursor(shown[-1]["date"], shown[-1]["pk"]) if is_cut else None
    return _page(items, asked, path, absolute, before=before)


def articles(asked: Asked, absolute: Absolute) -> Json:
    papers = all_papers()
    found = _dated(Snapshot.objects.live().articles(), asked).order_by("-date", "-pk")
    if asked["newspaper"]:
        found = found.filter(newspaper=_paper(asked["newspaper"], papers).pk)
    return _items(found, asked, papers, reverse("api-articles"), absolute)


def notices(asked: Asked, absolute: Absolute) -> Json:
    """Every printing by itself: who wants a notice once has `printings` on each."""
    papers = all_papers()
    found = _dated(live_notices(), asked)
    if asked["newspaper"]:
        found = found.filter(newspaper=_paper(asked["newspaper"], papers).pk)
    if asked["kind"]:
        found = found.filter(notice_kind=asked["kind"])
    return _items(found, asked, papers, reverse("api-notices"), absolute)


def _item(key: str, pk: int, absolute: Absolute) -> tuple[Snapshot, Json]:
    found = live_item(key, pk)
    if found is not None:
        paper = Paper(found.newspaper.pk, found.newspaper.name, found.newspaper.slug)
        return found, rows.item(found, paper, absolute)
    withdrawal = Withdrawal.objects.in_force().filter(**{key: pk}).first()
    if withdrawal is not None:
        raise Problem(410, withdrawal.reason, withdrawn=rows.instant(withdrawal.at))
    raise Problem(404, "没有这一条，或者还没有见报")


def article(asked: Asked, absolute: Absolute, pk: int) -> Json:
    return _item("article", pk, absolute)[1]


def notice(asked: Asked, absolute: Absolute, pk: int) -> Json:
    found, told = _item("notice", pk, absolute)
    prints = prints_of([found.pk]).get(found.pk, ())
    return told | {"printings": [rows.printing(one, absolute) for one in prints]}


# Topics and contributors


def _linked(links: Links, asked: Asked, path: str, absolute: Absolute) -> Json:
    found, is_cut = _cut(newest(links, asked["limit"] + 1, asked["before"]), asked["limit"])
    by_pk = {paper.pk: paper for paper in all_papers()}
    told = rows.listed(snapshots_at(list(found)))
    items = [rows.item_in_list(row, by_pk[row["newspaper_id"]], absolute) for row in told]
    return _page(items, asked, path, absolute, before=Cursor(*found[-1]) if is_cut else None)


def _topic(found: Topic, absolute: Absolute) -> Json:
    return {
        "slug": found.slug,
        "name": found.name,
        "description": found.description,
        "self": absolute(reverse("api-topic", args=[found.slug])),
        "url": absolute(found.get_absolute_url()),
        "articles": absolute(reverse("api-topic-articles", args=[found.slug])),
        "feed": absolute(reverse("topic-feed", args=[found.slug])),
    }


def topics(asked: Asked, absolute: Absolute) -> Json:
    """Topics in use that have something to read, those with the newest first."""
    return {"items": [_topic(found, absolute) for found in topics_in_motion()], "next": None}


def _public_topic(slug: str) -> Topic:
    found = public_topic(slug)
    if found is None:
        raise Problem(404, "没有这个专题")
    return found


def topic(asked: Asked, absolute: Absolute, slug: str) -> Json:
    return _topic(_public_topic(slug), absolute)


def topic_articles(asked: Asked, absolute: Absolute, slug: str) -> Json:
    path = reverse("api-topic-articles", args=[slug])
    return _linked(links_of(_public_topic(slug)), asked, path, absolute)


def _contributor(pk: int, name: str, absolute: Absolute) -> Json:
    return {
        "id": pk,
        "name": name,
        "self": absolute(reverse("api-contributor", args=[pk])),
        "url": absolute(reverse("contributor", args=[pk])),
        "articles": absolute(reverse("api-contributor-articles", args=[pk])),
        "feed": absolute(reverse("contributor-feed", args=[pk])),
    }


def contributors(asked: Asked, absolute: Absolute) -> Json:
    found = public_contributors().order_by("pk")
    if asked["after"]:
        found = found.filter(pk__gt=asked["after"])
    shown, is_cut = _cut(list(found.values_list("pk", "name")[: asked["limit"] + 1]), asked["limit"])
    items = [_contributor(pk, name, absolute) for pk, name in shown]
    return _page(items, asked, reverse("api-contributors"), absolute, after=shown[-1][0] if is_cut else None)


def contributor(asked: Asked, absolute: Absolute, pk: int) -> Json:
    found = public_contributor(pk)
    if found is None:
        raise Problem(404, "没有这位作者，或者没有见报的稿件")
    return _contributor(found.pk, found.name, absolute)


def contributor_articles(asked: Asked, absolute: Absolute, pk: int) -> Json:
    found = public_contributor(pk)
    if found is None:
        raise Problem(404, "没有这位作者，或者没有见报的稿件")
    return _linked(contributions_of(found), asked, reverse("api-contributor-articles", args=[pk]), absolute)


def corrections(asked: Asked, absolute: Absolute) -> Json:
    """In the order they came, newest first: numbers are given in that order."""
    found = public_corrections().order_by("-pk")
    if asked["before"]:
        found = found.filter(pk__lt=asked["before"])
    shown, is_cut = _cut(list(found[: asked["limit"] + 1]), asked["limit"])
    items = [rows.correction(one, absolute) for one in shown]
    return _page(items, asked, reverse("api-corrections"), absolute, before=shown[-1].pk if is_cut else None)


# Everything of a year at once


def bulk(asked: Asked, absolute: Absolute) -> Json:
    items = [
        {
            "newspaper": {"slug": found.row.slug, "name": found.row.name},
            "year": year,
            "url": absolute(reverse("api-bulk", args=[found.row.slug, year])),
        }
        for found in public_papers()
        for year in found.years
    ]
    return {"items": items, "next": None}
