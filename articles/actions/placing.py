"""Saying which newspaper, date and page number a page is: 核定日期版次."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from articles import history
from articles.actions.addresses import set_old_address
from articles.actions.locks import locked_page
from articles.actions.renewing import renew_snapshots
from articles.actions.signing import void_signatures
from articles.content import clean_line, is_storable
from articles.errors import ActionRefused
from articles.history import REASON_LIMIT
from articles.models import Act, AnyItem, Article, DateState, Issue, Newspaper, Notice, Page, Snapshot


@dataclass(frozen=True)
class Place:
    """Where a page is to stand in the issue."""

    page: Page
    number: int | None
    section: str


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
    """Put one page into the issue of that newspaper and day, as `place_pages` does with several."""
    place = Place(page, number, section)
    return place_pages(places=[place], newspaper=newspaper, date=date, actor=actor, reason=reason, basis=basis)[0]


@transaction.atomic
def place_pages(
    *,
    places: Sequence[Place],
    newspaper: Newspaper,
    date: datetime.date,
    actor: User,
    reason: str = "",
    basis: str = "编辑核定",
    with_published: bool = False,
) -> list[Page]:
    """Put pages into the issue of that newspaper and day, making the issue where there is none: dating, splitting and
    merging issues are this one act.

    An issue that has lost its last page is removed unless readers once saw something of it; its history stays. What
    is public or scheduled under another date or number keeps a page where it is, because readers have been told where
    it stood; with `with_published` and a reason it moves all the same, its text and its address as they are. Saying
    what is already so changes nothing and writes no history.
    """
    places = [Place(each.page, each.number, clean_line(each.section)) for each in places]
    for each in places:
        _check(number=each.number, section=each.section, basis=basis)
    numbers = [each.number for each in places if each.number]
    if len(set(numbers)) < len(numbers) or len({each.page.pk for each in places}) < len(places):
        raise ActionRefused("同一个版次写了两次：每一版的版次须不同。")
    locked = {pk: locked_page(pk) for pk in sorted(each.page.pk for each in places)}
    wanted = {each.page.pk: each for each in places}
    moving = [page for page in locked.values() if _is_other(page, wanted[page.pk], newspaper, date)]
    if moving:
        public = _public_pages(moving, wanted, newspaper, date)
        if public and not (with_published and reason.strip()):
            raise ActionRefused(_why_not(public, is_one=len(places) == 1, with_published=with_published))
        _move(moving, wanted, newspaper, date, public=public, actor=actor, reason=reason, basis=basis)
    return [locked[each.page.pk] for each in places]


def _is_other(page: Page, place: Place, newspaper: Newspaper, date: datetime.date) -> bool:
    issue = page.issue
    stands = (issue.newspaper_id, issue.date, issue.date_state, page.number, page.section)
    return stands != (newspaper.pk, date, DateState.CONFIRMED, place.number, place.section)


def _public_pages(
    moving: Sequence[Page], wanted: Mapping[int, Place], newspaper: Newspaper, date: datetime.date
) -> list[Page]:
    """Those whose readers were told another day or number than they would now stand under."""
    return [
        page
        for page in moving
        if (page.issue.newspaper_id, page.issue.date, page.number) != (newspaper.pk, date, wanted[page.pk].number)
        and _is_public(page)
    ]


def _why_not(public: Sequence[Page], *, is_one: bool, with_published: bool) -> str:
    if with_published:
        return "有已经见报的稿件要随版移动：请写明理由。"
    if is_one:
        return "本版有稿件已经见报或定时见报：先撤下，再改日期或版次。"
    return f"{'、'.join(page.label for page in public)}有稿件已经见报或定时见报：先撤下，或确认随版移动。"


def _move(
    moving: Sequence[Page],
    wanted: Mapping[int, Place],
    newspaper: Newspaper,
    date: datetime.date,
    *,
    public: Sequence[Page],
    actor: User,
    reason: str,
    basis: str,
) -> None:
    left = {page.issue_id: page.issue for page in moving}
    issue, is_new = _issue_for(newspaper=newspaper, date=date, pages=moving, basis=basis, actor=actor)
    ours = [page.pk for page in moving]
    numbers = [number for pk in ours if (number := wanted[pk].number)]
    clash = Page.objects.filter(issue=issue, number__in=numbers).exclude(pk__in=ours).order_by("number").first()
    if clash is not None:
        raise ActionRefused(
            f"{newspaper.name} {date:%Y-%m-%d} 已经有第{clash.number}版（{clash.section or '无版名'}）。"
        )
    befores = {page.pk: {**_placing(page.issue), "number": page.number, "section": page.section} for page in moving}
    labels = [page.label for page in sorted(moving, key=lambda page: (page.number or 0, page.pk))]
    seen_in = {page.pk: (page.issue, page.number) for page in public}
    if len(moving) > 1:
        Page.objects.filter(pk__in=ours).update(number=None)  # numbers may change hands among them
    for page in moving:
        void_signatures(items=_items_of(page), actor=actor, why="报纸、日期、版次或版名有变")
        page.issue, page.number, page.section = issue, wanted[page.pk].number, wanted[page.pk].section
        page.version += 1
        page.save(update_fields=["issue", "number", "section", "version"])
        history.record(page, Act.PLACED, actor=actor, reason=reason, before=befores[page.pk], new_version=True)
    for page in public:
        _renew_place(page, actor=actor)
    for page in public:
        _keep_addresses(page, *seen_in[page.pk], actor=actor)
    former = [old for pk, old in left.items() if pk != issue.pk]
    _tell_issues(issue, former, labels, is_new=is_new, actor=actor, reason=reason)


def _renew_place(page: Page, *, actor: User) -> None:
    place = {
        "newspaper_id": page.issue.newspaper_id,
        "issue_id": page.issue_id,
        "date": page.issue.date,
        "page_number": page.number,
        "section": page.section,
    }
    for item in _items_of(page):
        renew_snapshots(item, actor=actor, place=place)


def _keep_addresses(page: Page, issue: Issue, number: int | None, *, actor: User) -> None:
    """Readers have cited where the page stood: its addresses lead on, and the issue's when nothing is left there."""
    if issue.newspaper is None or issue.date is None or number is None:
        return
    place = [issue.newspaper.slug, issue.date]
    for name in ("page", "broadsheet"):
        set_old_address(address=reverse(name, args=[*place, number]), target=page, actor=actor)
    if not Snapshot.objects.live().filter(issue=issue).exists():
        set_old_address(address=reverse("issue", args=place), target=page.issue, actor=actor)


