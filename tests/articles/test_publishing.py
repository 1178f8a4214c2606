"""Publication: what readers may see, from when, until when."""

from __future__ import annotations

import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from articles import history
from articles.actions import items, placing, publishing
from articles.errors import ActionRefused, NotPublishable, StaleVersion
from articles.masking import MASK
from articles.models import Act, AnyItem, Article, Contributor, Snapshot, Withdrawal, WorkState
from tests import factories

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)
INSTANT = datetime.timedelta(microseconds=1)


@pytest.fixture
def clock(monkeypatch):
    """`clock.now` is what the time is; moving it moves everybody's."""

    class Clock:
        now = datetime.datetime(2024, 3, 5, 6, 0, tzinfo=ZoneInfo("Asia/Shanghai"))

    monkeypatch.setattr(timezone, "now", lambda: Clock.now)
    return Clock


def edited(item, actor, **change):
    item.refresh_from_db()
    made = items.edit_item(item=item, content={**item.content, **change}, base_version=item.version, actor=actor)
    return items.mark_corrected(item=made, base_version=made.version, actor=actor)


def live_titles(at=None):
    return [s.title for s in Snapshot.objects.live(at)]


def test_an_uncorrected_article_is_refused_with_the_rule_it_breaks(chief):
    article = factories.article()
    with pytest.raises(NotPublishable) as refusal:
        publishing.publish(item=article, actor=chief)
    assert refusal.value.problems == ["还没有校毕"]
    assert not Snapshot.objects.exists()


def test_readers_keep_the_published_text_while_an_article_is_corrected_again(chief):
    article = factories.article(headline="旧标题")
    factories.published(article)
    article.refresh_from_db()
    changed = items.edit_item(
        item=article, content={**article.content, "headline": "新标题"}, base_version=article.version, actor=chief
    )
    assert changed.work_state == WorkState.IMPORTED
    assert live_titles() == ["旧标题"]


def test_a_new_publication_ends_the_one_before_to_the_instant(chief, clock):
    article = factories.article(headline="一")
    first = factories.published(article)
    clock.now += HOUR
    second = publishing.publish(item=edited(article, chief, headline="二"), actor=chief)
    first.refresh_from_db()
    assert first.live_until == second.live_from == clock.now
    assert live_titles(clock.now - INSTANT) == ["一"]
    assert live_titles(clock.now) == ["二"]
    assert second.published_at == first.live_from


def test_a_scheduled_publication_begins_at_its_instant_without_anyone(chief, clock):
    article = factories.article(headline="一")
    factories.published(article)
    at = clock.now + HOUR
    planned = publishing.publish(item=edited(article, chief, headline="二"), actor=chief, at=at)
    assert live_titles() == ["一"]
    assert list(Snapshot.objects.scheduled()) == [planned]
    clock.now = at - INSTANT
    assert live_titles() == ["一"]
    clock.now = at
    assert live_titles() == ["二"]
    assert not Snapshot.objects.scheduled().exists()
    assert next(e.act for e in history.of(article)) == Act.SCHEDULED


def test_times_are_those_of_shanghai(chief, clock):
    article = factories.article(corrected=True)
    planned = publishing.publish(item=article, actor=chief, at=datetime.datetime(2024, 3, 6, 0, 0))  # noqa: DTZ001
    assert planned.live_from == datetime.datetime(2024, 3, 5, 16, 0, tzinfo=datetime.UTC)
    assert live_titles(datetime.datetime(2024, 3, 5, 16, 0, tzinfo=datetime.UTC)) == [article.headline]
    planned.refresh_from_db()
    assert timezone.localtime(planned.live_from).isoformat() == "2024-03-06T00:00:00+08:00"


def test_the_past_and_a_second_plan_are_refused(chief, clock):
    article = factories.article(corrected=True)
    with pytest.raises(ActionRefused, match="已经过去"):
        publishing.publish(item=article, actor=chief, at=clock.now - INSTANT)
    publishing.publish(item=article, actor=chief, at=clock.now + HOUR)
    for at in (None, clock.now + HOUR, clock.now + 2 * HOUR):
        with pytest.raises(ActionRefused, match="已经定时"):
            publishing.publish(item=article, actor=chief, at=at)


