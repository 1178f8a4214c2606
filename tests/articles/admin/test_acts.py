"""见报, 定时, 撤稿, 退回: confirmed first, done by POST only, by those who may."""

from __future__ import annotations

import datetime
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.actions import items, publishing
from articles.models import Finding, FindingState, Snapshot, Withdrawal, WorkState
from tests import factories

pytestmark = pytest.mark.django_db


def act(item, name):
    return reverse(f"admin:articles_{item.snapshot_key}_act", args=[item.pk, name])


def fresh(item):
    return type(item).objects.get(pk=item.pk)


def test_publishing_is_confirmed_first_and_shows_what_readers_will_see(as_chief):
    article = factories.article(corrected=True, text="联系电话 13800001111")
    text = as_chief.get(act(article, "publish")).content.decode()
    assert "读者将看到" in text and "13800001111" not in text
    assert not Snapshot.objects.exists()
    response = as_chief.post(act(article, "publish"), {"base_version": "1"})
    assert response.url == reverse("admin:articles_article_change", args=[article.pk])
    assert Snapshot.objects.live().count() == 1


def test_what_breaks_the_rules_is_listed_and_a_forced_post_is_refused(as_chief):
    article = factories.article()
    assert "还没有校毕" in as_chief.get(act(article, "publish")).content.decode()
    assert as_chief.post(act(article, "publish"), {"base_version": "1"}).status_code == 200
    assert not Snapshot.objects.exists()


def test_a_text_changed_since_the_confirmation_is_not_published(as_chief, chief):
    article = factories.article(corrected=True)
    saved = items.edit_item(item=article, content={**article.content, "headline": "改"}, base_version=1, actor=chief)
    items.mark_corrected(item=saved, base_version=2, actor=chief)
    response = as_chief.post(act(article, "publish"), {"base_version": "1"})
    assert response.status_code == 409 and not Snapshot.objects.exists()
    assert 'value="2"' in response.content.decode()


def test_a_republication_shows_the_change_by_character(as_chief, chief):
    article = factories.article(headline="陈棣镇")
    factories.published(article)
    body = [{**article.body[0], "text": "改过的正文。"}, *article.body[1:]]
    changed = {**article.content, "headline": "陈埭镇", "body": body}
    saved = items.edit_item(item=fresh(article), content=changed, base_version=1, actor=chief)
    items.mark_corrected(item=saved, base_version=2, actor=chief)
    text = as_chief.get(act(article, "publish")).content.decode()
    assert "埭</ins>" in text and "正文" in text and "body_text" not in text


def test_a_schedule_is_beijing_time_and_can_be_cancelled(as_chief):
    article = factories.article(corrected=True)
    when = timezone.localtime() + datetime.timedelta(days=2)
    as_chief.post(act(article, "schedule"), {"base_version": "1", "at": when.strftime("%Y-%m-%dT08:00")})
    made = Snapshot.objects.get()
    assert timezone.localtime(made.live_from).strftime("%H:%M %z") == "08:00 +0800"
    as_chief.post(act(article, "unschedule"), {"base_version": "1"})
    assert not Snapshot.objects.scheduled().exists()


@pytest.mark.parametrize("at", ["", "明天", "2001-01-01T08:00"])
def test_a_time_that_is_missing_wrong_or_past_is_refused_in_words(as_chief, at):
    article = factories.article(corrected=True)
    response = as_chief.post(act(article, "schedule"), {"base_version": "1", "at": at})
    assert response.status_code == 200 and "errorlist" in response.content.decode()
    assert not Snapshot.objects.exists()


def test_a_withdrawal_needs_a_reason_which_readers_see(as_chief):
    article = factories.article()
    factories.published(article)
    assert "请写明理由" in as_chief.post(act(article, "withdraw"), {"base_version": "1"}).content.decode()
    as_chief.post(act(article, "withdraw"), {"base_version": "1", "reason": "事实有误"})
    assert Withdrawal.objects.get().reason == "事实有误"
    assert not Snapshot.objects.live().exists()


def test_sending_back_needs_a_reason(as_chief):
    article = factories.article(corrected=True)
    as_chief.post(act(article, "reopen"), {"base_version": "1"})
    assert fresh(article).work_state == WorkState.CORRECTED
    as_chief.post(act(article, "reopen"), {"base_version": "1", "reason": "人名待核"})
    assert fresh(article).work_state == WorkState.IMPORTED


def test_looking_never_acts(as_chief):
    article = factories.article(corrected=True)
    for name in ("publish", "schedule", "withdraw", "reopen", "unschedule"):
        as_chief.get(act(article, name))
    assert not Snapshot.objects.exists() and fresh(article).work_state == WorkState.CORRECTED
    assert as_chief.get(act(article, "nothing")).status_code == 404


