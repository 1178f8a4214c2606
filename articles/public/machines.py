"""For machines: robots.txt, sitemaps, Atom feeds."""

from __future__ import annotations

import datetime
from typing import Any
from xml.etree import ElementTree as ET

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from articles.models import Snapshot
from articles.public import errors
from articles.public.head import absolute
from articles.public.notices import indexed_since
from articles.public.parameters import accepts
from articles.public.reading import public_paper, public_papers
from articles.public.responses import respond

_FEED_SIZE = 30
_SITEMAP_SIZE = 50_000  # the protocol's own limit for one file
_SITEMAP_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


@require_safe
@accepts()
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", "Disallow: /admin/", f"Sitemap: {absolute(request, reverse('sitemap'))}", ""]
    return respond(request, "\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """For those who ask for it unasked: feeds, plain texts, old browsers. The icon's address changes with the icon."""
    response = HttpResponseRedirect(static("articles/public/icon.svg"))
    response["Cache-Control"] = "public, max-age=86400"
    return response


Rows = list[tuple[str, datetime.datetime | None]]


def _sitemap(request: HttpRequest, root: str, child: str, rows: Rows) -> HttpResponse:
    site = absolute(request, "/").removesuffix("/")
    tree = ET.Element(root, xmlns=_SITEMAP_SPACE)
    for address, changed in rows:
        one = ET.SubElement(tree, child)
        ET.SubElement(one, "loc").text = site + address
        if changed is not None:
            ET.SubElement(one, "lastmod").text = changed.isoformat(timespec="seconds")
    body = ET.tostring(tree, encoding="unicode")
    declared = f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'
    return respond(request, declared, content_type="application/xml; charset=utf-8")


@require_safe
@accepts()
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """A sitemap for each newspaper and year: one query."""
    rows: Rows = [
        (reverse("sitemap-year", args=[found.row.slug, year]), None)
        for found in public_papers()
        for year in found.years
    ]
    return _sitemap(request, "sitemapindex", "sitemap", rows)


@require_safe
@accepts()
def sitemap_year(request: HttpRequest, newspaper: str, year: int) -> HttpResponse:
    found = public_paper(newspaper)
    if found is None or year not in found.years:
        return errors.not_found(request)
    live = Snapshot.objects.live().filter(newspaper=found.row, date__year=year).order_by("-date")
    live = live.filter(Q(notice__isnull=True) | Q(date__gte=indexed_since()))
    rows: Rows = []
    days = set()
    for article, notice, date, came in live.values_list("article", "notice", "date", "live_from")[:_SITEMAP_SIZE]:
        if date not in days:
            days.add(date)
            rows.append((reverse("issue", args=[newspaper, date]), None))
        rows.append((reverse("article", args=[article]) if article else reverse("notice", args=[notice]), came))
    return _sitemap(request, "urlset", "url", rows[:_SITEMAP_SIZE])


class FullTextFeed(Atom1Feed):
    """Atom with the text of each entry, not only its summary."""

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})


def _as_html(snapshot: Snapshot) -> str:
    tags = {"paragraph": "p", "subhead": "h2"}
    pieces = ((tags[piece["role"]], piece["text"]) for piece in snapshot.content["body"])
    return "".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in pieces)


@require_safe
@accepts()
def feed(request: HttpRequest, newspaper: str) -> HttpResponse:
    """The latest articles of a newspaper, in full."""
    found = public_paper(newspaper)
    if found is None:
        return errors.not_found(request)
    live = Snapshot.objects.live().articles().filter(newspaper=found.row)
    atom = FullTextFeed(
        title=found.row.name,
        link=absolute(request, found.paper.url),
        description=found.row.description,
        language="zh-Hans",
        feed_url=absolute(request, reverse("feed", args=[newspaper])),
    )
    for snapshot in live.order_by("-date", "page_number", "position")[:_FEED_SIZE]:
        address = absolute(request, snapshot.get_absolute_url())
        authors = "、".join(credit["name"] for credit in snapshot.content["credits"])
        atom.add_item(
            title=snapshot.title,
            link=address,
            unique_id=address,
            description=snapshot.summary,
            author_name=authors or found.row.name,
            pubdate=snapshot.published_at,
            updateddate=snapshot.live_from,
            content=_as_html(snapshot),
        )
    return respond(request, atom.writeString("utf-8"), content_type=atom.content_type)
