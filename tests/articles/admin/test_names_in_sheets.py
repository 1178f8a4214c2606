"""Local words and protected names come and go as tables: a list of places is drawn up once, in a spreadsheet."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from articles.models import SiteWord
from ingest.models import ProtectedName

pytestmark = pytest.mark.django_db

WORDS = "词,使用\n陈埭,是\n五店市,否\n"
NAMES = "名称,说明,有效\n青溪大桥,在青溪镇,是\n王国栋,,否\n"
BOTH = [
    ("articles_siteword", WORDS, SiteWord, [("五店市", False), ("陈埭", True)]),
    ("ingest_protectedname", NAMES, ProtectedName, [("王国栋", "", False), ("青溪大桥", "在青溪镇", True)]),
]


def send(client: Any, which: str, text: str) -> Any:
    """Upload and confirm, as the two screens do."""
    file = SimpleUploadedFile("names.csv", text.encode("gb18030"))
    shown = client.post(reverse(f"admin:{which}_import"), {"import_file": file, "format": "0"})
    if "confirm_form" not in shown.context or shown.context["result"].has_errors():
        return shown
    return client.post(reverse(f"admin:{which}_process_import"), shown.context["confirm_form"].initial, follow=True)


def rows(model: Any) -> list[tuple[Any, ...]]:
    return sorted(tuple(row)[1:] for row in model.objects.values_list())


@pytest.mark.parametrize(("which", "table", "model", "wanted"), BOTH)
def test_a_table_comes_in_and_a_second_time_changes_nothing(as_chief, which, table, model, wanted):
    send(as_chief, which, table)
    assert rows(model) == wanted
    noted = LogEntry.objects.count()
    assert noted == len(wanted)
    out = as_chief.post(reverse(f"admin:{which}_export"), {"format": "0"}).content.decode("utf-8-sig")
    send(as_chief, which, out)
    assert rows(model) == wanted and LogEntry.objects.count() == noted


@pytest.mark.parametrize(("which", "table", "model", "wanted"), BOTH)
def test_what_is_there_is_changed_and_not_doubled(as_chief, which, table, model, wanted):
    send(as_chief, which, table)
    send(as_chief, which, table.replace(",否", ",是"))
    assert [row[-1] for row in rows(model)] == [True, True]


@pytest.mark.parametrize(("which", "table", "model", "wanted"), BOTH)
def test_neither_yes_nor_no_is_refused_with_its_row_and_nothing_is_written(as_chief, which, table, model, wanted):
    said = send(as_chief, which, table.replace("否", "也许")).content.decode()
    assert "第 3 行" in said and "“也许”看不懂：请写“是”或“否”。" in said
    assert not model.objects.exists()


@pytest.mark.parametrize(("which", "table", "model", "wanted"), BOTH)
def test_a_word_too_long_is_refused_in_chinese(as_chief, which, table, model, wanted):
    said = send(as_chief, which, table.replace("王国栋", "长" * 61).replace("五店市", "长" * 21)).content.decode()
    assert re.search(r"第 3 行：“[词名称]+”列：[^<]*不超过 \d+ 字符", said)
    assert not model.objects.exists()
