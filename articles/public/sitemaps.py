"""Sitemaps: an index, one of the standing pages, one of the last two days' news, one a newspaper and year."""

from __future__ import annotations

import datetime
from xml.etree import ElementTree as ET

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.content import storable
from articles.models import Snapshot
from articles.public import errors
from articles.public.contributors import public_contributors
from articles.public.head import absolute
from articles.public.notices import indexed_since
from articles.public.parameters import accepts
from articles.public.reading import public_paper, public_papers
from articles.public.responses import respond
from articles.public.topics import topics_in_motion

_LIMIT = 50_000  # the protocol's own, for one file
_NEWS_LIMIT = 1_000  # Google's, for one news sitemap
_NEWS_DAYS = 2
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
_NEWS_LANGUAGE = "zh-cn"  # its exception to ISO 639 for simplified characters

Rows = list[tuple[str, datetime.datetime | None]]


def _answer(request: HttpRequest, tree: ET.Element) -> HttpResponse:
    body = ET.tostring(tree, encoding="unicode")
    declared = f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'
    return respond(request, declared, content_type="application/xml; charset=utf-8")


def _sitemap(request: HttpRequest, root: str, child: str, rows: Rows) -> HttpResponse:
    site = absolute(request, "/").removesuffix("/")
    tree = ET.Element(root, xmlns=_SPACE)
    for address, changed in rows[:_LIMIT]:
        one = ET.SubElement(tree, child)
        ET.SubElement(one, "loc").text = site + address
        if changed is not None:
            ET.SubElement(one, "lastmod").text = changed.isoformat(timespec="seconds")
    return _answer(request, tree)


@require_safe
@accepts()
def index(request: HttpRequest) -> HttpResponse:
    """One query."""
    rows: Rows = [(reverse(name), None) for name in ("sitemap-site", "sitemap-news")]
    for found in public_papers():
        rows += [(reverse("sitemap-year", args=[found.row.slug, year]), None) for year in found.years]
    return _sitemap(request, "sitemapindex", "sitemap", rows)


@require_safe
@accepts()
def site(request: HttpRequest) -> HttpResponse:
    """The pages that stay while issues come: three queries."""
    names = ("front", "notices", "open-notices", "notice-lookup", "topics", "contributors", "corrections")
    rows: Rows = [(reverse(name), None) for name in (*names, "about", "accessibility")]
    for found in public_papers():
        rows.append((found.paper.url, None))
        rows += [(reverse("year", args=[found.row.slug, year]), None) for year in found.years]
    rows += [(topic.get_absolute_url(), None) for topic in topics_in_motion()]
    signed = public_contributors().order_by("pk").values_list("pk", flat=True)[:_LIMIT]
    rows += [(reverse("contributor", args=[pk]), None) for pk in signed]
    return _sitemap(request, "urlset", "url", rows)


@require_safe
@accepts()
def year(request: HttpRequest, newspaper: str, year: int) -> HttpResponse:
    """Every issue and item of a newspaper in a year but the notices that search engines shall forget."""
    found = public_paper(newspaper)
    if found is None or year not in found.years:
        return errors.not_found(request)
    live = Snapshot.objects.live().filter(newspaper=found.row, date__year=year).order_by("-date")
    live = live.filter(Q(notice__isnull=True) | Q(date__gte=indexed_since()))
    rows: Rows = []
    days = set()
    for article, notice, date, came in live.values_list("article", "notice", "date", "live_from")[:_LIMIT]:
        if date not in days:
            days.add(date)
            rows.append((reverse("issue", args=[newspaper, date]), None))
        rows.append((reverse("article", args=[article]) if article else reverse("notice", args=[notice]), came))
    return _sitemap(request, "urlset", "url", rows)


@require_safe
@accepts()
def news(request: HttpRequest) -> HttpResponse:
    """Articles printed today or the day before, newest first: two queries. An old issue that comes out late is no
    news."""
    since = timezone.localdate() - datetime.timedelta(_NEWS_DAYS - 1)
    papers = {found.row.pk: found for found in public_papers() if found.last >= since}
    live = Snapshot.objects.live().articles().filter(newspaper__in=papers, date__gte=since)
    tree = ET.Element("urlset", {"xmlns": _SPACE, "xmlns:news": _NEWS})
    rows = live.order_by("-date", "page_number", "position").values_list("article", "newspaper", "date", "title")
    for article, paper, date, title in rows[:_NEWS_LIMIT] if papers else ():
        one = ET.SubElement(tree, "url")
        ET.SubElement(one, "loc").text = absolute(request, reverse("article", args=[article]))
        told = ET.SubElement(one, "news:news")
        publication = ET.SubElement(told, "news:publication")
        ET.SubElement(publication, "news:name").text = storable(papers[paper].row.name)
        ET.SubElement(publication, "news:language").text = _NEWS_LANGUAGE
        ET.SubElement(told, "news:publication_date").text = date.isoformat()
        ET.SubElement(told, "news:title").text = title
    return _answer(request, tree)
