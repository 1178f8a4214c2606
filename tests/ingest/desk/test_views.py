"""What the browser is told: the screen, the answers to a save, and who may use the desk at all."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.actions.stages import set_stages
from articles.models import Article, HistoryEntry
from ingest.desk import operations as ops
from ingest.desk.rows import load
from ingest.desk.views import PERMISSIONS
from tests import factories
from tests.ingest.conftest import every_row
from tests.ingest.desk.makers import finding, page_with_source, rows, step

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> Any:
    return page_with_source()


@pytest.fixture
def client(editor: User) -> Client:
    made = Client()
    made.force_login(editor)
    return made


def address(page: Any, name: str = "") -> str:
    return f"/admin/articles/page/{page.pk}/desk/{name}"


def send(client: Client, page: Any, *operations: Any, **more: Any) -> Any:
    sent = {"base": load(page.pk).stamp, "key": "key-00001", "steps": [step(*operations)], **more}
    return client.post(address(page, "save/"), json.dumps(sent), content_type="application/json")


def test_the_page_screen_leads_to_the_desk(client, page):
    assert address(page) in client.get(f"/admin/articles/page/{page.pk}/change/").content.decode()


def test_the_screen_brings_the_whole_page(client, page):
    article, _ = rows(page)
    finding(page, "quote@24", article=article, piece="s24")
    response = client.get(address(page))
    state = response.context["state"]
    assert state["sources"][0]["lines"][0] == "青溪大桥通车"
    assert state["origins"]["s24"]["lines"] == [4]
    assert state["findings"][0]["block"] == "s24"
    assert state["may_add"] == {"article": True, "notice": True}
    content = response.content.decode()
    assert "<noscript>" in content
    assert "style=" not in content.partition('id="desk"')[2].partition('id="footer"')[0]


def test_a_save_is_answered_with_the_page_as_it_is_now(client, page):
    response = send(client, page, ops.EditText("s24", 2, "三百", "四百"))
    assert response.status_code == 200
    assert response.json()["state"]["stamp"] == load(page.pk).stamp
    assert Article.objects.get(page=page).body[1]["text"] == "桥长四百米。"


def test_a_stale_base_is_answered_with_409_and_what_is_there(client, page):
    base = load(page.pk).stamp
    assert send(client, page, ops.EditText("s24", 2, "三百", "四百")).status_code == 200
    response = send(client, page, ops.EditText("s12", 0, "本报讯", ""), base=base, key="key-00002")
    assert response.status_code == 409
    assert response.json()["state"]["stamp"] == load(page.pk).stamp
    assert "别人改过" in response.json()["reason"]


def test_a_refusal_says_why(client, page):
    response = send(client, page, ops.Join("s24", "s12"))
    assert (response.status_code, response.json()) == (422, {"reason": "只能和紧挨着的一段接起来。"})


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b'{"base": 1}', b"[" * 100_000])
def test_what_is_no_save_is_answered_with_400(client, page, body):
    assert client.post(address(page, "save/"), body, content_type="application/json").status_code == 400


def test_saving_is_by_post_with_a_token(editor, page):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)
    assert strict.get(address(page, "save/")).status_code == 405
    assert send(strict, page, ops.Join("s12", "s24")).status_code == 403


@pytest.mark.parametrize("role", ["录入校对", "编辑", "签审", "主编", "管理员", ""])
def test_who_may_use_it(page, role):
    someone = Client()
    someone.force_login(factories.user(role=role))
    may = role in ("录入校对", "编辑", "签审", "主编")
    assert Group.objects.filter(name=role).exists() or not role
    for name in ("", "state/"):
        assert someone.get(address(page, name)).status_code == (200 if may else 403)
    assert send(someone, page, ops.Join("s12", "s24")).status_code == (200 if may else 403)


def test_no_account_no_desk(page):
    assert Client().get(address(page)).status_code == 302
    assert send(Client(), page, ops.Join("s12", "s24")).status_code == 302


def test_no_such_page(client, page):
    assert client.get("/admin/articles/page/999999/desk/").status_code == 404


def test_how_sure_the_machine_is_comes_in_words(client, page):
    article, _ = rows(page)
    Article.objects.filter(pk=article.pk).update(confidence=0.3)
    state = client.get(address(page)).context["state"]
    assert state["items"][f"article:{article.pk}"]["sureness"]["says"] == "把握低"
    assert {origin["is_unsure"] for origin in state["origins"].values()} == {False}
    shown = client.get(f"/admin/articles/article/{article.pk}/change/").content.decode()
    assert "机器把握低" in shown and "约 30%" in shown


def test_the_way_to_signing_is_for_those_who_sign_where_there_are_stages(client, page, editor):
    def way(user: User) -> str:
        one = Client()
        one.force_login(user)
        return str(one.get(address(page)).context["state"]["urls"]["sign"])

    assert way(editor) == ""
    set_stages(newspaper=page.issue.newspaper, stages=[("一校", "proof")], actor=editor)
    assert way(editor) == f"/admin/articles/page/{page.pk}/sign/"
    bare = factories.user("bare")
    bare.user_permissions.add(*Permission.objects.filter(codename__in=[name.split(".")[1] for name in PERMISSIONS]))
    assert way(bare) == ""


def test_seeing_the_numbers_of_notices_is_recorded(client, page):
    client.get(address(page))
    client.get(address(page))
    assert HistoryEntry.objects.filter(act="unmasked", target="page", target_id=page.pk).count() == 1


def test_a_page_of_300_blocks_opens_quickly_and_in_a_fixed_number_of_queries(client, page):
    def opened() -> tuple[int, float]:
        client.get(address(page))
        start = time.perf_counter()
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address(page)).status_code == 200
        return len(captured), time.perf_counter() - start

    few, _ = opened()
    for _number in range(30):
        body = [{"id": f"e{n}", "role": "paragraph", "text": "青溪大桥建成通车。" * 10} for n in range(10)]
        factories.article(on=page, body=body)
    many, seconds = opened()
    assert many == few <= 25
    assert seconds < 1.5, "a busy machine is allowed five times the 300 ms"


def test_an_item_is_corrected_as_it_was_seen(client, page):
    article, _ = rows(page)
    sent = {"key": f"article:{article.pk}", "base": load(page.pk).stamp}
    assert client.post(address(page, "corrected/"), {**sent, "base": "old"}).status_code == 422
    assert client.post(address(page, "corrected/"), {**sent, "key": "article:999999"}).status_code == 422
    article.refresh_from_db()
    assert article.work_state == "imported"
    assert client.post(address(page, "corrected/"), sent).status_code == 200
    article.refresh_from_db()
    assert article.work_state == "corrected"


def ask(client: Client, page: Any, sent: Any) -> Any:
    return client.post(address(page, "ask/"), json.dumps(sent), content_type="application/json")


def test_the_engine_is_asked_and_nothing_is_written(client, page):
    before = every_row()
    sent = {"base": load(page.pk).stamp, "steps": [], "blocks": ["s12", "s24", "s36"], "how": "read", "after": 7}
    answer = ask(client, page, sent)
    assert answer.status_code in (200, 422)
    streams = ask(client, page, {**sent, "blocks": ["s12"], "how": "streams"})
    assert streams.status_code == 422
    assert streams.json()["reason"]
    assert ask(client, page, {**sent, "base": "old"}).status_code == 409
    assert ask(client, page, {**sent, "how": "guess"}).status_code == 400
    assert ask(client, page, {**sent, "blocks": "s12"}).status_code == 400
    written = {label for label, now in every_row().items() if now != before[label]}
    assert written <= {"articles.HistoryEntry", "sessions.Session"}  # that this person saw the numbers on the page
