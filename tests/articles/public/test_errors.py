"""Error pages help, and wrong addresses show nothing."""

from __future__ import annotations

import datetime

import pytest
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory

from articles.public import errors, views
from tests import factories
from tests.articles.public import markup
from tests.articles.public.conftest import DAY


def checked(response: HttpResponseBase) -> str:
    assert isinstance(response, HttpResponse)
    html = response.content.decode()
    document = markup.read(html)
    assert document.faults == []
    assert document.metas["robots"].startswith("noindex") and not document.canonical
    return html


def test_a_withdrawn_item_answers_410_with_the_public_reason_escaped(edition, reader):
    response = reader.get(edition.withdrawn.get_absolute_url())
    html = checked(response)
    assert response.status_code == 410
    assert "内容失实，&lt;b&gt;已&lt;/b&gt;更正。" in html
    assert reader.get(edition.withdrawn_notice.get_absolute_url()).status_code == 410


@pytest.mark.parametrize(
    "path",
    [
        "/nothing/",
        "/p/nosuch/",
        "/p/nosuch/2024/",
        "/p/nosuch/2024-03-05/",
        "/p/nosuch/2024-03-05/1/",
        "/p/qingxi/2024-02-30/",
        "/p/qingxi/2024-3-5/",
        "/a/0/",
        "/a/007/",
        "/a/99999999999999999999999/",
        "/n/1234567890/",
        "/t/没有/",
        "/p/nosuch/feed.xml",
        "/p/nosuch/sitemap-2024-03.xml",
        "/p/qingxi/sitemap-1999-12.xml",
        "/p/qingxi/sitemap-2024-13.xml",
        "/sitemap-people-99.xml",
    ],
)
def test_unknown_addresses_lead_to_the_latest_issues(edition, reader, path):
    response = reader.get(path)
    assert response.status_code == 404
    assert f'href="/p/qingxi/{DAY}/"' in checked(response)


def test_an_unknown_date_leads_to_the_issues_around_it(edition, reader):
    html = checked(reader.get("/p/qingxi/2024-03-04/"))
    assert 'href="/p/qingxi/2024-03-02/"' in html and 'href="/p/qingxi/2024-03-05/"' in html
    assert "2024年3月4日" in html


def test_an_unknown_page_leads_to_the_pages_there_are(edition, reader):
    html = checked(reader.get(f"/p/qingxi/{DAY}/9/"))
    assert f'href="/p/qingxi/{DAY}/1/"' in html and "第4版：分类广告" in html


def test_error_pages_run_a_bounded_number_of_queries(edition, reader, django_assert_max_num_queries):
    """One of them asks whether something of ours stood there before."""
    for path, most in {"/nothing/": 2, "/p/qingxi/2024-03-04/": 5, f"/p/qingxi/{DAY}/9/": 3, "/a/99999/": 4}.items():
        with django_assert_max_num_queries(most):
            assert reader.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/", "/notices/", "/topics/", "/about/", f"/p/qingxi/{DAY}/", "/robots.txt"])
def test_an_unknown_parameter_is_refused_by_name(edition, reader, path, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = reader.get(path, {"titel": "x"})
    assert response.status_code == 400
    assert "<code>titel</code>" in checked(response)


def test_parameters_of_campaigns_and_shared_links_are_let_through(edition, reader):
    tail = "?utm_source=a&from=timeline&isappinstalled=0"
    assert reader.get(edition.lead.get_absolute_url() + tail).status_code == 200
    assert reader.get("/notices/" + tail).status_code == 200


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("before=x", "before"),
        ("before=2024-13-01.5", "before"),
        ("before=2024-03-05", "before"),
        ("before=2024-03-05.0", "before"),
        ("before=2024-03-05.99999999999999999999", "before"),
        ("before=２０２４-03-05.5", "before"),
        ("before=2024-03-05.5&before=2024-03-05.6", "before"),
        ("kind=遗失声明&kind=讣告", "kind"),
        ("newspaper=%00", "newspaper"),
        ("<script>alert(1)</script>=1", "&lt;script&gt;alert(1)&lt;/script&gt;"),
    ],
)
def test_a_wrong_parameter_of_a_list_answers_400_and_names_it(edition, reader, query, name):
    response = reader.get(f"/notices/?{query}")
    assert response.status_code == 400
    html = checked(response)
    assert f"<code>{name}</code>" in html and "遗失声明：" not in html


def test_a_topic_refuses_a_wrong_cursor(edition, reader):
    assert reader.get(edition.topic.get_absolute_url(), {"before": "9"}).status_code == 400


def test_a_failing_view_answers_500_without_touching_the_database(edition, monkeypatch, django_assert_num_queries):
    def fail() -> None:
        raise RuntimeError

    monkeypatch.setattr(views, "front_rows", fail)
    reader = Client(raise_request_exception=False)
    with django_assert_num_queries(0):
        response = reader.get("/")
    assert response.status_code == 500
    assert "网站出错了" in checked(response)


def test_500_still_answers_when_the_style_sheet_cannot_be_found(monkeypatch):
    def missing(*args, **kwargs):
        raise ValueError("Missing staticfiles manifest entry")

    monkeypatch.setattr(errors, "refuse", missing)
    response = errors.server_error(RequestFactory().get("/"))
    assert response.status_code == 500 and "网站出错了" in response.content.decode()


def test_403_and_400_have_the_sites_form():
    request = RequestFactory().get("/")
    assert "没有权限" in checked(errors.forbidden(request))
    assert "请求有误" in checked(errors.bad_request(request))


def test_error_answers_are_not_kept(edition, reader):
    for path in ("/nothing/", edition.withdrawn.get_absolute_url()):
        assert reader.get(path).headers["Cache-Control"] == "no-cache"
    assert reader.get("/?x=1").headers["Cache-Control"] == "no-store"


def test_an_empty_site_has_its_404_too(db, reader):
    checked(reader.get("/p/qingxi/2024-03-05/"))
    factories.published(factories.article(on=factories.page(date=datetime.date(2024, 1, 1))))
    assert "2024年1月1日" in checked(reader.get("/p/qingxi/2024-03-05/"))


def test_who_went_astray_is_offered_a_search(edition, reader):
    for path in ("/nothing/", "/p/qingxi/2019/", "/p/qingxi/2024-03-12/", edition.withdrawn.get_absolute_url()):
        html = checked(reader.get(path))
        assert 'id="find-text"' in html and html.count('type="search"') == 1
