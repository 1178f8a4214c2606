"""Two people at once, each on a connection of their own: one wins, the other is told, nothing is lost."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections, transaction

from articles import signoffs, versions
from articles.actions import addresses, correcting, findings, items, placing, publishing, signing, stages, topics
from articles.actions.credits import Named, set_credits
from articles.actions.locks import locked
from articles.errors import ActionRefused, NotPublishable, StaleVersion
from articles.models import (
    Article,
    Contributor,
    Correction,
    CorrectionKind,
    Finding,
    FindingState,
    HistoryEntry,
    Issue,
    OldAddress,
    Page,
    SignOff,
    Snapshot,
    Topic,
)
from articles.people import engine_user
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

DAY = datetime.date(2024, 3, 5)
PATIENCE = 30


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts in threads that start together; their results, or what they raised."""
    start = threading.Barrier(len(acts))
    outcomes: list[Any] = [None] * len(acts)

    def run(index: int, act: Callable[[], Any]) -> None:
        try:
            start.wait(PATIENCE)
            outcomes[index] = act()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            outcomes[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads), "they wait for each other"
    return outcomes


def refused(outcomes: list[Any], kind: type[Exception] = ActionRefused) -> list[Any]:
    """Those that were refused; anything else that was raised fails the test."""
    errors = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    for error in errors:
        if not isinstance(error, kind):
            raise error
    return errors


def edit(article, version, **change):
    return lambda: items.edit_item(
        item=article, content={**article.content, **change}, base_version=version, actor=engine_user()
    )


def publish(article, **more):
    return lambda: publishing.publish(item=article, actor=engine_user(), **more)


def piece(key, text):
    return {"id": key, "role": "paragraph", "text": text}


def test_of_two_edits_from_one_version_one_wins_and_the_other_has_its_text_still():
    article = factories.article()
    outcomes = at_once(*(edit(article, 1, headline=f"题{n}") for n in range(4)))
    assert len(refused(outcomes, StaleVersion)) == 3
    article.refresh_from_db()
    won = next(o for o in outcomes if isinstance(o, Article))
    assert (article.version, article.headline) == (2, won.headline)
    assert all(error.current.headline == won.headline for error in refused(outcomes))
    assert all(v.is_intact for v in versions.versions(article))


def test_edits_of_two_items_that_both_drop_text_on_one_page_lose_none():
    page = factories.page()
    articles = [factories.article(on=page, body=[piece("e1", f"文{n}")]) for n in range(4)]
    assert not refused(at_once(*(edit(article, 1, body=[]) for article in articles)))
    page.refresh_from_db()
    assert sorted(p["text"] for p in page.unplaced) == ["文0", "文1", "文2", "文3"]
    assert len({p["id"] for p in page.unplaced}) == 4


def test_of_two_publications_one_is_made():
    article = factories.article(corrected=True)
    assert len(refused(at_once(*[publish(article)] * 3))) == 2
    assert Snapshot.objects.live().count() == 1
    assert Snapshot.objects.count() == 1


def test_publication_and_plan_at_once_leave_one_of_each_at_most():
    article = factories.article(corrected=True)
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1)
    at_once(
        publish(article),
        publish(article, at=later),
    )
    assert Snapshot.objects.filter(live_until=None).count() == 1


def test_publication_and_edit_at_once_never_publish_an_unread_text():
    for number in range(1, 6):
        article = factories.article(on=factories.page(number=number), headline="读过的", corrected=True)
        outcomes = at_once(
            publish(article),
            edit(article, 1, headline="没读过的"),
        )
        refused(outcomes, NotPublishable)
        assert {s.title for s in Snapshot.objects.filter(article=article)} <= {"读过的"}
        article.refresh_from_db()
        assert article.headline == "没读过的"


def test_publication_waits_for_an_edit_that_leaves_text_unplaced():
    """What the publisher reads once it has waited is the page as the editor left it, not as it was before."""
    page = factories.page()
    good = factories.article(on=page, corrected=True)
    other = factories.article(on=page, body=[piece("s1", "甲")])
    dropped, outcome = threading.Event(), []

    def drop():
        with transaction.atomic():
            edit(other, 1, body=[])()
            dropped.set()
            if connection.vendor == "postgresql":
                waiting.wait(PATIENCE)
                threading.Event().wait(0.3)  # the publisher's query is waiting for the page now

    def publish():
        dropped.wait(PATIENCE)
        waiting.set()
        return publishing.publish(item=good, actor=engine_user())

    waiting = threading.Event()
    outcome = at_once(drop, publish)
    assert isinstance(outcome[1], NotPublishable)
    assert "未归位" in str(outcome[1])