def _tell_issues(
    issue: Issue, former: Sequence[Issue], labels: Sequence[str], *, is_new: bool, actor: User, reason: str
) -> None:
    """Write into the history of issues what was split off and merged, by the labels the pages had, and remove those
    that are empty now."""
    dated = [old for old in former if old.date_state == DateState.CONFIRMED]
    if dated and not is_new:
        details = {"pages": list(labels), "from": [old.pk for old in dated]}
        words = f"并入{'、'.join(map(str, dated))}的{'、'.join(labels)}"
        history.record(issue, Act.MERGED, actor=actor, reason=_with_reason(words, reason), details=details)
    for old in former:
        if not old.pages.exists() and not old.snapshots.exists():
            history.record(old, Act.DELETED, actor=actor, reason=f"并入 {issue}", before=_all_of(old))
            old.delete()
        elif old in dated:
            words = f"{'、'.join(labels)}移到 {issue}"
            details = {"pages": list(labels), "to": issue.pk}
            history.record(old, Act.SPLIT, actor=actor, reason=_with_reason(words, reason), details=details)


def _with_reason(words: str, reason: str) -> str:
    """What happened and why. Our own words give way, for nobody else's are cut."""
    return f"{words[: REASON_LIMIT - len(reason) - 1]}：{reason}" if reason else words[:REASON_LIMIT]


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


def _issue_for(
    *, newspaper: Newspaper, date: datetime.date, pages: Sequence[Page], basis: str, actor: User
) -> tuple[Issue, bool]:
    """The confirmed issue of that day, and whether it is new: the existing one, or an undated one all of whose pages
    come along, now dated, or a new one. One dated wrongly that moves as a whole leaves it its number."""
    found = _locked_issue(newspaper, date, pages)
    if found is not None:
        return found, False
    whole = _wholly_moved(pages)
    undated = next((old for old in whole if old.date_state != DateState.CONFIRMED), None)
    before = _placing(undated) if undated else None
    issue = Issue.objects.get(pk=undated.pk) if undated else Issue(expected_pages=newspaper.expected_pages)
    if undated is None and len(whole) == 1:
        issue.number, issue.expected_pages = whole[0].number, whole[0].expected_pages
    issue.newspaper, issue.date = newspaper, date
    issue.date_state, issue.date_basis = DateState.CONFIRMED, basis
    try:
        with transaction.atomic():
            issue.save()
    except IntegrityError:
        # Somebody else made the issue of that day since we looked: it is committed now, so use it.
        found = _locked_issue(newspaper, date, pages)
        if found is None:
            raise
        return found, False
    history.record(issue, Act.PLACED, actor=actor, reason=basis, before=before)
    return issue, True


def _wholly_moved(pages: Sequence[Page]) -> list[Issue]:
    """The issues that lose all their pages, in the order of their numbers."""
    staying = Page.objects.filter(issue__in={page.issue_id for page in pages}).exclude(pk__in=[p.pk for p in pages])
    kept = set(staying.values_list("issue", flat=True))
    found = {page.issue_id: page.issue for page in pages if page.issue_id not in kept}
    return [found[pk] for pk in sorted(found)]


def _locked_issue(newspaper: Newspaper, date: datetime.date, pages: Sequence[Page]) -> Issue | None:
    """The confirmed issue of that day, locked together with those the pages leave, so that nobody puts a page into
    any of them meanwhile. In the order of their numbers: two editors moving pages both ways cannot wait for each
    other."""
    left = [page.issue_id for page in pages]
    that_day = Q(newspaper=newspaper, date=date, date_state=DateState.CONFIRMED)
    issues = list(Issue.objects.select_for_update().filter(that_day | Q(pk__in=left)).order_by("pk"))
    sought = (newspaper.pk, date, DateState.CONFIRMED)
    return next((each for each in issues if (each.newspaper_id, each.date, each.date_state) == sought), None)
