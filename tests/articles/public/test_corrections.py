"""更正与说明: beside the item, and in one list."""

from __future__ import annotations

import pytest

from articles.actions import publishing
from articles.actions.correcting import issue_correction, retract_correction
from articles.models import CorrectionKind
from articles.people import engine_user
from tests import factories
from tests.articles.public.test_pages import body_of, in_order

pytestmark = pytest.mark.django_db


def correct(*items, text="桥长应为三公里。", kind=CorrectionKind.CORRECTION):
    for item in items:
        item.refresh_from_db()
    return issue_correction(items=items, kind=kind, text=text, actor=engine_user())


def test_a_correction_stands_before_the_text_and_in_the_list(edition, reader):
    made = correct(edition.lead, edition.notice, text="桥长应为三公里。\n<b>谨此</b>更正，电话13905951234。")
    for item in (edition.lead, edition.notice):
        html = body_of(reader, item.get_absolute_url())
        assert in_order(html, "更正与说明", "更正 <time", "桥长应为三公里。", "&lt;b&gt;谨此", 'class="story-body"')
    html = body_of(reader, "/corrections/")
    assert in_order(html, "更正", "桥长应为三公里。", edition.lead.headline, "遗失声明：王小明")
    assert "139＊" in html and "13905951234" not in html
    retract_correction(correction=made, actor=engine_user(), reason="写错了")
    assert "三公里。</p>" not in body_of(reader, "/corrections/")
    assert 'class="corrected"' not in body_of(reader, edition.lead.get_absolute_url())


def test_a_correction_outlives_what_it_is_about_but_names_it_no_more(edition, reader):
    correct(edition.second)
    edition.second.refresh_from_db()
    publishing.withdraw(item=edition.second, actor=engine_user(), reason="失实。")
    html = body_of(reader, "/corrections/")
    assert "所涉内容已经撤下" in html and edition.second.headline not in html


def test_the_list_goes_on_from_page_to_page_at_the_same_cost(reader, django_assert_num_queries):
    article = factories.article()
    factories.published(article)
    for number in range(33):
        correct(article, text=f"第{number}次。", kind=CorrectionKind.CLARIFICATION)
    with django_assert_num_queries(4):
        first = body_of(reader, "/corrections/")
    assert in_order(first, "第32次", "第3次") and "第2次。" not in first
    older = first.split('rel="next" href="')[1].split('"')[0]
    with django_assert_num_queries(4):
        assert in_order(body_of(reader, older), "第2次", "第0次")
    for wrong in ("x", "0", "-1", "1e3", "９", "9" * 30):
        assert "<code>before</code>" in body_of(reader, f"/corrections/?before={wrong}", 400)


def test_an_empty_list_is_friendly(reader):
    assert "还没有更正" in body_of(reader, "/corrections/")
