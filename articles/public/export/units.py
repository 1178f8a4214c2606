"""What a copy is made of: units, each with the addresses it starts from and a state that changes when it has to be made
anew. A state is told from the rows a unit shows, without making a page."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any
from urllib.parse import unquote

from django.db.models import Q, QuerySet
from django.urls import reverse

from articles.models import (
    Correction,
    CorrectionSubject,
    Issue,
    Printing,
    Snapshot,
    SnapshotContributor,
    SnapshotTopic,
    Withdrawal,
)
from articles.public.contributors import contributions_of, public_contributors
from articles.public.days import MonthDay
from articles.public.export.addresses import TITLES, titles_address
from articles.public.linked import Links
from articles.public.notices import indexed_since
from articles.public.reading import live_issues, public_papers
from articles.public.topics import links_of, public_topics


@dataclass(frozen=True, slots=True)
class Unit:
    name: str
    starts: tuple[str, ...]
    owns: Callable[[str], bool]
    """Whether a linked address is of this unit, so that its page is made with it."""
    state: str
    """Empty for what is made anew every time."""
    is_gone: bool = False
    """Whether the site says 410 at these addresses."""


DAYS = [str(MonthDay.of(datetime.date(2000, 1, 1) + datetime.timedelta(n))) for n in range(366)]


def digest(*parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, default=str).encode()).hexdigest()


_BY_OTHERS = re.compile(
    r"/(?:[anct]/|on/|p/[-\w]+/(?:\d{4}-\d\d-\d\d/|\d{4}/$|sitemap-\d{4}-\d\d\.xml$)|static/)|"
    + re.escape(TITLES)
    + ".",
    re.ASCII,
)


def units(look: str) -> Iterator[Unit]:
    """All of them, those that others link to first. `look` is the state of everything that all pages share."""
    for gone in Withdrawal.objects.in_force().order_by("pk"):
        kind, pk = ("article", gone.article_id) if gone.article_id else ("notice", gone.notice_id)
        state = digest(look, gone.pk, gone.reason, gone.at)
        yield Unit(f"gone:{kind}:{pk}", (_address(kind, pk),), _never, state, is_gone=True)
    years: dict[tuple[str, int], Any] = {}
    days: dict[str, list[str]] = {}
    indexed = indexed_since()
    issues = live_issues().select_related("newspaper").order_by("date", "pk")
    beside = _beside(issues)
    for some in _batches(issues.iterator(chunk_size=_ISSUES)):
        rows = _told(some)
        for issue in some:
            if issue.newspaper is None or issue.date is None:
                continue
            slug = issue.newspaper.slug
            around = (issue.newspaper.name, slug, issue.date, issue.number, issue.expected_pages, beside[issue.pk])
            unit = _issue(slug, issue, rows[issue.pk], digest(look, issue.date >= indexed, around))
            year = years.setdefault((slug, issue.date.year), hashlib.sha256(look.encode()))
            year.update(unit.state.encode())
            days.setdefault(str(MonthDay.of(issue.date)), []).append(unit.state)
            yield unit
    for found in public_papers():
        slug = found.row.slug
        for number in found.years:
            known = years.get((slug, number), hashlib.sha256(look.encode())).hexdigest()
            months = [_address("sitemap-month", slug, month) for month in found.months if month.year == number]
            mine = (_address("year", slug, number), *months, titles_address(slug, number))
            state = digest(known, found.first.year, found.last.year, months)
            yield Unit(f"year:{slug}:{number}", mine, _never, state)
    for day in DAYS:
        start = _address("on-this-day", day)
        yield Unit(f"day:{day}", (start,), partial(_begins, start), digest(look, days.get(day)))
    for topic in public_topics().order_by("pk"):
        told = digest(look, topic.name, topic.slug, topic.description, topic.state)
        yield _linked("topic", topic.slug, links_of(topic), told)
    for person in public_contributors().order_by("pk"):
        told = digest(look, person.name)
        yield _linked("contributor", person.pk, contributions_of(person), told)
    names = ("front", "robots", "sitemap", "sitemap-site", "sitemap-news", "notices-feed", "open-notices", "about")
    yield Unit("top", (*map(_address, names), TITLES), lambda address: not _BY_OTHERS.match(address), "")


def _never(address: str) -> bool:
    return False


def _begins(start: str, address: str) -> bool:
    return address.startswith(start)


def _address(name: str, *parts: Any) -> str:
    """As it is read, not as it is sent: in Chinese where it is Chinese."""
    return unquote(reverse(name, args=parts))


def _linked(name: str, key: str | int, links: Links, told: str) -> Unit:
    start = _address(name, key)
    state = digest(told, list(links.order_by("-date", "-snapshot").values_list("snapshot", flat=True)))
    starts = (start, _address(f"{name}-feed", key))
    return Unit(f"{name}:{key}", starts, partial(_begins, start), state)


_ISSUES = 100
"""Issues whose rows are read together."""


def _batches(issues: Iterator[Issue]) -> Iterator[list[Issue]]:
    while some := list(islice(issues, _ISSUES)):
        yield some


def _beside(issues: QuerySet[Issue]) -> dict[int, list[Any]]:
    """What each issue's page leads to on both sides: 上一期 and 下一期."""
    found: dict[int, list[Any]] = {}
    last: dict[int | None, tuple[int, Any]] = {}
    for pk, paper, date, number in issues.values_list("pk", "newspaper", "date", "number").iterator():
        found[pk] = []
        if paper in last:
            before, told = last[paper]
            found[before].append((date, number))
            found[pk].append(told)
        last[paper] = (pk, (date, number))
    return found


