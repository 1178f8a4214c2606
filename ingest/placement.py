"""Where a page stands: its newspaper, issue, number and section.

What a person said (a manifest, an option, the desk) is confirmed; what the page itself prints is proposed; a page
without a date has an undated issue of its own. Deciding reads only, so that a dry run can do it too.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User

from articles import history
from articles.actions.placing import place_page
from articles.errors import ActionRefused
from articles.inserting import insert, number
from articles.models import Act, DateState, HistoryEntry, Issue, Newspaper, Page, Target
from ingest.claims import take_turns
from ingest.engine import Hints, PageLayout
from ingest.newspapers import NAME_LIMIT, newspaper_named

BASIS = {"printed": "报面印出", "manifest": "清单", "option": "选项", "inferred": "推断"}
SECTION_LIMIT = 40
PERSONS_WORD = frozenset({"manifest", "option"})


class Clash(Exception):
    """What comes in contradicts what is there; nothing was changed. `str()` says which page, in Chinese.

    `taken` is the page that stands in the place already.
    """

    def __init__(self, reason: str, taken: Page | None = None) -> None:
        super().__init__(reason)
        self.taken = taken


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page is to stand, by name, so that nothing has to be made to decide it."""

    newspaper: str | None
    date: datetime.date | None
    basis: str
    is_confirmed: bool
    number: int | None
    section: str
    not_before: datetime.date | None


def place_of(layout: PageLayout) -> Place:
    """What the layout says; hints have outranked the print in it already."""
    name = (layout.newspaper or "").strip()[:NAME_LIMIT] or None
    return Place(
        newspaper=name,
        date=layout.date,
        basis=BASIS.get(layout.date_basis or "", "") if layout.date else "",
        is_confirmed=bool(name and layout.date and layout.date_basis in PERSONS_WORD),
        number=layout.page if layout.page and 1 <= layout.page <= 999 else None,
        section=layout.section.strip()[:SECTION_LIMIT],
        not_before=layout.date_not_before,
    )


def current_place(page: Page) -> Place:
    issue = page.issue
    return Place(
        newspaper=issue.newspaper.name if issue.newspaper else None,
        date=issue.date,
        basis=issue.date_basis,
        is_confirmed=issue.date_state == DateState.CONFIRMED,
        number=page.number,
        section=page.section,
        not_before=issue.date_not_before,
    )


def refuse_if_taken(place: Place, *, but: Page | None = None) -> None:
    """Raise `Clash` if another page stands there, confirmed or proposed."""
    if not (place.newspaper and place.date and place.number):
        return
    others = Page.objects.filter(issue__newspaper__name=place.newspaper, issue__date=place.date, number=place.number)
    if but is not None:
        others = others.exclude(pk=but.pk)
    other = others.prefetch_related("sources").first()
    if other is not None:
        names = "、".join(f"“{source.name}”" for source in other.sources.all()) or "编辑新建的版"
        raise Clash(
            f"{place.newspaper} {place.date:%Y-%m-%d} 第{place.number}版已经有了（来自{names}，版 #{other.pk}），"
            "文字不同；已有的一律未动。请核对日期版次；同一版重新识别的，不同之处在那一版的校对台里等编辑定。",
            other,
        )


def make_pages(new: Sequence[tuple[Place, Page]], *, actor: User) -> None:
    """Save new pages in their places, with their issues where there are none yet. Raises `Clash` when one is taken."""
    places = [place for place, _ in new]
    for (_, page), issue in zip(new, _issues_for(places, actor=actor), strict=True):
        page.issue = issue
    _refuse_if_any_taken(places)
    pages = [page for _, page in new]
    number(pages)
    insert(pages)
    insert(history.entry(page, Act.IMPORTED, actor=actor, new_version=True) for page in pages)


def _refuse_if_any_taken(places: Sequence[Place]) -> None:
    wanted = [(p.newspaper, p.date, p.number) for p in places if p.newspaper and p.date and p.number]
    if len(set(wanted)) < len(wanted):
        raise Clash("同一版在这一批文件里有两份不同的文字。")
    names, dates, numbers = (set(each) for each in zip(*wanted, strict=True)) if wanted else (set(), set(), set())
    there = Page.objects.filter(issue__newspaper__name__in=names, issue__date__in=dates, number__in=numbers)
    taken = set(there.values_list("issue__newspaper__name", "issue__date", "number"))
    for place in places:
        if (place.newspaper, place.date, place.number) in taken:
            refuse_if_taken(place)


_Day = tuple[int | None, datetime.date | None, str]
"""Newspaper, date, and how sure the date is."""


def _issues_for(places: Sequence[Place], *, actor: User) -> list[Issue]:
    """A confirmed day has one issue; pages that print the same date share a proposed one until an editor confirms."""
    papers = {name: newspaper_named(name) for name in sorted({place.newspaper for place in places if place.newspaper})}
    days = [_day(place, papers) for place in places]
    known = _known_issues({day for day in days if day is not None})
    issues: list[Issue] = []
    made: list[Issue] = []
    for place, day in zip(places, days, strict=True):
        issue = known.get(day) if day is not None else None
        if issue is None:
            newspaper = papers[place.newspaper] if place.newspaper else None
            issue = Issue(
                newspaper=newspaper,
                date=place.date,
                date_state=_state(place),
                date_basis=place.basis,
                date_not_before=place.not_before,
                expected_pages=newspaper.expected_pages if newspaper else None,
            )
            made.append(issue)
            if day is not None:
                known[day] = issue
        issues.append(issue)
    number(made)
    insert(made)
    insert(history.entry(issue, Act.IMPORTED, actor=actor, reason=issue.date_basis) for issue in made)
    return issues


