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


# Several pages at once: dating, splitting, merging


def dated(*numbers, date=DAY):
    return [factories.page(date=date, number=number, section="") for number in numbers]


def move(pages, actor, *, date=DAY, numbers=None, **more):
    numbers = numbers or [page.number for page in pages]
    places = [placing.Place(page, number, page.section) for page, number in zip(pages, numbers, strict=True)]
    return placing.place_pages(places=places, newspaper=factories.newspaper(), date=date, actor=actor, **more)


def acts_of(issue_pk):
    return [entry.act for entry in HistoryEntry.objects.filter(target="issue", target_id=issue_pk).order_by("pk")]


def test_undated_pages_become_one_issue_or_join_the_one_that_is_there(editor):
    pages = [factories.undated_page() for _ in range(3)]
    placed = move(pages, editor, numbers=[1, 2, 3])
    assert {page.issue_id for page in placed} == {pages[0].issue_id}
    assert Issue.objects.count() == 1
    late = [factories.undated_page() for _ in range(2)]
    move(late, editor, numbers=[4, 5])
    assert [page.number for page in Issue.objects.get().pages.order_by("number")] == [1, 2, 3, 4, 5]


def test_an_issue_is_split_and_put_together_again(editor):
    pages = dated(1, 2, 3, 4)
    whole = pages[0].issue_id
    moved = move(pages[2:], editor, date=NEXT, numbers=[1, 2], reason="分两天出")
    other = moved[0].issue
    assert [p.number for p in Issue.objects.get(pk=whole).pages.order_by("number")] == [1, 2]
    assert acts_of(whole)[-1] == Act.SPLIT and acts_of(other.pk) == [Act.PLACED]
    assert HistoryEntry.objects.latest("pk").reason == "第3版、第4版移到 青溪日报 2024-03-06：分两天出"
    move(moved, editor, numbers=[3, 4])
    assert acts_of(whole)[-1] == Act.MERGED and acts_of(other.pk)[-1] == Act.DELETED
    assert Issue.objects.get().pages.count() == 4


def test_a_long_reason_is_kept_whole(editor):
    pages = dated(1, 2)
    move(pages[1:], editor, date=NEXT, reason="字" * 499)
    assert HistoryEntry.objects.latest("pk").reason.endswith("：" + "字" * 499)


def test_an_issue_dated_wrongly_moves_as_a_whole_with_its_number(editor):
    pages = dated(1, 2)
    Issue.objects.update(number="总第9期", expected_pages=8)
    issue = move(pages, editor, date=NEXT)[0].issue
    assert (issue.date, issue.number, issue.expected_pages) == (NEXT, "总第9期", 8)
    assert Issue.objects.count() == 1


def test_numbers_change_hands_in_one_act(editor):
    first, second = dated(1, 2)
    move([first, second], editor, numbers=[2, 1])
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.number, second.number) == (2, 1)


def test_a_clash_moves_nothing(editor):
    dated(1)
    pages = [factories.undated_page() for _ in range(2)]
    with pytest.raises(ActionRefused, match="已经有第1版"):
        move(pages, editor, numbers=[2, 1])
    with pytest.raises(ActionRefused, match="写了两次"):
        move(pages, editor, numbers=[2, 2])
    assert all(page.issue.date is None for page in Issue.objects.get(pk=pages[0].issue_id).pages.all())


def test_what_is_published_moves_only_when_that_is_said_and_keeps_its_text_and_address(chief, client):
    from django.urls import reverse

    pages = dated(1, 2)
    article, notice = factories.article(on=pages[0]), factories.notice(on=pages[1])
    first = factories.published(article)
    factories.published(notice)
    with pytest.raises(ActionRefused, match="第1版、第2版有稿件已经见报"):
        move(pages, chief, date=NEXT)
    with pytest.raises(ActionRefused, match="写明理由"):
        move(pages, chief, date=NEXT, with_published=True, reason=" ")
    move(pages, chief, date=NEXT, with_published=True, reason="报头日期印错")
    live = Snapshot.objects.live().get(article=article)
    assert (live.date, live.page_number, live.number, live.content) == (NEXT, 1, 2, first.content)
    assert (live.published_at, live.source_hash) == (first.published_at, first.source_hash)
    moved = Snapshot.objects.live().get(notice=notice)
    assert moved.date == NEXT
    assert set(moved.number_rows.values_list("digest")) == set(
        notice.snapshots.earliest("pk").number_rows.values_list("digest")
    )
    assert client.get(reverse("article", args=[article.pk])).status_code == 200
    assert client.get(reverse("issue", args=["qingxi", NEXT])).status_code == 200
    assert Issue.objects.get(date=DAY).snapshots.exists()  # it still tells where they once stood
    for name, leads_to, *number in (
        ("issue", "issue"),
        ("page", "page", 1),
        ("page", "page", 2),
        ("broadsheet", "page", 1),
    ):
        cited = client.get(reverse(name, args=["qingxi", DAY, *number]))
        assert (cited.status_code, cited["Location"]) == (301, reverse(leads_to, args=["qingxi", NEXT, *number]))


def test_the_address_of_a_page_that_moved_is_its_successors_while_one_stands_there(chief, client):
    from django.urls import reverse

    pages = dated(1, 2)
    for page in pages:
        factories.published(factories.article(on=page))
    move(pages[:1], chief, date=NEXT, with_published=True, reason="报头日期印错")
    old = reverse("page", args=["qingxi", DAY, 1])
    assert client.get(reverse("issue", args=["qingxi", DAY])).status_code == 200  # 第2版 is still there
    assert client.get(old)["Location"] == reverse("page", args=["qingxi", NEXT, 1])
    move(pages[1:], chief, date=DAY, numbers=[1], with_published=True, reason="版次印错")
    assert client.get(old).status_code == 200
    assert client.get(reverse("page", args=["qingxi", DAY, 2]))["Location"] == old


def test_moving_published_pages_leaves_their_topics(chief):
    from articles.actions.topics import decide_topics
    from articles.models import Topic

    article = factories.article()
    factories.published(article)
    decide_topics(article=article, confirm=[Topic.objects.create(name="桥梁", slug="bridge")], actor=chief)
    move([article.page], chief, date=NEXT, with_published=True, reason="报头日期印错")
    live = Snapshot.objects.live().get()
    assert [(link.topic.name, link.date) for link in live.topic_links.all()] == [("桥梁", NEXT)]
