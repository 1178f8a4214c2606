"""The issue desk: completeness, what holds items up, publishing at once, jumps, dating, splitting and merging."""

from __future__ import annotations

import datetime

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import snapshots
from articles.actions import publishing
from articles.actions.jumps import link_jump
from articles.models import DateState, Issue, Jump, JumpState, Notice, Page, Snapshot, WorkState
from articles.roles import ROLES, permissions_of
from tests import factories
from tests.articles.admin.conftest import client_for
from tests.articles.admin.rows import fill

pytestmark = pytest.mark.django_db

DAY = datetime.date(2024, 3, 5)
NEXT = datetime.date(2024, 3, 6)


def url(issue, screen="change"):
    return reverse(f"admin:articles_issue_{screen}", args=[issue.pk])


def show(client, issue):
    return client.get(url(issue)).content.decode()


@pytest.fixture
def issue(db):
    """Two pages of four expected: one item ready, one not, one published."""
    first, third = factories.page(number=1), factories.page(number=3, section="")
    factories.article(on=first, headline="可以了", corrected=True)
    factories.article(on=first, headline="")
    factories.published(factories.notice(on=third))
    Issue.objects.update(expected_pages=4)
    return first.issue


def test_it_tells_what_is_there_what_is_missing_and_what_holds_it_up(as_editor, issue):
    text = show(as_editor, issue)
    assert "第 2 版、第 4 版" in text and "2 / 4 版" in text
    assert "<strong>1</strong> 条可以见报，1 条读者已经看到" in text
    for reason in ("没有主题", "还没有校毕"):
        assert f"<td>{reason}</td>" in text
    assert "没有主题；还没有校毕" in text


def test_what_cannot_be_published_says_why(as_chief):
    page = factories.page()
    assert "还没有条目。</span>" in show(as_chief, page.issue)
    factories.article(on=page)
    assert "没有可以见报的条目，卡在哪里见上表" in show(as_chief, page.issue)
    assert "先定日期" in show(as_chief, factories.undated_page().issue)


def test_a_dissolved_item_is_shown_only_while_readers_see_it(as_chief, issue):
    notice = Notice.objects.get()
    Notice.objects.update(work_state=WorkState.DISSOLVED)
    assert notice.title in show(as_chief, issue)
    publishing.withdraw(item=notice, actor=factories.user(role="主编"), reason="误")
    assert notice.title not in show(as_chief, issue)


def test_a_complete_issue_says_so(as_editor):
    page = factories.page()
    Issue.objects.update(expected_pages=1)
    assert "版数齐全" in show(as_editor, page.issue)


def test_the_whole_issue_is_published_at_once_with_an_honest_result(as_chief, issue):
    shown = as_chief.get(url(issue, "publish"))
    text = shown.content.decode()
    assert "1 条可以，1 条不能" in text and "可以了" in text and "没有主题" in text
    keys = [row.key for row in [*shown.context["possible"], *shown.context["blocked"]]]
    result = as_chief.post(url(issue, "publish"), {"row": keys}).content.decode()
    assert "1 条完成，0 条跳过，1 条没有成" in result and "没有主题" in result
    assert Snapshot.objects.live().count() == 2
    again = as_chief.post(url(issue, "publish"), {"row": keys}).content.decode()
    assert "0 条完成，1 条跳过，1 条没有成" in again and "没有变化" in again


def test_one_item_the_database_does_not_take_does_not_hide_what_became_of_the_others(as_chief, issue, monkeypatch):
    page = Page.objects.get(number=1)
    factories.article(on=page, headline="写不成", corrected=True)
    real = snapshots.build

    def build(item, **more):
        if item.title == "写不成":
            raise OperationalError("lock timeout")
        return real(item, **more)

    shown = as_chief.get(url(issue, "publish"))
    monkeypatch.setattr(snapshots, "build", build)
    result = as_chief.post(url(issue, "publish"), {"row": [row.key for row in shown.context["possible"]]})
    text = result.content.decode()
    assert "1 条完成，0 条跳过，1 条没有成" in text and "数据库没有写成" in text


def test_what_changed_since_it_was_confirmed_is_not_published(as_chief, issue):
    shown = as_chief.get(url(issue, "publish"))
    [row] = shown.context["possible"]
    stale = row.key.rsplit(":", 1)[0] + ":99"
    result = as_chief.post(url(issue, "publish"), {"row": [stale]}).content.decode()
    assert "0 条完成，1 条跳过" in result and "又改过" in result and Snapshot.objects.live().count() == 1


@pytest.mark.parametrize("role", ROLES)
def test_each_role_sees_and_does_what_its_permissions_say(role, issue):
    client, held = client_for(role), set(permissions_of(role))
    text = show(client, issue)
    assert ("整期见报…" in text) == ("articles.publish_article" in held)
    assert ('name="_do" value="move"' in text) == ("articles.place_issue" in held)
    assert ('name="_do" value="edit"' in text) == ("articles.change_issue" in held)
    assert client.get(url(issue, "publish")).status_code == (200 if "articles.publish_article" in held else 403)
    for do, permission in (
        ("edit", "change_issue"),
        ("move", "place_issue"),
        ("take", "place_issue"),
        ("jump", "change_jump"),
    ):
        status = client.post(url(issue), {"_do": do}).status_code
        assert (status != 403) == (f"articles.{permission}" in held), do
    assert client.post(url(issue), {"_do": "burn"}).status_code == 404


