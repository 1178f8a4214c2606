"""The database gone, the disk full: said clearly, nothing lost, and over when it is over."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from django.urls import reverse

from tests import factories

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.django_db


@pytest.fixture
def gone(monkeypatch):
    """Gives a function that takes the database away, with this error."""

    def take(problem):
        def refuse(*_, **__):
            raise problem

        monkeypatch.setattr(connection, "cursor", refuse)
        monkeypatch.setattr(connection, "ensure_connection", refuse)

    return take


@pytest.mark.parametrize(
    "problem",
    [OperationalError("could not connect to secret-host"), InterfaceError("connection already closed")],
    ids=["operational", "interface"],
)
@pytest.mark.parametrize("address", ["/", "/search/?q=晋江", "/a/1/", "/notices/feed.xml", "/admin/", "/no/such/page/"])
def test_without_a_database_readers_hear_when_to_come_back(gone, address, problem, client):
    client.raise_request_exception = False
    client.force_login(factories.user("someone", role="编辑"))
    gone(problem)
    answer = client.get(address)
    text = answer.content.decode()
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30" and answer["Cache-Control"] == "no-store"
    assert "暂时用不了" in text and "secret-host" not in text


@pytest.mark.parametrize("address", ["/api/v1/articles/", "/api/v1/articles/1/", "/api/v1/search/?q=晋江"])
@pytest.mark.parametrize(
    ("problem", "status"), [(OperationalError("secret-host"), 503), (RuntimeError("secret-host"), 500)]
)
def test_programs_hear_it_as_they_hear_other_problems(gone, address, problem, status, client):
    client.raise_request_exception = False
    gone(problem)
    answer = client.get(address)
    assert answer.status_code == answer.json()["status"] == status
    assert answer["Content-Type"].startswith("application/problem+json") and answer["Cache-Control"] == "no-store"
    assert answer.get("Retry-After") == ("30" if status == 503 else None)
    assert "secret-host" not in answer.content.decode() and answer["Access-Control-Allow-Origin"] == "*"


def test_what_was_typed_comes_back_and_can_be_sent_again(gone, monkeypatch, as_chief):
    """Also text that would be markup, and empty lines at the beginning."""
    article = factories.article()
    address = f"/admin/articles/article/{article.pk}/change/"
    typed = {"headline": "\n\n<b>“新”标题</b>&amp;", "body": "第一段\n第二段 </textarea><script>"}
    as_chief.raise_request_exception = False
    with monkeypatch.context() as off:

        def refuse(*_, **__):
            raise OperationalError("database or disk is full")

        off.setattr(connection, "cursor", refuse)
        answer = as_chief.post(address, typed)
    text = answer.content.decode()
    assert answer.status_code == 503 and "没有保存" in text and f'action="{address}"' in text
    back = re.findall(r'<textarea name="(\w+)" hidden>\n(.*?)</textarea>', text, re.DOTALL)
    assert {name: unescape(value) for name, value in back} == typed
    assert as_chief.get(address).status_code == 200


def test_no_password_comes_back(gone):
    reader = Client(raise_request_exception=False)
    gone(OperationalError("gone"))
    answer = reader.post("/admin/login/", {"username": "root", "password": "correct horse"})
    assert answer.status_code == 503
    assert "correct horse" not in answer.content.decode()


def test_the_desk_is_told_in_its_own_form(monkeypatch, as_chief):
    page = factories.article().page
    as_chief.raise_request_exception = False

    def refuse(*_, **__):
        raise OperationalError("database is locked")

    monkeypatch.setattr("ingest.desk.views.load", refuse)
    monkeypatch.setattr("ingest.desk.views.save", refuse)
    body = {"base": "x", "key": "k" * 8, "steps": []}
    answer = as_chief.post(reverse("admin:articles_page_desk_save", args=[page.pk]), body, "application/json")
    assert answer.status_code == 503
    assert "存在本机" in answer.json()["reason"]


@pytest.mark.parametrize(("number", "status"), [(errno.ENOSPC, 503), (errno.EDQUOT, 503), (errno.EACCES, 500)])
def test_a_full_disk_is_no_fault_of_the_program(monkeypatch, number, status):
    def refuse(*_, **__):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("articles.public.notice_views.look_up", refuse)
    answer = Client(raise_request_exception=False).post("/notices/lookup/", {"number": "35058200000001"})
    assert answer.status_code == status


@pytest.mark.once
@pytest.mark.parametrize("command", [["migrate"], ["check_search"]])
def test_commands_say_in_one_line_that_the_database_is_not_there(tmp_path, command):
    told = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "JJCMS_DATA_DIR": str(tmp_path),
            "SERVE_HTTP": "1",
            "DATABASE_URL": "postgres://jjcms:very-secret@127.0.0.1:1/jjcms",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 1
    (line,) = told.stderr.splitlines()
    assert line.startswith("数据库用不了：") and "very-secret" not in line