def test_publication_and_placing_at_once_agree_where_the_page_stands():
    for number in range(1, 5):
        article = factories.article(on=factories.page(number=number), corrected=True)
        outcomes = at_once(
            publish(article),
            place(article.page, DAY + datetime.timedelta(days=1), number),
        )
        refused(outcomes)
        article = Article.objects.select_related("page__issue").get(pk=article.pk)
        live = Snapshot.objects.live().filter(article=article).get()
        assert live.date == article.page.issue.date


def place(page, date=DAY, number=1):
    paper = factories.newspaper()
    return lambda: placing.place_page(
        page=page, newspaper=paper, date=date, number=number, section="", actor=engine_user()
    )


def test_of_two_pages_for_one_new_place_one_gets_it():
    pages = [factories.undated_page() for _ in range(4)]
    outcomes = at_once(*(place(page) for page in pages))
    assert len(refused(outcomes)) == 3
    assert all("已经有第1版" in str(error) for error in refused(outcomes))
    assert Issue.objects.filter(date=DAY).count() == 1
    assert Page.objects.filter(issue__date=DAY).count() == 1


def test_pages_of_one_new_day_come_into_one_issue():
    pages = [factories.undated_page() for _ in range(4)]
    assert not refused(at_once(*(place(page, number=n) for n, page in enumerate(pages, 1))))
    assert Issue.objects.get().pages.count() == 4


def test_pages_that_change_places_both_ways_do_not_wait_for_each_other():
    other = DAY + datetime.timedelta(days=1)
    for round_ in range(3):
        one, two = factories.undated_page(), factories.undated_page()
        place(one, DAY, 10 + round_)()
        place(two, other, 10 + round_)()
        assert not refused(at_once(place(one, other, 20 + round_), place(two, DAY, 20 + round_)))
        for page in (one, two):
            page.refresh_from_db()
        assert (one.issue.date, two.issue.date) == (other, DAY)


def test_text_moved_both_ways_at_once_arrives_both_ways():
    page = factories.page()
    one = factories.article(on=page, body=[piece("s1", "甲"), piece("s2", "乙")])
    two = factories.article(on=page, body=[piece("s8", "丙"), piece("s9", "丁")])

    def move(source, key, target):
        return lambda: items.move_piece(
            source=source, piece_id=key, target=target, source_version=1, actor=engine_user()
        )

    outcomes = at_once(move(one, "s1", two), move(two, "s8", one), move(one, "s2", two), move(two, "s9", one))
    refused(outcomes, StaleVersion)
    for item in (one, two):
        item.refresh_from_db()
        assert all(v.is_intact for v in versions.versions(item))
    assert sorted(one.text + two.text) == sorted("甲乙丙丁\n\n")


def test_one_piece_of_unplaced_text_goes_to_one_item():
    page = factories.page()
    page.unplaced = [{"id": "s1", "text": "甲"}]
    page.save()
    goals = [factories.article(on=page, text="") for _ in range(3)]
    outcomes = at_once(
        *(
            lambda goal=goal: items.place_unplaced(page=page, piece_id="s1", target=goal, actor=engine_user())
            for goal in goals
        )
    )
    assert len(refused(outcomes)) == 2
    assert "".join(article.text for article in Article.objects.all()) == "甲"


def test_new_items_of_one_page_take_different_places():
    page = factories.page()
    at_once(*(lambda: factories.article(on=page) for _ in range(4)))
    assert sorted(Article.objects.values_list("position", flat=True)) == [1, 2, 3, 4]


def test_topics_decided_at_once_are_all_decided():
    article = factories.article()
    factories.published(article)
    made = [Topic.objects.create(name=f"题{n}", slug=f"t{n}", state="proposed") for n in range(4)]
    others = factories.article(on=article.page)
    outcomes = at_once(
        *(
            lambda pair=pair, to=to: topics.decide_topics(article=to, confirm=pair, actor=engine_user())
            for pair, to in (
                (made[:2], article),
                (made[2:], article),
                (made[::-1], others),
                (made[1:3], article),
            )
        )
    )
    assert not refused(outcomes)
    live = Snapshot.objects.live().get(article=article)
    assert {t["name"] for t in live.content["topics"]} == {"题0", "题1", "题2", "题3"}
    activations = HistoryEntry.objects.filter(target="topic")
    assert activations.count() == len({entry.target_id for entry in activations}) == 4


def test_one_new_contributor_is_added_once():
    pages = [factories.page(number=n) for n in range(1, 5)]
    articles = [factories.article(on=page) for page in pages]
    outcomes = at_once(
        *(
            lambda article=article: set_credits(
                article=article, credits=[Named("reporter", "王小明")], actor=engine_user(), may_add=True
            )
            for article in articles
        )
    )
    assert not refused(outcomes)
    assert Contributor.objects.get().credits.count() == 4


