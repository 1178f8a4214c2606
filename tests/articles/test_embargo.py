"""禁发: a limit for every publication, not a plan."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from articles import history, rules
from articles.actions import publishing
from articles.actions.embargo import set_embargo
from articles.admin.work import ready
from articles.errors import ActionRefused, NotPublishable
from articles.models import Act, Article, Snapshot
from tests import factories

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def article():
    return factories.article(corrected=True)


def hold(item, until, actor):
    set_embargo(item=item, until=until, actor=actor, reason="来稿方要求")


def test_nobody_publishes_before_it_and_nothing_is_published_by_it(article, chief, monkeypatch):
    start = timezone.now()
    hold(article, start + HOUR, chief)
    with pytest.raises(NotPublishable, match="禁发时间还没有到"):
        publishing.publish(item=article, actor=chief)
    (result,) = publishing.publish_many(items=[article], actor=chief)
    assert "禁发时间还没有到" in result.reason
    assert not ready(Article.objects.all()).exists()
    monkeypatch.setattr(timezone, "now", lambda: start + HOUR)
    assert not Snapshot.objects.live().exists()
    assert ready(Article.objects.all()).exists()
    assert rules.check([Article.objects.with_page().get()])["article", article.pk].is_publishable
    assert publishing.publish(item=article, actor=chief)


def test_a_plan_must_come_after_it(article, chief):
    until = timezone.now() + HOUR
    hold(article, until, chief)
    with pytest.raises(NotPublishable, match="禁发"):
        publishing.publish(item=article, actor=chief, at=until - datetime.timedelta(seconds=1))
    assert publishing.publish(item=article, actor=chief, at=until)


def test_what_is_planned_before_it_or_read_already_cannot_be_held_back(article, chief):
    publishing.publish(item=article, actor=chief, at=timezone.now() + HOUR)
    with pytest.raises(ActionRefused, match="先取消定时"):
        hold(article, timezone.now() + 2 * HOUR, chief)
    publishing.unschedule(item=article, actor=chief)
    publishing.publish(item=article, actor=chief)
    with pytest.raises(ActionRefused, match="读者已经看到"):
        hold(article, timezone.now() + HOUR, chief)


def test_the_past_holds_nothing_back(article, chief):
    with pytest.raises(ActionRefused, match="已经过去"):
        hold(article, timezone.now(), chief)


def test_it_is_recorded_and_lifted(article, chief):
    until = timezone.now() + HOUR
    hold(article, until, chief)
    set_embargo(item=article, until=None, actor=chief)
    lifted, held = list(history.of(article)[:2])
    assert (held.act, held.reason, held.details["until"]) == (Act.EMBARGOED, "来稿方要求", until.isoformat())
    assert (lifted.before["embargo_until"], lifted.details) == (until.isoformat(), {"until": None})
    with pytest.raises(ActionRefused, match="没有禁发"):
        set_embargo(item=article, until=None, actor=chief)
    assert history.of(article).filter(act=Act.EMBARGOED).count() == 2
    assert publishing.publish(item=article, actor=chief)
