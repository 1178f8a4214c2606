"""Saying which newspaper, day and number a page is."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from articles import history
from articles.actions import placing, publishing
from articles.errors import ActionRefused
from articles.models import Act, DateState, HistoryEntry, Issue, Snapshot
from tests import factories

pytestmark = pytest.mark.django_db

DAY = datetime.date(2024, 3, 5)
NEXT = datetime.date(2024, 3, 6)


def place(page, actor, *, date=DAY, number=1, section="要闻", **more):
    given = {"page": page, "newspaper": factories.newspaper(), "date": date, "number": number, "section": section}
    return placing.place_page(**given | {"actor": actor} | more)


def test_an_undated_page_keeps_its_issue_which_is_now_dated(editor):
    page = factories.undated_page()
    placed = place(page, editor, basis="报面印出")
    assert placed.issue_id == page.issue_id
    issue = placed.issue
    assert (issue.date, issue.date_state, issue.date_basis) == (DAY, DateState.CONFIRMED, "报面印出")
    assert history.of(issue)[0].before == {"newspaper": "", "date": "", "date_state": "undated"}
    assert history.of(placed)[0].before["number"] is None


def test_a_page_joins_the_issue_of_its_day_and_its_empty_one_goes_but_not_its_history(editor):
    first = place(factories.undated_page(), editor)
    page = factories.undated_page()
    Issue.objects.filter(pk=page.issue_id).update(number="总第9期", date_not_before=DAY)
    second = place(page, editor, number=2)
    assert second.issue_id == first.issue_id
    assert Issue.objects.count() == 1
    entry = HistoryEntry.objects.get(target="issue", target_id=page.issue_id, act=Act.DELETED)
    assert (entry.before["number"], entry.before["date_not_before"]) == ("总第9期", "2024-03-05")


def test_a_page_leaves_an_undated_issue_that_has_others(editor):
    page = factories.undated_page()
    other = page.issue.pages.create()
    placed = place(page, editor)
    other.refresh_from_db()
    assert other.issue.date_state == DateState.UNDATED
    assert placed.issue_id != other.issue_id


def test_two_pages_of_one_number_are_refused_in_words(editor):
    place(factories.undated_page(), editor)
    with pytest.raises(ActionRefused, match="已经有第1版"):
        place(factories.undated_page(), editor)


def test_pages_without_a_number_can_share_an_issue(editor):
    for _ in range(2):
        place(factories.undated_page(), editor, number=None)
    assert Issue.objects.get().pages.count() == 2


@pytest.mark.parametrize(
    "bad",
    [
        {"number": 0},
        {"number": -1},
        {"number": 1000},
        {"number": 70_000},
        {"section": "字" * 41},
        {"section": "\x00"},
        {"basis": "字" * 61},
        {"reason": "字" * 501},
    ],
    ids=str,
)
def test_what_the_database_would_refuse_is_refused_in_words(editor, bad):
    page = factories.undated_page()
    with pytest.raises(ActionRefused):
        place(page, editor, **bad)
    page.refresh_from_db()
    assert page.issue.date is None


def test_saying_what_is_so_already_writes_nothing(editor):
    page = place(factories.undated_page(), editor)
    count = HistoryEntry.objects.count()
    assert place(page, editor, section=" 要闻\n").version == page.version
    assert HistoryEntry.objects.count() == count


def test_a_published_page_keeps_its_place_until_it_is_withdrawn(editor):
    article = factories.article()
    factories.published(article)
    with pytest.raises(ActionRefused, match="先撤下"):
        place(article.page, editor, date=NEXT)
    assert place(article.page, editor, section="综合").section == "综合"  # not told by the place it stands in
    publishing.withdraw(item=article, actor=editor, reason="日期有误")
    old = article.page.issue
    moved = place(article.page, editor, date=NEXT)
    assert moved.issue.date == NEXT
    assert Issue.objects.filter(pk=old.pk).exists()  # snapshots still tell where it once stood


def test_a_scheduled_page_keeps_its_place_until_that_is_cancelled(editor):
    notice = factories.notice(corrected=True)
    publishing.publish(item=notice, actor=editor, at=timezone.now() + datetime.timedelta(days=1))
    with pytest.raises(ActionRefused):
        place(notice.page, editor, date=NEXT)
    publishing.unschedule(item=notice, actor=editor)
    assert place(notice.page, editor, date=NEXT).issue.date == NEXT
    assert not Snapshot.objects.live().exists()


def test_a_page_moved_after_withdrawal_is_published_under_its_new_place(editor):
    article = factories.article()
    factories.published(article)
    publishing.withdraw(item=article, actor=editor, reason="日期有误")
    place(article.page, editor, date=NEXT, number=4)
    publishing.publish(item=article, actor=editor)
    live = Snapshot.objects.live().get()
    assert (live.date, live.page_number, live.number) == (NEXT, 4, 2)


def test_an_empty_confirmed_issue_goes_when_its_last_page_leaves(editor):
    page = place(factories.undated_page(), editor)
    place(page, editor, date=NEXT)
    assert [issue.date for issue in Issue.objects.all()] == [NEXT]


def test_the_same_day_of_two_newspapers_is_two_issues(editor):
    place(factories.undated_page(), editor)
    place(factories.undated_page(), editor, newspaper=factories.newspaper(name="青山晚报", slug="qingshan"))
    assert Issue.objects.count() == 2


def test_a_page_that_is_gone_is_refused_in_words(editor):
    page = factories.undated_page()
    page.delete()
    page.pk = 987654
    with pytest.raises(ActionRefused):
        place(page, editor)
