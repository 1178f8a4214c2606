"""Which page to correct next, and how far the work has come. Every question here is bounded, however large the archive.

The queue looks at the newest pages that wait, `WINDOW` of them, and sorts these by doubt: sorting the whole archive by
its findings would cost more with every year, and nobody corrects the thousandth page of a queue next.
"""

from __future__ import annotations

import datetime
import heapq
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Count
from django.utils import timezone

from articles.models import Act, Article, Finding, FindingState, HistoryEntry, Issue, Notice, Page, WorkState
from articles.people import display_name
from ingest.desk.claims import claims_on
from ingest.desk.presence import HERE
from ingest.models import DeskClaim, DeskPresence, DeskSave, NewReading, ReadingState

WINDOW = 300
ISSUES = 20
DAYS = 7
ENTRIES = 20_000
"""How many of the newest history entries and saves the progress of people is read from."""


@dataclass(frozen=True)
class Waiting:
    """A page that waits. `holder` has claimed it, `people` have it open now, the asking person not among them."""

    page: Page
    doubts: int
    items: int
    holder: User | None
    is_mine: bool
    people: tuple[str, ...]
    has_readings: bool

    @property
    def is_free(self) -> bool:
        return self.is_mine or (self.holder is None and not self.people)

    @property
    def holder_name(self) -> str:
        return display_name(self.holder) if self.holder else ""


def waiting(*, user: User) -> list[Waiting]:
    """The newest pages with items to be corrected: one's own first, then by doubt, the older of equals first."""
    ids = _newest_waiting()
    mine = list(DeskClaim.objects.filter(user=user).order_by("-at").values_list("page", flat=True)[:WINDOW])
    ids = list(dict.fromkeys([*ids, *_still_waiting(mine)]))
    claims = claims_on(ids)
    items = _counted(ids)
    doubts = _doubts(ids)
    people = _people(ids, user)
    new = set(NewReading.objects.filter(page__in=ids, state=ReadingState.OPEN).values_list("page", flat=True))
    found = [
        Waiting(
            page=page,
            doubts=doubts[page.pk],
            items=items[page.pk],
            holder=claims[page.pk].user if page.pk in claims else None,
            is_mine=page.pk in claims and claims[page.pk].user_id == user.pk,
            people=tuple(people.get(page.pk, ())),
            has_readings=page.pk in new,
        )
        for page in Page.objects.filter(pk__in=ids).select_related("issue__newspaper")
    ]
    return sorted(found, key=lambda row: (not row.is_mine, -row.doubts, row.page.pk))


def _newest_waiting() -> list[int]:
    """By index only: the items that wait stand in it by page, the newest first."""
    found: list[Iterable[int]] = []
    for model in (Article, Notice):
        rows = model._default_manager.filter(work_state=WorkState.IMPORTED).order_by("-page_id")
        found.append(rows.values_list("page_id", flat=True).distinct()[:WINDOW])
    return heapq.nlargest(WINDOW, set().union(*found))


def _still_waiting(pages: Collection[int]) -> list[int]:
    counted = _counted(pages)
    return [page for page in pages if counted[page]]


def _counted(pages: Collection[int]) -> Counter[int]:
    found: Counter[int] = Counter()
    for model in (Article, Notice):
        rows = model._default_manager.filter(page__in=pages, work_state=WorkState.IMPORTED).order_by()
        found.update(dict(rows.values_list("page").annotate(n=Count("pk"))))
    return found


def _doubts(pages: Collection[int]) -> Counter[int]:
    rows = Finding.objects.filter(page__in=pages, state=FindingState.OPEN).order_by().values_list("page")
    return Counter(dict(rows.annotate(n=Count("pk"))))


def _people(pages: Collection[int], user: User) -> dict[int, list[str]]:
    here = DeskPresence.objects.filter(page__in=pages, seen_at__gte=timezone.now() - HERE).exclude(user=user)
    found: dict[int, list[str]] = {}
    for row in here.select_related("user").order_by("pk"):
        name = display_name(row.user)
        if name not in found.setdefault(row.page_id, []):
            found[row.page_id].append(name)
    return found


def page_after(page: Page, *, user: User) -> Page | None:
    """The page that follows this one in the queue, of those that nobody else is at; after the last the first again."""
    rows = [row for row in waiting(user=user) if row.is_free and row.page.pk != page.pk]
    claim = DeskClaim.objects.filter(page=page, user=user).exists()
    doubts = Finding.objects.filter(page=page, state=FindingState.OPEN).count()
    here = (not claim, -doubts, page.pk)
    after = (row for row in rows if (not row.is_mine, -row.doubts, row.page.pk) > here)
    return next((row.page for row in after), rows[0].page if rows else None)


@dataclass(frozen=True)
class IssueProgress:
    issue: Issue
    done: int
    total: int
    pages_done: int
    pages: int


def progress_of_issues(pages: Iterable[Page]) -> list[IssueProgress]:
    """How far the newest issues among these pages have come, items and pages."""
    issues = {page.issue_id: page.issue for page in pages}
    newest = sorted(issues, reverse=True)[:ISSUES]
    states: dict[int, Counter[str]] = {issue: Counter() for issue in newest}
    open_pages: dict[int, set[int]] = {issue: set() for issue in newest}
    for model in (Article, Notice):
        rows = model._default_manager.filter(page__issue__in=newest).exclude(work_state=WorkState.DISSOLVED).order_by()
        counted = rows.values_list("page__issue", "page", "work_state").annotate(n=Count("pk"))
        for issue, page, state, number in counted:
            states[issue][state] += number
            if state == WorkState.IMPORTED:
                open_pages[issue].add(page)
    count = dict(Page.objects.filter(issue__in=newest).order_by().values_list("issue").annotate(n=Count("pk")))
    return [
        IssueProgress(
            issues[each],
            states[each][WorkState.CORRECTED],
            states[each].total(),
            count[each] - len(open_pages[each]),
            count[each],
        )
        for each in newest
    ]


@dataclass(frozen=True)
class PersonProgress:
    name: str
    saves: int
    saves_today: int
    corrected: int
    corrected_today: int


def progress_of_people() -> list[PersonProgress]:
    """What each has saved on the desk and read to the end, today and in the last days."""
    now = timezone.now()
    since = now - datetime.timedelta(days=DAYS)
    today = timezone.localdate(now)
    saves, corrected = (Counter[tuple[int, bool]]() for _ in range(2))
    newest_save = DeskSave.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    newest_entry = HistoryEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    made = DeskSave.objects.filter(pk__gt=newest_save - ENTRIES, at__gte=since).order_by()
    read = HistoryEntry.objects.filter(pk__gt=newest_entry - ENTRIES, at__gte=since, act=Act.CORRECTED).order_by()
    for rows, counter in ((made, saves), (read, corrected)):
        for actor, at in rows.values_list("actor", "at"):
            counter[actor, timezone.localdate(at) == today] += 1
    people = User.objects.in_bulk({actor for actor, _ in (*saves, *corrected)})
    return [
        PersonProgress(
            display_name(user),
            saves[pk, True] + saves[pk, False],
            saves[pk, True],
            corrected[pk, True] + corrected[pk, False],
            corrected[pk, True],
        )
        for pk, user in sorted(people.items(), key=lambda row: -(corrected[row[0], True] + corrected[row[0], False]))
    ]
