"""Public pages that run through the issues: topics, contributors, a day of the year in every year."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.models import TopicState
from articles.public import errors
from articles.public.contributors import contributions_of, public_contributor, recent_contributors
from articles.public.days import MonthDay, on_this_day
from articles.public.head import Head, absolute
from articles.public.linked import Links, linked_entries
from articles.public.paging import PARAMETER, Cursor, WrongCursor, read_cursor
from articles.public.parameters import accepts
from articles.public.reading import all_papers
from articles.public.responses import show
from articles.public.timeline import counted, timeline
from articles.public.topics import links_of, public_topic, topics_in_motion


def _over_time(links: Links, cursor: Cursor | None) -> dict[str, Any]:
    """A page of what the links lead to; on the first one, how much there is of it over the years."""
    papers = all_papers()
    shown = linked_entries(links, cursor, papers)
    if cursor is not None or not shown.rows:
        return {"slice": shown}
    counts, is_cut = counted(links)
    return {"slice": shown, "timeline": timeline(counts, papers, is_cut=is_cut)}


@require_safe
@accepts()
def topics(request: HttpRequest) -> HttpResponse:
    head = Head(
        title="专题",
        description="按专题阅读：同一件事在各报、各年的报道。",
        canonical=absolute(request, reverse("topics")),
    )
    return show(request, "public/topics.html", {"head": head, "topics": list(topics_in_motion())})


@require_safe
@accepts(PARAMETER)
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    try:
        cursor = read_cursor(request.GET.get(PARAMETER, ""))
    except WrongCursor:
        return errors.wrong_cursor(request, PARAMETER)
    found = public_topic(slug)
    if found is None:
        return errors.not_found(request)
    head = Head(
        title=f"专题：{found.name}",
        description=found.description or f"关于“{found.name}”的报道。",
        canonical=absolute(request, found.get_absolute_url()),
        feed=absolute(request, reverse("topic-feed", args=[slug])),
        feed_title=f"专题：{found.name}",
        is_listed=cursor is None,
    )
    context = {
        "head": head,
        "topic": found,
        "is_retired": found.state == TopicState.RETIRED,
        "kept": "",
        **_over_time(links_of(found), cursor),
    }
    return show(request, "public/topic.html", context)


@require_safe
@accepts()
def contributors(request: HttpRequest) -> HttpResponse:
    head = Head(
        title="作者",
        description="近期在各报发稿的记者、通讯员和作者。",
        canonical=absolute(request, reverse("contributors")),
    )
    return show(request, "public/contributors.html", {"head": head, "contributors": recent_contributors()})


@require_safe
@accepts(PARAMETER)
def contributor(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        cursor = read_cursor(request.GET.get(PARAMETER, ""))
    except WrongCursor:
        return errors.wrong_cursor(request, PARAMETER)
    found = public_contributor(pk)
    if found is None:
        return errors.not_found(request)
    head = Head(
        title=f"作者：{found.name}",
        description=f"{found.name}署名的报道。",
        canonical=absolute(request, found.get_absolute_url()),
        feed=absolute(request, reverse("contributor-feed", args=[pk])),
        feed_title=f"作者：{found.name}",
        is_listed=cursor is None,
    )
    context = {"head": head, "contributor": found, "kept": "", **_over_time(contributions_of(found), cursor)}
    return show(request, "public/contributor.html", context)


@require_safe
@accepts()
def day(request: HttpRequest, day: MonthDay) -> HttpResponse:
    head = Head(
        title=f"历史上的{day.words}",
        description=f"各报历年{day.words}的报纸。",
        canonical=absolute(request, day.url),
    )
    context = {
        "head": head,
        "day": day,
        "issues": on_this_day(day),
        "previous": day.beside(-1),
        "next": day.beside(1),
    }
    return show(request, "public/day.html", context)
