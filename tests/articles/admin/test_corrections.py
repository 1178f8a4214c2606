"""更正 in the admin: issued from the item, listed, taken back."""

from __future__ import annotations

import pytest
from django.urls import reverse

from articles.actions import correcting
from articles.models import Correction, CorrectionKind
from tests import factories
from tests.articles.admin.conftest import client_for

pytestmark = pytest.mark.django_db


def act(item):
    return reverse(f"admin:articles_{item.snapshot_key}_act", args=[item.pk, "amend"])


@pytest.fixture
def seen():
    article = factories.article()
    factories.published(article)
    return article


def test_a_correction_is_issued_from_the_item_it_is_about_and_named_others(seen, as_chief):
    notice = factories.notice(on=seen.page)
    factories.published(notice)
    data = {"kind": "apology", "text": "“张三”应为“张山”。", "others": f"公告{notice.pk}"}
    response = as_chief.post(act(seen), data)
    assert response.url == reverse("admin:articles_article_change", args=[seen.pk])
    made = Correction.objects.get()
    assert (made.kind, made.text, made.subjects.count()) == ("apology", "“张三”应为“张山”。", 2)
    assert "“张三”应为“张山”。" in as_chief.get(act(seen)).content.decode()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"kind": "correction", "text": ""}, "请写明更正的内容"),
        ({"kind": "gossip", "text": "误"}, "gossip"),
        ({"kind": "correction", "text": "误", "others": "那篇"}, "看不懂"),
        ({"kind": "correction", "text": "误", "others": "稿件999999"}, "没有编号 999999"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_issued(seen, as_chief, data, says):
    response = as_chief.post(act(seen), data)
    assert response.status_code == 200 and says in response.content.decode()
    assert not Correction.objects.exists()


def test_the_act_is_offered_once_readers_have_seen_the_item(as_chief):
    article = factories.article()
    url = reverse("admin:articles_article_change", args=[article.pk])
    assert "发更正" not in as_chief.get(url).content.decode()
    factories.published(article)
    assert 'name="_amend"' in as_chief.get(url).content.decode()


def test_it_is_taken_back_with_a_reason(seen, as_chief, chief):
    made = correcting.issue_correction(items=[seen], kind=CorrectionKind.CORRECTION, text="误", actor=chief)
    screen = reverse("admin:articles_correction_change", args=[made.pk])
    url = reverse("admin:articles_correction_retract", args=[made.pk])
    assert url in as_chief.get(screen).content.decode()
    assert "请写明为什么撤回" in as_chief.post(url, {"reason": ""}).content.decode()
    assert as_chief.post(url, {"reason": "原文没有错"}).url == screen
    assert not Correction.objects.in_force().exists()
    assert "原文没有错" in as_chief.get(screen).content.decode()
    assert "已经撤回" in as_chief.post(url, {"reason": "再"}).content.decode()
    listed = as_chief.get(reverse("admin:articles_correction_changelist"), {"state": "withdrawn"}).content.decode()
    assert "已撤回" in listed


@pytest.mark.parametrize(
    ("role", "status"), [("录入校对", 403), ("编辑", 403), ("签审", 200), ("主编", 200), ("管理员", 403)]
)
def test_who_may(seen, chief, role, status):
    made = correcting.issue_correction(items=[seen], kind=CorrectionKind.CORRECTION, text="误", actor=chief)
    client = client_for(role)
    assert client.get(act(seen)).status_code == status
    assert client.get(reverse("admin:articles_correction_retract", args=[made.pk])).status_code == status
