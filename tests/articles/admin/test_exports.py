"""Exports carry no live formula and no private number; imports are idempotent and never touch states."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from articles import history
from articles.models import Topic, TopicState
from articles.sheets.table import marked
from tests import factories

pytestmark = pytest.mark.django_db

LIVE = ["=1+1", "==1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "　=1", "＝1", "＋1", "－1", "＠a"]


@pytest.mark.parametrize("text", LIVE)
def test_nothing_a_spreadsheet_would_run_leaves_live(text):
    assert marked(text).startswith("'")


@pytest.mark.parametrize("text", ["晋江", "1-1", "", "2025-12-20", "甲=乙"])
def test_other_text_leaves_as_it_is(text):
    assert marked(text) == text


def download(client, name, kind, **query):
    url = reverse(f"admin:articles_{name}_export")
    return client.post(url, {"format": kind, "resource": "0"}, query_params=query)


def cells_of_csv(response):
    assert response.content.startswith(b"\xef\xbb\xbf")  # the mark by which Excel knows UTF-8
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def cells_of_xlsx(response):
    with zipfile.ZipFile(io.BytesIO(response.content)) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    assert not list(sheet.iter(f"{space}f"))
    return [[cell.findtext(f".//{space}t") or "" for cell in row] for row in sheet.iter(f"{space}row")]


@pytest.mark.parametrize(("kind", "read"), [("0", cells_of_csv), ("1", cells_of_xlsx)])
def test_hostile_text_and_private_numbers_leave_neither_live_nor_plain(as_editor, kind, read):
    page = factories.page()
    for text in LIVE:
        if text.strip():
            factories.article(on=page, headline=text.strip(" \t\r\n　") or "x", text=f"{text} 电话13800001111 & <b>")
    factories.notice(on=page, text="=王小明遗失身份证350582199001011234")
    for name in ("article", "notice"):
        rows = read(download(as_editor, name, kind))
        assert len(rows) > 1
        for cell in (cell for row in rows for cell in row):
            assert not cell.startswith(tuple("=+-@\t\r\n＝＋－＠")), cell
            assert "13800001111" not in cell and "350582199001011234" not in cell


def test_no_field_of_an_article_leaves_with_a_private_number(as_editor):
    number = "13905950011"
    lines: dict[str, Any] = dict.fromkeys(("column", "kicker", "headline", "byline"), f"热线{number}")
    captions = [{"id": "s9", "text": f"图 {number}"}]
    factories.article(**lines, deck=[f"电话{number}"], text=f"请拨{number}。", captions=captions)
    [_, row] = cells_of_csv(download(as_editor, "article", "0"))
    assert not [cell for cell in row if number in cell]
    assert sum("139＊＊＊＊＊＊＊＊" in cell for cell in row) == 7


def test_an_export_follows_the_filters_of_the_list(as_editor):
    page = factories.page()
    factories.article(on=page, headline="五店市")
    factories.article(on=page, headline="深沪")
    rows = cells_of_csv(download(as_editor, "article", "0", q="五店"))
    assert [row[rows[0].index("主题")] for row in rows[1:]] == ["五店市"]


def test_an_export_asks_a_constant_number_of_questions(as_editor, django_assert_max_num_queries):
    page = factories.page()
    for _ in range(30):
        factories.article(on=page)
    with django_assert_max_num_queries(8):
        download(as_editor, "article", "0")


def upload(client, text, *, encoding="utf-8"):
    file = SimpleUploadedFile("topics.csv", text.encode(encoding), "text/csv")
    url = reverse("admin:articles_topic_import")
    shown = client.post(url, {"import_file": file, "format": "0", "resource": "0"})
    form = shown.context.get("confirm_form")
    if form is None:
        return shown
    return client.post(reverse("admin:articles_topic_process_import"), form.initial)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_topics_come_in_by_name_and_a_second_time_changes_nothing(as_chief, encoding):
    text = "名称,网址代号,线索词,状态\n海丝,haisi,泉州港 刺桐,停用\n"
    before = Topic.objects.count()
    upload(as_chief, text, encoding=encoding)
    made = Topic.objects.get(name="海丝")
    assert (made.slug, made.words, made.state) == ("haisi", ["泉州港", "刺桐"], TopicState.ACTIVE)
    assert history.of(made).count() == 1
    upload(as_chief, text, encoding=encoding)
    assert Topic.objects.count() == before + 1
    assert history.of(made).count() == 1


def test_an_export_can_be_imported_again_without_a_change(as_chief):
    Topic.objects.create(name="=海丝", slug="haisi", words=["刺桐"])
    before = list(Topic.objects.order_by("pk").values("name", "slug", "words", "state", "description"))
    upload(as_chief, download(as_chief, "topic", "0").content.decode("utf-8-sig"))
    assert list(Topic.objects.order_by("pk").values("name", "slug", "words", "state", "description")) == before


def test_a_bad_row_is_reported_and_nothing_comes_in(as_chief):
    before = Topic.objects.count()
    response = upload(as_chief, "名称,网址代号\n好的,good\n坏的,不 合 法 !\n")
    assert response.status_code == 200 and Topic.objects.count() == before


def test_a_file_that_is_no_table_is_refused_in_words(as_chief):
    file = SimpleUploadedFile("x.csv", b"\xff\xfe\x00\x01\x80", "text/csv")
    data = {"import_file": file, "format": "0", "resource": "0"}
    response = as_chief.post(reverse("admin:articles_topic_import"), data)
    assert response.status_code == 200


def test_a_topic_is_edited_through_its_action(as_chief):
    topic = Topic.objects.create(name="桥梁", slug="bridges", state="proposed")
    url = reverse("admin:articles_topic_change", args=[topic.pk])
    data = {"name": "桥梁", "slug": "bridges", "description": "", "words": "大桥 通车\n大桥", "state": "active"}
    as_chief.post(url, data)
    topic.refresh_from_db()
    assert (topic.words, topic.state) == (["大桥", "通车"], "active")
    assert history.of(topic).get().before == {"words": [], "state": "proposed"}
    add = as_chief.post(reverse("admin:articles_topic_add"), {**data, "name": "港口", "slug": "ports"})
    assert add.status_code == 302 and history.of(Topic.objects.get(slug="ports")).count() == 1


def test_the_preview_of_an_import_has_no_inline_style(as_chief):
    Topic.objects.create(name="海丝", slug="haisi", description="旧<b>")
    file = SimpleUploadedFile("t.csv", "名称,网址代号,说明\n海丝,haisi,新<b>\n".encode(), "text/csv")
    data = {"import_file": file, "format": "0", "resource": "0"}
    text = as_chief.post(reverse("admin:articles_topic_import"), data).content.decode()
    assert "<del>旧</del><ins>新</ins><span>&lt;b&gt;</span>" in text and "style=" not in text
