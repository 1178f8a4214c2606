"""Atom feeds with the full text of each entry, as readers see it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.http import urlencode
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from articles.content import storable
from articles.models import Snapshot
from articles.public import errors
from articles.public.contributors import contributions_of, public_contributor
from articles.public.filters import FILTERS, NoticeFilter
from articles.public.head import absolute
from articles.public.linked import newest, snapshots_at
from articles.public.notices import live_notices, once
from articles.public.parameters import accepts
from articles.public.reading import public_paper
from articles.public.responses import keep_from_search, respond
from articles.public.topics import links_of, public_topic

FEED_SIZE = 30

_NEVER = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


class FullTextFeed(Atom1Feed):
    """Atom with the text of each entry, not only its summary; the same bytes for the same entries."""

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})

    def latest_post_date(self) -> datetime.datetime:
        return max((item["updateddate"] for item in self.items), default=_NEVER)


def as_html(snapshot: Snapshot) -> str:
    """The whole text: what stands above the body, the body, the words under the pictures."""
    return "".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in _pieces(snapshot.content) if text)


def _pieces(content: dict[str, Any]) -> Iterator[tuple[str, str]]:
    tags = {"paragraph": "p", "subhead": "h2"}
    yield "p", content.get("kicker", "")
    for line in content.get("deck", ()):
        yield "p", line
    yield "p", content.get("byline", "")
    for piece in content["body"]:
        yield tags[piece["role"]], piece["text"]
    for caption in content.get("captions", ()):
        yield "p", caption


def atom_feed(
    request: HttpRequest, *, title: str, description: str, page: str, snapshots: Iterable[Snapshot], query: str = ""
) -> HttpResponse:
    """The feed at the path asked for, with the `query` that chose its entries; `page` is the path of the page that
    shows the same to people, `snapshots` are live ones with their newspaper."""
    query = f"?{query}" if query else ""
    atom = FullTextFeed(
        title=storable(title),
        link=absolute(request, page + query),
        description=storable(description),
        language="zh-Hans",
        feed_url=absolute(request, request.path + query),
    )
    for snapshot in snapshots:
        address = absolute(request, snapshot.get_absolute_url())
        authors = "、".join(credit["name"] for credit in snapshot.content.get("credits", ()))
        atom.add_item(
            title=storable(snapshot.title),
            link=address,
            unique_id=address,
            description=storable(snapshot.summary),
            author_name=storable(authors or snapshot.newspaper.name),
            pubdate=snapshot.published_at,
            updateddate=snapshot.live_from,
            categories=[storable(name) for name in _categories(snapshot)],
            content=storable(as_html(snapshot)),
        )
    return respond(request, atom.writeString("utf-8"), content_type=atom.content_type)


def _categories(snapshot: Snapshot) -> list[str]:
    content = snapshot.content
    names = [snapshot.notice_kind, content.get("column", ""), *(topic["name"] for topic in content.get("topics", ()))]
    return [name for name in names if name]


@require_safe
@accepts()
def newspaper(request: HttpRequest, newspaper: str) -> HttpResponse:
    """The latest articles of a newspaper."""
    found = public_paper(newspaper)
    if found is None:
        return errors.not_found(request)
    latest = Snapshot.objects.live().articles().filter(newspaper=found.row).select_related("newspaper")
    latest = latest.order_by("-date", "page_number", "position")[:FEED_SIZE]
    return atom_feed(
        request, title=found.row.name, description=found.row.description, page=found.paper.url, snapshots=latest
    )


@require_safe
@accepts()
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """The latest articles of a topic."""
    found = public_topic(slug)
    if found is None:
        return errors.not_found(request)
    latest = snapshots_at(newest(links_of(found), FEED_SIZE)).select_related("newspaper")
    return atom_feed(
        request,
        title=f"专题：{found.name}",
        description=found.description,
        page=found.get_absolute_url(),
        snapshots=latest,
    )


@require_safe
@accepts()
def contributor(request: HttpRequest, pk: int) -> HttpResponse:
    """The latest articles a contributor signed."""
    found = public_contributor(pk)
    if found is None:
        return errors.not_found(request)
    latest = snapshots_at(newest(contributions_of(found), FEED_SIZE)).select_related("newspaper")
    return atom_feed(
        request,
        title=f"作者：{found.name}",
        description=f"{found.name}署名的稿件。",
        page=found.get_absolute_url(),
        snapshots=latest,
    )


_FOLLOWED = tuple(name for name in FILTERS if name not in {"since", "until"})


@require_safe
@accepts(*_FOLLOWED)
def notices(request: HttpRequest) -> HttpResponse:
    """The latest notices, or those of a kind, a newspaper, with some words: each once however often it was printed.

    Search engines read notices on their pages, as long as those let them.
    """
    found = NoticeFilter(data=request.GET, queryset=live_notices(), request=request)
    if not found.is_valid():
        name = next(iter(found.form.errors))
        return errors.wrong_parameter(request, name, "；".join(found.form.errors[name]))
    chosen = {name: request.GET[name] for name in _FOLLOWED if request.GET.get(name)}
    made = atom_feed(
        request,
        title="分类公告",
        description="遗失声明、注销公告、债权债务公告等；个人号码已遮盖。",
        page=reverse("notices"),
        snapshots=once(found.qs).select_related("newspaper")[:FEED_SIZE],
        query=urlencode(chosen),
    )
    return keep_from_search(made)
