"""After a correction on the desk the import changes nothing that was settled, and says where it reads otherwise."""

from __future__ import annotations

import datetime
import random
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Notice, Page
from articles.people import engine_user
from ingest import engine
from ingest.cutting import cut_page
from ingest.desk import operations as ops
from ingest.desk import steps
from ingest.desk.layout import ledger
from ingest.desk.newer import Change, changes
from ingest.desk.readings import base_texts, decline, open_readings, settle_finished
from ingest.desk.rows import load
from ingest.engine import ArticleItem, Block, Hints, PageLayout, Role
from ingest.importing import Importer
from ingest.models import NewReading, OutcomeKind, ReadingState, Source
from ingest.proposing import blocks_of
from ingest.standing import check_rows
from ingest.walking import Found
from tests.ingest.conftest import every_row
from tests.ingest.desk.makers import keep
from tests.ingest.layouts import PAGE, recut, usual

pytestmark = pytest.mark.django_db
SEEDS = Path(__file__).resolve().parents[3] / "seeds"


def content() -> list[object]:
    pages = [(p.unplaced, p.furniture, p.set_aside, p.removed) for p in Page.objects.all()]
    return [*pages, *[(i.pk, i.content) for i in (*Article.objects.order_by("pk"), *Notice.objects.order_by("pk"))]]


@pytest.fixture
def corrected(bring):
    """A page corrected every way at once: text moved, an item dissolved, one made, one converted, a tray changed."""
    bring(PAGE)
    page = Page.objects.get()
    layout = load(page.pk).layout
    first, second, notice = layout.items
    caption = first.blocks[-1].id
    keep(
        page,
        *steps.new_item(layout, "new:x", "article", 1, [caption]),
        *steps.dissolve_item(layout, notice.key),
        ops.Move(layout.trays["furniture"][0].id, "set_aside", 0, "text"),
    )
    now = load(page.pk).layout
    keep(page, *steps.convert_item(now, second.key, "new:y"), ops.EditText(first.blocks[2].id, 0, "大桥", "该桥"))
    return page


def test_the_same_file_changes_nothing(corrected, bring):
    before = every_row()
    assert bring(PAGE).kind is OutcomeKind.UNCHANGED
    assert every_row() == before


def test_a_new_engine_that_says_the_same_changes_nothing(corrected, bring, engine_says):
    before = content()
    engine_says(usual, "v2")
    bring(PAGE)
    assert content() == before
    check_rows({Source.objects.get().pk: PAGE})


def test_a_new_engine_that_reads_otherwise_is_a_proposal(corrected, bring, engine_says):
    before, characters = content(), ledger(load(corrected.pk).layout)
    engine_says(recut, "v2")
    report = bring(PAGE)
    assert report.kind is OutcomeKind.CLASH
    assert report.reason
    assert content() == before
    assert ledger(load(corrected.pk).layout) == characters
    check_rows({Source.objects.get().pk: PAGE})


def test_undone_after_the_new_reading_the_page_is_as_at_first(bring, engine_says):
    bring(PAGE)
    page = Page.objects.get()
    first = load(page.pk).layout
    done = steps.dissolve_item(first, first.items[2].key)
    _, inverses = ops.apply_all(first, done)
    keep(page, *done)
    engine_says(usual, "v2")
    bring(PAGE)
    assert keep(page, *inverses, actor=engine_user()).current.layout.items == first.items


# Another file for the same page

PLACE = {"newspaper": "青溪日报", "date": datetime.date(2024, 3, 5), "page": 1}
OTHER = (
    PAGE.replace("三公里", "五公里").replace("各乡镇备足种子化肥。", "各乡镇备足\n种子化肥和农药。")
    + "新添的一段文字在此。\n"
)


def other_layout(text: str, **known: Any) -> PageLayout:
    """The other file as an engine reads it: its lines as paragraphs of one article."""
    rows = [row for row in text.splitlines() if row.strip()]
    blocks, at = [], 0
    for row in rows:
        at = text.index(row, at)
        blocks.append(Block(Role.PARAGRAPH, row, ((at, at + len(row)),), "试"))
        at += len(row)
    return PageLayout(items=(ArticleItem(body=tuple(blocks)),), **known)


@pytest.fixture
def settled(bring):
    """A placed page on which an editor has put a word right."""
    bring(PAGE, **PLACE)
    page = Page.objects.get()
    first = load(page.pk).layout.items[0]
    keep(page, ops.EditText(first.blocks[2].id, 0, "大桥", "该桥"))
    return page