def test_the_first_publication_is_when_readers_first_saw_it_not_when_it_was_planned(chief, clock):
    article = factories.article(corrected=True)
    publishing.publish(item=article, actor=chief, at=clock.now + HOUR)
    publishing.unschedule(item=article, actor=chief)
    clock.now += 5 * HOUR
    first = publishing.publish(item=article, actor=chief)
    assert (first.published_at, first.number) == (clock.now, 2)
    clock.now += HOUR
    publishing.publish(item=edited(article, chief, headline="二"), actor=chief, at=clock.now + HOUR)
    publishing.unschedule(item=article, actor=chief)
    clock.now += 9 * HOUR
    assert publishing.publish(item=article, actor=chief).published_at == first.live_from


def test_cancelling_a_plan_leaves_readers_what_they_had(chief, clock):
    article = factories.article(headline="一")
    factories.published(article)
    at = clock.now + HOUR
    publishing.publish(item=edited(article, chief, headline="二"), actor=chief, at=at)
    publishing.unschedule(item=article, actor=chief)
    for moment in (clock.now, at - INSTANT, at, at + HOUR):
        assert live_titles(moment) == ["一"]
    with pytest.raises(ActionRefused, match="没有定时"):
        publishing.unschedule(item=article, actor=chief)


def test_what_has_begun_cannot_be_cancelled_only_withdrawn(chief, clock):
    article = factories.article(corrected=True)
    at = clock.now + HOUR
    publishing.publish(item=article, actor=chief, at=at)
    with pytest.raises(ActionRefused, match="没有见报"):
        publishing.withdraw(item=article, actor=chief, reason="误")
    clock.now = at
    with pytest.raises(ActionRefused, match="没有定时"):
        publishing.unschedule(item=article, actor=chief)
    publishing.withdraw(item=article, actor=chief, reason="误")
    assert live_titles() == []


def test_a_withdrawal_ends_the_public_text_and_the_plan_at_once(chief, clock):
    article = factories.article(headline="一")
    factories.published(article)
    at = clock.now + HOUR
    publishing.publish(item=edited(article, chief, headline="二"), actor=chief, at=at)
    clock.now += HOUR / 2
    made = publishing.withdraw(item=article, actor=chief, reason=" 事实\n有误 ")
    assert made.reason == "事实 有误"
    for moment in (clock.now, at, at + HOUR):
        assert live_titles(moment) == []
    found: Any = Article.objects.with_publication().get()
    assert (found.is_live, found.is_scheduled, found.is_withdrawn) == (False, False, True)


def test_a_withdrawal_stands_until_the_new_publication_begins(chief, clock):
    article = factories.article()
    factories.published(article)
    publishing.withdraw(item=article, actor=chief, reason="误")
    at = clock.now + HOUR
    publishing.publish(item=article, actor=chief, at=at)
    assert Withdrawal.objects.in_force().count() == 1
    assert Withdrawal.objects.in_force(at - INSTANT).count() == 1
    assert Withdrawal.objects.in_force(at).count() == 0
    publishing.unschedule(item=article, actor=chief)
    assert Withdrawal.objects.in_force(at + HOUR).count() == 1
    clock.now += 2 * HOUR
    publishing.publish(item=article, actor=chief)
    assert not Withdrawal.objects.in_force().exists()
    clock.now += HOUR
    publishing.withdraw(item=article, actor=chief, reason="又误")
    assert [w.reason for w in Withdrawal.objects.in_force()] == ["又误"]


@pytest.mark.parametrize("reason", ["", " \n", "字" * 301, "a\x00"])
def test_a_withdrawal_needs_a_reason_that_readers_can_read(chief, reason):
    article = factories.article()
    factories.published(article)
    with pytest.raises(ActionRefused):
        publishing.withdraw(item=article, actor=chief, reason=reason)
    assert live_titles() == [article.headline]


def test_publishing_the_same_again_is_refused_but_not_after_it_was_moved(chief):
    article = factories.article()
    factories.published(article)
    with pytest.raises(ActionRefused, match="没有变化"):
        publishing.publish(item=article, actor=chief)
    placing.place_page(
        page=article.page,
        newspaper=factories.newspaper(),
        date=datetime.date(2024, 3, 5),
        number=1,
        section="综合",
        actor=chief,
    )
    assert publishing.publish(item=article, actor=chief).section == "综合"


def test_a_stale_publication_is_refused(chief):
    article = factories.article(corrected=True)
    version = article.version
    edited(article, chief, headline="二")
    with pytest.raises(StaleVersion):
        publishing.publish(item=article, actor=chief, base_version=version)
    assert not Snapshot.objects.exists()


