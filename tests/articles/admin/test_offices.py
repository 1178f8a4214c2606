"""The record of offices in the admin: form, history, CSV there and back."""

from __future__ import annotations

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from articles.models import HistoryEntry, Office

pytestmark = pytest.mark.django_db

CSV = "姓名,区别,职务,起,止\n陈文辉,,市长,2023/7/1,\n王平,教育局,局长,,2020-12-31\n"


def send(client, text, name="offices.csv"):
    """Upload and confirm, as the two screens do."""
    url = reverse("admin:articles_office_import")
    shown = client.post(url, {"import_file": SimpleUploadedFile(name, text.encode()), "format": "0"})
    if "confirm_form" not in shown.context or shown.context["result"].has_errors():
        return shown
    data = shown.context["confirm_form"].initial
    return client.post(reverse("admin:articles_office_process_import"), data, follow=True)


def rows():
    return [*Office.objects.order_by("name").values_list("name", "note", "title", "since", "until")]


def test_an_office_is_put_on_record_with_history(as_chief):
    data = {"name": "陈文辉", "note": "", "title": "市长", "since": "2023-07-01", "until": ""}
    as_chief.post(reverse("admin:articles_office_add"), data)
    office = Office.objects.get()
    data["until"] = "2022-01-01"
    refused = as_chief.post(reverse("admin:articles_office_change", args=[office.pk]), data)
    assert "“止”不能早于“起”" in refused.content.decode()
    data["until"] = "2024-01-01"
    as_chief.post(reverse("admin:articles_office_change", args=[office.pk]), data)
    assert rows() == [("陈文辉", "", "市长", datetime.date(2023, 7, 1), datetime.date(2024, 1, 1))]
    text = as_chief.get(reverse("admin:articles_office_history", args=[office.pk])).content.decode()
    assert "until" in text
    twice = as_chief.post(reverse("admin:articles_office_add"), data).content.decode()
    assert "已经有了" in twice


def test_a_file_comes_in_and_a_second_time_changes_nothing(as_chief):
    send(as_chief, CSV)
    wanted = [
        ("王平", "教育局", "局长", None, datetime.date(2020, 12, 31)),
        ("陈文辉", "", "市长", datetime.date(2023, 7, 1), None),
    ]
    assert sorted(rows()) == sorted(wanted)
    entries = HistoryEntry.objects.count()
    send(as_chief, CSV)
    assert (len(rows()), HistoryEntry.objects.count()) == (2, entries)
    send(as_chief, CSV.replace("2023/7/1,", "2023-07-01,2025-01-01"))
    assert Office.objects.get(name="陈文辉").until == datetime.date(2025, 1, 1)


def test_what_goes_out_comes_back_the_same(as_chief):
    send(as_chief, CSV)
    out = as_chief.post(reverse("admin:articles_office_export"), {"format": "0"}).content.decode("utf-8-sig")
    before = rows()
    entries = HistoryEntry.objects.count()
    send(as_chief, out)
    assert (rows(), HistoryEntry.objects.count()) == (before, entries)


def test_a_wrong_date_is_said_by_row(as_chief):
    text = send(as_chief, "姓名,区别,职务,起,止\n陈文辉,,市长,七月,\n").content.decode()
    assert "“七月”不是日期" in text and not Office.objects.exists()


def test_the_import_screen_says_how_rows_are_matched(as_chief):
    text = as_chief.get(reverse("admin:articles_office_import")).content.decode()
    assert "按“姓名、区别、职务、起”对应" in text
    assert "按“名称”对应" in as_chief.get(reverse("admin:articles_topic_import")).content.decode()


@pytest.mark.parametrize(("query", "names"), [("now", ["陈文辉"]), ("past", ["王平"]), ("name", ["林海"]), ("x", [])])
def test_terms_are_a_filter(as_chief, query, names):
    send(as_chief, CSV + "林海,,,,\n")
    shown = as_chief.get(reverse("admin:articles_office_changelist") + f"?term={query}")
    assert [row.name for row in shown.context["cl"].result_list] == names
