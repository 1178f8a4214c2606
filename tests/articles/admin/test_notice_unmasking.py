"""Who sees numbers of notices in clear: with the permission, for an hour, recorded each time; others see a mask."""

from __future__ import annotations

import pytest
from django.urls import reverse

from articles import history
from articles.models import Act, Finding, HistoryEntry, Notice
from tests import factories
from tests.articles.admin.conftest import client_for
from tests.articles.admin.forms import item_form

pytestmark = pytest.mark.django_db

IDENTITY = "350582199001011235"
MOBILE = "13905951234"
CORRECTING = ["录入校对", "编辑", "签审", "主编"]


@pytest.fixture
def waiting():
    text = f"王小明不慎遗失身份证，号码{IDENTITY}，电话{MOBILE}。"
    made = factories.notice(text=text, fields={"declarant": "王小明", "numbers": [IDENTITY], "phones": [MOBILE]})
    Finding.objects.create(
        page=made.page, notice=made, key="x", kind="id", message=f"校验不符：{IDENTITY}", quote=IDENTITY
    )
    return made


@pytest.fixture
def corrected(waiting):
    from articles.actions import items
    from articles.people import engine_user

    return items.mark_corrected(item=waiting, base_version=waiting.version, actor=engine_user())


def screen(client, notice, name="change"):
    response = client.get(reverse(f"admin:articles_notice_{name}", args=[notice.pk]))
    assert response.status_code == 200
    return response.content.decode()


def recorded(notice):
    return list(history.of(notice).filter(act=Act.UNMASKED).values_list("actor__username", "reason"))


@pytest.mark.parametrize("role", CORRECTING)
def test_correcting_is_no_chore_and_is_recorded_once_an_hour(waiting, role):
    client = client_for(role)
    for _ in range(3):
        text = screen(client, waiting)
        assert IDENTITY in text and MOBILE in text and "号码已遮盖" not in text
    [(_, reason)] = recorded(waiting)
    assert reason == "打开待校的公告"


@pytest.mark.parametrize("role", CORRECTING)
def test_a_corrected_notice_is_masked_until_somebody_says_why(corrected, role):
    client = client_for(role)
    text = screen(client, corrected)
    assert IDENTITY not in text and MOBILE not in text and "号码已遮盖" in text and 'name="_save"' not in text
    assert recorded(corrected) == []
    url = reverse("admin:articles_notice_unmask", args=[corrected.pk])
    assert client.get(url).status_code == 302 and client.post(url, {"reason": " "}).status_code == 302
    assert recorded(corrected) == [] and IDENTITY not in screen(client, corrected)
    client.post(url, {"reason": "当事人来电核对"})
    assert [reason for _, reason in recorded(corrected)] == ["当事人来电核对"]
    text = screen(client, corrected)
    assert IDENTITY in text and 'name="_save"' in text
    assert len(recorded(corrected)) == 1


def test_an_hour_later_it_is_masked_again(corrected, monkeypatch):
    import time

    client = client_for("编辑")
    client.post(reverse("admin:articles_notice_unmask", args=[corrected.pk]), {"reason": "核对"})
    assert IDENTITY in screen(client, corrected)
    later = time.time() + 3601
    monkeypatch.setattr("articles.admin.notice_unmasking.time.time", lambda: later)
    assert IDENTITY not in screen(client, corrected)


def test_another_session_is_masked_on_its_own(corrected):
    one, two = client_for("编辑"), client_for("编辑")
    one.post(reverse("admin:articles_notice_unmask", args=[corrected.pk]), {"reason": "核对"})
    assert IDENTITY in screen(one, corrected) and IDENTITY not in screen(two, corrected)


def test_those_who_only_look_never_see_them(waiting, corrected):
    client = client_for("管理员")
    page = waiting.page
    urls = [
        reverse("admin:articles_notice_change", args=[waiting.pk]),
        reverse("admin:articles_notice_history", args=[waiting.pk]),
        reverse("admin:articles_notice_changelist"),
        reverse("admin:articles_page_change", args=[page.pk]),
        reverse("admin:articles_page_history", args=[page.pk]),
        reverse("admin:articles_finding_changelist"),
        reverse("admin:articles_finding_change", args=[waiting.findings.get().pk]),
        reverse("admin:articles_historyentry_changelist"),
        *(reverse("admin:articles_historyentry_change", args=[e.pk]) for e in HistoryEntry.objects.all()),
    ]
    for url in urls:
        text = client.get(url).content.decode()
        assert IDENTITY not in text and MOBILE not in text, url
    assert client.post(reverse("admin:articles_notice_unmask", args=[waiting.pk]), {"reason": "x"}).status_code == 403
    assert client.post(reverse("admin:articles_notice_change", args=[waiting.pk]), {}).status_code == 403
    assert recorded(waiting) == []


def test_lists_and_records_are_masked_for_everybody(corrected):
    client = client_for("主编")
    for name in ("notice", "finding", "historyentry"):
        text = client.get(reverse(f"admin:articles_{name}_changelist")).content.decode()
        assert IDENTITY not in text and MOBILE not in text
    assert IDENTITY not in screen(client, corrected, "history")


def test_former_texts_and_going_back_follow_the_same_rule(waiting):
    client = client_for("编辑")
    form = item_form(client.get(reverse("admin:articles_notice_change", args=[waiting.pk])))
    form["block-0-text"] = form["block-0-text"].replace(IDENTITY, "350582199001015553")
    client.post(reverse("admin:articles_notice_change", args=[waiting.pk]), {**form, "_save": "1"})
    assert "<ins>" in screen(client, waiting, "history")
    other = client_for("管理员")
    assert "<ins>" not in screen(other, waiting, "history")
    restore = reverse("admin:articles_notice_restore", args=[waiting.pk, 1])
    assert other.get(restore).status_code == 403
    assert client.get(restore).status_code == 200


def test_a_masked_text_is_never_saved_over_the_real_one(waiting):
    client = client_for("编辑")
    url = reverse("admin:articles_notice_change", args=[waiting.pk])
    form = item_form(client.get(url))
    form["block-0-text"] = form["block-0-text"].replace(IDENTITY, "＊" * 18)
    response = client.post(url, {**form, "_save": "1"})
    assert response.status_code == 200 and "遮盖号" in response.content.decode()
    assert IDENTITY in Notice.objects.get(pk=waiting.pk).text


def test_looking_does_not_settle_an_item_against_the_import(waiting):
    from ingest.standing import _NOT_SETTLING

    assert {Act.UNMASKED, Act.LINKED, Act.UNLINKED} <= set(_NOT_SETTLING)


def test_entries_of_looking_cannot_be_removed(waiting):
    from django.db import DatabaseError, transaction

    screen(client_for("编辑"), waiting)
    with pytest.raises(DatabaseError), transaction.atomic():
        history.of(waiting).filter(act=Act.UNMASKED).delete()
