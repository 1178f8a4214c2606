"""Public pages of an article: itself, the source it came from, how to cite it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from articles.models import Snapshot
from articles.public import errors, linked_data
from articles.public.addresses import address
from articles.public.citation import FORMS, cite
from articles.public.corrections import corrections_of
from articles.public.extracted import beside
from articles.public.head import Head, absolute
from articles.public.parameters import accepts
from articles.public.place import live_item, people_of, place_of, topics_of
from articles.public.reading import Paper, in_box, page_label
from articles.public.responses import respond, show
from articles.search.related import related

_RELATED = 6


@require_safe
@accepts()
def article(request: HttpRequest, pk: int) -> HttpResponse:
    found: Any = live_item("article", pk, placed=True)
    if found is None:
        return errors.missing_item(request, key="article", pk=pk)
    topics = topics_of(found)
    place = place_of(found)
    content = found.content
    told = corrections_of(found)
    url = absolute(request, address("article", pk))
    data = linked_data.news_article(
        found,
        url=url,
        issue_url=absolute(request, place.issue_url),
        newspaper_url=absolute(request, place.paper.url),
        topics=[topic.name for topic in topics],
        corrections=told,
    )
    head = Head(
        title=f"{found.title} · {place.paper.name} {found.date:%Y-%m-%d}",
        description=found.summary or found.title,
        canonical=url,
        kind="article",
        published=found.date.isoformat(),
        modified=found.live_from.isoformat(timespec="seconds"),
        section=found.section,
        data=data,
    )
    context = {
        "head": head,
        "place": place,
        "title": found.title,
        "article": content,
        "column": in_box(content["column"]),
        "corrections": told,
        "topics": topics,
        "people": people_of(found),
        "related": related(found, topics=[row["pk"] for row in found.topics_there or ()], size=_RELATED),
        "continued_from": place.jump(content["continued_from"], is_forward=False, linked=content.get("jump_from")),
        "continued_on": place.jump(content["continued_on"], is_forward=True, linked=content.get("jump_to")),
        "citation": cite(found),
        "citation_files": [(form.name, address("citation", pk, form.suffix)) for form in FORMS],
        "permalink": url,
        "extracted_url": address("extracted", pk) if found.is_extracted else "",
    }
    return show(request, "public/article.html", context)


@require_safe
@accepts()
def extracted(request: HttpRequest, pk: int) -> HttpResponse:
    found = Snapshot.objects.live().filter(article=pk).select_related("newspaper", "extract").first()
    if found is None or not hasattr(found, "extract"):
        return errors.missing_item(request, key="article", pk=pk)
    paper = Paper(found.newspaper_id, found.newspaper.name, found.newspaper.slug)
    head = Head(
        title=f"提取原文：{found.title} · {paper.name} {found.date:%Y-%m-%d}",
        description=f"《{found.title}》的见报文字与来源文字逐段对照。",
        canonical=absolute(request, address("extracted", pk)),
        is_listed=False,
    )
    context = {
        "head": head,
        "paper": paper,
        "date": found.date,
        "issue_url": address("issue", paper.slug, found.date),
        "label": page_label(found.page_number, found.section),
        "page_url": address("page", paper.slug, found.date, found.page_number),
        "title": found.title,
        "article_url": address("article", pk),
        "rows": beside(found.content, found.extract.lines),
    }
    return show(request, "public/extracted.html", context)


@require_safe
@accepts()
def citation(request: HttpRequest, pk: int, suffix: str) -> HttpResponse:
    """For reference managers: a file."""
    form = next((one for one in FORMS if one.suffix == suffix), None)
    found = Snapshot.objects.live().filter(article=pk).select_related("newspaper", "issue").first()
    if form is None or found is None:
        return errors.missing_item(request, key="article", pk=pk)
    text = form.write(found, absolute(request, address("article", pk)))
    response = respond(request, text, content_type=f"{form.content_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{form.file_name(found)}"'
    return response
