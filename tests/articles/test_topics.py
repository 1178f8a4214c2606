"""Deciding topics: what readers see follows at once."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from articles import history
from articles.actions import publishing
from articles.actions.topics import decide_topics
from articles.errors import ActionRefused
from articles.models import Act, LinkState, Snapshot, Topic, TopicLink, TopicState
from tests import factories

pytestmark = pytest.mark.django_db


def topic(name, state=TopicState.ACTIVE):
    return Topic.objects.create(name=name, slug=name, state=state)


def states(article):
    return {link.topic.name: link.state for link in article.topic_links.all()}


def shown(snapshot):
    in_text = [t["name"] for t in snapshot.content["topics"]]
    assert in_text == [link.topic.name for link in snapshot.topic_links.order_by("pk")]
    return in_text


def test_a_suggestion_is_not_shown_until_it_is_confirmed(editor):
    article, bridges = factories.article(), topic("桥梁")
    TopicLink.objects.create(article=article, topic=bridges)
    assert shown(factories.published(article)) == []
    decide_topics(article=article, confirm=[bridges], actor=editor)
    assert states(article) == {"桥梁": LinkState.CONFIRMED}
    assert shown(Snapshot.objects.live().get()) == ["桥梁"]


def test_the_text_readers_see_stays_the_published_one_when_topics_change(editor):
    article = factories.article(headline="旧")
    first = factories.published(article)
    article.headline = "新"
    article.save()
    decide_topics(article=article, confirm=[topic("桥梁")], actor=editor)
    second = Snapshot.objects.live().get()
    assert (second.title, second.number, second.published_at) == ("旧", 2, first.published_at)
    assert {**second.content, "topics": []} == first.content
    first.refresh_from_db()
    assert (first.live_until, shown(first)) == (second.live_from, [])


def test_a_planned_publication_comes_with_the_new_topics(editor):
    article = factories.article(corrected=True)
    at = timezone.now() + datetime.timedelta(hours=1)
    publishing.publish(item=article, actor=editor, at=at)
    decide_topics(article=article, confirm=[topic("桥梁")], actor=editor)
    assert shown(Snapshot.objects.live(at).get()) == ["桥梁"]
    assert not Snapshot.objects.live(at - datetime.timedelta(microseconds=1)).exists()
    publishing.unschedule(item=article, actor=editor)
    assert not Snapshot.objects.live(at).exists()


def test_a_proposed_topic_comes_into_use_and_a_retired_one_does_not(editor):
    article, proposed, retired = factories.article(), topic("提议", "proposed"), topic("停用", "retired")
    decide_topics(article=article, reject=[proposed], actor=editor)
    proposed.refresh_from_db()
    assert proposed.state == TopicState.PROPOSED
    decide_topics(article=article, confirm=[proposed], actor=editor)
    proposed.refresh_from_db()
    assert proposed.state == TopicState.ACTIVE
    assert history.of(proposed)[0].before == {"state": "proposed"}
    with pytest.raises(ActionRefused, match="已经停用"):
        decide_topics(article=article, confirm=[retired], actor=editor)
    assert states(article) == {"提议": LinkState.CONFIRMED}


def test_both_at_once_is_refused_and_saying_what_is_so_writes_nothing(editor):
    article, bridges = factories.article(), topic("桥梁")
    with pytest.raises(ActionRefused, match="同时"):
        decide_topics(article=article, confirm=[bridges], reject=[bridges], actor=editor)
    for _ in range(2):
        decide_topics(article=article, reject=[bridges], actor=editor)
    entries = history.of(article).filter(act=Act.TOPICS)
    assert [e.before for e in entries] == [{"topics": {"桥梁": ""}}]
    decide_topics(article=article, actor=editor)
    assert entries.count() == 1


def test_rejecting_a_confirmed_topic_takes_it_from_readers(editor):
    article, bridges = factories.article(), topic("桥梁")
    factories.published(article)
    decide_topics(article=article, confirm=[bridges], actor=editor)
    decide_topics(article=article, reject=[bridges], actor=editor)
    assert shown(Snapshot.objects.live().get()) == []
    assert Snapshot.objects.count() == 3