def test_a_finding_settled_twice_is_recorded_once():
    article = factories.article()
    finding = Finding.objects.create(page=article.page, article=article, key="k", kind="quote", message="引号")
    settle = lambda: findings.settle_finding(  # noqa: E731
        finding=finding, state=FindingState.DISMISSED, actor=engine_user()
    )
    assert not refused(at_once(settle, settle, settle))
    assert HistoryEntry.objects.filter(act="finding").count() == 1


def asked_to_sign(*names):
    """A newspaper with these proof stages, then 初审 and 复审."""
    wanted = [*((name, "proof") for name in names), ("初审", "first"), ("复审", "second")]
    return stages.set_stages(newspaper=factories.newspaper(), stages=wanted, actor=engine_user())


def sign(article, stage, person):
    return lambda: signing.sign(item=article, stage=stage, actor=person, base_version=1)


def send_back(article, person):
    return lambda: signing.send_back(item=article, actor=person, reason="再看")


def test_of_two_people_who_sign_one_stage_one_does():
    (proof, *_) = asked_to_sign("一校")
    people = [factories.user(role="编辑") for _ in range(4)]
    article = factories.article()
    outcomes = at_once(*(sign(article, proof, person) for person in people))
    assert len(refused(outcomes)) == 3
    assert all("已由" in str(error) for error in refused(outcomes))
    assert SignOff.objects.count() == HistoryEntry.objects.filter(act="signed").count() == 1


def test_nobody_signs_two_reviews_by_signing_them_at_once():
    first, second = asked_to_sign()
    person = factories.user(role="主编")
    for number in range(1, 5):
        article = factories.article(on=factories.page(number=number))
        refused(at_once(sign(article, first, person), sign(article, second, person)))
        assert SignOff.objects.filter(article=article).count() == 1


def test_a_signature_and_an_edit_at_once_never_sign_an_unread_text():
    (proof, *_) = asked_to_sign("一校")
    person = factories.user(role="编辑")
    for number in range(1, 6):
        article = factories.article(on=factories.page(number=number))
        refused(at_once(sign(article, proof, person), edit(article, 1, headline="没读过的")), StaleVersion)
        assert not SignOff.objects.filter(article=article).exclude(version=1).exists()
        article.refresh_from_db()
        assert (article.headline, article.version) == ("没读过的", 2)


def test_a_signature_a_return_and_a_new_place_at_once_leave_no_signature_standing_for_another_text():
    (proof, *_) = asked_to_sign("一校")
    person = factories.user(role="编辑")
    for number in range(1, 5):
        article = factories.article(on=factories.page(number=number), corrected=True)
        refused(
            at_once(
                sign(article, proof, person),
                send_back(article, person),
                place(article.page, DAY + datetime.timedelta(days=1), number),
            )
        )
        article = Article.objects.with_page().get(pk=article.pk)
        for row in signoffs.standing(article).holding.values():
            assert row.stood["place"] == str(article.page)


def test_two_corrections_of_the_same_articles_do_not_wait_for_each_other():
    one, two = (factories.article(on=factories.page(number=n)) for n in (1, 2))
    for article in (one, two):
        factories.published(article)

    def tell(*items):
        return lambda: correcting.issue_correction(
            items=items, kind=CorrectionKind.CORRECTION, text="误", actor=engine_user()
        )

    assert not refused(at_once(tell(one, two), tell(two, one), tell(one, two)))
    assert Correction.objects.count() == 3


def test_one_old_address_leads_to_one_thing():
    made = [factories.article(on=factories.page(number=n)) for n in (1, 2, 3)]
    outcomes = at_once(
        *(
            lambda each=each: addresses.set_old_address(address="/old.htm", target=each, actor=engine_user())
            for each in made
        )
    )
    refused(outcomes)
    assert OldAddress.objects.count() == 1


def test_a_correction_is_taken_back_once():
    article = factories.article()
    factories.published(article)
    made = correcting.issue_correction(items=[article], kind=CorrectionKind.CORRECTION, text="误", actor=engine_user())
    back = lambda: correcting.retract_correction(correction=made, actor=engine_user(), reason="弄错了")  # noqa: E731
    assert len(refused(at_once(back, back, back))) == 2


def test_the_lock_does_not_hold_up_rows_that_point_at_the_locked_ones():
    """The import adds findings and sources to a page while an editor is saving on it."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer")
    article = factories.article()

    def add():
        with transaction.atomic():
            connection.cursor().execute("SET LOCAL lock_timeout = '2s'")
            Finding.objects.create(page=article.page, article=article, key="k", kind="quote", message="引号")

    with transaction.atomic():
        locked(article)
        assert not refused(at_once(add))
