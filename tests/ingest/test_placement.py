"""Which issue, number and section a page gets, and what happens when somebody says otherwise later."""

from __future__ import annotations

import datetime

import pytest

from articles.actions import placing
from articles.models import Act, Article, DateState, HistoryEntry, Issue, Newspaper, Page, Snapshot
from ingest.models import ImportOutcome, Source
from tests import factories
from tests.ingest.conftest import every_row
from tests.ingest.layouts import PAGE, usual

pytestmark = pytest.mark.django_db

DAY = datetime.date(2024, 3, 5)
OTHER_DAY = datetime.date(2024, 3, 6)


def place(page: Page) -> tuple[object, ...]:
    issue = page.issue
    name = issue.newspaper.name if issue.newspaper else None
    return (name, issue.date, issue.date_state, issue.date_basis, page.number, page.section)


KNOWN = [
    # what is said (hints) or printed, and where the page stands
    ({}, {}, (None, None, DateState.UNDATED, "", None, "")),  # nothing known: an undated issue of its own
    (
        {"newspaper": "青溪日报", "date": DAY, "page": 2, "section": "要闻"},  # options
        {},
        ("青溪日报", DAY, DateState.CONFIRMED, "选项", 2, "要闻"),
    ),
    (
        {"newspaper": "青溪日报", "date": DAY, "date_basis": "manifest"},
        {},
        ("青溪日报", DAY, DateState.CONFIRMED, "清单", None, ""),
    ),
    (
        {},
        {"newspaper": "青溪日报", "date": DAY, "date_basis": "printed", "page": 2, "section": "要闻"},
        ("青溪日报", DAY, DateState.PROPOSED, "报面印出", 2, "要闻"),  # what the page prints waits for an editor
    ),
    ({"date": DAY}, {}, (None, DAY, DateState.PROPOSED, "选项", None, "")),  # no newspaper: nothing to confirm
    ({"newspaper": "青溪日报"}, {}, ("青溪日报", None, DateState.UNDATED, "", None, "")),
    ({}, {"page": 1000}, (None, None, DateState.UNDATED, "", None, "")),  # no such page number
]


@pytest.mark.parametrize(("said", "printed", "expected"), KNOWN)
def test_where_a_new_page_stands(bring, engine_says, said, printed, expected):
    engine_says(lambda page, /, **known: usual(page, **{**printed, **known}))
    assert bring(**said).kind == "created"
    assert place(Page.objects.get()) == expected
    if said.get("date_basis") != "manifest" and "date" in said:
        assert (Source.objects.get().hints or {})["date"] == "2024-03-05"


def test_pages_of_one_day_share_its_issue(bring, engine_says):
    for number in (1, 2):
        bring(PAGE + " " * number, name=f"{number}.txt", newspaper="青溪日报", date=DAY, page=number)
    assert Issue.objects.count() == 1 and Page.objects.count() == 2
    for number in (3, 4):
        engine_says(
            lambda page, /, number=number, **known: usual(
                page, newspaper="青溪日报", date=DAY, date_basis="printed", page=number, source=""
            )
        )
        bring(PAGE + " " * number, name=f"{number}.txt")
    # Printed dates are together too, but apart from the confirmed issue.
    assert [issue.pages.count() for issue in Issue.objects.order_by("pk")] == [2, 2]


def test_undated_pages_never_share_an_issue(bring):
    bring(newspaper="青溪日报")
    bring(PAGE + "\n", name="002.txt", newspaper="青溪日报")
    assert Issue.objects.count() == 2


TITLES = [
    # name, its address
    ("晋江经济报", "jinjiang"),  # a title we know
    ("青溪日报", "paper-1"),
]


@pytest.mark.parametrize(("name", "slug"), TITLES)
def test_a_new_newspaper_gets_an_address(bring, name, slug):
    bring(newspaper=name)
    assert Newspaper.objects.get().slug == slug


def test_an_address_that_is_taken_is_not_fought_over(bring):
    factories.newspaper(name="别的报", slug="jinjiang")
    factories.newspaper(name="再一份报", slug="paper-3")
    bring(newspaper="晋江经济报")
    assert Newspaper.objects.get(name="晋江经济报").slug == "paper-4"