def test_a_newly_extracted_file_changes_nothing_and_is_kept_as_a_proposal(settled, bring, engine_says):
    before = content()
    engine_says(other_layout, "v1")
    report = bring(OTHER, name="again.txt", **PLACE)
    assert report.kind is OutcomeKind.CLASH
    assert content() == before
    (shown,) = open_readings(load(settled.pk))
    assert [(c["kind"], c["old"], c["new"], c["is_disputed"]) for c in shown["changes"]] == [
        ("text", "三", "五", False),
        ("text", "", "和农药", False),
        ("added", "", "新添的一段文字在此。", False),
    ]
    kept = NewReading.objects.get()
    assert (bytes(kept.raw or b""), kept.text) == (OTHER.encode(), OTHER)
    rows = every_row()
    assert bring(OTHER, name="again.txt", **PLACE).kind is OutcomeKind.CLASH
    assert every_row() == rows


def test_what_is_taken_over_goes_through_the_ordinary_operations(settled, bring, engine_says, editor):
    engine_says(other_layout, "v1")
    bring(OTHER, name="again.txt", **PLACE)
    first = load(settled.pk)
    found = open_readings(first)[0]["changes"]
    made: list[ops.Operation] = [
        ops.EditText(c["block"], c["at"], c["old"], c["new"]) for c in found if c["kind"] == "text"
    ]
    made.append(ops.AddBlock("e900", "unplaced", 0, "text", found[-1]["new"]))
    now = keep(settled, *made).current
    assert open_readings(now) == []
    settle_finished(now, actor=editor)
    assert (NewReading.objects.get().state, NewReading.objects.get().settled_by) == (ReadingState.TAKEN, editor)
    assert "五公里" in Article.objects.order_by("pk")[0].text
    assert "该桥" in Article.objects.order_by("pk")[0].text
    _, inverses = ops.apply_all(first.layout, made)
    assert keep(settled, *inverses).current.layout == first.layout


def test_what_is_declined_is_not_shown_again(settled, bring, engine_says, editor):
    engine_says(other_layout, "v1")
    bring(OTHER, name="again.txt", **PLACE)
    (shown,) = open_readings(load(settled.pk))
    assert decline(page_id=settled.pk, reading_id=shown["id"], keys=[shown["changes"][0]["key"]], actor=editor)
    assert len(open_readings(load(settled.pk))[0]["changes"]) == 2
    assert decline(page_id=settled.pk, reading_id=shown["id"], keys=None, actor=editor)
    assert open_readings(load(settled.pk)) == []
    assert not decline(page_id=settled.pk, reading_id=shown["id"], keys=None, actor=editor)
    rows = every_row()
    bring(OTHER, name="again.txt", **PLACE)
    assert every_row() == rows


def test_a_newer_engine_names_the_blocks_it_reads_otherwise(corrected, bring, engine_says, editor):
    engine_says(recut, "v2")
    bring(PAGE)
    (shown,) = open_readings(load(corrected.pk))
    assert shown["changes"] == []
    assert shown["blocks"]
    assert decline(page_id=corrected.pk, reading_id=shown["id"], keys=None, actor=editor)
    rows = every_row()
    bring(PAGE)  # the same engine says nothing new
    assert every_row() == rows
    assert open_readings(load(corrected.pk)) == []
    engine_says(usual, "v3")
    bring(PAGE)
    assert open_readings(load(corrected.pk)) == []


@pytest.mark.once
@pytest.mark.parametrize("path", sorted(SEEDS.rglob("*.txt")), ids=lambda path: path.stem[:3])
def test_of_a_real_page_exactly_what_is_new_is_proposed(path):
    """With the engine as it is: the same text says nothing, twenty characters misread are twenty proposals."""
    text = path.read_text("utf-8-sig")
    Importer(actor=engine_user()).take(Found(path, path.name, path.name, Hints()))
    now = load(Page.objects.get().pk)
    bases = base_texts(now, dict(Source.objects.values_list("pk", "text")))

    def proposed(said: str) -> list[Change]:
        return changes(now.layout, bases, [block["text"] for block in blocks_of(cut_page(engine.read_page(said)))])

    assert proposed(text) == []
    marks = [at for at, char in enumerate(text) if "\u4e00" <= char <= "\u9fff"]
    misread = list(text)
    for at in random.Random(1).sample(marks, 20):
        misread[at] = "囗"
    found = proposed("".join(misread))
    assert [(len(c.old), c.new, c.note) for c in found] == [(1, "囗", "")] * 20


def test_a_page_without_proposals_costs_one_query(settled):
    now = load(settled.pk)
    with CaptureQueriesContext(connection) as queries:
        assert open_readings(now) == []
    assert len(queries) == 1
