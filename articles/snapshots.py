"""What readers see of an item: the content of a snapshot, built from the item at the moment of publication.

`content` of an article: ``column, kicker, headline, deck [..], byline, body [{"role", "text"}], captions [..],
continued_from, continued_on, credits [{"name", "role"}], topics [{"name", "slug"}]``, and where linked ``jump_to`` and
``jump_from`` (see `articles.jumps`); of a notice: ``kind, heading, body [{"role", "text"}], fields {..}, topics []``.
Personal numbers are masked in all of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User

from articles import jumps
from articles.content import notice_title
from articles.masking import mask_value
from articles.models import (
    AnyItem,
    Article,
    LinkState,
    Snapshot,
    SnapshotContributor,
    SnapshotExtract,
    SnapshotTopic,
    Topic,
    TopicState,
)
from articles.notice_masking import mask_notice

SUMMARY_LENGTH = 120


def confirmed_topics(article: Article) -> list[Topic]:
    """Topics readers may see with the article: confirmed by an editor, and in use."""
    links = article.topic_links.filter(state=LinkState.CONFIRMED, topic__state=TopicState.ACTIVE)
    return [link.topic for link in links.select_related("topic")]


def _summary(content: dict[str, Any]) -> str:
    """The lead, cut to a length that fits a list."""
    lead: str = next((piece["text"] for piece in content["body"] if piece["role"] == "paragraph"), "")
    return lead if len(lead) <= SUMMARY_LENGTH else lead[: SUMMARY_LENGTH - 1] + "…"


def _content(item: AnyItem) -> dict[str, Any]:
    body = [{"role": piece["role"], "text": piece["text"]} for piece in item.body]
    if isinstance(item, Article):
        return {
            "column": item.column,
            "kicker": item.kicker,
            "headline": item.headline,
            "deck": item.deck,
            "byline": item.byline,
            "body": body,
            "captions": [piece["text"] for piece in item.captions],
            "continued_from": item.continued_from,
            "continued_on": item.continued_on,
            "credits": [
                {"name": credit.contributor.name, "role": credit.get_role_display()}
                for credit in item.credits.select_related("contributor")
            ],
            "topics": [{"name": topic.name, "slug": topic.slug} for topic in confirmed_topics(item)],
            **jumps.content_of(item),
        }
    return {"kind": item.kind, "heading": item.heading, "body": body, "fields": item.fields, "topics": []}


def build(item: AnyItem, *, number: int, live_from: datetime, published_at: datetime, published_by: User) -> Snapshot:
    """An unsaved snapshot. The item's page must be placed and its issue dated."""
    page, issue = item.page, item.page.issue
    if issue.newspaper_id is None or issue.date is None or page.number is None:
        raise ValueError("item is not placed")
    content = _content(item)
    # Title and summary are cut from the masked text: the beginning of a number could not be told for one.
    masked = mask_value(content) if isinstance(item, Article) else mask_notice(content)
    title = masked["headline"] if isinstance(item, Article) else notice_title(masked)
    return Snapshot(
        article=item if isinstance(item, Article) else None,
        notice=None if isinstance(item, Article) else item,
        number=number,
        live_from=live_from,
        published_at=published_at,
        published_by=published_by,
        source_hash=item.content_hash,
        newspaper_id=issue.newspaper_id,
        issue=issue,
        date=issue.date,
        page_number=page.number,
        section=page.section,
        position=item.position,
        notice_kind="" if isinstance(item, Article) else item.kind,
        deadline_on=None if isinstance(item, Article) else item.deadline_on,
        title=title[:400],
        summary=_summary(masked),
        content=masked,
    )


def contributors_of(article: Article) -> list[int]:
    return list(article.credits.values_list("contributor", flat=True))


def link(snapshot: Snapshot, *, topics: Iterable[Topic], contributors: Iterable[int], extract: dict[str, Any]) -> None:
    """The rows that go with a saved snapshot of an article: those by which readers find it under its topics and its
    contributors, and what was extracted for it."""
    if extract:
        SnapshotExtract.objects.create(snapshot=snapshot, lines=extract)
    SnapshotTopic.objects.bulk_create(
        SnapshotTopic(snapshot=snapshot, topic=topic, date=snapshot.date) for topic in topics
    )
    SnapshotContributor.objects.bulk_create(
        SnapshotContributor(snapshot=snapshot, contributor_id=pk, date=snapshot.date) for pk in contributors
    )
