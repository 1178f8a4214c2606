"""The names guard at work: findings when a text is passed."""

from __future__ import annotations

import datetime

import pytest

from articles import rules
from articles.actions import items
from articles.actions.editing import save_office
from articles.actions.findings import settle_finding
from articles.actions.names import guard_names, register
from articles.models import Article, Finding, FindingState, HistoryEntry, Office
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def mayor(editor):
    values = {"name": "陈文辉", "note": "", "title": "青溪市市长", "since": datetime.date(2023, 7, 1), "until": None}
    return save_office(office=Office(), values=values, actor=editor)


def passed(article, editor):
    items.mark_corrected(item=article, base_version=article.version, actor=editor)
    return list(Finding.objects.filter(article=article).order_by("pk"))


def change(article, editor, text):
    content = {**article.content, "body": [{"id": "s1", "role": "paragraph", "text": text}]}
    return items.edit_item(item=article, content=content, base_version=article.version, actor=editor)


def test_passing_a_text_queries_its_names(mayor, editor):
    article = factories.article(headline="副市长陈文辉调研", text="昨日，市长陈文晖到大桥工地。")
    title, near = passed(article, editor)
    assert (title.kind, title.quote, title.piece, title.is_blocking) == ("name-title", "副市长陈文辉", "", True)
    assert (near.kind, near.quote, near.piece, near.fix) == ("name-near", "陈文晖", "s1", "陈文辉")
    article = Article.objects.with_page().get()
    assert "有必须先处理的疑点" in rules.check([article])["article", article.pk].messages


def test_a_mended_text_loses_its_query_and_a_settled_one_stays_settled(mayor, editor):
    article = factories.article(text="市长陈文晖到会。副市长陈文辉到会。")
    _near, title = passed(article, editor)
    settle_finding(finding=title, state=FindingState.DISMISSED, actor=editor)
    changed = change(article, editor, "市长陈文辉到会。副市长陈文辉到会。")
    [left] = passed(changed, editor)
    assert (left.pk, left.state) == (title.pk, FindingState.DISMISSED)
    assert guard_names(item=Article.objects.with_page().get()) == 0


def test_passing_twice_queries_once(mayor, editor):
    article = factories.article(text="副市长陈文辉到会。副市长陈文辉讲话。")
    assert len(passed(article, editor)) == 1
    again = change(article, editor, "副市长陈文辉到会。会后，副市长陈文辉讲话。")
    assert len(passed(again, editor)) == 1


def test_the_date_of_the_issue_decides(mayor, editor):
    early = factories.page(date=datetime.date(2023, 1, 5))
    assert passed(factories.article(on=early, text="市长陈文辉到会。"), editor) != []
    assert passed(factories.article(text="市长陈文辉到会。"), editor) == []


def test_who_signed_is_not_queried(mayor, editor):
    from articles.actions.credits import Named, set_credits

    article = factories.article(text="本报讯 记者陈文晖")
    set_credits(article=article, credits=[Named("reporter", "陈文晖", "")], actor=editor, may_add=True)
    article.refresh_from_db()
    assert passed(article, editor) == []


def test_notices_are_left_alone(mayor, editor):
    notice = factories.notice(text="陈文晖遗失身份证。")
    items.mark_corrected(item=notice, base_version=notice.version, actor=editor)
    assert not Finding.objects.exists()


def test_the_register_follows_every_change(mayor, editor, django_assert_num_queries):
    assert "陈文辉" in register().by_name
    with django_assert_num_queries(1):
        assert register() is register.__globals__["_kept"][1]
    save_office(office=mayor, values={"name": "陈文光"}, actor=editor)
    assert set(register().by_name) == {"陈文光"}
    entry = HistoryEntry.objects.filter(target="office").latest("pk")
    assert entry.before == {"name": "陈文辉"}
    save_office(office=mayor, values={"since": datetime.date(2024, 1, 1)}, actor=editor)
    entry = HistoryEntry.objects.filter(target="office").latest("pk")
    assert entry.before == {"since": "2023-07-01"}


def test_signing_queries_names_too(mayor, chief):
    from articles.actions.signing import sign
    from articles.models import Stage

    article = factories.article(text="副市长陈文辉到会。")
    stage = Stage.objects.create(newspaper=factories.newspaper(), name="一校", position=1)
    sign(item=article, stage=stage, actor=chief, base_version=article.version)
    assert Finding.objects.get().quote == "副市长陈文辉"
