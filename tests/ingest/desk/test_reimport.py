"""After a correction on the desk the import changes nothing that was settled, and says where it reads otherwise."""

from __future__ import annotations

import pytest

from articles.models import Article, Notice, Page
from articles.people import engine_user
from ingest.desk import operations as ops
from ingest.desk import steps
from ingest.desk.layout import ledger
from ingest.desk.rows import load
from ingest.models import OutcomeKind, Source
from ingest.standing import check_rows
from tests.ingest.conftest import every_row
from tests.ingest.desk.makers import keep
from tests.ingest.layouts import PAGE, recut, usual

pytestmark = [pytest.mark.django_db, pytest.mark.once]


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
    check_rows(Source.objects.get().pk, text=PAGE)


def test_a_new_engine_that_reads_otherwise_is_a_proposal(corrected, bring, engine_says):
    before, characters = content(), ledger(load(corrected.pk).layout)
    engine_says(recut, "v2")
    report = bring(PAGE)
    assert report.kind is OutcomeKind.CLASH
    assert report.reason
    assert content() == before
    assert ledger(load(corrected.pk).layout) == characters
    check_rows(Source.objects.get().pk, text=PAGE)


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