def test_readers_see_exactly_the_text_with_numbers_masked(chief):
    article = factories.article(
        headline="致电13900000000",
        text="“晚上”13800000000",
        deck=["副题"],
        captions=[{"id": "s7", "text": "▲图 13700000000"}],
    )
    person = Contributor.objects.create(name="王小明")
    article.credits.create(contributor=person, role="reporter")
    snapshot = factories.published(article)
    assert snapshot.title == "致电139" + MASK * 8
    assert snapshot.summary == "“晚上”138" + MASK * 8
    assert snapshot.content == {
        "column": "",
        "kicker": "",
        "headline": "致电139" + MASK * 8,
        "deck": ["副题"],
        "byline": "",
        "body": [{"role": "paragraph", "text": "“晚上”138" + MASK * 8}],
        "captions": ["▲图 137" + MASK * 8],
        "continued_from": "",
        "continued_on": "",
        "credits": [{"name": "王小明", "role": "记者"}],
        "topics": [],
    }
    assert snapshot.source_hash == article.content_hash


def test_a_number_cut_off_at_the_end_of_a_title_does_not_leak(chief):
    """Sixteen characters of the text stand in for the declarant: the number was cut before it could be told."""
    snapshot = factories.published(factories.notice(text="王遗失身份证350582199001010011。", fields={}))
    assert snapshot.title == "遗失声明：王遗失身份证" + MASK * 10
    assert "3505" not in snapshot.title + snapshot.summary + str(snapshot.content)


def test_a_certificate_number_is_masked_in_title_and_summary_too(chief):
    snapshot = factories.published(
        factories.notice(
            text="遗失J3910012345601", fields={"declarant": "J3910012345601", "numbers": ["J3910012345601"]}
        )
    )
    assert "10012345601" not in snapshot.title + snapshot.summary + str(snapshot.content)


def test_a_snapshot_is_kept_by_the_database_but_for_its_end(chief):
    snapshot = factories.published(factories.article())
    changes: tuple[dict[str, Any], ...] = (
        {"title": "改"}, {"content": {}}, {"live_from": timezone.now()}, {"published_at": timezone.now()},
    )  # fmt: skip
    for change in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            Snapshot.objects.filter(pk=snapshot.pk).update(**change)
    for delete in (snapshot.delete, Snapshot.objects.all()._raw_delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            delete() if delete == snapshot.delete else delete("default")
    with pytest.raises(IntegrityError), transaction.atomic():
        snapshot.end(snapshot.live_from - INSTANT)
    snapshot.refresh_from_db()
    assert snapshot.live_until is None


def test_a_withdrawal_is_kept_by_the_database_but_for_its_end(chief):
    article = factories.article()
    factories.published(article)
    made = publishing.withdraw(item=article, actor=chief, reason="误")
    for write in (lambda: Withdrawal.objects.update(reason="改"), made.delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            write()
    assert Withdrawal.objects.get().reason == "误"


def test_many_are_published_each_for_itself(chief):
    page = factories.page()
    good: list[AnyItem] = [factories.article(on=page, corrected=True), factories.notice(on=page, corrected=True)]
    bad = factories.article(on=page, headline="")
    gone = factories.article(on=page, corrected=True)
    Article.objects.filter(pk=gone.pk).delete()
    results = publishing.publish_many(items=[good[0], bad, gone, good[1], good[0]], actor=chief, reason="整版")
    assert [r.is_done for r in results] == [True, False, False, True, False]
    assert results[1].reason == "没有主题；还没有校毕"
    assert "已经不在" in results[2].reason
    assert "没有变化" in results[4].reason
    assert Snapshot.objects.live().count() == 2


def test_publishing_takes_no_more_queries_for_long_items(chief, django_assert_max_num_queries):
    def made(count):
        article = factories.article(
            on=factories.page(number=count),
            body=[{"id": f"s{n}", "role": "paragraph", "text": "字"} for n in range(count)],
            corrected=True,
        )
        for n in range(count):
            person = Contributor.objects.create(name=f"{count}-{n}")
            article.credits.create(contributor=person)
            article.topic_links.create(topic=factories_topic(f"专题{count}-{n}"), state="confirmed")
        return article

    few, many = made(1), made(40)
    for article in (few, many):
        with django_assert_max_num_queries(24):
            publishing.publish(item=article, actor=chief)


def factories_topic(name):
    from articles.models import Topic

    return Topic.objects.create(name=name, slug=name)
