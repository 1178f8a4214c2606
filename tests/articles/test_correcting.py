"""更正: public, dated, about something readers have seen; never changed, only taken back."""

from __future__ import annotations

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from articles import history
from articles.actions import correcting, publishing
from articles.errors import ActionRefused
from articles.masking import MASK
from articles.models import Act, Correction, CorrectionKind, CorrectionSubject
from tests import factories

pytestmark = pytest.mark.django_db


def tell(*items, actor, text="“3亿元”应为“3000万元”。", kind=CorrectionKind.CORRECTION):
    return correcting.issue_correction(items=items, kind=kind, text=text, actor=actor)


@pytest.fixture
def seen():
    article = factories.article()
    factories.published(article)
    return article


def test_readers_are_told_beside_every_item_it_is_about(seen, chief):
    notice = factories.notice(on=seen.page)
    factories.published(notice)
    other = factories.article(on=seen.page)
    made = tell(seen, notice, seen, actor=chief, text=" 一\n\n 二 ")
    assert (made.text, made.kind, made.by) == ("一\n二", "correction", chief)
    assert [list(Correction.objects.in_force().of(i)) for i in (seen, notice, other)] == [[made], [made], []]
    for item in (seen, notice):
        entry = history.of(item).first()
        assert entry is not None
        assert (entry.act, entry.reason, entry.details) == (Act.AMENDED, "一\n二", {"correction": made.pk})


def test_nobody_can_be_told_of_what_nobody_has_read(seen, chief):
    draft = factories.article(on=seen.page, corrected=True)
    for _ in range(2):
        with pytest.raises(ActionRefused, match="还没有见报"):
            tell(seen, draft, actor=chief)
        # Planned and cancelled has not been read either.
        publishing.publish(item=draft, actor=chief, at=timezone.now() + datetime.timedelta(hours=1))
        publishing.unschedule(item=draft, actor=chief)
    assert not Correction.objects.exists()


def test_what_was_withdrawn_was_read_all_the_same(seen, chief):
    publishing.withdraw(item=seen, actor=chief, reason="误")
    assert tell(seen, actor=chief, kind=CorrectionKind.APOLOGY).get_kind_display() == "道歉"


def test_personal_numbers_are_never_stored(seen, chief):
    made = tell(seen, actor=chief, text="电话应为13900000000。")
    assert made.text == f"电话应为139{MASK * 8}。"
    entry = history.of(seen).first()
    assert entry is not None and "1390000" not in entry.reason


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"text": " \n"}, "请写明"),
        ({"text": "字" * 1001}, "1000 字"),
        ({"text": "a\x00"}, "控制字符"),
        ({"kind": "gossip"}, "不认识的种类"),
    ],
)
def test_what_says_nothing_is_refused(seen, chief, change, says):
    with pytest.raises(ActionRefused, match=says):
        tell(seen, actor=chief, **change)


def test_a_correction_is_about_something(seen, chief):
    with pytest.raises(ActionRefused, match="哪一条"):
        tell(actor=chief)


def test_one_that_was_wrong_is_taken_back_with_a_reason_and_stays_on_record(seen, chief, editor):
    made = tell(seen, actor=chief)
    with pytest.raises(ActionRefused, match="为什么"):
        correcting.retract_correction(correction=made, actor=editor, reason=" ")
    back = correcting.retract_correction(correction=made, actor=editor, reason="数字没有错")
    assert not Correction.objects.in_force().exists()
    assert (back.withdrawn_by, back.withdrawn_why) == (editor, "数字没有错")
    assert Correction.objects.in_force(back.at).get() == made
    with pytest.raises(ActionRefused, match="已经撤回"):
        correcting.retract_correction(correction=made, actor=editor, reason="再")
    assert [e.act for e in history.of(seen)][:2] == [Act.RETRACTED, Act.AMENDED]


def test_the_database_keeps_what_was_said(seen, chief):
    made = tell(seen, actor=chief)
    for write in (
        lambda: Correction.objects.update(text="改"),
        lambda: Correction.objects.update(at=timezone.now()),
        made.delete,
        lambda: CorrectionSubject.objects.update(article=None),
        lambda: CorrectionSubject.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            write()
