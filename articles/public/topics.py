"""Topics that readers may see, and the entries of one."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from articles.models import Snapshot, SnapshotTopic, Topic, TopicState

TOPICS_LIMIT = 500


def live_links() -> QuerySet[SnapshotTopic]:
    return SnapshotTopic.objects.filter(Exists(Snapshot.objects.live().filter(pk=OuterRef("snapshot"))))


def topics_in_motion(limit: int = TOPICS_LIMIT) -> QuerySet[Topic]:
    """Topics in use that have something to read, those with the newest first; `latest` is its date."""
    mine = live_links().filter(topic=OuterRef("pk")).order_by("-date", "-snapshot").values("date")[:1]
    found = Topic.objects.filter(state=TopicState.ACTIVE).annotate(latest=Subquery(mine)).filter(latest__isnull=False)
    return found.order_by("-latest", "name")[:limit]


def public_topics() -> QuerySet[Topic]:
    """Topics in use; and retired ones that still have something to read, for their addresses were public."""
    retired = Q(state=TopicState.RETIRED) & Exists(live_links().filter(topic=OuterRef("pk")))
    return Topic.objects.filter(Q(state=TopicState.ACTIVE) | retired)


def public_topic(slug: str) -> Topic | None:
    return public_topics().filter(slug=slug).first()


def links_of(topic: Topic) -> QuerySet[SnapshotTopic]:
    return live_links().filter(topic=topic)
