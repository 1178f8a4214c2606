"""Saying which newspaper, date and page number a page is: 核定日期版次."""

from __future__ import annotations

import datetime

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from articles import history
from articles.actions.locks import locked_page
from articles.actions.signing import void_signatures
from articles.content import clean_line, is_storable
from articles.errors import ActionRefused
from articles.models import Act, AnyItem, Article, DateState, Issue, Newspaper, Notice, Page, Snapshot


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
    Saying what is already so changes nothing and writes no history.
    """
    section = clean_line(section)
    _check(number=number, section=section, basis=basis)
    page = locked_page(page.pk)
    old = page.issue
    was = (old.newspaper_id, old.date, page.number)
    if was != (newspaper.pk, date, number) and _is_public(page):
        raise ActionRefused("本版有稿件已经见报或定时见报：先撤下，再改日期或版次。")
    if (*was, page.section, old.date_state) == (newspaper.pk, date, number, section, DateState.CONFIRMED):
        return page
    before = {**_placing(old), "number": page.number, "section": page.section}
    issue = _issue_for(newspaper=newspaper, date=date, page=page, basis=basis, actor=actor)
    clash = Page.objects.filter(issue=issue, number=number).exclude(pk=page.pk).first() if number else None
    if clash is not None:
        raise ActionRefused(f"{newspaper.name} {date:%Y-%m-%d} 已经有第{number}版（{clash.section or '无版名'}）。")
    void_signatures(items=_items_of(page), actor=actor, why="报纸、日期、版次或版名有变")
    page.issue, page.number, page.section = issue, number, section
    page.version += 1
    page.save(update_fields=["issue", "number", "section", "version"])
    history.record(page, Act.PLACED, actor=actor, reason=reason, before=before, new_version=True)
    if old.pk != issue.pk and not old.pages.exists() and not old.snapshots.exists():
        history.record(old, Act.DELETED, actor=actor, reason=f"并入 {issue}", before=_all_of(old))
        old.delete()
    return page


def _check(*, number: int | None, section: str, basis: str) -> None:
    if number is not None and not 1 <= number <= 999:
        raise ActionRefused("版次须在 1 到 999 之间。")
    for name, text, limit in (("版名", section, 40), ("日期依据", basis, 60)):
        if len(text) > limit or not is_storable(text):
            raise ActionRefused(f"{name}不能超过 {limit} 字，也不能有控制字符。")


def _items_of(page: Page) -> list[AnyItem]:
    found: list[AnyItem] = [*Article.objects.filter(page=page), *Notice.objects.filter(page=page)]
    for item in found:
        item.page = page
    return found


def _is_public(page: Page) -> bool:
    on_page = Snapshot.objects.filter(Q(article__page=page) | Q(notice__page=page))
    now = timezone.now()
    return on_page.live(now).exists() or on_page.scheduled(now).exists()


def _placing(issue: Issue) -> dict[str, str]:
    return {
        "newspaper": issue.newspaper.name if issue.newspaper else "",
        "date": issue.date.isoformat() if issue.date else "",
        "date_state": issue.date_state,
    }


def _all_of(issue: Issue) -> dict[str, str | int | None]:
    return {
        **_placing(issue),
        "date_basis": issue.date_basis,
        "date_not_before": issue.date_not_before.isoformat() if issue.date_not_before else "",
        "number": issue.number,
        "expected_pages": issue.expected_pages,
    }


def _issue_for(*, newspaper: Newspaper, date: datetime.date, page: Page, basis: str, actor: User) -> Issue:
    """The confirmed issue of that day: the existing one, or the page's own undated one now dated, or a new one."""
    found = _locked_issue(newspaper, date, page)
    if found is not None:
        return found
    old = page.issue
    alone = old.date_state != DateState.CONFIRMED and not old.pages.exclude(pk=page.pk).exists()
    before = _placing(old) if alone else None
    issue = Issue.objects.get(pk=old.pk) if alone else Issue(expected_pages=newspaper.expected_pages)
    issue.newspaper, issue.date = newspaper, date
    issue.date_state, issue.date_basis = DateState.CONFIRMED, basis
    try:
        with transaction.atomic():
            issue.save()
    except IntegrityError:
        # Somebody else made the issue of that day since we looked: it is committed now, so use it.
        found = _locked_issue(newspaper, date, page)
        if found is None:
            raise
        return found
    history.record(issue, Act.PLACED, actor=actor, reason=basis, before=before)
    return issue


def _locked_issue(newspaper: Newspaper, date: datetime.date, page: Page) -> Issue | None:
    """The confirmed issue of that day, locked together with the one the page leaves, so that nobody puts a page into
    either meanwhile. In the order of their numbers: two editors moving pages both ways cannot wait for each other."""
    that_day = Q(newspaper=newspaper, date=date, date_state=DateState.CONFIRMED)
    issues = list(Issue.objects.select_for_update().filter(that_day | Q(pk=page.issue_id)).order_by("pk"))
    sought = (newspaper.pk, date, DateState.CONFIRMED)
    return next((each for each in issues if (each.newspaper_id, each.date, each.date_state) == sought), None)
