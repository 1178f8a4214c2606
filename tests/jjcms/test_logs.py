"""The log says what happened, in a form to be searched, and nothing of people."""

from __future__ import annotations

import io
import json
import logging

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from jjcms import logs

PHONE, IDENTITY = "13900001234", "110101199003070011"


@pytest.fixture
def said():
    """Gives a function: what a handler set up like the server's has written."""
    made = []

    def start(form):
        told = logs.config(form)
        handler = logging.StreamHandler(io.StringIO())
        handler.setFormatter(told["formatters"]["told"]["()"]())
        handler.addFilter(logs.WithoutTracesOfRefusals())
        logging.getLogger().addHandler(handler)
        made.append(handler)
        return handler.stream

    yield start
    for handler in made:
        logging.getLogger().removeHandler(handler)


def test_json_is_an_object_a_line(said):
    out = said("json")
    try:
        raise ValueError(f"号码 {IDENTITY}")
    except ValueError:
        logging.getLogger("x").exception("电话 %s\n第二行", PHONE)
    (line,) = out.getvalue().splitlines()
    told = json.loads(line)
    assert told["level"] == "ERROR" and told["logger"] == "x" and told["at"].endswith("+00:00")
    assert "第二行" in told["message"] and "ValueError" in told["trace"]
    assert PHONE not in line and IDENTITY not in line


@pytest.mark.parametrize("form", ["text", "json"])
def test_addresses_are_told_without_what_was_asked(said, form):
    out = said(form)
    logging.getLogger("x").warning("Not Found: /search/?q=%s&after=x 然后", "王小明")
    assert "王小明" not in out.getvalue() and "after" not in out.getvalue()
    assert "/search/" in out.getvalue() and "然后" in out.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_refusal_is_one_line_with_the_number_of_the_answer(said, form, bare_staff):
    out = said(form)
    client = Client()
    client.force_login(bare_staff)
    answer = client.get("/admin/articles/article/?q=secret")
    assert answer.status_code == 403
    (line,) = [line for line in out.getvalue().splitlines() if "Forbidden" in line]
    assert len(out.getvalue().splitlines()) == 1
    assert answer["X-Request-ID"] in line and "secret" not in line
    if form == "json":
        assert json.loads(line)["status"] == 403
    nowhere = client.get("/nowhere/?q=secret")
    assert nowhere["X-Request-ID"] in out.getvalue() and "secret" not in out.getvalue()
    again = client.get("/admin/articles/article/")
    assert again["X-Request-ID"] != answer["X-Request-ID"]


@pytest.mark.django_db
def test_an_accident_keeps_its_traceback(said, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("on purpose")

    out = said("json")
    monkeypatch.setattr("articles.public.notice_views.look_up", broken)
    answer = Client(raise_request_exception=False).post("/notices/lookup/", {"number": IDENTITY})
    assert answer.status_code == 500
    assert "on purpose" in out.getvalue() and "Traceback" in out.getvalue()
    assert IDENTITY not in out.getvalue()


def test_a_form_that_does_not_exist_is_refused():
    with pytest.raises(ImproperlyConfigured, match="LOG_FORMAT"):
        logs.config("xml")
