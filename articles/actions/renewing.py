"""Replacing what readers see by a snapshot that differs in what the desk decides: topics, jumps, the place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from articles import snapshots
from articles.models import AnyItem, Article, Snapshot, SnapshotExtract, SnapshotNumber, Topic


def renew_snapshots(
    item: AnyItem,
    *,
    actor: User,
    content: Mapping[str, Any] | None = None,
    place: Mapping[str, Any] | None = None,
    topics: Iterable[Topic] | None = None,
) -> int:
    """Replace the item's public snapshot, and its planned one, by copies that differ in these keys of their content
    and these columns of their place. A key that is None is left out. The signed text stays as it is.

    The item is locked by the caller. Says how many there were to replace.
    """
    now = timezone.now()
    mine = Snapshot.objects.filter(**{item.snapshot_key: item})
    replaced = 0
    for old in (*mine.live(now), *mine.scheduled(now)):
        said = {**old.content, **(content or {})}
        said = {name: value for name, value in said.items() if value is not None or name not in (content or {})}
        moved = {name: value for name, value in (place or {}).items() if getattr(old, name) != value}
        if said != old.content or moved:
            _replace(old, said, moved, topics=topics, actor=actor)
            replaced += 1
    return replaced


def _replace(
    old: Snapshot, content: dict[str, Any], place: dict[str, Any], *, topics: Iterable[Topic] | None, actor: User
) -> None:
    at = max(timezone.now(), old.live_from)
    same = {"article": old.article_id} if old.article_id else {"notice": old.notice_id}
    made = Snapshot.objects.get(pk=old.pk)
    made.pk, made._state.adding = None, True
    made.number = Snapshot.objects.filter(**same).latest("number").number + 1
    made.live_from, made.published_by, made.content = at, actor, content
    for name, value in place.items():
        setattr(made, name, value)
    old.end(at)
    made.save(force_insert=True)
    if old.article_id:
        contributors = old.contributor_links.values_list("contributor", flat=True)
        kept = [link.topic for link in old.topic_links.select_related("topic")] if topics is None else topics
        extracted = SnapshotExtract.objects.filter(snapshot=old).values_list("lines", flat=True).first()
        snapshots.link(made, topics=kept, contributors=contributors, extract=extracted or {})
    else:
        SnapshotNumber.objects.bulk_create(
            SnapshotNumber(snapshot=made, kind=number.kind, digest=number.digest) for number in old.number_rows.all()
        )


def renew_topics(article: Article, *, actor: User) -> None:
    topics = snapshots.confirmed_topics(article)
    listed = [{"name": topic.name, "slug": topic.slug} for topic in topics]
    renew_snapshots(article, actor=actor, content={"topics": listed}, topics=topics)
