"""The queue: one's own first, then the most doubtful, none that a colleague is at; claims are said and never silent."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.actions.items import mark_corrected
from articles.errors import ActionRefused
from articles.models import Article, Page, WorkState
from ingest.desk import presence, queue, steps
from ingest.desk.claims import claim, claim_of, release
from ingest.desk.layout import Refusal
from ingest.desk.queue import page_after, progress_of_issues, progress_of_people, waiting
from ingest.desk.rows import load
from ingest.models import DeskClaim
from tests import factories
from tests.ingest.desk.makers import finding, keep, page_with_source, rows

pytestmark = pytest.mark.django_db


def page_with(doubts: int, number: int) -> Page:
    page = factories.page(number=number)
    article = factories.article(on=page)
    for n in range(doubts):
        finding(page, f"k{n}", article=article)
    return page


def pages(user: User) -> list[Page]:
    return [row.page for row in waiting(user=user)]


def test_by_doubt_and_round_again(editor):
    calm, worst, worse = page_with(0, 1), page_with(3, 2), page_with(1, 3)
    factories.article(on=factories.page(number=4), corrected=True)
    assert pages(editor) == [worst, worse, calm]
    assert [(row.doubts, row.items) for row in waiting(user=editor)] == [(3, 1), (1, 1), (0, 1)]
    assert page_after(worst, user=editor) == worse
    assert page_after(worse, user=editor) == calm
    assert page_after(calm, user=editor) == worst


def test_not_where_a_colleague_is(editor):
    one, two, three = (page_with(0, n) for n in (1, 2, 3))
    presence.note(page=two, user=factories.user(role="编辑"), tab="aaaaaaaa", has_acted=False)
    presence.note(page=three, user=editor, tab="bbbbbbbb", has_acted=False)
    assert page_after(one, user=editor) == three


def test_ones_own_come_first_and_those_of_others_are_left_out(editor):
    one, two, three = (page_with(n, n) for n in (1, 2, 3))
    other = factories.user(role="编辑")
    claim(page=three, user=other)
    claim(page=one, user=editor)
    assert pages(editor) == [one, three, two]
    assert page_after(two, user=editor) == one
    assert page_after(one, user=editor) == two
    assert page_after(one, user=other) == three


def test_a_claim_is_taken_over_only_when_said(editor):
    page, other = page_with(0, 1), factories.user("lili", role="编辑")
    claim(page=page, user=editor)
    claim(page=page, user=editor)
    with pytest.raises(Refusal, match="已经认领"):
        claim(page=page, user=other)
    assert claim_of(page).user == editor  # type: ignore[union-attr]
    claim(page=page, user=other, takes_over=True)
    row = claim_of(page)
    assert row is not None and (row.user, row.taken_from) == (other, editor)
    assert not release(page=page, user=editor)
    assert release(page=page, user=other)
    assert not DeskClaim.objects.exists()


def test_only_the_newest_pages_are_looked_at(editor, monkeypatch):
    monkeypatch.setattr(queue, "WINDOW", 2)
    old, *new = (page_with(9 - n, n) for n in (1, 2, 3))
    assert pages(editor) == new
    claim(page=old, user=editor)
    assert pages(editor) == [old, *new]  # one's own are there however old


def test_the_questions_do_not_grow_with_the_archive(editor):
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            found = waiting(user=editor)
            progress_of_issues(row.page for row in found)
            progress_of_people()
        assert not any("COUNT(*)" in query["sql"] and "WHERE" not in query["sql"] for query in captured)
        return len(captured)

    page_with(2, 1)
    few = count()
    for number in range(2, 12):
        claim(page=page_with(1, number), user=factories.user(role="编辑"))
    assert count() == few <= 20


def test_progress(editor):
    page = page_with_source()
    article, _ = rows(page)
    layout = load(page.pk).layout
    keep(page, *steps.dissolve_item(layout, layout.items[1].key), actor=editor)
    article.refresh_from_db()
    mark_corrected(item=article, base_version=article.version, actor=editor)
    factories.article(on=page)
    (issue,) = progress_of_issues([page])
    assert (issue.done, issue.total, issue.pages_done, issue.pages) == (1, 2, 0, 1)
    (person,) = progress_of_people()
    assert (person.saves, person.saves_today, person.corrected, person.corrected_today) == (1, 1, 1, 1)


def test_a_dissolved_item_is_in_no_list_and_cannot_be_corrected(editor):
    page = page_with_source()
    _, notice = rows(page)
    keep(page, *steps.dissolve_item(load(page.pk).layout, f"notice:{notice.pk}"), actor=editor)
    notice.refresh_from_db()
    assert notice.work_state == WorkState.DISSOLVED
    client = Client()
    client.force_login(editor)
    address = f"/admin/articles/notice/{notice.pk}/change/"
    assert address not in client.get("/admin/articles/notice/").content.decode()
    assert address in client.get("/admin/articles/notice/?work_state__exact=dissolved").content.decode()
    assert address not in client.get(f"/admin/articles/page/{page.pk}/change/").content.decode()
    assert client.get(address).status_code == 200
    with pytest.raises(ActionRefused, match="已经拆散"):
        mark_corrected(item=notice, base_version=notice.version, actor=editor)


def test_the_address_leads_there_or_says_that_all_is_done(editor):
    one, two = page_with(0, 1), page_with(2, 2)
    client = Client()
    client.force_login(editor)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(f"/admin/articles/page/{one.pk}/desk/next/")
    assert response["Location"] == f"/admin/articles/page/{two.pk}/desk/"
    assert len(queries) < 20
    Article.objects.update(work_state="corrected")
    assert client.get(f"/admin/articles/page/{one.pk}/desk/next/")["Location"] == "/admin/articles/page/queue/"
    stranger = Client()
    stranger.force_login(factories.user(role="管理员"))
    assert stranger.get(f"/admin/articles/page/{one.pk}/desk/next/").status_code == 403
    assert stranger.get("/admin/articles/page/queue/").status_code == 403


def test_the_screen_claims_releases_and_takes_over(editor):
    page, other = page_with(1, 1), factories.user("lili", role="编辑")
    client = Client()
    client.force_login(editor)
    sent = {"page": page.pk, "claim": "1"}
    assert client.post("/admin/articles/page/queue/", sent)["Location"] == f"/admin/articles/page/{page.pk}/desk/"
    assert "我认领的（1）" in client.get("/admin/articles/page/queue/").content.decode()
    second = Client()
    second.force_login(other)
    assert "bianji已认领" in second.get("/admin/articles/page/queue/").content.decode()
    second.post("/admin/articles/page/queue/", sent)
    assert claim_of(page).user == editor  # type: ignore[union-attr]
    second.post("/admin/articles/page/queue/", {"page": page.pk, "take_over": "1"})
    assert claim_of(page).user == other  # type: ignore[union-attr]
    answer = client.post(f"/admin/articles/page/{page.pk}/desk/presence/", {"tab": "aaaaaaaa"}).json()
    assert answer["claim"] == {"name": "lili", "is_mine": False, "is_taken_from_me": True}
    address = f"/admin/articles/page/{page.pk}/desk/claim/"
    refused = client.post(address, {"act": "claim"})
    assert (refused.status_code, refused.json()["claim"]["name"]) == (422, "lili")
    assert client.post(address, {"act": "take_over"}).json()["claim"]["is_mine"]
    assert client.post(address, {"act": "release"}).json()["claim"]["name"] == ""
    assert client.post(address, {"act": "steal"}).status_code == 400
    second.post("/admin/articles/page/queue/", {"page": page.pk, "release": "1"})
