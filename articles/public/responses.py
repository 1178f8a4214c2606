"""Rendering and cache headers of public pages.

Templates are rendered without the request: a public page cannot know who is looking, so it may be cached for all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response

from articles.public.remembered import Body, Rows, pages

_HTML = "text/html; charset=utf-8"

# Browsers ask each time (and mostly hear 304), so that a withdrawal shows at once; a shared cache may serve a page
# for half a minute.
_PUBLIC = "public, max-age=0, s-maxage=30, must-revalidate"


def respond(request: HttpRequest, body: str, *, content_type: str = _HTML) -> HttpResponse:
    """The body with its validator; 304 without it when the client already has it. The date of a page is the cache's
    matter: it knows when anything changed."""
    return _answer(request, Body.of(body), content_type=content_type)


def _answer(request: HttpRequest, body: Body, *, content_type: str) -> HttpResponse:
    response = HttpResponse(body.data, content_type=content_type)
    response["Cache-Control"] = _PUBLIC
    response["ETag"] = body.etag
    return cast(HttpResponse, get_conditional_response(request, etag=body.etag, response=response))


def show(request: HttpRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """A public page."""
    return respond(request, render_to_string(template, dict(context)))


def show_from(
    request: HttpRequest, template: str, rows: Rows, context: Callable[[], Mapping[str, Any]]
) -> HttpResponse:
    """A public page of which the database has said all there is to say in `rows`: the one made from the same before, or
    a new one."""
    made = pages.page(request, rows, lambda: Body.of(render_to_string(template, dict(context()))))
    return _answer(request, made, content_type=_HTML)


def refuse(template: str, context: Mapping[str, Any], *, status: int) -> HttpResponse:
    """An error page. What is missing now may be public in a minute: nobody keeps the answer."""
    response = HttpResponse(render_to_string(template, dict(context)), status=status)
    response["Cache-Control"] = "no-store" if status in {400, 403, 413, 429, 500, 503} else "no-cache"
    return response


def keep_from_search(response: HttpResponse) -> HttpResponse:
    """Also for what is no HTML, and for machines that read no meta elements."""
    response["X-Robots-Tag"] = "noindex"
    return response
