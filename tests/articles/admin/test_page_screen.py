"""The page screen: date and number, order, trays, publishing the whole page."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from articles.models import DateState, Finding, FindingState, Page, Snapshot
from tests import factories

pytestmark = pytest.mark.django_db


def url(page, screen="change"):
    return reverse(f"admin:articles_page_{screen}", args=[page.pk])


def place(page, **changes):
    data = {"_do": "place", "base_version": page.version, "newspaper": "青溪日报", "date": "2024-03-05"}
    return {**data, "number": "2", "section": "综合", **changes}


def fresh(page):
    return Page.objects.select_related("issue__newspaper").get(pk=page.pk)


def test_an_undated_page_is_placed(as_editor):
    factories.newspaper()
    page = factories.undated_page()
    assert as_editor.post(url(page), place(page)).status_code == 302
    placed = fresh(page)
    assert (placed.number, placed.section, placed.issue.date_state) == (2, "综合", DateState.CONFIRMED)
    assert str(placed.issue.newspaper) == "青溪日报"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"newspaper": "没有的报"}, "没有叫“没有的报”的报纸"),
        ({"newspaper": ""}, "请填写报纸"),
        ({"date": "昨天"}, "日期请写成"),
        ({"number": "0"}, "版次从 1 起"),
        ({"section": "长" * 41}, "40"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(as_editor, changes, words):
    factories.newspaper()
    page = factories.undated_page()
    assert words in as_editor.post(url(page), place(page, **changes)).content.decode()
    assert fresh(page).issue.date is None


def test_a_date_before_one_the_text_mentions_is_asked_about_once(as_editor):
    factories.newspaper()
    page = factories.undated_page()
    page.issue.date_not_before = datetime.date(2024, 3, 10)
    page.issue.save()
    assert "2024-03-10" in as_editor.get(url(page)).content.decode()
    response = as_editor.post(url(page), place(page))
    assert "文中提到了更晚的" in response.content.decode() and fresh(page).issue.date is None
    as_editor.post(url(page), place(page, is_early_ok="on"))
    assert fresh(page).issue.date == datetime.date(2024, 3, 5)


def test_a_taken_page_number_is_refused_with_the_reason(as_editor):
    factories.page(number=2)
    page = factories.undated_page()
    assert "已经有第2版" in as_editor.post(url(page), place(page)).content.decode()


def test_a_page_with_something_public_keeps_its_date_and_says_why(as_chief):
    page = factories.page()
    factories.published(factories.article(on=page))
    assert "先撤下" in as_chief.get(url(page)).content.decode()
    page = fresh(page)
    as_chief.post(url(page), place(page, date="2025-01-01", number="9", section="新版名"))
    assert (fresh(page).number, fresh(page).issue.date.year, fresh(page).section) == (1, 2024, "新版名")


def test_placing_from_a_stale_screen_answers_409_and_keeps_what_was_typed(as_editor):
    factories.newspaper()
    page = factories.undated_page()
    data = place(page, section="我填的")
    Page.objects.filter(pk=page.pk).update(version=5)
    response = as_editor.post(url(page), data)
    assert response.status_code == 409 and "我填的" in response.content.decode()


def test_correctors_cannot_place(as_corrector):
    page = factories.undated_page()
    assert as_corrector.post(url(page), place(page)).status_code == 403
    assert "核定日期和版次需要编辑以上的角色" in as_corrector.get(url(page)).content.decode()


def test_an_item_given_the_number_of_another_takes_its_place(as_corrector):
    page = factories.page()
    made = [factories.article(on=page, headline=f"第{n}篇") for n in range(1, 5)]

    def give(item, number):
        page.refresh_from_db()
        order = [each.pk for each in page.articles.order_by("position")]
        numbers = {f"order-article:{pk}": str(n) for n, pk in enumerate(order, 1)}
        data = {"_do": "order", "base_version": page.version, **numbers, f"order-article:{item.pk}": number}
        answer = as_corrector.post(url(page), data, follow=True).content.decode()
        return answer, [each.headline[1] for each in page.articles.order_by("position")]

    assert give(made[3], "1")[1] == ["4", "1", "2", "3"]
    assert give(made[3], "3")[1] == ["1", "2", "4", "3"]
    told, order = give(made[0], "后")
    assert "请写数字" in told and order == ["1", "2", "4", "3"]


def test_items_are_ordered_by_numbers(as_corrector):
    page = factories.page()
    first, second = factories.article(on=page), factories.notice(on=page)
    data = {"_do": "order", "base_version": fresh(page).version}
    as_corrector.post(url(page), {**data, f"order-article:{first.pk}": "2", f"order-notice:{second.pk}": "1"})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (second.position, first.position) == (1, 2)
    stale = as_corrector.post(url(page), {**data, f"order-article:{first.pk}": "1"})
    assert stale.status_code == 409


def unplaced(page, *texts):
    page.unplaced = [{"id": f"s{n}", "text": text} for n, text in enumerate(texts, 1)]
    page.save()
    return page


def test_unplaced_text_goes_to_an_item_aside_or_into_a_new_one(as_editor):
    page = unplaced(factories.page(), "甲文", "乙文", "丙文")
    article = factories.article(on=page)
    as_editor.post(url(page), {"_do": "unplaced", "piece": "s1", "target": f"article:{article.pk}", "_to_item": "1"})
    as_editor.post(url(page), {"_do": "unplaced", "piece": "s2", "_set_aside": "1"})
    as_editor.post(url(page), {"_do": "unplaced", "piece": "s3", "target": "new-notice", "_to_item": "1"})
    article.refresh_from_db()
    assert article.body[-1]["text"] == "甲文"
    page = fresh(page)
    assert (page.unplaced, [p["text"] for p in page.set_aside]) == ([], ["乙文"])
    assert page.notices.get().body[0]["text"] == "丙文"


def test_text_comes_back_out_of_a_tray_only_as_it_was_seen(as_corrector):
    page = factories.page()
    page.furniture = [{"id": "s9", "text": "不忘初心", "spans": [[0, 4]], "reason": "口号"}]
    page.save()
    data = {"_do": "retrieve", "tray": "furniture", "index": "0"}
    as_corrector.post(url(page), {**data, "text": "别的"})
    assert fresh(page).unplaced == []
    as_corrector.post(url(page), {**data, "text": "不忘初心"})
    assert (fresh(page).furniture, fresh(page).unplaced[0]["spans"]) == ([], [[0, 4]])
    assert as_corrector.post(url(page), {**data, "tray": "issue_id", "text": "x"}).status_code in (200, 302)


def test_nothing_of_a_refused_step_is_kept(as_corrector):
    page = unplaced(factories.page(), "甲文")
    as_corrector.post(url(page), {"_do": "unplaced", "piece": ["s1", "s77"], "_set_aside": "1"})
    assert [p["text"] for p in fresh(page).unplaced] == ["甲文"]


def test_page_findings_are_settled_here(as_corrector):
    page = factories.page()
    finding = Finding.objects.create(page=page, key="k", kind="weekday", message="星期与日期不符")
    as_corrector.post(url(page), {"_do": "settle", "finding": finding.pk, "state": "dismissed"})
    finding.refresh_from_db()
    assert finding.state == FindingState.DISMISSED


def test_the_whole_page_is_published_as_far_as_it_can_be(as_chief):
    page = factories.page()
    good = factories.article(on=page, corrected=True, headline="可以的")
    factories.notice(on=page, corrected=True)
    factories.article(on=page, headline="没校的")
    text = as_chief.get(url(page, "publish")).content.decode()
    assert "2 条可以，1 条不能" in text and "还没有校毕" in text
    rows = [f"article:{good.pk}:1", f"notice:{page.notices.get().pk}:1"]
    as_chief.post(url(page, "publish"), {"row": rows})
    assert Snapshot.objects.live().count() == 2
    assert "可以的" not in as_chief.get(url(page, "publish")).content.decode()  # nothing left to do with it


def test_publishing_a_page_is_closed_to_editors(as_editor):
    page = factories.page()
    assert as_editor.get(url(page, "publish")).status_code == 403
    assert as_editor.post(url(page, "publish"), {"row": []}).status_code == 403


def test_an_empty_page_is_made_by_the_chief_only(as_chief, as_editor):
    add = reverse("admin:articles_page_add")
    assert as_editor.post(add).status_code == 403
    as_chief.get(add)
    assert not Page.objects.exists()
    assert as_chief.post(add).url == url(Page.objects.get())


def test_an_unknown_step_answers_404(as_corrector):
    assert as_corrector.post(url(factories.page()), {"_do": "delete"}).status_code == 404


def test_an_issue_shows_its_pages_and_what_is_missing(as_editor):
    page = factories.page(number=3)
    page.issue.expected_pages = 4
    page.issue.save()
    text = as_editor.get(reverse("admin:articles_issue_change", args=[page.issue_id])).content.decode()
    assert "第 1 版、第 2 版、第 4 版" in text and "第3版：要闻" in text


def test_an_issues_number_is_edited_and_its_date_is_not(as_editor):
    issue = factories.page().issue
    address = reverse("admin:articles_issue_change", args=[issue.pk])
    as_editor.post(
        address,
        {"_do": "edit", "number": "第100期", "expected_pages": "8", "date": "2001-01-01", "date_state": "undated"},
    )
    issue.refresh_from_db()
    assert (issue.number, issue.expected_pages, issue.date) == ("第100期", 8, datetime.date(2024, 3, 5))
    assert "第100期" not in as_editor.get(reverse("admin:articles_issue_history", args=[issue.pk])).content.decode()
