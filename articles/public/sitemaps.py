"""Sitemaps: an index, one of the standing pages, one of the last two days' news, one of so many people, one a newspaper
and month. However long papers come out, none of them grows but the index."""

from __future__ import annotations

import datetime
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.content import storable
from articles.models import Snapshot
from articles.public import errors
from articles.public.contributors import live_contributions, public_contributors
from articles.public.head import absolute
from articles.public.notices import indexed_since
from articles.public.parameters import accepts
from articles.public.reading import public_paper, public_papers
from articles.public.responses import respond
from articles.public.topics import topics_in_motion

_XML = "application/xml; charset=utf-8"
_LIMIT = 50_000  # the protocol's own, for one file
PEOPLE = 1_000
"""Numbers of people that share a sitemap."""
_NEWS_LIMIT = 1_000  # Google's, for one news sitemap
_NEWS_DAYS = 2
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
_NEWS_LANGUAGE = "zh-cn"  # its exception to ISO 639 for simplified characters

Rows = list[tuple[str, datetime.datetime | None]]


def _sitemap(request: HttpRequest, root: str, child: str, rows: Rows) -> HttpResponse:
    site = absolute(request, "/").removesuffix("/")
    parts = [f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_SPACE}">']
    for path, changed in rows[:_LIMIT]:
        since = f"<lastmod>{changed.isoformat(timespec='seconds')}</lastmod>" if changed is not None else ""
        parts.append(f"<{child}><loc>{escape(site + path)}</loc>{since}</{child}>")
    return respond(request, "".join((*parts, f"</{root}>\n")), content_type=_XML)


@require_safe
@accepts()
def index(request: HttpRequest) -> HttpResponse:
    """Two queries."""
    rows: Rows = [(reverse(name), None) for name in ("sitemap-site", "sitemap-news")]
    last = live_contributions().order_by("-contributor").values_list("contributor", flat=True).first()
    parts = range(1, -(-(last or 0) // PEOPLE) + 1)
    rows += [(reverse("sitemap-people", args=[part]), None) for part in parts]
    for found in public_papers():
        # A thousand addresses, all but alike.
        latest = found.months[0]
        start = reverse("sitemap-month", args=[found.row.slug, latest]).removesuffix(f"{latest:%Y-%m}.xml")
        rows += [(f"{start}{month.year}-{month.month:02}.xml", None) for month in found.months]
    return _sitemap(request, "sitemapindex", "sitemap", rows)


@require_safe
@accepts()
def site(request: HttpRequest) -> HttpResponse:
    """The pages that stay while issues come: two queries."""
    names = ("front", "notices", "open-notices", "notice-lookup", "topics", "contributors", "corrections")
    rows: Rows = [(reverse(name), None) for name in (*names, "about", "accessibility")]
    for found in public_papers():
        rows.append((found.paper.url, None))
        rows += [(reverse("year", args=[found.row.slug, year]), None) for year in found.years]
    rows += [(topic.get_absolute_url(), None) for topic in topics_in_motion()]
    return _sitemap(request, "urlset", "url", rows)


@require_safe
@accepts()
def people(request: HttpRequest, part: int) -> HttpResponse:
    """Who signed what readers may see, by their numbers: one query. The index names every part up to the last, so one
    before it that nobody is in is empty, and not missing: one query more."""
    last = part * PEOPLE
    signed = public_contributors().filter(pk__gt=last - PEOPLE, pk__lte=last).order_by("pk")
    rows: Rows = [(reverse("contributor", args=[pk]), None) for pk in signed.values_list("pk", flat=True)]
    if not rows and not live_contributions().filter(contributor__gt=last).exists():
        return errors.not_found(request)
    return _sitemap(request, "urlset", "url", rows)


@require_safe
@accepts()
def month(request: HttpRequest, newspaper: str, month: datetime.date) -> HttpResponse:
    """Every issue and item of a newspaper in a month but the notices that search engines shall forget."""
    found = public_paper(newspaper)
    if found is None or month not in found.months:
        return errors.not_found(request)
    next_month = (month + datetime.timedelta(31)).replace(day=1)
    live = Snapshot.objects.live().filter(newspaper=found.row, date__gte=month, date__lt=next_month)
    live = live.order_by("-date")
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
    body = ET.tostring(tree, encoding="unicode")
    return respond(request, f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n', content_type=_XML)
