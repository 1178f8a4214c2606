"""Public pages that run through the issues: topics, contributors, a day of the year in every year."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.models import TopicState
from articles.public import errors
from articles.public.contributors import contributions_of, public_contributor, recent_contributors
from articles.public.days import MonthDay, on_this_day
from articles.public.head import Head, absolute
from articles.public.linked import Links, linked_entries
from articles.public.paging import PARAMETER, WrongCursor, read_cursor
from articles.public.parameters import accepts
from articles.public.reading import all_papers
from articles.public.responses import show, show_from
from articles.public.timeline import counted, timeline
from articles.public.topics import IN_MOTION, links_of, public_topic


@dataclass(frozen=True, slots=True)
class _Subject:
    """What stories are gathered by: a topic, a contributor."""

    kind: str
    """专题 or 作者."""
    name: str
    description: str
    """For search engines."""
    address: str
    feed: str
    links: Links
    about: str = ""
    remark: str = ""


def _stories(request: HttpRequest, find: Callable[[], _Subject | None]) -> HttpResponse:
    """A page of the stories of a subject, newest first; on the first one, how many there were over the years."""
    try:
        cursor = read_cursor(request.GET.get(PARAMETER, ""))
    except WrongCursor:
        return errors.wrong_cursor(request, PARAMETER)
    subject = find()
    if subject is None:
        return errors.not_found(request)
    title = f"{subject.kind}：{subject.name}"
    head = Head(
        title=title,
        description=subject.description,
        canonical=absolute(request, subject.address),
        feed=absolute(request, subject.feed),
        feed_title=title,
        is_listed=cursor is None,
    )
    papers = all_papers()
    shown = linked_entries(subject.links, cursor, papers)
    context = {"head": head, "subject": subject, "path": subject.address, "slice": shown}
    if cursor is None and shown.rows:
        counts, is_cut = counted(subject.links)
        context["timeline"] = timeline(counts, papers, is_cut=is_cut)
    return show(request, "public/subject.html", context)


@require_safe
@accepts()
def topics(request: HttpRequest) -> HttpResponse:
    head = Head(
        title="专题",
        description="按专题阅读：同一件事在各报、各年的报道。",
        canonical=absolute(request, reverse("topics")),
    )
    rows = IN_MOTION.rows()
    return show_from(request, "public/topics.html", rows, lambda: {"head": head, "topics": IN_MOTION.made(rows)})


@require_safe
@accepts(PARAMETER)
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    def find() -> _Subject | None:
        found = public_topic(slug)
        if found is None:
            return None
        return _Subject(
            kind="专题",
            name=found.name,
            description=found.description or f"关于“{found.name}”的报道。",
            address=found.get_absolute_url(),
            feed=reverse("topic-feed", args=[slug]),
            links=links_of(found),
            about=found.description,
            remark="本专题已停止更新。" if found.state == TopicState.RETIRED else "",
        )

    return _stories(request, find)


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
    def find() -> _Subject | None:
        found = public_contributor(pk)
        if found is None:
            return None
        return _Subject(
            kind="作者",
            name=found.name,
            description=f"{found.name}署名的报道。",
            address=found.get_absolute_url(),
            feed=reverse("contributor-feed", args=[pk]),
            links=contributions_of(found),
            remark=f"署名“{found.name}”的稿件，最近的在前。署名照报面原样；同名不同人的，编辑分开归入。",
        )

    return _stories(request, find)


@require_safe
@accepts(PARAMETER)
def day(request: HttpRequest, day: MonthDay) -> HttpResponse:
    try:
        cursor = read_cursor(request.GET.get(PARAMETER, ""))
    except WrongCursor:
        return errors.wrong_cursor(request, PARAMETER)
    head = Head(
        title=f"历史上的{day.words}",
        description=f"各报历年{day.words}的报纸。",
        canonical=absolute(request, day.url),
        is_listed=cursor is None,
    )
    context = {
        "head": head,
        "day": day,
        "path": day.url,
        "slice": on_this_day(day, cursor),
        "previous": day.beside(-1),
        "next": day.beside(1),
    }
    return show(request, "public/day.html", context)
