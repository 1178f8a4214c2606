"""Validators: a client that has the page is told so, and never after something on it changed."""

from __future__ import annotations

import datetime

import pytest

from articles.actions import publishing
from articles.actions.correcting import issue_correction, retract_correction
from articles.models import CorrectionKind
from articles.people import engine_user
from tests import factories
from tests.articles.public.conftest import DAY, edit

ISSUE = f"/p/qingxi/{DAY}/"


def test_public_pages_may_be_shared_and_are_asked_for_again(edition, reader):
    for path in ("/", ISSUE, ISSUE + "1/", edition.lead.get_absolute_url(), "/notices/", "/sitemap.xml"):
        response = reader.get(path)
        assert response.headers["Cache-Control"] == "public, max-age=0, s-maxage=30, must-revalidate"
        again = reader.get(path, headers={"if-none-match": response.headers["ETag"]})
        assert again.status_code == 304 and again.content == b""
        assert again.headers["ETag"] == response.headers["ETag"]


@pytest.mark.parametrize("act", ["edit", "withdraw a neighbour"])
def test_a_change_anywhere_in_the_issue_is_seen(edition, reader, monkeypatch, act):
    path = ISSUE + ("1/" if act == "edit" else "4/")
    first = reader.get(path)
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    if act == "edit":
        factories.published(edit(edition.lead, headline="青溪大桥昨日通车"))
    else:
        publishing.withdraw(item=edition.jumped, actor=engine_user(), reason="重复。")
    again = reader.get(path, headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 200 and again.content != first.content


def test_a_correction_that_comes_and_goes_is_seen_each_time(edition, reader, monkeypatch):
    path = edition.lead.get_absolute_url()
    now = datetime.datetime.now(datetime.UTC)
    seen = [reader.get(path)]
    for minutes, act in ((1, "come"), (2, "go")):
        at = now + datetime.timedelta(minutes=minutes)
        monkeypatch.setattr("django.utils.timezone.now", lambda at=at: at)
        if act == "come":
            kind, actor = CorrectionKind.CORRECTION, engine_user()
            made = issue_correction(items=[edition.lead], kind=kind, text="应为两公里。", actor=actor)
        else:
            retract_correction(correction=made, actor=engine_user(), reason="没有错。")
        last = seen[-1].headers
        again = reader.get(path, headers={"if-none-match": last["ETag"]})
        assert again.status_code == 200 and again.content != seen[-1].content
        seen.append(again)
    assert seen[0].content == seen[2].content


def test_head_requests_have_the_headers_without_the_body(edition, reader):
    response = reader.head(edition.lead.get_absolute_url())
    assert response.status_code == 200 and response.content == b"" and response.headers["ETag"]


def test_the_policy_stands_on_every_answer(edition, reader):
    for path in ("/", edition.lead.get_absolute_url(), "/nothing/", edition.withdrawn.get_absolute_url()):
        policy = reader.get(path).headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy and "unsafe" not in policy
