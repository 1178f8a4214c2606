"""Notices in the admin: numbers and periods in the list, a form of their own, printings linked and set apart."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.admin.notice_forms import read_day
from articles.admin.notice_lists import week_of
from articles.models import Notice, Printing
from tests import factories
from tests.articles.admin.forms import item_form

pytestmark = pytest.mark.django_db

LIST = "admin:articles_notice_changelist"


@pytest.fixture
def page():
    return factories.page()


def listed(client, **query):
    response = client.get(reverse(LIST), query, follow=True)
    return [notice.pk for notice in response.context["cl"].result_list]


def save(client, notice, **changes):
    url = reverse("admin:articles_notice_change", args=[notice.pk])
    return client.post(url, {**item_form(client.get(url)), **changes, "_save": "1"})


# Numbers


@pytest.mark.parametrize(
    "typed", ["350582199001011235", "350582 19900101 1235", "３５０５８２-19900101-1235", "ｔ350012345"]
)
def test_a_number_is_found_exactly_however_it_is_typed(as_editor, page, typed):
    fields = {"declarant": "王小明", "numbers": ["350582199001011235", "T350012345"]}
    found = factories.notice(on=page, fields=fields)
    factories.notice(on=page, fields={"declarant": "李小红", "numbers": ["3505821990010112356"]})
    assert listed(as_editor, q=typed) == [found.pk]


def test_words_and_own_numbers_are_still_found(as_editor, page):
    found = factories.notice(on=page, fields={"declarant": "青溪造纸厂"})
    factories.notice(on=page)
    assert listed(as_editor, q="造纸") == [found.pk] == listed(as_editor, q=str(found.pk))


def test_numbers_follow_the_content(as_editor, page):
    notice = factories.notice(on=page, fields={"declarant": "王小明", "numbers": ["T350012345"]})
    assert save(as_editor, notice, **{"fields.numbers": "T350099999"}).status_code == 302
    assert listed(as_editor, q="T350099999") == [notice.pk] and listed(as_editor, q="T350012345") == []


# Periods


def test_lists_by_period_are_in_the_order_they_end(as_editor, page):
    today = timezone.localdate()
    monday, sunday = week_of(today)
    days = [sunday, monday, today, today + datetime.timedelta(30), today - datetime.timedelta(30), None]
    made = {
        day: factories.notice(on=page, fields={"deadline": day.isoformat()} if day else {}).pk
        for day in dict.fromkeys(days)
    }
    in_week = [made[day] for day in sorted({sunday, monday, today})]
    assert listed(as_editor, deadline="week") == in_week
    assert listed(as_editor, deadline="open") == [made[d] for d in sorted(d for d in made if d and d >= today)]
    assert set(listed(as_editor, deadline="past")) == {made[d] for d in made if d and d < today}
    assert listed(as_editor, deadline="none") == [made[None]]
    assert listed(as_editor, deadline="x") == []


def test_what_ends_this_week_stands_on_the_landing_page(as_editor, page):
    factories.notice(on=page, fields={"deadline": timezone.localdate().isoformat()})
    html = as_editor.get(reverse("admin:index")).content.decode()
    assert "本周截止的公告" in html and "deadline=week" in html


# The form


def test_every_field_has_an_input_and_is_saved(as_editor, page):
    notice = factories.notice(on=page, fields={"declarant": "青溪造纸厂", "strange": ["留着"]})
    changes = {
        "fields.declarant": "青溪印刷厂",
        "fields.signatory": "清算组",
        "fields.date": "2025年12月20日",
        "fields.deadline": "2026.2.3",
        "fields.documents": "营业执照\r\n公章",
        "fields.numbers": " J3910012345601 \n\n35058210001",
        "fields.uscc": "91350582MA2XY00013",
        "fields.contact": "林先生",
        "fields.phones": "0595-85661234",
        "fields.address": "青阳街道1号",
        "fields.amounts": "100万元",
        "kind": "清算公告",
    }
    from articles.identity import is_credit_code

    code = next(
        f"91350582MA2XY0001{sign}"
        for sign in "0123456789ABCDEFGHJKLMNPQRTUWXY"
        if is_credit_code(f"91350582MA2XY0001{sign}")
    )
    changes["fields.uscc"] = code
    assert save(as_editor, notice, **changes).status_code == 302
    saved = Notice.objects.get(pk=notice.pk)
    assert saved.fields == {
        "declarant": "青溪印刷厂",
        "signatory": "清算组",
        "date": "2025-12-20",
        "deadline": "2026-02-03",
        "documents": ["营业执照", "公章"],
        "numbers": ["J3910012345601", "35058210001"],
        "uscc": code,
        "contact": "林先生",
        "phones": ["0595-85661234"],
        "address": "青阳街道1号",
        "amounts": ["100万元"],
        "strange": ["留着"],
    }
    assert (saved.declarant, str(saved.signed_on), str(saved.deadline_on)) == ("青溪印刷厂", "2025-12-20", "2026-02-03")


@pytest.mark.parametrize(
    ("field", "value"),
    [("deadline", "2026-02-30"), ("deadline", "四十五日内"), ("date", "2025-13-01"), ("uscc", "91350582MA2XY00010X")],
)
def test_a_wrong_value_is_refused_beside_its_field(as_editor, page, field, value):
    notice = factories.notice(on=page)
    response = save(as_editor, notice, **{f"fields.{field}": value})
    html = response.content.decode()
    assert (
        response.status_code == 200 and f'id="id_fields.{field}_error"' in html and html.count('class="errorlist"') == 1
    )
    assert Notice.objects.get(pk=notice.pk).version == 1


def test_a_period_does_not_end_before_it_began(as_editor, page):
    notice = factories.notice(on=page, fields={"date": "2025-12-20"})
    response = save(as_editor, notice, **{"fields.deadline": "2025-12-01"})
    assert "截止日期早于落款日期" in response.content.decode()


def test_what_the_engine_read_wrong_does_not_hold_up_other_corrections(as_editor, page):
    notice = factories.notice(on=page, fields={"deadline": "45日内", "uscc": "错的", "declarant": "甲"})
    assert save(as_editor, notice, **{"fields.declarant": "乙"}).status_code == 302
    assert Notice.objects.get(pk=notice.pk).fields == {"deadline": "45日内", "uscc": "错的", "declarant": "乙"}


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026-2-3", "2026-02-03"), ("2026年2月3日", "2026-02-03"), ("2026/02/03", "2026-02-03"), ("x", None)],
)  # fmt: skip
def test_days_are_read_as_people_write_them(text, day):
    found = read_day(text)
    assert (found and found.isoformat()) == day


# Printings


def test_printings_are_linked_and_set_apart_from_the_screen(as_editor, page):
    one = factories.notice(on=page, text="甲厂遗失公章一枚，声明作废，特此公告周知。", fields={})
    two = factories.notice(on=page, text="甲厂遗失公章壹枚，声明作废，特此公告周知。", fields={})
    url = reverse("admin:articles_notice_series", args=[one.pk])
    screen = reverse("admin:articles_notice_change", args=[one.pk])
    assert "没有找到同一则公告" in as_editor.get(screen).content.decode()
    as_editor.post(url, {"_link": "1", "other": str(two.pk)})
    assert Printing.objects.filter(series__isnull=False).count() == 2
    assert f"编号 {two.pk}" in as_editor.get(screen).content.decode()
    as_editor.post(url, {"_unlink": "1"})
    assert Printing.objects.filter(series__isnull=False).count() == 0
    for other in ("", "0", "999999", str(one.pk), "x"):
        assert as_editor.post(url, {"_link": "1", "other": other}).status_code == 302
    assert Printing.objects.filter(series__isnull=False).count() == 0


def test_linking_needs_the_right_to_change(page):
    from tests.articles.admin.conftest import client_for

    notice = factories.notice(on=page)
    assert client_for("管理员").post(reverse("admin:articles_notice_series", args=[notice.pk]), {}).status_code == 403
    assert Client().post(reverse("admin:articles_notice_series", args=[notice.pk]), {}).status_code == 302
