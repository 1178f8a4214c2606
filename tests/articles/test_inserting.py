"""Rows written in bulk: passed over where one is there, refused where one does not fit."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from articles.inserting import insert
from articles.models import Contributor, Topic, TopicLink
from tests import factories

pytestmark = pytest.mark.django_db


def test_what_is_there_is_passed_over_only_when_that_is_said():
    Contributor.objects.create(name="王小明")
    insert([Contributor(name="王小明"), Contributor(name="李红")], unless_there=True)
    assert sorted(Contributor.objects.values_list("name", "note")) == [("李红", ""), ("王小明", "")]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert([Contributor(name="王小明")])


def test_values_of_every_kind_arrive():
    article, topic = factories.article(), Topic.objects.create(name="桥", slug="bridge")
    insert([TopicLink(article_id=article.pk, topic=topic, score=0.4321)], unless_there=True)
    insert([TopicLink(article_id=article.pk, topic=topic, score=0.9)], unless_there=True)
    link = TopicLink.objects.get()
    assert (link.article, link.topic, link.state, link.score) == (article, topic, "suggested", 0.4321)


@pytest.mark.parametrize("unless_there", [True, False])
def test_nothing_is_cut_to_fit(unless_there):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite knows no lengths")
    with pytest.raises(DatabaseError), transaction.atomic():
        insert([Contributor(name="王" * 41)], unless_there=unless_there)
    assert not Contributor.objects.exists()
