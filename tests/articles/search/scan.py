"""Search without an index: every item is read. What the index must agree with."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from articles.models import Article, LinkState, Notice, Snapshot, TopicState
from articles.search.folding import fold
from articles.search.types import Facets, Field, Hit, Kind, Order, Query, Results, Scope, Term


@dataclass(frozen=True)
class Document:
    kind: Kind
    pk: int
    snapshot: int | None
    day: datetime.date | None
    newspaper: str
    page: int | None
    parts: dict[str, str]
    """Folded: headline, deck, byline, column, section, body, captions."""
    topics: frozenset[str]
    contributors: frozenset[str]

    def has(self, term: Term) -> bool:
        text = fold(term.text)
        names = [term.field] if term.field else [name for name in self.parts if name != Field.SECTION]
        return bool(text) and any(text in self.parts[name] for name in names)

    def answers(self, query: Query) -> bool:
        return (
            all(any(self.has(term) for term in group) for group in query.all_of)
            and not any(self.has(term) for term in query.none_of)
            and (query.first_day is None or (self.day is not None and self.day >= query.first_day))
            and (query.last_day is None or (self.day is not None and self.day <= query.last_day))
            and query.newspaper in (None, self.newspaper)
            and query.page in (None, self.page)
            and query.kind in (None, self.kind)
            and (query.topic is None or query.topic in self.topics)
            and (query.contributor is None or query.contributor in self.contributors)
        )


def _parts(content: dict[str, Any], section: str) -> dict[str, str]:
    pieces = [piece if isinstance(piece, str) else piece["text"] for piece in content.get("captions", ())]
    is_notice = "heading" in content
    declarant = content.get("fields", {}).get("declarant") or ""
    declarant = declarant if isinstance(declarant, str) else "、".join(map(str, declarant))
    return {
        "headline": fold(f"{content['heading'] or content['kind']}：{declarant}")
        if is_notice
        else fold(f"{content['kicker']}\n{content['headline']}"),
        "deck": "" if is_notice else fold("\n".join(content["deck"])),
        "byline": fold(content.get("byline", "")),
        "column": fold(content.get("column", "")),
        "section": fold(section),
        "body": fold("\n".join(piece["text"] for piece in content["body"])),
        "captions": fold("\n".join(pieces)),
    }


def documents(scope: Scope) -> Iterator[Document]:
    if scope == Scope.PUBLIC:
        for snapshot in Snapshot.objects.live().select_related("newspaper").prefetch_related("topics"):
            yield Document(
                Kind.ARTICLE if snapshot.article_id else Kind.NOTICE,
                snapshot.article_id or snapshot.notice_id or 0,
                snapshot.pk,
                snapshot.date,
                snapshot.newspaper.slug,
                snapshot.page_number,
                _parts(snapshot.content, snapshot.section),
                frozenset(topic.slug for topic in snapshot.topics.all()),
                frozenset(credit["name"] for credit in snapshot.content.get("credits", ())),
            )
        return
    for model in (Article, Notice):
        for item in model.objects.with_page():
            issue = item.page.issue
            links: Any = (
                item.topic_links.filter(state=LinkState.CONFIRMED, topic__state=TopicState.ACTIVE)
                if isinstance(item, Article)
                else ()
            )
            credits: Any = item.credits.select_related("contributor") if isinstance(item, Article) else ()
            yield Document(
                Kind(item.snapshot_key),
                item.pk,
                None,
                issue.date,
                issue.newspaper.slug if issue.newspaper else "",
                item.page.number,
                _parts(item.content, item.page.section),
                frozenset(link.topic.slug for link in links),
                frozenset(credit.contributor.name for credit in credits),
            )


def search(
    query: Query,
    *,
    scope: Scope,
    order: Order = Order.DATE,
    is_fresh_first: bool = False,
    after: str | None = None,
    size: int = 20,
) -> Results:
    found = [each for each in documents(scope) if each.answers(query)]
    found.sort(key=lambda each: (each.day or datetime.date.min, each.kind, each.pk), reverse=True)
    start = int(after or 0)
    shown = found[start : start + size]
    hits = [Hit(each.kind, each.pk, each.snapshot, each.day, each.pk) for each in shown]
    more = str(start + size) if len(found) > start + size else None
    return Results(hits, more, lambda: len(found))


def facets(query: Query, scope: Scope) -> Facets:
    found = [each for each in documents(scope) if each.answers(query)]
    return Facets(
        years=dict(sorted(Counter(each.day.year for each in found if each.day).items(), reverse=True)),
        newspapers=dict(Counter(each.newspaper for each in found if each.newspaper).most_common()),
        kinds=dict(Counter(each.kind for each in found).most_common()),
        topics=dict(Counter(slug for each in found for slug in each.topics).most_common()),
        contributors=dict(Counter(name for each in found for name in each.contributors).most_common()),
        total=len(found),
    )