@pytest.mark.parametrize("role", ["录入校对", "编辑", "管理员"])
@pytest.mark.parametrize("name", ["publish", "schedule", "unschedule", "withdraw"])
def test_roles_without_the_permission_cannot_publish_or_withdraw(role, name):
    client = Client()
    client.force_login(factories.user(role=role))
    article = factories.article(corrected=True)
    for response in (client.get(act(article, name)), client.post(act(article, name), {"base_version": "1"})):
        assert response.status_code == 403
    assert not Snapshot.objects.exists()


def test_a_signer_may_publish():
    client = Client()
    client.force_login(factories.user(role="签审"))
    notice = factories.notice(corrected=True)
    client.post(act(notice, "publish"), {"base_version": "1"})
    assert Snapshot.objects.live().count() == 1


# Many at once


def bulk_post(client, name, selected, **more):
    data = {"action": f"{name}_selected", "_selected_action": [str(item.pk) for item in selected]}
    return client.post(reverse("admin:articles_article_changelist"), {**data, **more})


def test_the_bulk_confirmation_lists_what_will_happen_and_why_the_rest_cannot(as_chief):
    page = factories.page()
    good = factories.article(on=page, corrected=True, headline="可以见报的")
    bad = factories.article(on=page, headline="没有校的")
    text = bulk_post(as_chief, "publish", [good, bad]).content.decode()
    assert "1 条可以，1 条不能" in text and "还没有校毕" in text
    assert not Snapshot.objects.exists()


def test_what_was_withdrawn_or_is_public_already_is_not_ticked(as_chief, chief):
    page = factories.page()
    new, withdrawn, unchanged = (factories.article(on=page, corrected=True, headline=f"第{n}篇") for n in range(3))
    factories.published(withdrawn)
    factories.published(unchanged)
    publishing.withdraw(item=withdrawn, actor=chief, reason="有误")
    text = bulk_post(as_chief, "publish", [new, withdrawn, unchanged]).content.decode()
    assert re.findall(r'name="row" value="article:(\d+):1"( checked)?', text) == [
        (str(unchanged.pk), ""),
        (str(withdrawn.pk), ""),
        (str(new.pk), " checked"),
    ]
    assert "已撤稿：勾选就重新见报" in text and "读者看到的已经是这些文字" in text


def test_a_date_still_to_come_is_pointed_out_before_publishing(as_chief):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    early = factories.article(on=factories.page(date=tomorrow), corrected=True)
    today = factories.article(on=factories.page(date=timezone.localdate()), corrected=True)
    assert "日期在今天之后" in bulk_post(as_chief, "publish", [early]).content.decode()
    assert "日期在今天之后" not in bulk_post(as_chief, "publish", [today]).content.decode()


def test_bulk_results_are_told_row_by_row(as_chief, chief):
    page = factories.page()
    good, changed, bad = (factories.article(on=page, corrected=True, headline=f"第{n}篇") for n in range(3))
    keys = [f"article:{item.pk}:{item.version}" for item in (good, changed, bad)]
    items.edit_item(item=changed, content={**changed.content, "headline": "改"}, base_version=1, actor=chief)
    Finding.objects.create(page=page, article=bad, key="k", kind="x", message="错", is_blocking=True)
    response = as_chief.post(reverse("admin:articles_article_bulk", args=["publish"]), {"row": keys})
    text = response.content.decode()
    assert "1 条完成，1 条跳过，1 条没有成" in text
    assert "在你确认之后又改过" in text and "有必须先处理的疑点" in text
    assert [s.article_id for s in Snapshot.objects.live()] == [good.pk]


def test_bulk_withdrawal_needs_a_reason_and_says_what_was_not_public(as_chief):
    page = factories.page()
    public, draft = factories.article(on=page), factories.article(on=page)
    factories.published(public)
    url = reverse("admin:articles_article_bulk", args=["withdraw"])
    keys = [f"article:{item.pk}:{item.version}" for item in (public, draft)]
    assert "请写明理由" in as_chief.post(url, {"row": keys}).content.decode()
    assert Snapshot.objects.live().exists()
    text = as_chief.post(url, {"row": keys, "reason": "有误"}).content.decode()
    assert "1 条完成，1 条跳过，0 条没有成" in text and not Snapshot.objects.live().exists()


def test_bulk_publishing_is_closed_to_those_who_may_not(as_editor):
    article = factories.article(corrected=True)
    key = f"article:{article.pk}:1"
    assert as_editor.post(reverse("admin:articles_article_bulk", args=["publish"]), {"row": key}).status_code == 403
    bulk_post(as_editor, "publish", [article])
    assert not Snapshot.objects.exists()


def test_findings_are_settled_in_bulk(as_corrector):
    article = factories.article()
    made = [
        Finding.objects.create(page=article.page, article=article, key=str(n), kind="x", message="错") for n in range(3)
    ]
    data = {"action": "dismiss_selected", "_selected_action": [str(f.pk) for f in made[:2]]}
    as_corrector.post(reverse("admin:articles_finding_changelist"), data)
    assert Finding.objects.filter(state=FindingState.DISMISSED).count() == 2
