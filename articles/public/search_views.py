"""Public search: the page, the same results for machines, and what browsers need to know of it."""

from __future__ import annotations

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.clients import COMPLETING, SEARCHING
from articles.public import errors
from articles.public.advice import did_you_mean, has_number, wider
from articles.public.completing import completions
from articles.public.feeds import FEED_SIZE, atom_feed
from articles.public.head import Head, absolute
from articles.public.parameters import accepts
from articles.public.responses import keep_from_search, refuse, respond, show
from articles.public.searching import (
    SORTED,
    SORTS,
    find,
    read_public,
    search_page,
    search_url,
    snapshots_of,
    sorted_url,
)
from articles.search.highlight import pieces
from articles.search.query import LENGTH_LIMIT, QueryRefused
from articles.search.types import WrongCursor

QUERY, SORT, AFTER = "q", "sort", "after"
_WRONG_SORT = "只能是 " + "、".join(SORTS)


@require_safe
@SEARCHING
@accepts(QUERY, SORT, AFTER)
def search(request: HttpRequest) -> HttpResponse:
    text, sort, after = (request.GET.get(name, "") for name in (QUERY, SORT, AFTER))
    if sort and sort not in SORTS:
        return errors.wrong_parameter(request, SORT, _WRONG_SORT)
    head = Head(
        title="搜索",
        description="在全部见报的稿件和公告里找字、词、人名、地名。",
        canonical=absolute(request, reverse("search")),
        is_listed=not text,
    )
    context = {"head": head, "text": text, "sort": sort, "length_limit": LENGTH_LIMIT}
    if not text.strip():
        return show(request, "public/search.html", context)
    try:
        reading, papers = read_public(text)
    except QueryRefused as refused:
        wrong = pieces(text, [(refused.start, refused.end)])
        return refuse("public/search.html", context | {"refused": refused.message, "wrong": wrong}, status=400)
    try:
        page = search_page(reading, sort or SORTED, after, papers)
    except WrongCursor:
        return errors.wrong_cursor(request, AFTER)
    feed = search_feed_url(text)
    head = Head(
        title=f"搜索：{text}",
        canonical=absolute(request, reverse("search")),
        feed=absolute(request, feed),
        feed_title=f"搜索：{text}",
        is_listed=False,
    )
    context |= {
        "head": head,
        "page": page,
        "is_first": not after or (page.results.previous is None and page.rows),
        "sorts": [(name, label, sorted_url(text, name)) for name, label in SORTS.items()] if reading.words else [],
        "sorted": sort or SORTED,
        "is_by_date": sort == "date" or not reading.words,
        "first_url": sorted_url(text, sort or SORTED),
        "newer_url": search_url(text, sort=sort, after=page.results.previous) if page.results.previous else "",
        "next_url": search_url(text, sort=sort, after=page.results.next) if page.results.next else "",
        "feed_url": feed,
    }
    if not page.results.hits and not after:
        meant = did_you_mean(reading)
        context |= {"meant": meant, "wider": [] if meant else wider(reading), "has_number": has_number(reading)}
    return show(request, "public/search.html", context)


def search_feed_url(text: str) -> str:
    return search_url(text).replace(reverse("search"), reverse("search-feed"), 1)


@require_safe
@SEARCHING
@accepts(QUERY)
def feed(request: HttpRequest) -> HttpResponse:
    """The latest results of a query, to follow."""
    text = request.GET.get(QUERY, "")
    try:
        reading, _ = read_public(text)
    except QueryRefused as refused:
        return errors.wrong_parameter(request, QUERY, refused.message)
    hits = find(reading, "date", "", size=FEED_SIZE).hits
    made = atom_feed(
        request,
        title=f"搜索：{text}",
        description=f"“{text}”的最新结果；个人号码已遮盖。",
        page=reverse("search"),
        snapshots=snapshots_of(hits).select_related("newspaper").order_by("-date", "-pk"),
        query=search_url(text).partition("?")[2],
    )
    return keep_from_search(made)


@require_safe
@COMPLETING
@accepts(QUERY)
def complete(request: HttpRequest) -> HttpResponse:
    """What the words begun may become, in the form browsers know (OpenSearch Suggestions): the words, then their texts,
    what they are, and where they lead. A query that is none becomes nothing."""
    text = request.GET.get(QUERY, "")
    try:
        found = completions(read_public(text)[0])
    except QueryRefused:
        found = []
    answer = [text, [one.text for one in found], [one.what for one in found]]
    answer.append([absolute(request, one.url) for one in found])
    body = json.dumps(answer, ensure_ascii=False)
    return keep_from_search(respond(request, body, content_type="application/x-suggestions+json; charset=utf-8"))


@require_safe
@accepts()
def description(request: HttpRequest) -> HttpResponse:
    """OpenSearch: lets a browser search this site from its address bar."""
    context = {
        "name": settings.SITE_NAME,
        "search": absolute(request, reverse("search")),
        "feed": absolute(request, reverse("search-feed")),
        "complete": absolute(request, reverse("search-complete")),
        "self": absolute(request, request.path),
        "icon": absolute(request, reverse("favicon")),
    }
    body = render_to_string("public/opensearch.xml", context)
    return respond(request, body, content_type="application/opensearchdescription+xml; charset=utf-8")
