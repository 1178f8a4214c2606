"""For machines: robots.txt, and the icon they ask for unasked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.public.head import absolute
from articles.public.parameters import accepts
from articles.public.responses import respond


@require_safe
@accepts()
def robots(request: HttpRequest) -> HttpResponse:
    """Not for robots: the desk, and the results of searches, which lead to each other without end."""
    closed = [f"Disallow: {reverse('admin:index')}", f"Disallow: {reverse('search')}?"]
    lines = ["User-agent: *", *closed, f"Sitemap: {absolute(request, reverse('sitemap'))}", ""]
    return respond(request, "\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """For those who ask for it unasked: feeds, plain texts, old browsers. The icon's address changes with the icon."""
    response = HttpResponseRedirect(static("articles/public/icon.svg"))
    response["Cache-Control"] = "public, max-age=86400"
    return response
