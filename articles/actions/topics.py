"""Deciding which topics an article belongs to."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import transaction

from articles import history
from articles.actions.locks import locked
from articles.actions.renewing import renew_topics
from articles.errors import ActionRefused
from articles.models import Act, Article, LinkState, Topic, TopicLink, TopicState


@transaction.atomic
def decide_topics(
    *, article: Article, confirm: Sequence[Topic] = (), reject: Sequence[Topic] = (), actor: User, reason: str = ""
) -> None:
    """Confirm and reject topics, suggested ones or others. A topic the machine proposed comes into use when an
    editor confirms it. What readers see, now or from a planned time on, follows at once: topics are the desk's
    order, not the signed text."""
    wanted = {t.pk: LinkState.CONFIRMED for t in confirm}
    for topic in reject:
        if wanted.setdefault(topic.pk, LinkState.REJECTED) != LinkState.REJECTED:
            raise ActionRefused(f"专题“{topic}”不能同时归入和否决。")
    current = locked(article)
    links = TopicLink.objects.filter(article=current, topic__in=wanted).values_list("topic_id", "state")
    before: dict[int, str] = dict(links)
    changed = {pk: state for pk, state in wanted.items() if before.get(pk) != state}
    if not changed:
        return
    # Topics are shared by all pages: they are locked last, and in one order.
    topics = list(Topic.objects.select_for_update(no_key=True).filter(pk__in=changed).order_by("pk"))
    for topic in topics:
        state = changed[topic.pk]
        if state == LinkState.CONFIRMED:
            _bring_into_use(topic, actor=actor)
        TopicLink.objects.update_or_create(article=current, topic=topic, defaults={"state": state})
    history.record(
        current,
        Act.TOPICS,
        actor=actor,
        reason=reason,
        before={"topics": {topic.name: before.get(topic.pk, "") for topic in topics}},
        details={"topics": {topic.name: changed[topic.pk] for topic in topics}},
    )
    renew_topics(current, actor=actor)


def _bring_into_use(topic: Topic, *, actor: User) -> None:
    if topic.state == TopicState.RETIRED:
        raise ActionRefused(f"专题“{topic}”已经停用：先改为使用中，再归入。")
    if topic.state == TopicState.PROPOSED:
        topic.state = TopicState.ACTIVE
        topic.save(update_fields=["state"])
        history.record(topic, Act.EDITED, actor=actor, before={"state": TopicState.PROPOSED})
