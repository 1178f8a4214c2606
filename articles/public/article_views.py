"""Public pages of an article: itself, the source it came from, how to cite it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from articles.models import Snapshot
from articles.prepared import Rows
from articles.public import errors, linked_data
from articles.public.addresses import address
from articles.public.citation import FORMS, cite
from articles.public.corrections import corrections_of
from articles.public.extracted import beside
from articles.public.head import Head, absolute
from articles.public.parameters import accepts
from articles.public.place import people_of, place_of, placed_item, placed_rows, topics_of
from articles.public.reading import Paper, in_box, page_label
from articles.public.remembered import read_once
from articles.public.responses import respond, show, show_from
from articles.search.related import Question, Related, candidates, nearest, question


@require_safe
@accepts()
def article(request: HttpRequest, pk: int) -> HttpResponse:
    rows = placed_rows("article", pk)
    if not rows:
        return errors.missing_item(request, key="article", pk=pk)
    found, asked = _read(rows)
    near = candidates(asked)

    def context() -> dict[str, Any]:
        return _context(request, found, nearest(asked, near))

    return show_from(request, "public/article.html", (rows, near), context)


@read_once
def _read(rows: Rows) -> tuple[Any, Question | None]:
    """The article that the rows are of, which is only read from now on, and what to ask for others like it."""
    found = placed_item("article", rows)
    return found, question(found, [row["pk"] for row in found.topics_there or ()])


def _context(request: HttpRequest, found: Any, related: Sequence[Related]) -> dict[str, Any]:
    topics = topics_of(found)
    place = place_of(found)
    content = found.content
    told = corrections_of(found)
    url = absolute(request, address("article", found.article_id))
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
    return {
        "head": head,
        "place": place,
        "title": found.title,
        "article": content,
        "column": in_box(content["column"]),
        "corrections": told,
        "topics": topics,
        "people": people_of(found),
        "related": related,
        "continued_from": place.jump(content["continued_from"], is_forward=False, linked=content.get("jump_from")),
        "continued_on": place.jump(content["continued_on"], is_forward=True, linked=content.get("jump_to")),
        "citation": cite(found),
        "citation_files": [(form.name, address("citation", found.article_id, form.suffix)) for form in FORMS],
        "permalink": url,
        "extracted_url": address("extracted", found.article_id) if found.is_extracted else "",
    }


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
