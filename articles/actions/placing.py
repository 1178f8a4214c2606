"""Saying which newspaper, date and page number a page is: 核定日期版次."""

from __future__ import annotations

import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from articles import history
from articles.errors import ActionRefused
from articles.models import Act, DateState, Issue, Newspaper, Page, Snapshot


@transaction.atomic
def place_page(
    *,
    page: Page,
    newspaper: Newspaper,
    date: datetime.date,
    number: int | None,
    section: str,
    actor: User,
    reason: str = "",
    basis: str = "编辑核定",
) -> Page:
    """Put the page into the issue of that newspaper and day, making the issue where there is none.

    The undated issue it leaves is removed when nothing else is in it; its history stays. Refused while something of
    the page is public or scheduled under another date or number, because readers have been told where it stood.
    """
    page = Page.objects.select_for_update(of=("self",)).select_related("issue__newspaper").get(pk=page.pk)
    old = page.issue
    before = {
        "newspaper": old.newspaper.name if old.newspaper else "",
        "date": old.date.isoformat() if old.date else "",
        "date_state": old.date_state,
        "number": page.number,
        "section": page.section,
    }
    moves = (old.newspaper_id, old.date, page.number) != (newspaper.pk, date, number)
    if moves and _public_on(page).exists():
        raise ActionRefused("本版有稿件已经见报或定时见报：先撤下，再改日期或版次。")
    issue = _issue_for(newspaper=newspaper, date=date, old=old, page=page, basis=basis, actor=actor)
    clash = Page.objects.filter(issue=issue, number=number).exclude(pk=page.pk).first() if number else None
    if clash is not None:
        raise ActionRefused(f"{newspaper.name} {date:%Y-%m-%d} 已经有第{number}版（{clash.section or '无版名'}）。")
    page.issue, page.number, page.section = issue, number, section.strip()
    page.version += 1
    page.save(update_fields=["issue", "number", "section", "version"])
    history.record(page, Act.PLACED, actor=actor, reason=reason, before=before, new_version=True)
    if old.pk != issue.pk and not old.pages.exists() and not old.snapshots.exists():
        history.record(old, Act.DELETED, actor=actor, reason=f"并入 {issue}")
        old.delete()
    return page


def _public_on(page: Page) -> QuerySet[Snapshot]:
    return Snapshot.objects.filter(
        Q(article__page=page) | Q(notice__page=page),
        Q(live_until__isnull=True) | Q(live_until__gt=timezone.now()),
    )


def _issue_for(*, newspaper: Newspaper, date: datetime.date, old: Issue, page: Page, basis: str, actor: User) -> Issue:
    """The confirmed issue of that day: the existing one, or the page's own undated one now dated, or a new one."""
    found = (
        Issue.objects.select_for_update().filter(newspaper=newspaper, date=date, date_state=DateState.CONFIRMED).first()
    )
    if found is not None:
        return found
    alone = old.date_state != DateState.CONFIRMED and not old.pages.exclude(pk=page.pk).exists()
    issue = old if alone else Issue(expected_pages=newspaper.expected_pages)
    issue.newspaper, issue.date = newspaper, date
    issue.date_state, issue.date_basis = DateState.CONFIRMED, basis
    issue.save()
    history.record(issue, Act.PLACED, actor=actor, reason=basis)
    return issue
