"""Two people at once at the issue desk: pages moved, jumps linked, work handed out."""

from __future__ import annotations

import datetime
from itertools import pairwise

import pytest
from django.db.models import F

from articles.actions import placing, publishing
from articles.actions.jumps import link_jump
from articles.actions.placing import Place
from articles.actions.teamwork import assign, comment, resolve_comment
from articles.models import Act, Assignment, HistoryEntry, Issue, Jump, JumpState, Page, Snapshot
from articles.people import engine_user
from tests import factories
from tests.articles.test_concurrency import at_once, refused

pytestmark = pytest.mark.django_db(transaction=True)

DAY = datetime.date(2024, 3, 5)
NEXT = datetime.date(2024, 3, 6)


def move(pages, date, **more):
    def act():
        places = [Place(page, page.number, page.section) for page in pages]
        return placing.place_pages(
            places=places, newspaper=factories.newspaper(), date=date, actor=engine_user(), **more
        )

    return act


def numbers(issue):
    return [*issue.pages.order_by("number").values_list("number", flat=True)]


def test_issues_split_both_ways_at_once_do_not_wait_for_each_other():
    first = [factories.page(date=DAY, number=number) for number in (1, 2, 3)]
    second = [factories.page(date=NEXT, number=number) for number in (4, 5, 6)]
    assert refused(at_once(move(first[1:], NEXT), move(second[1:], DAY))) == []
    assert {issue.date: numbers(issue) for issue in Issue.objects.all()} == {
        DAY: [1, 5, 6],
        NEXT: [2, 3, 4],
    }


def test_two_issues_merged_into_one_new_day_become_one_issue():
    first = [factories.page(date=DAY, number=number) for number in (1, 2)]
    second = [factories.page(date=NEXT, number=number) for number in (3, 4)]
    day = datetime.date(2024, 3, 7)
    assert refused(at_once(move(first, day), move(second, day))) == []
    assert numbers(Issue.objects.get()) == [1, 2, 3, 4]


def test_of_two_who_want_one_number_one_gets_it():
    factories.page(date=DAY, number=9)
    pages = [factories.undated_page(number=1), factories.undated_page(number=1)]
    assert len(refused(at_once(move(pages[:1], DAY), move(pages[1:], DAY)))) == 1
    assert Page.objects.filter(issue__date=DAY, number=1).count() == 1


def test_a_withdrawal_and_a_move_at_once_leave_nothing_under_the_old_day():
    article = factories.article()
    factories.published(article)
    outcomes = at_once(
        move([article.page], NEXT, with_published=True, reason="报头印错"),
        lambda: publishing.withdraw(item=article, actor=engine_user(), reason="误"),
    )
    assert refused(outcomes) == []
    assert not Snapshot.objects.live().exists()
    assert Page.objects.get().issue.date == NEXT
    # One ended after the other began, never two at once.
    ended = Snapshot.objects.exclude(live_until=F("live_from")).order_by("number")
    times = [(one.live_from, one.live_until) for one in ended]
    assert all(until is not None and until <= start for (_, until), (start, _) in pairwise(times))


def test_of_two_stories_that_go_on_in_one_article_one_is_linked():
    pages = [factories.page(number=number) for number in (1, 2, 4)]
    first, second, target = (factories.article(on=page, headline=f"第{page.number}版的") for page in pages)

    def link(origin):
        return lambda: link_jump(origin=origin, target=target, actor=engine_user())

    assert len(refused(at_once(link(first), link(second)))) == 1
    assert Jump.objects.filter(state=JumpState.LINKED).count() == 1


def test_jumps_linked_from_both_ends_do_not_wait_for_each_other():
    first, last = factories.page(number=1), factories.page(number=4)
    one, two = factories.article(on=first, headline="甲"), factories.article(on=first, headline="乙")
    three, four = factories.article(on=last, headline="丙"), factories.article(on=last, headline="丁")
    outcomes = at_once(
        lambda: link_jump(origin=one, target=three, actor=engine_user()),
        lambda: link_jump(origin=four, target=two, actor=engine_user()),
    )
    assert refused(outcomes) == []
    assert Jump.objects.count() == 2


def test_work_is_given_to_a_person_once():
    article, person = factories.article(), factories.user(role="编辑")
    outcomes = at_once(*[lambda: assign(subject=article, assignee=person, actor=engine_user())] * 2)
    assert len(refused(outcomes)) == 1
    assert Assignment.objects.count() == 1


def test_a_comment_is_resolved_once():
    made = comment(subject=factories.article(), author=factories.user(role="编辑"), text="查")
    people = [factories.user(role="编辑"), factories.user(role="编辑")]
    outcomes = at_once(*[lambda p=p: resolve_comment(comment=made, actor=p) for p in people])
    assert refused(outcomes) == []
    assert HistoryEntry.objects.filter(act=Act.COMMENTED, details__resolved=True).count() == 1
