"""Old addresses lead on once, to what readers may see, and never off the site."""

from __future__ import annotations

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import history
from articles.actions import addresses, placing, publishing
from articles.errors import ActionRefused
from articles.models import Act, Newspaper, OldAddress
from tests import factories

pytestmark = pytest.mark.django_db

OLD = "/html/2012-03/05/content_12.htm"


def lead(address, target, actor):
    return addresses.set_old_address(address=address, target=target, actor=actor)


@pytest.fixture
def article():
    made = factories.article()
    factories.published(made)
    return made


@pytest.fixture
def reader(client):
    return client


def follow(reader, address):
    response = reader.get(address)
    return response.status_code, response.headers.get("Location", "")


def test_an_old_address_leads_on_by_one_redirect(article, chief, reader):
    lead(f"http://old.example{OLD}", article, chief)
    response = reader.get(OLD)
    assert (response.status_code, response.headers["Location"]) == (301, article.get_absolute_url())
    assert "max-age" in response.headers["Cache-Control"] and not response.cookies
    assert reader.get(response.headers["Location"]).status_code == 200
    assert reader.head(OLD).status_code == 301
    assert reader.post(OLD).status_code in (403, 404)


def test_everything_with_an_address_of_its_own_can_be_led_to(article, chief, reader):
    page = article.page
    notice = factories.notice(on=page)
    factories.published(notice)
    for target, new in (
        (notice, notice.get_absolute_url()),
        (page, "/p/qingxi/2024-03-05/1/"),
        (page.issue, "/p/qingxi/2024-03-05/"),
        (page.issue.newspaper, "/p/qingxi/"),
    ):
        lead(OLD, target, chief)
        assert follow(reader, OLD) == (301, new)
        assert reader.get(new).status_code == 200
    assert OldAddress.objects.count() == 1


def test_what_is_not_public_is_as_unknown_as_what_is_not_there(chief, reader):
    draft = factories.article(corrected=True)
    empty = Newspaper.objects.create(name="未出版", slug="wei")
    nothing = reader.get("/html/nothing.htm").content
    for target in (draft, draft.page, draft.page.issue, empty):
        lead(OLD, target, chief)
        response = reader.get(OLD)
        assert (response.status_code, response.content) == (404, nothing)
    publishing.publish(item=draft, actor=chief, at=timezone.now() + datetime.timedelta(hours=1))
    lead(OLD, draft, chief)
    assert reader.get(OLD).status_code == 404


def test_what_was_withdrawn_answers_with_its_reason(article, chief, reader):
    lead(OLD, article, chief)
    publishing.withdraw(item=article, actor=chief, reason="事实有误")
    status, new = follow(reader, OLD)
    assert status == 301
    assert reader.get(new).status_code == 410


def test_addresses_with_a_query_are_known_with_it_and_without(article, chief, reader):
    other = factories.article(on=article.page)
    factories.published(other)
    lead("/shownews.asp?id=7", article, chief)
    assert follow(reader, "/shownews.asp?id=7") == (301, article.get_absolute_url())
    assert reader.get("/shownews.asp?id=8").status_code == 404
    lead("/shownews.asp", other, chief)
    assert follow(reader, "/shownews.asp?id=8&from=wechat") == (301, other.get_absolute_url())
    assert follow(reader, "/shownews.asp?id=7") == (301, article.get_absolute_url())


def test_chinese_addresses_are_the_same_encoded_or_not(article, chief, reader):
    lead("/%E8%A6%81%E9%97%BB/1.htm", article, chief)
    assert follow(reader, "/要闻/1.htm")[0] == follow(reader, "/%E8%A6%81%E9%97%BB/1.htm")[0] == 301


def test_a_page_that_is_there_is_never_led_away_and_a_moved_one_is(article, chief, reader):
    other = factories.article(on=factories.page(date=datetime.date(2024, 3, 7)))
    factories.published(other)
    address = "/p/qingxi/2024-03-05/1/"
    lead(address, other.page, chief)
    assert reader.get(address).status_code == 200
    publishing.withdraw(item=article, actor=chief, reason="误")
    assert follow(reader, address) == (301, "/p/qingxi/2024-03-07/1/")


def test_nothing_leads_to_itself(article, chief, reader):
    address = "/p/qingxi/2024-03-05/1/"
    lead(address, article.page, chief)
    publishing.withdraw(item=article, actor=chief, reason="误")
    assert reader.get(address).status_code == 404


def test_the_redirect_goes_where_the_thing_stands_today(article, chief, reader):
    page = article.page
    lead(OLD, page, chief)
    publishing.withdraw(item=article, actor=chief, reason="误")
    placing.place_page(
        page=page, newspaper=factories.newspaper(), date=datetime.date(2024, 3, 6), number=4, section="", actor=chief
    )
    publishing_again = type(article).objects.get(pk=article.pk)
    factories.published(publishing_again)
    assert follow(reader, OLD) == (301, "/p/qingxi/2024-03-06/4/")


@pytest.mark.parametrize(
    "address",
    [
        "", "/", "http://old.example", "old/page.htm", "javascript:alert(1)", "/" + "长" * 500, "/a%00b",
        "/admin/articles/", "http://[", "//",
    ],
)  # fmt: skip
def test_what_is_no_address_or_is_the_desks_is_refused(article, chief, address):
    with pytest.raises(ActionRefused):
        lead(address, article, chief)
    assert not OldAddress.objects.exists()


@pytest.mark.parametrize(
    "address", ["//evil.example/x", "/\\evil.example", "/%0d%0aSet-Cookie:x", "/x?%00", "/" + "a" * 3000]
)
def test_hostile_addresses_get_a_plain_404(article, chief, reader, address):
    lead("/x", article, chief)
    response = reader.get(address)
    assert response.status_code == 404 or response.headers["Location"] == article.get_absolute_url()


def test_the_desk_is_not_asked_for_old_addresses(article, chief, as_chief):
    OldAddress.objects.create(path="/admin/nothing/", article=article)
    assert as_chief.get("/admin/nothing/").status_code in (301, 404)
    assert as_chief.get("/admin/nothing/").headers.get("Location", "") != article.get_absolute_url()


def test_pages_that_are_there_cost_no_query_more(article, chief, reader):
    lead(OLD, article, chief)

    def asked(address):
        with CaptureQueriesContext(connection) as captured:
            reader.get(address)
        return sum("oldaddress" in query["sql"] for query in captured)

    assert (asked(article.get_absolute_url()), asked("/"), asked("/nothing/"), asked(OLD)) == (0, 0, 1, 1)


def test_it_is_recorded_and_taken_away_again(article, chief, reader):
    made = lead(OLD, article, chief)
    lead(OLD, article, chief)
    addresses.drop_old_address(old=made, actor=chief)
    addresses.drop_old_address(old=made, actor=chief)
    acts = [(e.act, e.reason) for e in history.of(article) if e.act == Act.ADDRESSED]
    assert acts == [(Act.ADDRESSED, f"去掉 {OLD}"), (Act.ADDRESSED, OLD)]
    assert reader.get(OLD).status_code == 404


def test_the_database_lets_a_row_lead_to_exactly_one_thing(article):
    for more in ({}, {"article": article, "page": article.page}):
        with pytest.raises(IntegrityError), transaction.atomic():
            OldAddress.objects.create(path="/x", **more)
