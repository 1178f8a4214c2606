"""Who else is on the page, and what becomes of those who leave or fall silent."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from ingest.desk import operations as ops
from ingest.desk import presence, steps
from ingest.desk.rows import load
from ingest.models import DeskPresence
from tests import factories
from tests.ingest.desk.makers import keep, page_with_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return page_with_source()


def tell(page, user, tab, **more):
    client = Client()
    client.force_login(user)
    return client.post(f"/admin/articles/page/{page.pk}/desk/presence/", {"tab": tab, **more})


def test_each_sees_the_other_and_who_is_changing_something(page):
    one, two = factories.user("one", role="编辑"), factories.user("two", role="录入校对")
    assert tell(page, one, "aaaaaaaa", acted="1").json() == {
        "others": [],
        "version": page.version,
        "claim": {"name": "", "is_mine": False, "is_taken_from_me": False},
    }
    assert tell(page, two, "bbbbbbbb").json()["others"] == [{"name": "one", "state": "typing"}]
    assert tell(page, one, "aaaaaaaa").json()["others"] == [{"name": "two", "state": "here"}]
    assert tell(page, one, "cccccccc").json()["others"][0]["name"] == "你自己的另一个窗口"


def test_the_version_tells_that_somebody_saved(page):
    one = factories.user("one", role="编辑")
    before = tell(page, one, "aaaaaaaa").json()["version"]
    keep(page, ops.EditText("s24", 2, "三", "四"))
    assert tell(page, one, "aaaaaaaa").json()["version"] == before + 1


def test_who_leaves_falls_silent_or_falls_idle(page):
    one, two, three = (factories.user(name, role="编辑") for name in ("one", "two", "three"))
    for user in (two, three):
        presence.note(page=page, user=user, tab="aaaaaaaa", has_acted=True)
    tell(page, two, "aaaaaaaa", leaving="1")
    DeskPresence.objects.filter(user=three).update(acted_at=timezone.now() - datetime.timedelta(minutes=11))
    assert presence.others(page=page, user=one, tab="bbbbbbbb") == [presence.Other("three", "idle")]
    DeskPresence.objects.filter(user=three).update(seen_at=timezone.now() - datetime.timedelta(minutes=2))
    assert presence.others(page=page, user=one, tab="bbbbbbbb") == []
    DeskPresence.objects.filter(user=three).update(seen_at=timezone.now() - datetime.timedelta(hours=2))
    presence.note(page=page, user=one, tab="bbbbbbbb", has_acted=False)
    assert DeskPresence.objects.count() == 1


def test_only_who_may_use_the_desk(page):
    assert tell(page, factories.user(role="管理员"), "aaaaaaaa").status_code == 403
    assert tell(page, factories.user(role="编辑"), "<script>").status_code == 400


def test_the_page_screen_does_not_list_what_was_dissolved(page, editor):
    layout = load(page.pk).layout
    keep(page, *steps.dissolve_item(layout, layout.items[0].key), actor=editor)
    client = Client()
    client.force_login(editor)
    rows = client.get(f"/admin/articles/page/{page.pk}/change/").context["rows"]
    assert [(row["number"], row["key"]) for row in rows] == [(1, layout.items[1].key)]
