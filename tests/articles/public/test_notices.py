"""The filter of the notices: what is wrong shows an error beside its field, and no rows."""

from __future__ import annotations

import datetime
import re

import pytest
from django import forms
from django.test import Client

from articles.models import NoticeKind
from articles.public.filters import PlainSelect
from articles.public.notice_fields import labelled
from articles.public.notices import prints_of
from articles.public.paging import PAGE_SIZE
from tests import factories
from tests.articles.public import markup


@pytest.fixture
def notices(db):
    other = factories.newspaper(name="白沙晚报", slug="baisha")
    for name, paper, day, kind in [
        ("甲", None, 1, NoticeKind.LOST),
        ("乙", None, 20, NoticeKind.OBITUARY),
        ("丙", other, 10, NoticeKind.LOST),
    ]:
        page = factories.page(paper=paper, date=datetime.date(2024, 3, day))
        factories.published(factories.notice(on=page, kind=kind, heading=kind, fields={"declarant": f"声明人{name}"}))


def shown(reader: Client, query: str) -> set[str]:
    response = reader.get(f"/notices/?{query}")
    html = response.content.decode()
    assert response.status_code == 200 and markup.read(html).faults == []
    return {name for name in "甲乙丙" if f"声明人{name}" in html}


@pytest.mark.parametrize("value", [None, "", "lost", "<b>", "nothing"])
def test_a_choice_is_written_as_django_writes_it(value):
    choices = [("", "全部"), ("lost", "遗失 & 声明"), ("<b>", '"<b>"')]
    attrs = {"aria-invalid": "true", "id": "id_kind"}
    ours, theirs = [kind(choices=choices).render("kind", value, attrs) for kind in (PlainSelect, forms.Select)]
    assert markup_of(ours) == markup_of(theirs)


def markup_of(html: str) -> str:
    return re.sub(r">\s+<", "><", html.strip())


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", "甲乙丙"),
        ("kind=&newspaper=&since=&until=", "甲乙丙"),
        ("kind=讣告", "乙"),
        ("newspaper=baisha", "丙"),
        ("since=2024-03-10", "乙丙"),
        ("until=2024-03-10", "甲丙"),
        ("since=2024-03-10&until=2024-03-10", "丙"),
        ("kind=遗失声明&newspaper=qingxi", "甲"),
        ("kind=清算公告", ""),
    ],
)
def test_each_filter_narrows(notices, reader, query, names):
    assert shown(reader, query) == set(names)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("kind=没有这类", "kind"),
        ("newspaper=nosuch", "newspaper"),
        ("since=2024-13-01", "since"),
        ("until=昨天", "until"),
        ("since=2024-03-10&until=2024-03-01", "until"),
        ("kind=讣告&since=x", "since"),
    ],
)
def test_a_wrong_value_shows_its_error_beside_the_field_and_no_rows(notices, reader, query, field):
    response = reader.get(f"/notices/?{query}")
    html = response.content.decode()
    assert response.status_code == 400 and markup.read(html).faults == []
    assert not any(f"声明人{name}" in html for name in "甲乙丙")
    assert f'id="id_{field}_error"' in html and html.count("errorlist") == 1
    assert 'role="alert"' in html


def test_only_newspapers_with_something_to_read_can_be_chosen(notices, reader):
    factories.newspaper(name="未出版报", slug="later")
    assert "未出版报" not in reader.get("/notices/").content.decode()
    assert reader.get("/notices/?newspaper=later").status_code == 400


def test_no_result_says_so_and_offers_all(notices, reader):
    html = reader.get("/notices/?kind=清算公告").content.decode()
    assert "没有符合条件的公告" in html


def test_what_is_no_date_stays_to_be_mended(notices, reader):
    html = reader.get("/notices/?since=2024-02-30&until=2024-03-01").content.decode()
    assert re.search(r'<input type="text" name="since" value="2024-02-30"', html)
    assert re.search(r'<input type="date" name="until" value="2024-03-01"', html)


def test_a_filtered_list_is_not_for_search_engines(notices, reader):
    assert "robots" not in markup.read(reader.get("/notices/").content.decode()).metas
    document = markup.read(reader.get("/notices/?kind=讣告").content.decode())
    assert document.metas["robots"].startswith("noindex")


def test_fields_are_labelled_in_order_and_odd_values_left_out():
    fields = labelled(
        {
            "date": "2025-12-20",
            "declarant": "王小明",
            "numbers": ["甲1", "", None],
            "phones": [],
            "unknown": "不要",
            "address": {"x": 1},
            "deadline": "2026-02-03",
        }
    )
    assert [(field.label, field.values) for field in fields] == [
        ("声明人", ("王小明",)),
        ("号码", ("甲1",)),
        ("截止日期", ("2026年2月3日",)),
        ("落款日期", ("2025年12月20日",)),
    ]


def test_more_than_a_page_of_printings_is_refused_and_not_cut():
    with pytest.raises(ValueError, match="more than a page"):
        prints_of(range(1, PAGE_SIZE + 2))