def _state(place: Place) -> DateState:
    if place.date is None:
        return DateState.UNDATED
    return DateState.CONFIRMED if place.is_confirmed else DateState.PROPOSED


def _day(place: Place, papers: Mapping[str, Newspaper]) -> _Day | None:
    """What pages of one issue have in common; None for a page that has an issue of its own."""
    return (papers[place.newspaper].pk, place.date, _state(place).value) if place.newspaper and place.date else None


def _known_issues(days: Collection[_Day]) -> dict[_Day, Issue]:
    """The issues of these days that are there, locked; nobody else makes the others before our transaction ends."""
    if not days:
        return {}
    take_turns([("issue", *day) for day in days])
    papers, dates, states = (set(each) for each in zip(*days, strict=True))
    there = Issue.objects.filter(newspaper__in=papers, date__in=dates, date_state__in=states).select_for_update()
    found: dict[_Day, Issue] = {}
    for issue in there.order_by("pk"):
        found.setdefault((issue.newspaper_id, issue.date, issue.date_state), issue)
    return found


def new_place(page: Page, layout: PageLayout, said: Hints) -> Place | None:
    """Where a page read again is to stand instead, or None. `said` is what people say now and had not said before.

    Raises `Clash` when that contradicts what the desk has decided, or another page stands there.
    """
    now, wanted = current_place(page), place_of(layout)
    if now.is_confirmed:
        # Only a person's new word moves a confirmed page.
        target = Place(
            newspaper=said.newspaper or now.newspaper,
            date=said.date or now.date,
            basis=BASIS.get(said.date_basis or "", now.basis),
            is_confirmed=True,
            number=said.page or now.number,
            section=now.section if said.section is None else said.section[:SECTION_LIMIT],
            not_before=now.not_before,
        )
    else:
        target = Place(
            newspaper=wanted.newspaper or now.newspaper,
            date=wanted.date or now.date,
            basis=wanted.basis or now.basis,
            is_confirmed=wanted.is_confirmed,
            number=wanted.number or now.number,
            section=wanted.section or now.section,
            not_before=wanted.not_before or now.not_before,
        )
    if _where(target) == _where(now):
        return None
    if _desk_has_placed(page) and _contradicts(now, target):
        raise Clash(f"编辑已经核定为 {page}，与现在给出的日期、版次或版名不符；未动。要改请在后台重新核定。")
    refuse_if_taken(target, but=page)
    return target


def _where(place: Place) -> tuple[object, ...]:
    return (place.newspaper, place.date, place.is_confirmed, place.number, place.section, place.not_before)


def _contradicts(now: Place, target: Place) -> bool:
    """Filling in what the desk left open contradicts nothing."""
    pairs = ((getattr(now, name), getattr(target, name)) for name in ("newspaper", "date", "number", "section"))
    return any(old and old != new for old, new in pairs)


def _desk_has_placed(page: Page) -> bool:
    acts = HistoryEntry.objects.filter(target=Target.PAGE, target_id=page.pk, act=Act.PLACED)
    return acts.exclude(reason=REASON).exists()


REASON = "入库时给出日期版次"


def move_page(page: Page, place: Place, *, actor: User) -> Page:
    """Carry out what `new_place` decided. Raises `Clash` when the desk's own action refuses it."""
    if place.is_confirmed and place.newspaper and place.date:
        try:
            return place_page(
                page=page,
                newspaper=newspaper_named(place.newspaper),
                date=place.date,
                number=place.number,
                section=place.section,
                actor=actor,
                reason=REASON,
                basis=place.basis,
            )
        except ActionRefused as refusal:
            raise Clash(str(refusal)) from None
    return _propose(page, place, actor=actor)


def _propose(page: Page, place: Place, *, actor: User) -> Page:
    """The page prints more than was read before: its unconfirmed issue follows."""
    old, now = page.issue, current_place(page)
    before = {"newspaper": now.newspaper or "", "date": now.date.isoformat() if now.date else ""}
    if (place.newspaper, place.date, place.not_before) != (now.newspaper, now.date, now.not_before):
        if old.pages.exclude(pk=page.pk).exists():
            (page.issue,) = _issues_for([place], actor=actor)
        else:
            old.newspaper = newspaper_named(place.newspaper) if place.newspaper else None
            old.date, old.date_basis, old.date_not_before = place.date, place.basis, place.not_before
            old.date_state = DateState.PROPOSED if place.date else DateState.UNDATED
            old.save()
            history.record(old, Act.UPDATED, actor=actor, before=before)
    before |= {"number": page.number, "section": page.section}  # type: ignore[dict-item]
    page.number, page.section = place.number, place.section
    page.version += 1
    page.save(update_fields=["issue", "number", "section", "version"])
    history.record(page, Act.UPDATED, actor=actor, before=before, new_version=True)
    return page
