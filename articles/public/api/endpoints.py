"""The table of the interface."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, re_path
from django.views.decorators.csrf import csrf_exempt

from articles.public.api import bulk, parameters, problems, reads, searching
from articles.public.api.openapi import describe
from articles.public.api.parameters import (
    AFTER,
    BEFORE,
    BEFORE_ROW,
    KIND,
    LIMIT,
    NEWSPAPER,
    QUERY,
    RESULT,
    SINCE,
    SORT,
    UNTIL,
    Parameter,
)
from articles.public.api.problems import Problem
from articles.public.api.rows import Json
from articles.public.head import absolute
from articles.public.responses import respond

ROOT = "api/v1/"


@dataclass(frozen=True, slots=True)
class Endpoint:
    path: str
    """Below `ROOT`, in Django's own form."""
    name: str
    summary: str
    read: Callable[..., Json]
    schema: str
    parameters: tuple[Parameter, ...] = ()
    may_be_withdrawn: bool = False


_PERIOD = (SINCE, UNTIL, BEFORE, LIMIT)

ENDPOINTS = (
    Endpoint("", "root", "入口", reads.root, "Root"),
    Endpoint("newspapers/", "newspapers", "各报", reads.newspapers, "Newspapers"),
    Endpoint("newspapers/<slug:newspaper>/", "newspaper", "一份报纸", reads.newspaper, "Newspaper"),
    Endpoint("issues/", "issues", "各期，新的在前", reads.issues, "Issues", (NEWSPAPER, *_PERIOD)),
    Endpoint("issues/<slug:newspaper>/<issue_date:date>/", "issue", "一期：各版和各版的标题", reads.issue, "Issue"),
    Endpoint(
        "issues/<slug:newspaper>/<issue_date:date>/<page_number:number>/",
        "page",
        "一版：各条全文，按阅读顺序",
        reads.page,
        "Page",
    ),
    Endpoint("articles/", "articles", "稿件，新的在前", reads.articles, "Articles", (NEWSPAPER, *_PERIOD)),
    Endpoint("articles/<item_id:pk>/", "article", "一篇稿件，全文", reads.article, "Article", may_be_withdrawn=True),
    Endpoint("notices/", "notices", "分类公告，新的在前", reads.notices, "Notices", (KIND, NEWSPAPER, *_PERIOD)),
    Endpoint("notices/<item_id:pk>/", "notice", "一条公告，全文", reads.notice, "Notice", may_be_withdrawn=True),
    Endpoint("topics/", "topics", "专题，最近有报道的在前", reads.topics, "Topics"),
    Endpoint("topics/<topic_slug:slug>/", "topic", "一个专题", reads.topic, "Topic"),
    Endpoint(
        "topics/<topic_slug:slug>/articles/",
        "topic-articles",
        "一个专题的稿件，新的在前",
        reads.topic_articles,
        "Articles",
        (BEFORE, LIMIT),
    ),
    Endpoint("contributors/", "contributors", "有稿件见报的作者", reads.contributors, "Contributors", (AFTER, LIMIT)),
    Endpoint("contributors/<item_id:pk>/", "contributor", "一位作者", reads.contributor, "Contributor"),
    Endpoint(
        "contributors/<item_id:pk>/articles/",
        "contributor-articles",
        "一位作者的稿件，新的在前",
        reads.contributor_articles,
        "Articles",
        (BEFORE, LIMIT),
    ),
    Endpoint(
        "corrections/",
        "corrections",
        "更正、澄清、道歉，新的在前",
        reads.corrections,
        "Corrections",
        (BEFORE_ROW, LIMIT),
    ),
    Endpoint("search/", "search", "搜索", searching.search, "Results", (QUERY, SORT, RESULT, LIMIT)),
    Endpoint("bulk/", "bulk-list", "可以整年下载的报纸和年份", reads.bulk, "Years"),
)


def _answer(request: HttpRequest, make: Callable[[], Json]) -> HttpResponse:
    try:
        if request.method not in {"GET", "HEAD"}:
            raise Problem(405, "本接口只读：请用 GET")
        body = json.dumps(make(), ensure_ascii=False)
    except Problem as problem:
        return problems.answer(problem)
    return problems.opened(respond(request, body, content_type="application/json; charset=utf-8"))


def _view(endpoint: Endpoint) -> Callable[..., HttpResponse]:
    def view(request: HttpRequest, **parts: Any) -> HttpResponse:
        def make() -> Json:
            asked = parameters.read(request.GET, endpoint.parameters)
            return endpoint.read(asked, lambda to: absolute(request, to), **parts)

        return _answer(request, make)

    return view


def openapi(request: HttpRequest) -> HttpResponse:
    """The description, made from the table above."""

    def make() -> Json:
        parameters.read(request.GET, ())
        return describe(ENDPOINTS, server=absolute(request, "/" + ROOT))

    return _answer(request, make)


def nothing(request: HttpRequest, rest: str) -> HttpResponse:
    def make() -> Json:
        raise Problem(404, "没有这个地址：入口是 /" + ROOT)

    return _answer(request, make)


def urls() -> list[URLPattern]:
    """Exempt from the check of forms: a POST shall hear that there is nothing to post to."""
    found: list[tuple[str, Callable[..., HttpResponseBase], str]] = [
        (one.path, _view(one), one.name) for one in ENDPOINTS
    ]
    found.append(("openapi.json", openapi, "openapi"))
    found.append(("bulk/<slug:newspaper>-<year:year>.jsonl", bulk.year, "bulk"))
    known = [path(ROOT + address, csrf_exempt(view), name=f"api-{name}") for address, view, name in found]
    # Whatever else, also over several lines: `<path:rest>` ends at the first.
    return [*known, re_path(rf"^{re.escape(ROOT)}(?P<rest>[\s\S]+)\Z", csrf_exempt(nothing), name="api-nothing")]