@dataclass(slots=True)
class _Told:
    """What the pages of an issue are made from."""

    articles: list[int] = field(default_factory=list)
    notices: list[int] = field(default_factory=list)
    rows: list[tuple[Any, ...]] = field(default_factory=list)


def _told(issues: Sequence[Issue]) -> dict[int, _Told]:
    """Of each of these issues: six queries for all of them."""
    told = {issue.pk: _Told() for issue in issues}
    issue_of: dict[tuple[str, int], int] = {}
    live = Snapshot.objects.live().filter(issue__in=told)
    for issue, pk, article, notice in live.order_by("pk").values_list("issue", "pk", "article", "notice"):
        one = told[issue]
        one.rows.append((pk, article, notice))
        (one.articles if article else one.notices).append(article or notice)
        issue_of["article" if article else "notice", article or notice] = issue
    articles, notices = live.filter(article__isnull=False), live.filter(notice__isnull=False)

    shown = live.values("pk")
    topics = SnapshotTopic.objects.filter(snapshot__in=shown).order_by("pk")
    people = SnapshotContributor.objects.filter(snapshot__in=shown).order_by("pk")
    names = ("snapshot__issue", "snapshot")
    for row in topics.values_list(*names, "topic__name", "topic__slug", "topic__state"):
        told[row[0]].rows.append(row)
    for row in people.values_list(*names, "contributor", "contributor__name"):
        told[row[0]].rows.append(row)

    of_these = Q(article__in=articles.values("article")) | Q(notice__in=notices.values("notice"))
    subjects = CorrectionSubject.objects.filter(of_these, correction__in=Correction.objects.in_force())
    for pk, article, notice in subjects.order_by("pk").values_list("pk", "article", "notice"):
        told[issue_of["article", article] if article else issue_of["notice", notice]].rows.append(("corrected", pk))

    in_series = Printing.objects.filter(notice__in=notices.values("notice"), series__isnull=False)
    issues_of: dict[int | None, set[int]] = {}
    for notice, series in in_series.values_list("notice", "series"):
        issues_of.setdefault(series, set()).add(issue_of["notice", notice])
    repeats = Snapshot.objects.live().filter(notice__printing__series__in=list(issues_of)).order_by("pk")
    for series, pk in repeats.values_list("notice__printing__series", "pk"):
        for issue in issues_of[series]:
            told[issue].rows.append(("repeated", series, pk))
    return told


def _issue(slug: str, issue: Issue, told: _Told, shared: str) -> Unit:
    items = (*(f"/a/{pk}/" for pk in told.articles), *(f"/n/{pk}/" for pk in told.notices))
    mine: tuple[str, ...] = (_address("issue", slug, issue.date), *items)
    state = digest(shared, told.rows)
    return Unit(f"issue:{issue.pk}", mine, lambda address: address.startswith(mine), state)
