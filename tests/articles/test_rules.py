"""Publish rules: one list, each rule with a case that breaks it alone, and the act of publishing agrees."""

from __future__ import annotations

import datetime
import itertools

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import rules
from articles.actions import findings, items, publishing
from articles.errors import ActionRefused, NotPublishable
from articles.models import AnyItem, Article, DateState, Finding, FindingState, Issue, Notice, Page, Stage, WorkState
from articles.rules import Level
from tests import factories

pytestmark = pytest.mark.django_db


def find(item, *, on_page=False, blocking=True, state=FindingState.OPEN):
    about = {} if on_page else {item.snapshot_key: item}
    Finding.objects.create(
        page=item.page, key=f"k{Finding.objects.count()}", kind="quote", message="引号", is_blocking=blocking,
        state=state, **about,
    )  # fmt: skip


def change(model, item, **fields):
    pk = {Issue: item.page.issue_id, Page: item.page_id}.get(model, item.pk)
    model.objects.filter(pk=pk).update(**fields)


def ask_for_a_signature(item):
    paper = item.page.issue.newspaper
    Stage.objects.update_or_create(newspaper=paper, name="一校", defaults={"position": 1, "is_retired": False})


BREAK = {
    "newspaper": lambda i: change(Issue, i, newspaper=None, date_state=DateState.PROPOSED),
    "date": lambda i: change(Issue, i, date_state=DateState.PROPOSED),
    "page": lambda i: change(Page, i, number=None),
    "headline": lambda i: change(Article, i, headline=" ") if isinstance(i, Article) else None,
    "body": lambda i: change(type(i), i, body=[]),
    "corrected": lambda i: change(type(i), i, work_state=WorkState.IMPORTED),
    "stages": lambda i: ask_for_a_signature(i),
    "embargo": lambda i: change(type(i), i, embargo_until=timezone.now() + datetime.timedelta(hours=1)),
    "blocking": lambda i: find(i),
    "page-blocking": lambda i: find(i, on_page=True),
    "unplaced": lambda i: change(Page, i, unplaced=[{"id": "s9", "text": "字"}]),
    "findings": lambda i: find(i, blocking=False),
    "future": lambda i: change(Issue, i, date=timezone.localdate() + datetime.timedelta(days=1 + i.page_id)),
    "section": lambda i: change(Page, i, section=""),
}
IMPLIES = {"newspaper": {"newspaper", "date"}}
NEVER = {("headline", "notice")}


def fresh(item):
    return type(item).objects.with_page().get(pk=item.pk)


def verdict(item):
    return rules.check([fresh(item)])[item.snapshot_key, item.pk]


def test_every_rule_has_a_case_and_a_name_of_its_own():
    assert [rule.code for rule in rules.RULES] == list(BREAK)
    assert len({rule.message for rule in rules.RULES}) == len(rules.RULES)


@pytest.mark.parametrize("kind", ["article", "notice"])
@pytest.mark.parametrize("code", list(BREAK))
def test_each_rule_alone(code, kind, chief):
    item = getattr(factories, kind)(corrected=True)
    assert verdict(item) == rules.Verdict((), ())
    BREAK[code](item)
    found = verdict(item)
    expected = set() if (code, kind) in NEVER else IMPLIES.get(code, {code})
    assert {rule.code for rule in (*found.problems, *found.warnings)} == expected
    assert all(rule.level is Level.HARD for rule in found.problems)
    if found.is_publishable:
        assert publishing.publish(item=item, actor=chief)
    else:
        with pytest.raises(NotPublishable) as refusal:
            publishing.publish(item=item, actor=chief)
        assert refusal.value.problems == found.messages


def test_form_bulk_and_single_act_agree_over_all_pairs_of_broken_rules(chief):
    for number, pair in enumerate(itertools.combinations(BREAK, 2), 1):
        item = factories.article(on=factories.page(number=number), corrected=True)
        for code in pair:
            BREAK[code](item)
        shown = verdict(item)
        (result,) = publishing.publish_many(items=[item], actor=chief)
        assert result.is_done == shown.is_publishable == (not shown.messages), pair
        assert result.reason == "；".join(shown.messages)
        # One page for each: set right again what issues share.
        Issue.objects.update(newspaper=factories.newspaper(), date_state=DateState.CONFIRMED)
        Stage.objects.update(is_retired=True)


def test_a_caption_is_enough_of_a_body():
    item = factories.article(text="", captions=[{"id": "s1", "text": "▲图"}], corrected=True)
    assert verdict(item).is_publishable


@pytest.mark.parametrize("state", [FindingState.ACCEPTED, FindingState.DISMISSED])
def test_settled_findings_hold_nothing_up(state):
    item = factories.article(corrected=True)
    find(item, state=state)
    find(item, on_page=True, state=state)
    assert verdict(item) == rules.Verdict((), ())


def test_findings_of_other_items_hold_nothing_up():
    item = factories.article(corrected=True)
    same_number = factories.notice(on=item.page)
    Notice.objects.filter(pk=same_number.pk).update(id=item.pk)
    find(Notice.objects.with_page().get(pk=item.pk))
    find(factories.article(on=factories.page(number=2)), on_page=True)
    assert verdict(item) == rules.Verdict((), ())


def test_settling_says_what_it_does_and_refuses_nonsense(editor):
    item = factories.article()
    find(item)
    finding = Finding.objects.get()
    with pytest.raises(ActionRefused):
        findings.settle_finding(finding=finding, state="gone", actor=editor)  # type: ignore[arg-type]
    assert findings.settle_finding(finding=finding, state=FindingState.ACCEPTED, actor=editor).state == "accepted"
    assert findings.settle_finding(finding=finding, state=FindingState.OPEN, actor=editor).state == "open"
    finding.delete()
    finding.pk = 987654
    with pytest.raises(ActionRefused, match="已经不在"):
        findings.settle_finding(finding=finding, state=FindingState.ACCEPTED, actor=editor)


def test_the_number_of_queries_does_not_grow_with_the_items():
    def queries(count):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            many: list[AnyItem] = [*Article.objects.with_page()[:count], *Notice.objects.with_page()[:count]]
            assert len(rules.check(many)) == 2 * count
        return len(captured)

    for number in range(1, 31):
        page = factories.page(number=number)
        find(factories.article(on=page))
        find(factories.notice(on=page))
    assert queries(1) == queries(30) == 6
    ask_for_a_signature(Article.objects.with_page()[0])
    assert queries(1) == queries(30) == 9


def test_nothing_to_check_is_no_error():
    assert rules.check([]) == {}


def test_blocking_text_dropped_in_the_same_moment_is_seen(chief):
    """The rules read the page under the lock, not the page of the object that was passed in."""
    item = fresh(factories.article(corrected=True))
    other = factories.article(on=item.page)
    items.edit_item(item=other, content={**other.content, "body": []}, base_version=1, actor=chief)
    with pytest.raises(NotPublishable), transaction.atomic():
        publishing.publish(item=item, actor=chief)
