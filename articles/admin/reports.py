"""How far the work has come and how good it is: ageing, load, errors per stage, 差错率 per issue, page and person."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from articles import charts, reports
from articles.admin.base import demand, person, whole_number
from articles.admin.work import RECENT, count_all, due, ready
from articles.models import (
    Act,
    Article,
    Assignment,
    HistoryEntry,
    Issue,
    Newspaper,
    Notice,
    Page,
    Stage,
    StageKind,
    WorkState,
)
from articles.people import display_name

SPANS = {"30": "30 天", "90": "90 天", "365": "一年"}
AGES = (("一天内", 0, 1), ("1–3 天", 1, 3), ("3–7 天", 3, 7), ("7–30 天", 7, 30), ("30–90 天", 30, 90))
ISSUES = 60
PEOPLE = 100
ENTRIES = 200_000
"""How far back the history is looked through: it has no index by time."""


def report_screen(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """All of a newspaper, or of all of them, in a span of days."""
    demand(model_admin.has_view_permission(request) and person(request).has_perm("articles.report_issue"))
    span = request.GET.get("span", "")
    span = span if span in SPANS else "30"
    since = timezone.now() - datetime.timedelta(days=int(span))
    papers = list(Newspaper.objects.order_by("name")[:ISSUES])
    wanted = whole_number(request.GET.get("newspaper"))
    paper = next((each for each in papers if each.pk == wanted), None)
    found, is_cut = reports.signatures(since=since, newspaper=paper)
    stages = reports.by_stage(found)
    ages = ageing(paper)
    last = next(reversed(stages), "")
    counted = [
        (stage, value, stage == last) for stage, rate in stages.items() if (value := rate.per_10_000) is not None
    ]
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": "进度与差错",
        "papers": papers,
        "paper": paper,
        "spans": [(value, label, value == span) for value, label in SPANS.items()],
        "span_label": SPANS[span],
        "ages": ages,
        "age_names": [name for name, *_ in AGES],
        "age_chart": charts.stacked("等着的条目，按等了多久", ages, [name for name, *_ in AGES]),
        "stages": stages,
        "stage_chart": charts.against_limit(
            "各环节查出的差错，每万字", counted, limit=reports.LIMIT, limit_label="万分之三"
        ),
        "issues": issue_rows(found),
        "people": people_rows(found, since=since),
        "is_cut": is_cut,
        "rows": reports.ROWS,
        "limit": reports.LIMIT,
    }
    return TemplateResponse(request, "admin/articles/report.html", context)


def issue_report_screen(model_admin: Any, request: HttpRequest, issue: Issue) -> HttpResponse:
    """One issue, page by page."""
    demand(model_admin.has_view_permission(request) and person(request).has_perm("articles.report_issue"))
    found, _ = reports.signatures(issue=issue)
    stages = reports.by_stage(found)
    pages = reports.rates(found, lambda each: (each.page, each.stage))
    rows = [
        (page, [pages.get((page.pk, stage), reports.Rate()) for stage in stages])
        for page in Page.objects.filter(issue=issue).order_by("number", "pk")[: ISSUES * 4]
    ]
    left = reports.left_by_person(found)
    names = {user.pk: display_name(user) for user in User.objects.filter(pk__in=left)}
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": f"差错率：{issue}",
        "issue": issue,
        "published": reports.published_rate(issue),
        "stages": stages,
        "pages": rows,
        "people": sorted((names[pk], rate) for pk, rate in left.items()) if left else [],
        "limit": reports.LIMIT,
    }
    return TemplateResponse(request, "admin/articles/issue_report.html", context)


def ageing(paper: Newspaper | None) -> list[tuple[str, list[int]]]:
    """What waits at each step, by how long ago it was touched: one query, each figure counted so far and no further."""
    now = timezone.now()
    kinds = _kinds(paper)
    labels = ["待校", *(f"等{kind.label}" for kind in kinds), "可见报"]
    asked: list[QuerySet[Any]] = []
    for label, kind in zip(labels, [None, *kinds, None], strict=True):
        for _, fresh, stale in AGES:
            ends = now - datetime.timedelta(days=fresh), now - datetime.timedelta(days=min(stale, RECENT.days))
            for model in (Article, Notice):
                rows: QuerySet[Any] = model.objects.filter(updated_at__lte=ends[0], updated_at__gt=ends[1])
                if paper is not None:
                    rows = rows.filter(page__issue__newspaper=paper)
                if kind is not None:
                    rows = due(rows, kind)
                else:
                    rows = rows.filter(work_state=WorkState.IMPORTED) if label == "待校" else ready(rows)
                asked.append(rows)
    numbers = iter(count_all(asked))
    return [(label, [next(numbers) + next(numbers) for _ in AGES]) for label in labels]


def _kinds(paper: Newspaper | None) -> list[StageKind]:
    """The kinds of stage in use, in their order."""
    stages = Stage.objects.in_use().order_by()
    if paper is not None:
        stages = stages.filter(newspaper=paper)
    used = set(stages.values_list("kind", flat=True).distinct())
    return [kind for kind in StageKind if kind.value in used]


def issue_rows(found: list[reports.Signature]) -> list[dict[str, Any]]:
    """The newest issues signed in this time: what each stage found in each, and what readers had to be told."""
    stages = list(reports.by_stage(found))
    cells = reports.rates(found, lambda each: (each.issue, each.stage))
    wanted = {each.issue for each in found}
    newest = Issue.objects.filter(pk__in=sorted(wanted, reverse=True)[:500]).select_related("newspaper")
    listed = list(newest.order_by("-date", "-pk")[:ISSUES])
    corrected = reports.corrected_after(issue.pk for issue in listed)
    return [
        {
            "issue": issue,
            "rates": [cells.get((issue.pk, stage), reports.Rate()) for stage in stages],
            "corrections": corrected.get(issue.pk, 0),
        }
        for issue in listed
    ]


def people_rows(found: list[reports.Signature], *, since: datetime.datetime) -> list[dict[str, Any]]:
    """Who carries how much, and what they left for the next to find. Five queries."""
    waiting: dict[int, int] = _counted(Assignment.objects.filter(closed_at=None), "assignee")
    late = _counted(Assignment.objects.filter(closed_at=None, due_on__lt=timezone.localdate()), "assignee")
    newest = HistoryEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    recent = HistoryEntry.objects.filter(act=Act.CORRECTED, at__gte=since, pk__gt=newest - ENTRIES)
    corrected = _counted(recent, "actor")
    signed = Counter(each.person for each in found)
    read = Counter[int]()
    for each in found:
        read[each.person] += each.characters
    left = reports.left_by_person(found)
    everybody = waiting.keys() | corrected.keys() | signed.keys()
    users = User.objects.filter(pk__in=everybody, is_staff=True).order_by("last_name", "first_name", "pk")[:PEOPLE]
    return [
        {
            "name": display_name(user),
            "waiting": waiting.get(user.pk, 0),
            "late": late.get(user.pk, 0),
            "corrected": corrected.get(user.pk, 0),
            "signed": signed.get(user.pk, 0),
            "characters": read.get(user.pk, 0),
            "left": left.get(user.pk, reports.Rate()),
        }
        for user in users
    ]


def _counted(rows: QuerySet[Any], column: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(column).annotate(count=Count("pk")))
