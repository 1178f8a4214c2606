"""Printings of one notice: found when they come in, whatever the order, and an editor has the last word."""

from __future__ import annotations

import itertools

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.actions import notices as acts
from articles.actions.items import edit_item
from articles.actions.notices import index_notices, repeats_of
from articles.errors import ActionRefused
from articles.models import Notice, NoticeNumber, NoticeSeries, Printing
from articles.people import engine_user
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return factories.page()


def made(page, name="青溪造纸厂", number="3505820001234", text=""):
    return factories.notice(
        on=page,
        text=text or f"{name}遗失公章一枚，编号{number}，声明作废。",
        fields={"declarant": name, "documents": ["公章"], "numbers": [number]},
    )


def groups():
    found: dict[int, set[int]] = {}
    for notice, series in Printing.objects.filter(series__isnull=False).values_list("notice", "series"):
        found.setdefault(series, set()).add(notice)
    return sorted(map(sorted, found.values()))


def test_the_same_notice_printed_again_is_linked(page):
    first, other, again = made(page), made(page, name="白沙造纸厂"), made(page)
    assert groups() == [[first.pk, again.pk]]
    assert list(repeats_of(first)) == [again] and list(repeats_of(other)) == []
    assert NoticeSeries.objects.count() == 1


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_the_order_in_which_they_come_makes_no_difference(page, order):
    """A and B share a text, B and C the number: all three are one."""
    specs = {
        0: {"text": "青溪造纸厂因保管不善遗失公章一枚，特此声明作废。", "number": "11112222"},
        1: {"text": "青溪造纸厂因保管不善遗失公章一枚，特此声明作废。", "number": "33334444"},
        2: {"text": "青溪造纸厂公章一枚遗失，即日起作废，特此公告周知。", "number": "33334444"},
        3: {"text": "白沙造纸厂公章一枚遗失，即日起作废，特此公告周知。", "number": "55556666"},
    }
    notices = {index: made(page, **specs[index]) for index in order}
    assert groups() == [sorted(notices[index].pk for index in (0, 1, 2))]


def test_a_notice_that_is_corrected_into_another_leaves(page):
    first, second = made(page), made(page)
    content = {**second.content, "fields": {**second.fields, "numbers": ["999988887777"]}}
    content["body"] = [{**second.body[0], "text": "青溪造纸厂遗失公章一枚，编号999988887777，声明作废。"}]
    edit_item(item=second, content=content, base_version=1, actor=engine_user())
    assert groups() == [] and NoticeSeries.objects.count() == 0
    third = made(page)
    assert groups() == [[first.pk, third.pk]]


def test_what_an_editor_set_apart_stays_apart(page):
    first, second = made(page), made(page)
    acts.unlink(notice=second, actor=engine_user())
    third = made(page)
    index_notices([second, third])
    assert groups() == [[first.pk, third.pk]]
    with pytest.raises(ActionRefused):
        acts.unlink(notice=second, actor=engine_user())


def test_what_an_editor_linked_stays_linked(page):
    first, second = made(page, name="甲甲造纸厂"), made(page, name="乙乙造纸厂")
    acts.link(notice=first, other=second, actor=engine_user(), reason="改名。")
    index_notices([first, second])
    assert groups() == [[first.pk, second.pk]]
    third = made(page, name="乙乙造纸厂")
    assert groups() == [[first.pk, second.pk, third.pk]]
    with pytest.raises(ActionRefused):
        acts.link(notice=first, other=third, actor=engine_user())
    with pytest.raises(ActionRefused):
        acts.link(notice=first, other=first, actor=engine_user())


def test_linking_joins_two_series(page):
    notices = [made(page, name=name) for name in ("甲甲造纸厂", "甲甲造纸厂", "乙乙造纸厂", "乙乙造纸厂")]
    assert len(groups()) == 2
    acts.link(notice=notices[0], other=notices[2], actor=engine_user())
    assert groups() == [[notice.pk for notice in notices]] and NoticeSeries.objects.count() == 1


def test_numbers_and_columns_follow_the_content(page):
    notice = made(page)
    assert set(NoticeNumber.objects.values_list("value", flat=True)) == {"3505820001234"}
    content = {**notice.content, "fields": {"declarant": "李小红", "date": "2025-12-20", "deadline": "没有日期"}}
    edit_item(item=notice, content=content, base_version=1, actor=engine_user())
    saved = Notice.objects.get(pk=notice.pk)
    assert (saved.declarant, str(saved.signed_on), saved.deadline_on) == ("李小红", "2025-12-20", None)
    # Nobody named it a number any more; but readers are not shown it, so they find the notice by it.
    assert set(NoticeNumber.objects.values_list("value", flat=True)) == {"3505820001234"}
    edit_item(
        item=saved,
        content={**content, "body": [{**content["body"][0], "text": "公章声明作废。"}]},
        base_version=2,
        actor=engine_user(),
    )
    assert not NoticeNumber.objects.exists()


@pytest.mark.parametrize("count", [10, 300])
def test_indexing_asks_a_constant_number_of_questions(page, count):
    notices = []
    for index in range(count):
        notice = Notice(page=page, position=index)
        name = f"第{index // 2}造纸厂"
        fields = {"declarant": name, "documents": ["公章"], "numbers": [f"35058200{index // 2:05d}"]}
        notice.set_content(
            factories.notice_content(text=f"{name}遗失公章一枚，声明作废，特此公告周知。", fields=fields)
        )
        notices.append(notice)
    Notice.objects.bulk_create(notices)
    with CaptureQueriesContext(connection) as queries:
        index_notices(notices)
    assert len(queries) <= 22
    assert len(groups()) == count // 2


def test_everything_beside_notices_can_be_made_anew(page, capsys):
    from django.core.management import call_command

    from articles.models import NoticeRegister, SnapshotNumber

    first, second, apart = made(page), made(page), made(page)
    acts.unlink(notice=apart, actor=engine_user())
    factories.published(first)
    content = {
        **first.content,
        "fields": {"declarant": "青溪造纸厂"},
        "body": [{**first.body[0], "text": "改过的文字。"}],
    }
    edit_item(item=first, content=content, base_version=1, actor=engine_user())

    def rows():
        return (
            sorted(NoticeNumber.objects.values_list("notice", "kind", "value")),
            sorted(SnapshotNumber.objects.values_list("snapshot", "kind", "digest")),
            sorted(Printing.objects.values_list("notice", "state")),
            sorted(
                Notice.objects.values_list("pk", "declarant", "same_fields", "same_text", "content_hash", "version")
            ),
        )

    before, key = rows(), NoticeRegister.digest_key()
    assert before[1]  # the published text had a number that the present one has not
    NoticeNumber.objects.all().delete()
    SnapshotNumber.objects.all().delete()
    Notice.objects.update(declarant="", same_fields="", same_text="")
    for _ in range(2):
        call_command("index_notices")
        assert rows() == before and NoticeRegister.digest_key() == key
    assert "3 条公告" in capsys.readouterr().out
    assert second.pk
