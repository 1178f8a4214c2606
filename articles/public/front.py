"""What the front page shows: the latest issue of each newspaper, the latest notices, topics in motion."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.urls import reverse

from articles.models import Topic
from articles.prepared import Prepared, Rows
from articles.public.layout import PageOfEntries, pages_of
from articles.public.notices import live_notices, once
from articles.public.reading import ALL_PAPERS, LATEST, Entry, Paper, entry_rows, papers_from, rows_as_entries
from articles.public.sheet import lead_first
from articles.public.topics import Moving, as_moving, topics_with_stories

_PAPERS = 12
_NOTICES = 8
_TOPICS = 16
_MOVING = 5
_SECONDS = 3
_PER_PAGE = 5
_MORE_PAGES = 12


@dataclass(frozen=True, slots=True)
class FrontPageOfIssue:
    """A page of an issue on the front page: its weightiest headlines, and how many more there are."""

    page: PageOfEntries
    headlines: tuple[Entry, ...]
    more: int


@dataclass(frozen=True, slots=True)
class LatestIssue:
    paper: Paper
    date: datetime.date
    opening: PageOfEntries | None
    lead: Entry | None
    seconds: tuple[Entry, ...]
    pages: tuple[FrontPageOfIssue, ...]

    @property
    def url(self) -> str:
        return reverse("issue", args=[self.paper.slug, self.date])


@dataclass(frozen=True, slots=True)
class Front:
    issues: Sequence[LatestIssue]
    """Latest first."""
    papers: Sequence[Paper]
    notices: Sequence[Entry]
    topics: Sequence[Moving]
    """Those with the newest stories first."""

    @property
    def moving(self) -> Sequence[Moving]:
        """Those that are told with their newest story."""
        return self.topics[:_MOVING]

    @property
    def other_topics(self) -> Sequence[Moving]:
        return self.topics[_MOVING:]


def latest_issue(entries: Sequence[Entry]) -> LatestIssue:
    """The lead and the seconds come from the first page that has articles; they are not told twice."""
    pages = pages_of(entries)
    opening = next((page for page in pages if page.articles), None)
    told = lead_first(opening.articles)[: 1 + _SECONDS] if opening else []
    return LatestIssue(
        paper=entries[0].paper,
        date=entries[0].date,
        opening=opening,
        lead=told[0] if told else None,
        seconds=tuple(told[1:]),
        pages=tuple(
            _headlines(page, told)
            for page in pages[:_MORE_PAGES]
            if page is not opening or len(page.entries) > len(told)
        ),
    )


def _headlines(page: PageOfEntries, told: Sequence[Entry]) -> FrontPageOfIssue:
    left = [entry for entry in page.by_weight if entry not in told] + page.notices
    return FrontPageOfIssue(page, tuple(left[:_PER_PAGE]), max(0, len(left) - _PER_PAGE))


def front_rows() -> tuple[Rows, ...]:
    """All that the database says for the front page: four queries, whatever the archive's size."""
    return tuple(ask.rows() for ask in (ALL_PAPERS, LATEST, _LATEST_NOTICES, _MOVING_TOPICS))


def front_page(rows: tuple[Rows, ...]) -> Front:
    """What `front_rows` say. No query."""
    named, latest, notices, moving = rows
    papers = papers_from(named)
    entries = rows_as_entries(LATEST.made(latest), papers)
    by_issue = groupby(sorted(entries, key=lambda entry: entry.issue_id), key=lambda entry: entry.issue_id)
    issues = sorted(
        (latest_issue(list(group)) for _, group in by_issue), key=lambda one: (-one.date.toordinal(), one.paper.name)
    )
    return Front(
        issues=issues[:_PAPERS],
        papers=[one.paper for one in issues],
        notices=rows_as_entries(_LATEST_NOTICES.made(notices), papers),
        topics=as_moving(_MOVING_TOPICS.made(moving)),
    )


_LATEST_NOTICES: Prepared[Any] = Prepared(lambda: entry_rows(once(live_notices())[:_NOTICES]))
_MOVING_TOPICS: Prepared[Topic] = Prepared(lambda: topics_with_stories(_TOPICS))
