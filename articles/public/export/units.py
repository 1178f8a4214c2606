"""What a copy is made of: units, each with the addresses it starts from and a state that changes when it has to be made
anew. A state is told from the rows a unit shows, without making a page."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from django.db.models import Q
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
from articles.public.reading import Paper, issue_beside, live_issues, public_papers
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
    r"/(?:[anct]/|p/[-\w]+/(?:\d{4}-\d\d-\d\d/|\d{4}/$|sitemap-\d{4}\.xml$)|static/)|" + re.escape(TITLES) + ".",
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
    for issue in issues.iterator(chunk_size=500):
        if issue.newspaper is None or issue.date is None:
            continue
        paper = Paper(issue.newspaper.pk, issue.newspaper.name, issue.newspaper.slug)
        unit = _issue(issue, paper, digest(look, issue.date >= indexed))
        year = years.setdefault((paper.slug, issue.date.year), hashlib.sha256(look.encode()))
        year.update(unit.state.encode())
        days.setdefault(str(MonthDay.of(issue.date)), []).append(unit.state)
        yield unit
    for found in public_papers():
        slug = found.row.slug
        for number in found.years:
            known = years.get((slug, number), hashlib.sha256(look.encode())).hexdigest()
            mine = [_address(name, slug, number) for name in ("year", "sitemap-year")]
            state = digest(known, found.first.year, found.last.year)
            yield Unit(f"year:{slug}:{number}", (*mine, titles_address(slug, number)), _never, state)
    for day in DAYS:
        yield Unit(f"day:{day}", (_address("on-this-day", day),), _never, digest(look, days.get(day)))
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


def _address(name: str, *parts: Any) -> str:
    """As it is read, not as it is sent: in Chinese where it is Chinese."""
    return unquote(reverse(name, args=parts))


def _linked(name: str, key: str | int, links: Links, told: str) -> Unit:
    start = _address(name, key)
    state = digest(told, list(links.order_by("-date", "-snapshot").values_list("snapshot", flat=True)))
    starts = (start, _address(f"{name}-feed", key))
    return Unit(f"{name}:{key}", starts, lambda address: address.startswith(start), state)


def _issue(issue: Issue, paper: Paper, told: str) -> Unit:
    rows = list(Snapshot.objects.live().filter(issue=issue).order_by("pk").values_list("pk", "article", "notice"))
    live = [pk for pk, _, _ in rows]
    articles, notices = [a for _, a, _ in rows if a], [n for _, _, n in rows if n]
    topics = SnapshotTopic.objects.filter(snapshot__in=live).order_by("pk")
    people = SnapshotContributor.objects.filter(snapshot__in=live).order_by("pk")
    subjects = CorrectionSubject.objects.filter(
        Q(article__in=articles) | Q(notice__in=notices), correction__in=Correction.objects.in_force()
    )
    series = Printing.objects.filter(notice__in=notices, series__isnull=False).values("series")
    repeats = Snapshot.objects.live().filter(notice__printing__series__in=series).order_by("pk")
    state = digest(
        told,
        rows,
        (paper, issue.date, issue.number, issue.expected_pages),
        list(topics.values_list("snapshot", "topic__name", "topic__slug", "topic__state")),
        list(people.values_list("snapshot", "contributor", "contributor__name")),
        list(subjects.order_by("pk").values_list("pk", flat=True)),
        list(repeats.values_list("pk", flat=True)) if notices else [],
        [issue_beside(paper, issue.date, later=later) for later in (False, True)] if issue.date else [],
    )
    start = _address("issue", paper.slug, issue.date)
    mine: tuple[str, ...] = (start, *(f"/a/{pk}/" for pk in articles), *(f"/n/{pk}/" for pk in notices))
    return Unit(f"issue:{issue.pk}", mine, lambda address: address.startswith(mine), state)