def test_published_pages_are_moved_by_who_may_publish_only(as_editor, as_chief, issue):
    page = Page.objects.get(number=3)
    data = {"_do": "move", "page": page.pk, f"number-{page.pk}": "2", "newspaper": "青溪日报", "date": "2024-03-06"}
    assert as_editor.post(url(issue), {**data, "with_published": "on", "reason": "错"}).status_code == 403
    assert "先撤下" in as_chief.post(url(issue), data).content.decode()
    as_chief.post(url(issue), {**data, "with_published": "on", "reason": "报头印错"})
    live = Snapshot.objects.live().get()
    assert (live.date, live.page_number) == (NEXT, 2)


def test_an_undated_issue_is_dated_and_joins_the_one_of_that_day(as_editor, issue):
    page = factories.undated_page(section="副刊")
    text = show(as_editor, page.issue)
    assert "定为这一天" in text and "checked" in text
    data = {
        "_do": "move", "page": page.pk, f"number-{page.pk}": "2", f"section-{page.pk}": "副刊",
        "newspaper": "青溪日报", "date": "2024-03-05",
    }  # fmt: skip
    answer = as_editor.post(url(page.issue), data)
    assert answer.url == url(issue)
    page.refresh_from_db()
    assert (page.issue_id, page.number, page.section) == (issue.pk, 2, "副刊")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"date": ""}, "请填写日期"),
        ({"newspaper": "没有的报"}, "没有叫“没有的报”的报纸"),
        ({"page": ""}, "先勾选"),
        ({"number": "二"}, "版次请写数字"),
        ({"number": "3"}, "已经有第3版"),
    ],
)
def test_what_cannot_be_moved_is_said_and_nothing_moves(as_editor, issue, change, words):
    page = factories.undated_page()
    data = {"_do": "move", "page": page.pk, "newspaper": "青溪日报", "date": "2024-03-05", **change}
    data[f"number-{page.pk}"] = data.pop("number", "2")
    assert words in as_editor.post(url(page.issue), data).content.decode()
    page.refresh_from_db()
    assert page.issue.date_state == DateState.UNDATED


def test_pages_are_split_off_to_another_day(as_editor, issue):
    page = Page.objects.get(number=1)
    data = {"_do": "move", "page": page.pk, f"number-{page.pk}": "1", "newspaper": "青溪日报", "date": "2024-03-06"}
    as_editor.post(url(issue), data)
    assert {i.date: i.pages.count() for i in Issue.objects.all()} == {DAY: 1, NEXT: 1}
    assert "移到" in as_editor.get(url(issue, "history")).content.decode()


def test_undated_pages_that_may_belong_are_offered_and_taken(as_editor, issue):
    likely, other = factories.undated_page(number=2), factories.undated_page(number=1)
    Issue.objects.filter(pk__in=[likely.issue_id, other.issue_id]).update(date_not_before=DAY)
    proposed = factories.undated_page()
    Issue.objects.filter(pk=proposed.issue_id).update(
        newspaper=factories.newspaper(), date=DAY, date_state=DateState.PROPOSED
    )
    response = as_editor.get(url(issue))
    assert [each["page"] for each in response.context["strays"]] == [proposed, likely]
    as_editor.post(url(issue), {"_do": "take", "page": likely.pk})
    likely.refresh_from_db()
    assert likely.issue_id == issue.pk
    assert "已经定了日期" in as_editor.post(url(issue), {"_do": "take", "page": likely.pk}).content.decode()


def test_jumps_are_proposed_confirmed_and_parted(as_editor, issue):
    first, third = Page.objects.order_by("number")
    text = "大桥主跨四百二十米，两岸引桥同步推进"
    origin = factories.article(on=first, headline="大桥合龙", text=text, continued_on="第三版")
    target = factories.article(on=third, headline="大桥合龙之后", text=text, continued_from="第一版")
    shown = show(as_editor, issue)
    assert "可能是同一篇" in shown and "两边都印着版次" in shown
    both = {"_do": "jump", "origin": origin.pk, "target": target.pk}
    as_editor.post(url(issue), {**both, "_link": ""})
    assert Jump.objects.get().state == JumpState.LINKED
    assert "已连上" in show(as_editor, issue)
    for article, words in ((origin, "下转，已连到"), (target, "上接，已连到")):
        assert words in as_editor.get(reverse("admin:articles_article_change", args=[article.pk])).content.decode()
    as_editor.post(url(issue), {**both, "_part": ""})
    assert Jump.objects.get().state == JumpState.REJECTED
    assert "没有找到另一半" in show(as_editor, issue)
    outside = factories.article(on=factories.undated_page())
    refused = as_editor.post(url(issue), {**both, "target": outside.pk, "_link": ""})
    assert "这一期里两篇稿件" in refused.content.decode()


def test_number_and_expected_pages_are_checked(as_editor, issue):
    text = as_editor.post(url(issue), {"_do": "edit", "number": "总第1期", "expected_pages": "-1"}).content.decode()
    assert "errorlist" in text
    issue.refresh_from_db()
    assert (issue.number, issue.expected_pages) == ("", 4)


def test_it_asks_as_often_for_1000_items_as_for_10(as_chief):
    page = factories.page()
    fill(5, on=page)
    stage_free = [url(page.issue), url(page.issue, "publish")]

    def count(address):
        as_chief.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert as_chief.get(address).status_code == 200
        return len(seen)

    link_jump_pages(page)
    before = [count(address) for address in stage_free]
    fill(495, on=page)
    Page.objects.bulk_create(Page(issue=page.issue, number=n) for n in range(10, 40))
    assert [count(address) for address in stage_free] == before
    assert max(before) <= 20


def link_jump_pages(page):
    other = Page.objects.create(issue=page.issue, number=2)
    origin = factories.article(on=page, headline="前", continued_on="第二版")
    link_jump(origin=origin, target=factories.article(on=other, headline="后"), actor=factories.user(role="编辑"))
