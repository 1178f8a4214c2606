"""The next page: the most doubtful first, none twice in a round, none that a colleague is on."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Page
from ingest.desk import presence
from ingest.desk.queue import page_after, waiting
from tests import factories
from tests.ingest.desk.makers import finding

pytestmark = pytest.mark.django_db


def page_with(doubts: int, number: int) -> Page:
    page = factories.page(number=number)
    article = factories.article(on=page)
    for n in range(doubts):
        finding(page, f"k{n}", article=article)
    return page


def test_by_doubt_and_round_again(editor):
    calm, worst, worse = page_with(0, 1), page_with(3, 2), page_with(1, 3)
    factories.article(on=factories.page(number=4), corrected=True)
    assert list(waiting(user=editor)) == [worst, worse, calm]
    assert page_after(worst, user=editor) == worse
    assert page_after(worse, user=editor) == calm
    assert page_after(calm, user=editor) == worst


def test_not_where_a_colleague_is(editor):
    one, two, three = (page_with(0, n) for n in (1, 2, 3))
    presence.note(page=two, user=factories.user(role="编辑"), tab="aaaaaaaa", has_acted=False)
    presence.note(page=three, user=editor, tab="bbbbbbbb", has_acted=False)
    assert page_after(one, user=editor) == three


def test_the_address_leads_there_or_says_that_all_is_done(editor):
    one, two = page_with(0, 1), page_with(2, 2)
    client = Client()
    client.force_login(editor)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(f"/admin/articles/page/{one.pk}/desk/next/")
    assert response["Location"] == f"/admin/articles/page/{two.pk}/desk/"
    assert len(queries) < 12
    for page in (one, two):
        page.articles.update(work_state="corrected")
    assert (
        client.get(f"/admin/articles/page/{one.pk}/desk/next/")["Location"] == f"/admin/articles/page/{one.pk}/change/"
    )
    stranger = Client()
    stranger.force_login(factories.user(role="管理员"))
    assert stranger.get(f"/admin/articles/page/{one.pk}/desk/next/").status_code == 403
