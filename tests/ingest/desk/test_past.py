"""The history of a page on its desk: who, when, which characters; and the way back as one more act."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from articles import versions
from articles.actions import items
from articles.models import Article, HistoryEntry, Notice
from articles.people import engine_user
from ingest.desk import operations as ops
from ingest.desk import steps
from ingest.desk.layout import Refusal
from ingest.desk.operations import apply_all
from ingest.desk.past import layout_after, moments, shown
from ingest.desk.rearrange import between
from ingest.desk.rows import load
from tests import factories
from tests.ingest.conftest import every_row
from tests.ingest.desk import pages
from tests.ingest.desk.makers import keep, page_with_source, rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> Any:
    return page_with_source()


def back_to(page: Any, moment: int, **more: Any) -> Any:
    now = load(page.pk)
    return keep(page, *between(now.layout, layout_after(now, moment)), **more).current


def test_each_save_is_one_act_with_its_characters(page, editor):
    article, notice = rows(page)
    keep(page, ops.EditText("s24", 2, "三百", "四百"), actor=editor)
    keep(page, ops.Move("s47", f"article:{article.pk}", 9, "paragraph"), actor=editor)
    items.mark_corrected(item=notice, base_version=1, actor=engine_user())
    corrected, moved, edited, *_ = shown(load(page.pk))
    assert (corrected["act"], corrected["changes"]) == ("校毕", [])
    assert edited["who"] == "bianji" and edited["reason"] == "整版校对：试"
    assert edited["changes"] == [
        {
            "label": "“青溪大桥通车” 正文 第2段",
            "note": "",
            "runs": [["same", "桥长"], ["del", "三"], ["ins", "四"], ["same", "百米。"]],
        }
    ]
    assert [(c["label"], c["note"]) for c in moved["changes"]] == [
        ("“青溪大桥通车” 正文 第3段", "新增"),
        ("未归位文字", ""),
    ]
    assert [row["can_restore"] for row in (corrected, moved, edited)] == [False, True, True]


def test_going_back_is_one_more_act_and_can_be_undone(page, editor):
    _, notice = rows(page)
    keep(page, ops.EditText("s24", 2, "三百", "四百"), actor=editor)
    first = load(page.pk)
    moment = shown(first)[0]["id"]
    layout = first.layout
    keep(page, *steps.dissolve_item(layout, f"notice:{notice.pk}"), actor=editor)
    keep(page, ops.Join("s12", "s24"), ops.Move("s0", "unplaced", 0, "text"), actor=editor)
    keep(page, *steps.new_item(load(page.pk).layout, "new:x", "article", 0, ["s47"]), actor=editor)
    late = load(page.pk)
    entries = HistoryEntry.objects.count()
    now = back_to(page, moment, actor=editor)
    assert now.layout.items == layout.items
    assert now.layout.trays == layout.trays
    assert HistoryEntry.objects.count() > entries
    notice.refresh_from_db()
    assert notice.work_state == "imported" and notice.fields == {"declarant": "王小明"}
    assert back_to(page, shown(now)[1]["id"], actor=editor).layout.items == late.layout.items
    for rows_ in (Article.objects.all(), Notice.objects.all()):
        assert all(version.is_intact for item in rows_ for version in versions.versions(item))


def test_what_others_did_by_the_plain_forms_is_undone_with_it(page, editor):
    article, _ = rows(page)
    keep(page, ops.EditText("s24", 2, "三百", "四百"), actor=editor)
    now = load(page.pk)
    moment = shown(now)[0]["id"]
    article.refresh_from_db()
    items.edit_item(item=article, content={**article.content, "headline": "新"}, base_version=2, actor=engine_user())
    assert back_to(page, moment, actor=editor).layout == now.layout


def test_a_published_newcomer_is_not_taken_away(page, editor):
    keep(page, ops.EditText("s24", 2, "三百", "四百"), actor=editor)
    moment = shown(load(page.pk))[0]["id"]
    page.refresh_from_db()
    layout = load(page.pk).layout
    keep(
        page, *steps.new_item(layout, "new:x", "article", 0, ["s47"]), ops.AddBlock("e9", "new:x", 0, "headline", "题")
    )
    factories.published(Article.objects.latest("pk"))
    now = load(page.pk)
    with pytest.raises(Refusal, match="见过报"):
        between(now.layout, layout_after(now, moment))


def test_an_act_that_is_not_there(page):
    with pytest.raises(Refusal, match="没有这一次"):
        layout_after(load(page.pk), 10**9)


def test_the_number_of_queries_does_not_grow(page, editor):
    def count() -> int:
        now = load(page.pk)
        with CaptureQueriesContext(connection) as captured:
            shown(now)
        return len(captured)

    keep(page, ops.EditText("s24", 2, "三", "四"), actor=editor)
    few = count()
    for number in range(5):
        keep(page, ops.EditText("s24", 2, "四三"[number % 2], "三四"[number % 2]), actor=editor)
    assert count() == few <= 2


@pytest.mark.once
@settings(max_examples=20, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_state_that_was_saved_can_be_gone_back_to(editor, data):
    with transaction.atomic():
        page = page_with_source()
        states = []
        for number in range(data.draw(st.integers(2, 4))):
            layout = load(page.pk).layout
            try:
                made = [op for op in data.draw(pages.operations(layout)) if not isinstance(op, ops.Settle)]
                apply_all(layout, made)
            except Refusal:
                continue
            if not made:
                continue
            now = keep(page, *made, actor=editor, key=f"prop-{number:04}").current
            states.append((next(moments(now)).pk, now.layout))
        for moment, wanted in states:
            reached = back_to_or_same(page, moment, editor)
            assert [(i.key, [(b.role, b.text) for b in i.blocks], i.facts) for i in reached.items if i.blocks] == [
                (i.key, [(b.role, b.text) for b in i.blocks], i.facts) for i in wanted.items if i.blocks
            ]
            assert {n: [b.text for b in t] for n, t in reached.trays.items()} == {
                n: [b.text for b in t] for n, t in wanted.trays.items()
            }
        transaction.set_rollback(True)


def back_to_or_same(page: Any, moment: int, editor: Any) -> Any:
    now = load(page.pk)
    made = between(now.layout, layout_after(now, moment))
    return keep(page, *made, actor=editor).current.layout if made else now.layout


def test_the_address(page, editor):
    client = Client()
    client.force_login(editor)
    keep(page, ops.EditText("s24", 2, "三百", "四百"), actor=editor)
    keep(page, ops.EditText("s24", 2, "四百", "五百"), actor=editor)
    address = f"/admin/articles/page/{page.pk}/desk/past/"
    found = client.get(address).json()["rows"]
    before = {label: table for label, table in every_row().items() if "Session" not in label}

    def ask(**sent: Any) -> Any:
        return client.post(address, json.dumps(sent), content_type="application/json")

    base = load(page.pk).stamp
    (way,) = ask(base=base, moment=found[1]["id"]).json()["ways"]
    assert [op["op"] for op in way["ops"]].count("EditText") == 1
    assert ask(base="old", moment=found[1]["id"]).status_code == 409
    assert ask(base=base, moment=found[0]["id"]).status_code == 422
    assert ask(base=base, moment="x").status_code == 400
    assert {label: table for label, table in every_row().items() if "Session" not in label} == before
    stranger = Client()
    stranger.force_login(factories.user(role="管理员"))
    assert stranger.get(address).status_code == 403
