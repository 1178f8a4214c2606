"""差错率: what signatures and corrections say of the quality of the work."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from articles import reports
from articles.actions.correcting import issue_correction
from articles.actions.signing import send_back, sign
from articles.models import CorrectionKind, Stage, StageKind
from articles.reports import Rate
from tests import factories

pytestmark = pytest.mark.django_db

TEXT = "字" * 1_000


@pytest.fixture
def stages(db):
    paper = factories.newspaper()
    return [
        Stage.objects.create(newspaper=paper, name=name, kind=StageKind.PROOF, position=position)
        for position, name in enumerate(("一校", "二校", "三校"), 1)
    ]


def test_a_rate_is_errors_per_10_000_characters():
    assert Rate(3, 10_000).per_10_000 == 3.0
    assert not Rate(3, 10_000).is_over and Rate(31, 100_000).is_over
    assert Rate().per_10_000 is None and not Rate(5, 0).is_over
    assert Rate(1, 10) + Rate(2, 20) == Rate(3, 30)
    assert str(Rate(31, 100_000)) == "3.1"


def test_stages_pages_and_issues_are_summed(stages, chief):
    first, second = factories.page(number=1), factories.page(number=2)
    for page, errors in ((first, 4), (first, 2), (second, 1)):
        article = factories.article(on=page, headline="题", text=TEXT)
        sign(item=article, stage=stages[0], actor=chief, base_version=1, errors=errors)
    found, is_cut = reports.signatures()
    length = 1_001
    assert not is_cut
    assert reports.by_stage(found) == {"一校": Rate(7, 3 * length)}
    assert reports.rates(found, lambda each: each.page) == {first.pk: Rate(6, 2 * length), second.pk: Rate(1, length)}
    assert reports.rates(found, lambda each: each.issue) == {first.issue_id: Rate(7, 3 * length)}


def test_what_a_person_left_is_what_the_next_one_found(stages, chief, editor):
    third = factories.user(role="编辑")
    article = factories.article(headline="题", text=TEXT)
    for stage, actor, errors in zip(stages, (chief, editor, third), (9, 5, 2), strict=True):
        sign(item=article, stage=stage, actor=actor, base_version=1, errors=errors)
    found, _ = reports.signatures()
    assert reports.left_by_person(found) == {chief.pk: Rate(5, 1_001), editor.pk: Rate(2, 1_001)}


def test_nobody_is_charged_across_a_return_or_with_what_they_found_themselves(stages, chief, editor):
    article = factories.article(headline="题", text=TEXT)
    sign(item=article, stage=stages[0], actor=chief, base_version=1, errors=1)
    sign(item=article, stage=stages[1], actor=chief, base_version=1, errors=1)
    send_back(item=article, actor=editor, reason="重来")
    sign(item=article, stage=stages[0], actor=editor, base_version=1, errors=8)
    found, _ = reports.signatures()
    assert reports.left_by_person(found) == {}


def test_the_span_the_newspaper_and_the_issue_narrow_it(stages, chief, monkeypatch):
    article = factories.article(headline="题", text=TEXT)
    sign(item=article, stage=stages[0], actor=chief, base_version=1, errors=1)
    notice = factories.notice(on=article.page)
    sign(item=notice, stage=stages[0], actor=chief, base_version=1, errors=0)
    assert len(reports.signatures()[0]) == 2
    assert reports.signatures(since=timezone.now() + datetime.timedelta(hours=1))[0] == []
    other = factories.newspaper(name="青山晚报", slug="qingshan")
    assert reports.signatures(newspaper=other)[0] == []
    assert len(reports.signatures(issue=article.page.issue)[0]) == 2
    monkeypatch.setattr(reports, "ROWS", 0)
    assert reports.signatures()[1]


def test_the_rate_readers_got_is_that_of_the_corrections_in_force(chief):
    article = factories.article(headline="题", text="字" * 999)
    assert reports.published_rate(article.page.issue) == Rate()
    factories.published(article)
    assert reports.published_rate(article.page.issue) == Rate(0, 1_000)
    for kind in CorrectionKind:
        issue_correction(items=[article], kind=kind, text="更正", actor=chief)
    assert reports.published_rate(article.page.issue) == Rate(2, 1_000)
    assert reports.published_rate(article.page.issue).is_over