@pytest.mark.parametrize("basis", ["option", "printed"])
def test_another_text_for_the_same_page_is_a_clash_and_changes_nothing(bring, engine_says, basis):
    known = {"newspaper": "青溪日报", "date": DAY, "date_basis": basis, "page": 1}
    engine_says(lambda page, /, **more: usual(page, **{**known, **more}))
    bring()
    before = every_row()
    report = bring(PAGE + "\n", name="again.txt")
    assert report.kind == "clash"
    assert "青溪日报 2024-03-05 第1版" in report.reason and "“001.txt”" in report.reason
    after = every_row()
    assert ImportOutcome.objects.filter(kind="clash").count() == 1
    for table in ("ingest.ImportRun", "ingest.ImportOutcome", "ingest.NewReading"):
        before.pop(table), after.pop(table)
    assert after == before
    assert bring(PAGE + "\n", name="again.txt").kind == "clash"
    assert ImportOutcome.objects.filter(kind="clash").count() == 1


def test_a_date_given_later_places_the_page(bring):
    bring()
    pk = Page.objects.get().pk
    report = bring(newspaper="青溪日报", date=DAY, page=3, section="社会")
    assert (report.kind, report.reason) == ("updated", "改了日期版次")
    page = Page.objects.get()
    assert page.pk == pk and place(page) == ("青溪日报", DAY, DateState.CONFIRMED, "选项", 3, "社会")
    assert HistoryEntry.objects.filter(act=Act.PLACED, target="page").count() == 1
    assert Issue.objects.count() == 1  # the undated one has become this one
    after = every_row()
    assert bring(newspaper="青溪日报", date=DAY, page=3, section="社会").kind == "unchanged"
    assert bring().kind == "unchanged"  # saying nothing takes nothing back
    assert bring(page=3).kind == "unchanged"
    assert bring(date=DAY, date_basis="manifest").kind == "unchanged"  # the same date on other authority
    assert every_row() == after


def test_a_manifest_can_be_put_right(bring):
    bring(newspaper="青溪日报", date=DAY, page=3)
    assert bring(date=OTHER_DAY).kind == "updated"
    assert place(Page.objects.get()) == ("青溪日报", OTHER_DAY, DateState.CONFIRMED, "选项", 3, "")


def test_what_the_desk_has_placed_is_not_moved(bring, editor):
    bring()
    placing.place_page(
        page=Page.objects.get(), newspaper=factories.newspaper(), date=DAY, number=1, section="", actor=editor
    )
    before = every_row()
    report = bring(newspaper="青溪日报", date=OTHER_DAY)
    assert report.kind == "clash" and "编辑已经核定" in report.reason
    assert every_row()["articles.Page"] == before["articles.Page"]
    assert bring(newspaper="青溪日报", date=DAY, page=1).kind == "unchanged"  # the same word is no contradiction
    assert bring(section="要闻").kind == "updated"  # nor is what the desk left open
    assert place(Page.objects.get()) == ("青溪日报", DAY, DateState.CONFIRMED, "编辑核定", 1, "要闻")


def test_a_changed_engine_does_not_raise_an_old_contradiction_again(bring, engine_says, editor):
    bring(newspaper="青溪日报", date=DAY, page=1)
    placing.place_page(
        page=Page.objects.get(), newspaper=factories.newspaper(), date=OTHER_DAY, number=1, section="", actor=editor
    )
    engine_says(usual, "v2")
    assert bring(newspaper="青溪日报", date=DAY, page=1).kind == "unchanged"
    assert Page.objects.get().issue.date == OTHER_DAY


def test_a_page_that_readers_see_is_not_moved(bring, editor):
    bring(newspaper="青溪日报", date=DAY, page=1)
    factories.published(Article.objects.get(position=1))
    before = every_row()
    report = bring(date=OTHER_DAY)
    assert report.kind == "clash" and "先撤下" in report.reason
    assert every_row()["articles.Page"] == before["articles.Page"]
    assert Snapshot.objects.live().count() == 1


def test_a_page_cannot_be_moved_onto_another(bring):
    bring(newspaper="青溪日报", date=DAY, page=1)
    bring(PAGE + "\n", name="002.txt")
    report = bring(PAGE + "\n", name="002.txt", newspaper="青溪日报", date=DAY, page=1)
    assert report.kind == "clash" and "已经有了" in report.reason
    assert Issue.objects.undated().count() == 1


def test_a_date_that_a_better_engine_finds_in_print_is_proposed(bring, engine_says):
    bring()
    engine_says(
        lambda page, /, **known: usual(
            page, **{"newspaper": "青溪日报", "date": DAY, "date_basis": "printed", "page": 2, **known}
        ),
        "v2",
    )
    assert bring().kind == "updated"
    assert place(Page.objects.get()) == ("青溪日报", DAY, DateState.PROPOSED, "报面印出", 2, "")
    assert Issue.objects.count() == 1
