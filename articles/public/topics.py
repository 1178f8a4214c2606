"""Topics that readers may see, and the entries of one."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, JSONField, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse

from articles.models import Snapshot, SnapshotTopic, Topic, TopicState
from articles.models.publication import is_live
from articles.prepared import Prepared

TOPICS_LIMIT = 500


def live_links() -> QuerySet[SnapshotTopic]:
    return SnapshotTopic.objects.filter(Exists(Snapshot.objects.live().filter(pk=OuterRef("snapshot"))))


def _newest_links() -> QuerySet[SnapshotTopic]:
    """Of the outer topic, the newest first."""
    return live_links().filter(topic=OuterRef("pk")).order_by("-date", "-snapshot")


@dataclass(frozen=True, slots=True)
class Moving:
    """A topic and the newest story of it."""

    name: str
    url: str
    title: str
    story_url: str
    date: datetime.date


def topics_in_motion(limit: int = TOPICS_LIMIT) -> QuerySet[Topic]:
    """Topics in use that have something to read, those with the newest first; `latest` is its date."""
    mine = _newest_links().values("date")[:1]
    found = Topic.objects.filter(state=TopicState.ACTIVE).annotate(latest=Subquery(mine)).filter(latest__isnull=False)
    return found.order_by("-latest", "name")[:limit]


IN_MOTION: Prepared[Topic] = Prepared(topics_in_motion)


def topics_with_stories(limit: int) -> QuerySet[Topic]:
    """The topics with the newest stories, for `as_moving`."""
    story = JSONObject(title="snapshot__title", article="snapshot__article", date="date")
    mine = _newest_links().annotate(story=story).values("story")[:1]
    return topics_in_motion(limit).annotate(story=Subquery(mine, output_field=JSONField()))


def as_moving(topics: Iterable[Any]) -> list[Moving]:
    return [
        Moving(
            topic.name,
            topic.get_absolute_url(),
            topic.story["title"],
            reverse("article", args=[topic.story["article"]]),
            datetime.date.fromisoformat(topic.story["date"]),
        )
        for topic in topics
    ]


def public_topics() -> QuerySet[Topic]:
    """Topics that have something to read, in use or retired: the address of one appears with its first story."""
    told = Exists(live_links().filter(topic=OuterRef("pk")))
    return Topic.objects.filter(told, state__in=(TopicState.ACTIVE, TopicState.RETIRED))


def public_topic(slug: str) -> Topic | None:
    return public_topics().filter(slug=slug).first()


def links_of(topic: Topic) -> QuerySet[SnapshotTopic]:
    return SnapshotTopic.objects.filter(is_live("snapshot__"), topic=topic)
