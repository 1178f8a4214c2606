"""Public pages. Each view chooses what to read, a template, and what its validators cover."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.models import Issue, Snapshot
from articles.prepared import Prepared
from articles.public import errors, layout, linked_data
from articles.public.broadsheet import broadsheet, digest
from articles.public.calendar import WEEKDAYS, months_of
from articles.public.days import MonthDay
from articles.public.front import front_page, front_rows
from articles.public.head import Head, absolute
from articles.public.parameters import accepts
from articles.public.reading import (
    Entry,
    Paper,
    entries,
    issue_beside,
    issue_entries,
    issue_links,
    live_issues,
    public_paper,
)
from articles.public.responses import show, show_from

_RECENT_ISSUES = 12


@require_safe
@accepts()
def front(request: HttpRequest) -> HttpResponse:
    home = absolute(request, reverse("front"))
    head = Head(
        title=settings.SITE_NAME,
        description="地方报纸的全文数字版：按期、按版阅读，查找分类公告和专题。",
        canonical=home,
        data=linked_data.website(name=settings.SITE_NAME, url=home),
    )
    rows = front_rows()

    def context() -> dict[str, Any]:
        return {"head": head, "front": front_page(rows), "today": MonthDay.of(timezone.localdate())}

    return show_from(request, "public/front.html", rows, context)


@require_safe
@accepts()
def newspaper(request: HttpRequest, newspaper: str) -> HttpResponse:
    found = public_paper(newspaper)
    if found is None:
        return errors.not_found(request)
    recent = issue_links(found.paper, live_issues().order_by("-date"), limit=_RECENT_ISSUES)
    latest = Snapshot.objects.live().filter(newspaper=found.row, date=found.last).in_page_order()
    head = Head(
        title=found.row.name,
        description=found.row.description or f"《{found.row.name}》数字报：最新一期和往期回顾。",
        canonical=absolute(request, found.paper.url),
        feed=absolute(request, reverse("feed", args=[newspaper])),
        feed_title=found.row.name,
    )
    context = {
        "head": head,
        "paper": found.paper,
        "description": found.row.description,
        "date": found.last,
        "issue_url": reverse("issue", args=[newspaper, found.last]),
        "pages": layout.pages_of(entries(latest, [found.paper], sized=True)),
        "recent": recent,
        "years": found.years,
    }
    return show(request, "public/newspaper.html", context)


@require_safe
@accepts()
def year(request: HttpRequest, newspaper: str, year: int) -> HttpResponse:
    found = public_paper(newspaper)
    if found is None:
        return errors.not_found(request)
    if year not in found.years:
        return errors.missing_year(request, found, year)
    issues = issue_links(found.paper, live_issues().filter(date__year=year).order_by("date"))
    months = months_of(year, issues)
    head = Head(
        title=f"{found.row.name} {year}年",
        description=f"《{found.row.name}》{year}年各期。",
        canonical=absolute(request, reverse("year", args=[newspaper, year])),
    )
    context = {
        "head": head,
        "paper": found.paper,
        "year": year,
        "years": found.years,
        "months": months,
        "issues_count": len(issues),
        "missing_count": sum(day.is_missing for month in months for week in month.weeks for day in week),
        "has_double": any(issue.is_double for issue in issues),
        "weekdays": WEEKDAYS,
    }
    return show(request, "public/year.html", context)


def _issue(newspaper: str, date: datetime.date) -> Issue | None:
    return next(iter(_ISSUE(newspaper=newspaper, date=date)), None)


def _live_issue(newspaper: str, date: datetime.date) -> QuerySet[Issue]:
    found = Issue.objects.filter(pk__in=live_issues().filter(newspaper__slug=newspaper, date=date).values("pk"))
    return found.select_related("newspaper").order_by("pk")[:1]


_ISSUE: Prepared[Issue] = Prepared(_live_issue, newspaper=str, date=datetime.date)


@require_safe
@accepts()
def issue(request: HttpRequest, newspaper: str, date: datetime.date) -> HttpResponse:
    found = _issue(newspaper, date)
    if found is None or found.newspaper is None:
        return errors.missing_issue(request, newspaper, date)
    paper = Paper(found.newspaper.pk, found.newspaper.name, newspaper)
    url = absolute(request, reverse("issue", args=[newspaper, date]))
    pages = layout.pages_of(issue_entries(found.pk, paper, sized=True))
    head = Head(
        title=f"{paper.name} {date:%Y-%m-%d}",
        description=f"《{paper.name}》{date.year}年{date.month}月{date.day}日：" + "、".join(p.label for p in pages),
        canonical=url,
        data=linked_data.issue_page(found, found.newspaper, url=url, newspaper_url=absolute(request, paper.url)),
    )
    context = {
        "head": head,
        "paper": paper,
        "date": date,
        "number": found.number,
        "day": MonthDay.of(date),
        "pages": pages,
        "expected_pages": found.expected_pages,
        "absent": layout.absent(pages, found.expected_pages or 0),
        "previous": issue_beside(paper, date, later=False),
        "next": issue_beside(paper, date, later=True),
    }
    return show(request, "public/issue.html", context)


@dataclass(frozen=True, slots=True)
class _FoundPage:
    issue: Issue
    paper: Paper
    pages: list[layout.PageOfEntries]
    page: layout.PageOfEntries

    @property
    def entries(self) -> list[Entry]:
        return [entry for page in self.pages for entry in page.entries]

    @property
    def items(self) -> Iterable[Snapshot]:
        return _ITEMS(issue=self.issue.pk, number=self.page.number)


def _live_items(issue: int, number: int) -> QuerySet[Snapshot]:
    return Snapshot.objects.live().filter(issue=issue, page_number=number).in_page_order()


_ITEMS: Prepared[Snapshot] = Prepared(_live_items, issue=int, number=int)


def _find_page(request: HttpRequest, newspaper: str, date: datetime.date, number: int) -> _FoundPage | HttpResponse:
    """Two queries; or the answer when there is no such page."""
    found = _issue(newspaper, date)
    if found is None or found.newspaper is None:
        return errors.missing_issue(request, newspaper, date)
    paper = Paper(found.newspaper.pk, found.newspaper.name, newspaper)
    pages = layout.pages_of(issue_entries(found.pk, paper, sized=True))
    here = next((one for one in pages if one.number == number), None)
    if here is None:
        return errors.missing_page(paper, date, pages)
    return _FoundPage(found, paper, pages, here)


@require_safe
@accepts()
def page(request: HttpRequest, newspaper: str, date: datetime.date, number: int) -> HttpResponse:
    found = _find_page(request, newspaper, date, number)
    if isinstance(found, HttpResponse):
        return found
    previous, following = layout.beside(found.pages, number)
    head = Head(
        title=f"{found.page.label} · {found.paper.name} {date:%Y-%m-%d}",
        description="；".join(entry.title for entry in found.page.by_weight[:4]) or found.page.label,
        canonical=absolute(request, found.page.url),
    )
    context = {
        "head": head,
        "paper": found.paper,
        "date": date,
        "issue_url": reverse("issue", args=[newspaper, date]),
        "broadsheet_url": reverse("broadsheet", args=[newspaper, date, number]),
        "page": found.page,
        "pages": found.pages,
        "sheet": digest(found.page, found.items),
        "previous": previous,
        "next": following,
    }
    return show(request, "public/page.html", context)


@require_safe
@accepts()
def broadsheet_view(request: HttpRequest, newspaper: str, date: datetime.date, number: int) -> HttpResponse:
    found = _find_page(request, newspaper, date, number)
    if isinstance(found, HttpResponse):
        return found
    head = Head(
        title=f"版面重排：{found.page.label} · {found.paper.name} {date:%Y-%m-%d}",
        description=f"《{found.paper.name}》{date.year}年{date.month}月{date.day}日{found.page.label}，全版文字，可打印。",
        canonical=absolute(request, reverse("broadsheet", args=[newspaper, date, number])),
        is_listed=False,
    )
    context = {
        "head": head,
        "paper": found.paper,
        "date": date,
        "number": found.issue.number,
        "issue_url": reverse("issue", args=[newspaper, date]),
        "page": found.page,
        "page_address": absolute(request, found.page.url),
        "sheet": broadsheet(found.page, found.items, found.entries),
    }
    return show(request, "public/broadsheet.html", context)


@require_safe
@accepts()
def about(request: HttpRequest) -> HttpResponse:
    head = Head(
        title="关于本站",
        description="本站收录什么、怎样引用、怎样使用，以及无障碍说明。",
        canonical=absolute(request, reverse("about")),
    )
    return show(request, "public/about.html", {"head": head})


@require_safe
@accepts()
def accessibility(request: HttpRequest) -> HttpResponse:
    head = Head(
        title="无障碍说明",
        description="本站按 WCAG 2.2 AA 级制作：做到了什么，还有什么没做到，遇到障碍怎样告诉我们。",
        canonical=absolute(request, reverse("accessibility")),
    )
    return show(request, "public/accessibility.html", {"head": head})
