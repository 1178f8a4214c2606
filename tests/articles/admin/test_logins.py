"""Guessing passwords is slow, the right person gets in again, and little is kept of it."""

from __future__ import annotations

import datetime

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from articles import history
from articles.archive.tables import tables
from articles.models import LoginLock
from tests import factories

pytestmark = pytest.mark.django_db
LOGIN = "/admin/login/"
HERE, ELSEWHERE = "203.0.113.9", "203.0.113.10"


@pytest.fixture
def account() -> User:
    user = factories.user("xiaowang", role="编辑")
    user.set_password("correct horse")
    user.save()
    return user


def enter(password, *, name="xiaowang", peer=HERE, **more):
    return Client().post(LOGIN, {"username": name, "password": password}, REMOTE_ADDR=peer, **more)


def fail(times=settings.AXES_FAILURE_LIMIT, **more):
    return [enter("wrong", **more) for _ in range(times)]


def test_wrong_passwords_lock_the_account_from_there_and_nowhere_else(account):
    *before, last = fail()
    assert {answer.status_code for answer in before} == {200}
    assert last.status_code == 429 and last["Retry-After"] == "900" and last["Cache-Control"] == "no-store"
    text = last.content.decode()
    assert "等 15 分钟" in text and "登录锁定" in text and "xiaowang" not in text
    assert enter("correct horse").status_code == 429
    assert enter("correct horse", peer=ELSEWHERE).status_code == 302
    assert enter("root", name="other").status_code == 200


def test_an_account_that_does_not_exist_is_locked_the_same(account):
    known, unknown = fail()[-1], fail(name="nobody")[-1]
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)


def test_another_browser_is_the_same_guesser(account):
    answers = [enter("wrong", HTTP_USER_AGENT=f"browser {n}") for n in range(settings.AXES_FAILURE_LIMIT)]
    assert answers[-1].status_code == 429


def test_trying_while_locked_does_not_lengthen_the_lock(account):
    fail()
    begun = LoginLock.objects.get().attempt_time
    fail(3)
    assert LoginLock.objects.get().attempt_time == begun
    LoginLock.objects.update(attempt_time=timezone.now() - settings.AXES_COOLOFF_TIME - datetime.timedelta(seconds=1))
    assert enter("correct horse").status_code == 302


def test_the_right_password_wipes_the_slips_before_it(account):
    fail(3)
    assert LoginLock.objects.count() == 1
    assert enter("correct horse").status_code == 302
    assert LoginLock.objects.count() == 0


def test_behind_a_proxy_readers_are_told_apart_by_what_the_proxy_says(account, settings):
    settings.PROXY_COUNT = 1
    fail(peer="10.0.0.1", HTTP_X_FORWARDED_FOR=f"1.1.1.1, {HERE}")
    assert enter("correct horse", peer="10.0.0.1", HTTP_X_FORWARDED_FOR=f"9.9.9.9, {HERE}").status_code == 429
    assert enter("correct horse", peer="10.0.0.1", HTTP_X_FORWARDED_FOR=ELSEWHERE).status_code == 302


def test_who_manages_accounts_lifts_a_lock_and_the_history_says_so(account):
    fail(HTTP_USER_AGENT="a")
    LoginLock.objects.filter(user_agent="a").update(failures_since_start=4)
    fail(4, HTTP_USER_AGENT="b")
    manager, client = factories.user("guanli", role="管理员"), Client()
    client.force_login(manager)
    listed = client.get("/admin/articles/loginlock/").content.decode()
    assert "xiaowang" in listed and HERE in listed and "已锁定" in listed
    lock = LoginLock.objects.first()
    assert lock is not None
    asked = {"action": "lift_selected", "_selected_action": [lock.pk]}
    assert client.post("/admin/articles/loginlock/", asked).status_code == 302
    assert enter("correct horse").status_code == 302
    (said,) = [entry for entry in history.of(account) if entry.actor == manager]
    assert said.details == {"login": "解除了登录锁定"}


@pytest.mark.parametrize("role", ["", "主编", "编辑"])
def test_others_neither_see_nor_lift_locks(account, role):
    fail()
    client = Client()
    client.force_login(factories.user("other", role=role))
    asked = {"action": "lift_selected", "_selected_action": [LoginLock.objects.get().pk]}
    assert client.get("/admin/articles/loginlock/").status_code == 403
    assert client.post("/admin/articles/loginlock/", asked).status_code == 403
    assert LoginLock.objects.count() == 1


def test_little_is_kept_and_less_is_logged(account, caplog):
    fail(name="my-secret-password")
    assert HERE in caplog.text and "my-secret-password" not in caplog.text
    assert enter("correct horse").status_code == 302
    kept = " ".join(str(value) for row in LoginLock.objects.values() for value in row.values())
    assert "wrong" not in kept
    from axes.models import AccessFailureLog, AccessLog

    assert not AccessLog.objects.exists() and not AccessFailureLog.objects.exists()
    assert not any("axes" in label or "loginlock" in label for label in tables())


def test_hostile_logins_are_answered(account):
    for name in (
        "\x00",
        "x" * 5000,
        "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
        "𠮷" * 200,
        "' OR 1=1 --",
    ):
        assert Client().post(LOGIN + "?next=%00%ff", {"username": name, "password": "\x00"}).status_code == 200
    long = {"HTTP_USER_AGENT": "é" * 4000, "HTTP_ACCEPT": "x" * 4000}
    assert enter("wrong", **long).status_code == 200
