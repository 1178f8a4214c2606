"""Deciding which topics an article belongs to."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from articles import history, snapshots
from articles.actions.items import locked
from articles.models import Act, Article, LinkState, Snapshot, SnapshotTopic, Topic, TopicLink, TopicState


@transaction.atomic
def decide_topics(
    *, article: Article, confirm: Sequence[Topic] = (), reject: Sequence[Topic] = (), actor: User
) -> None:
    """Confirm and reject topics, suggested ones or others. A topic the machine proposed comes into use when an
    editor confirms it. What readers see follows at once: topics are the desk's order, not the signed text."""
    current = locked(article)
    before = {link.topic.name: link.state for link in TopicLink.objects.filter(article=current).select_related("topic")}
    wanted = dict.fromkeys(confirm, LinkState.CONFIRMED) | dict.fromkeys(reject, LinkState.REJECTED)
    changed = {topic: state for topic, state in wanted.items() if before.get(topic.name) != state}
    if not changed:
        return
    for topic, state in changed.items():
        TopicLink.objects.update_or_create(article=current, topic=topic, defaults={"state": state})
        if state == LinkState.CONFIRMED and topic.state == TopicState.PROPOSED:
            topic.state = TopicState.ACTIVE
            topic.save(update_fields=["state"])
            history.record(topic, Act.EDITED, actor=actor, before={"state": TopicState.PROPOSED})
    history.record(
        current,
        Act.TOPICS,
        actor=actor,
        before={"topics": {topic.name: before.get(topic.name, "") for topic in changed}},
        details={"topics": {topic.name: state for topic, state in changed.items()}},
    )
    _renew_snapshot(current, actor=actor)


def _renew_snapshot(article: Article, *, actor: User) -> None:
    """Replace the live snapshot by one that differs in its topics only."""
    now = timezone.now()
    standing = Snapshot.objects.filter(article=article).live(now).first()
    if standing is None:
        return
    topics = snapshots.confirmed_topics(article)
    listed = [{"name": topic.name, "slug": topic.slug} for topic in topics]
    if standing.content["topics"] == listed:
        return
    last = Snapshot.objects.filter(article=article).order_by("-number").values_list("number", flat=True)[0]
    made = Snapshot.objects.get(pk=standing.pk)
    made.pk, made._state.adding = None, True
    made.number, made.live_from, made.live_until = last + 1, now, standing.live_until
    made.published_by, made.content = actor, {**standing.content, "topics": listed}
    standing.live_until = now
    standing.save(update_fields=["live_until"])
    made.save(force_insert=True)
    SnapshotTopic.objects.bulk_create(SnapshotTopic(snapshot=made, topic=topic, date=made.date) for topic in topics)
