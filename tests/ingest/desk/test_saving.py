"""From operations to rows: what is written, what is not, and that nothing goes missing on the way."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles import versions
from articles.actions import items
from articles.models import Article, Finding, HistoryEntry, Notice, WorkState
from articles.people import engine_user
from ingest.desk import operations as ops
from ingest.desk import steps
from ingest.desk.layout import Refusal, ledger
from ingest.desk.operations import apply_all
from ingest.desk.rows import load
from ingest.desk.saving import Stale, save
from ingest.models import DeskSave
from tests import factories
from tests.ingest.conftest import every_row
from tests.ingest.desk import pages
from tests.ingest.desk.makers import finding, keep, page_with_source, rows, step

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> Any:
    return page_with_source()


def key_of(item: Any) -> str:
    return f"{item.snapshot_key}:{item.pk}"


def test_the_rows_become_a_layout(page):
    article, notice = rows(page)
    layout = load(page.pk).layout
    assert [item.key for item in layout.items] == [key_of(article), key_of(notice)]
    assert [(b.id, b.role, b.origins) for b in layout.items[0].blocks] == [
        ("s0", "headline", ("s0",)),
        ("s7", "deck", ("s7",)),
        ("s12", "paragraph", ("s12",)),
        ("s24", "paragraph", ("s24",)),
    ]
    assert [b.text for b in layout.trays["unplaced"]] == ["散落的文字"]


def test_an_edit_reaches_the_row_and_its_history(page):
    article, _ = rows(page)
    items.mark_corrected(item=article, base_version=1, actor=engine_user())
    keep(page, ops.EditText("s24", 2, "三百", "四百"))
    article.refresh_from_db()
    assert article.body[1] == {"id": "s24", "role": "paragraph", "text": "桥长四百米。"}
    assert (article.version, article.work_state) == (2, WorkState.IMPORTED)
    assert [v.is_intact for v in versions.versions(article)] == [True, True]
    assert HistoryEntry.objects.filter(target="page", target_id=page.pk).latest("pk").reason == "整版校对：试"


def test_only_what_changed_is_written(page):
    _, notice = rows(page)
    keep(page, ops.EditText("s24", 2, "三百", "四百"))
    notice.refresh_from_db()
    page.refresh_from_db()
    assert notice.version == 1
    assert [entry["spans"] for entry in page.unplaced] == [[[47, 52]]]


def test_text_goes_from_item_to_item_and_to_the_trays_and_back(page):
    article, notice = rows(page)
    before = load(page.pk)
    saved = keep(
        page,
        ops.Move("s24", key_of(notice), 9, "paragraph"),
        ops.Move("s47", key_of(article), 9, "paragraph"),
        ops.Move("s7", "unplaced", 0, "text"),
    )
    article, notice = rows(page)
    assert [p["id"] for p in notice.body] == ["s36", "s24"]
    assert [p["id"] for p in article.body] == ["s12", "s47"]
    assert article.deck == []
    page.refresh_from_db()
    assert page.unplaced == [{"id": "s7", "text": "历时三年", "spans": [[7, 11]], "reason": "试"}]
    assert ledger(saved.current.layout) == ledger(before.layout)


def test_ids_and_origins_last_from_one_save_to_the_next(page):
    article, _ = rows(page)
    wanted, inverses = apply_all(
        load(page.pk).layout,
        (
            ops.Join("s12", "s24"),
            ops.Split("s0", 4, "e7", "deck"),
            ops.Move("s47", key_of(article), 3, "deck"),
            ops.Move("s7", key_of(article), 9, "paragraph"),
        ),
    )
    first = load(page.pk).layout
    saved = keep(
        page,
        ops.Join("s12", "s24"),
        ops.Split("s0", 4, "e7", "deck"),
        ops.Move("s47", key_of(article), 3, "deck"),
        ops.Move("s7", key_of(article), 9, "paragraph"),
    )
    assert saved.current.layout == wanted == load(page.pk).layout
    assert keep(page, *inverses).current.layout == first


def test_a_new_item_and_its_undoing_after_the_save(page):
    first = load(page.pk).layout
    _, inverses = apply_all(first, steps.new_item(first, "new:x", "article", 1, ["s47", "s24"]))
    saved = keep(page, *steps.new_item(first, "new:x", "article", 1, ["s47", "s24"]))
    new = Article.objects.get(pk=saved.renames["new:x"].partition(":")[2])
    assert [p["text"] for p in new.body] == ["散落的文字", "桥长三百米。"]
    assert [item.key for item in saved.current.layout.items][1] == key_of(new)
    assert new.content_hash == HistoryEntry.objects.get(target="article", target_id=new.pk).content_hash

    undone = keep(page, *[renamed(inverse, saved.renames) for inverse in inverses])
    assert undone.current.layout.items == first.items
    new.refresh_from_db()
    assert new.text == ""
    again = keep(
        page,
        ops.InsertItem(key_of(new), "article", 1, steps.empty_facts("article")),
        ops.Move("s47", key_of(new), 0, "headline"),
    )
    assert Article.objects.get(pk=new.pk).headline == "散落的文字"
    assert again.renames == {}


def renamed(operation: Any, names: dict[str, str]) -> Any:
    values = {name: getattr(operation, name) for name in operation.__slots__}
    return replace(operation, **{n: names.get(v, v) for n, v in values.items() if isinstance(v, str)})


def test_a_dissolved_item_keeps_its_row_and_its_history_and_comes_back(page):
    article, notice = rows(page)
    first = load(page.pk).layout
    _, inverses = apply_all(first, steps.dissolve_item(first, key_of(notice)))
    saved = keep(page, *steps.dissolve_item(first, key_of(notice)))
    assert [item.key for item in saved.current.layout.items] == [key_of(article)]
    notice.refresh_from_db()
    assert (notice.body, notice.heading, notice.work_state) == ([], "", WorkState.DISSOLVED)
    page.refresh_from_db()
    assert [p["id"] for p in page.unplaced] == ["s47", "s31", "s36"]
    restored = keep(page, *inverses).current.layout
    assert restored == first
    notice.refresh_from_db()
    assert notice.fields == {"declarant": "王小明"}
    assert all(v.is_intact for v in versions.versions(notice))


def test_what_was_ever_published_is_neither_merged_away_nor_converted(page):
    article, notice = rows(page)
    page.unplaced = []
    page.save()
    factories.published(notice)
    layout = load(page.pk).layout
    before = every_row()
    for tried in (
        steps.merge_items(layout, key_of(article), key_of(notice)),
        steps.dissolve_item(layout, key_of(notice)),
        steps.convert_item(layout, key_of(notice), "new:1"),
    ):
        with pytest.raises(Refusal, match="见过报"):
            keep(page, *tried, actor=engine_user())
    assert every_row() == before


def test_article_to_notice(page):
    article, _ = rows(page)
    layout = load(page.pk).layout
    saved = keep(page, *steps.convert_item(layout, key_of(article), "new:1"))
    made = Notice.objects.get(pk=saved.renames["new:1"].partition(":")[2])
    assert (made.heading, made.kind, len(made.body)) == ("青溪大桥通车", "其他", 3)
    assert ledger(saved.current.layout) == ledger(layout)


def test_order_and_facts(page):
    article, notice = rows(page)
    saved = keep(page, ops.PlaceItem(key_of(notice), 0), ops.SetFact(key_of(notice), "kind", "遗失声明", "声明作废"))
    assert [item.key for item in saved.current.layout.items] == [key_of(notice), key_of(article)]
    entry = HistoryEntry.objects.filter(target="page", target_id=page.pk).latest("pk")
    assert entry.before == {"order": [key_of(article), key_of(notice)]}
    notice.refresh_from_db()
    assert notice.kind == "声明作废"


def test_findings_follow_their_words_and_are_settled_in_the_history(page):
    article, notice = rows(page)
    made = finding(page, "quote@24", article=article, piece="s24")
    other = finding(page, "quote@0", article=article, piece="s0")
    assert load(page.pk).about == {made.pk: "s24", other.pk: "s0"}
    keep(
        page,
        ops.Move("s24", key_of(notice), 9, "paragraph"),
        ops.Settle(str(made.pk), "open", "dismissed"),
        ops.Move("s0", "unplaced", 0, "text"),
    )
    made, other = Finding.objects.get(pk=made.pk), Finding.objects.get(pk=other.pk)
    assert (made.article, made.notice, made.piece, made.state) == (None, notice, "s24", "dismissed")
    assert (other.article, other.notice, other.piece) == (None, None, "s0")
    assert HistoryEntry.objects.filter(act="finding").get().target == "notice"


def test_a_double_submit_applies_once(page):
    base, user = load(page.pk), factories.user(role="编辑")
    sent: Any = {"page_id": page.pk, "base": base.stamp, "steps": [step(ops.EditText("s24", 2, "三", "四"))]}
    first = save(**sent, key="once-0001", actor=user)
    before = every_row()
    again = save(**sent, key="once-0001", actor=user)
    assert again.is_repeat
    assert again.current.stamp == first.current.stamp
    assert every_row() == before
    assert DeskSave.objects.count() == 1
    with pytest.raises(Refusal, match="已经用过"):
        save(**{**sent, "steps": []}, key="once-0001", actor=user)


def test_a_stale_base_changes_nothing_and_hands_over_what_is_there(page, editor):
    base = load(page.pk)
    keep(page, ops.EditText("s24", 2, "三", "四"))
    before = every_row()
    with pytest.raises(Stale) as stale:
        keep(page, ops.EditText("s12", 0, "本报讯", ""), base=base, actor=editor)
    assert stale.value.current.layout.find("s24")[2].text == "桥长四百米。"
    assert every_row() == before


def test_an_edit_by_the_plain_form_makes_the_base_stale(page):
    article, _ = rows(page)
    base = load(page.pk)
    items.edit_item(item=article, content={**article.content, "headline": "新"}, base_version=1, actor=engine_user())
    with pytest.raises(Stale):
        keep(page, ops.EditText("s12", 0, "本报讯", ""), base=base)


def test_a_proofreader_makes_no_items(page):
    layout = load(page.pk).layout
    with pytest.raises(Refusal, match="不能新建"):
        keep(page, *steps.new_item(layout, "new:x", "article", 1, ["s47"]), actor=factories.user(role="录入校对"))


def test_content_that_the_rows_cannot_hold_is_refused(page):
    article, _ = rows(page)
    with pytest.raises(Refusal, match="没有“信”这个类别"):
        keep(page, ops.SetFact(key_of(rows(page)[1]), "kind", "遗失声明", "信"))
    with pytest.raises(Refusal, match="不能超过"):
        keep(page, ops.SetFact(key_of(article), "continued_on", "", "长" * 100))


def test_ids_that_stand_twice_are_told_apart_and_kept(page):
    for text in ("甲", "乙"):
        factories.article(on=page, body=[{"id": "e1", "role": "paragraph", "text": text}])
    layout = load(page.pk).layout
    ids = [item.blocks[-1].id for item in layout.items[-2:]]
    assert ids[0] == "e1"
    assert ids[1].endswith(".e1")
    saved = keep(page, ops.EditText(ids[1], 1, "", "子"))
    assert [item.blocks[-1].id for item in saved.current.layout.items[-2:]] == ids
    assert Article.objects.get(pk=layout.items[-1].key.partition(":")[2]).body[0]["id"] == "e1"


def test_trays_of_plain_strings_and_unnamed_pieces(page):
    page.removed, page.set_aside = ["旧的", {"text": "也旧"}], [{"id": "s47", "text": "重号"}]
    page.save()
    layout = load(page.pk).layout
    first = layout.trays["removed"][0]
    saved = keep(page, ops.Move(first.id, "unplaced", 0, "text"))
    assert ledger(saved.current.layout) == ledger(layout)
    page.refresh_from_db()
    assert [entry["text"] for entry in page.unplaced] == ["旧的", "散落的文字"]


@pytest.mark.parametrize("key", ["", "短", "a" * 65, "一二三四五六七八"])
def test_bad_keys_are_refused(page, key):
    with pytest.raises(Refusal):
        save(
            page_id=page.pk,
            base=load(page.pk).stamp,
            steps=[step(ops.Join("s12", "s24"))],
            key=key,
            actor=engine_user(),
        )


@pytest.mark.parametrize("sent", [None, [], [None], [{"label": "x"}], [{"label": "x", "ops": [1]}]])
def test_bad_steps_are_refused(page, sent):
    with pytest.raises(Refusal):
        save(page_id=page.pk, base=load(page.pk).stamp, steps=sent, key="key-00000", actor=engine_user())


def test_the_number_of_queries_does_not_depend_on_the_page(page):
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            load(page.pk)
        return len(captured)

    few = count()
    for number in range(10):
        finding(page, f"k{number}", article=factories.article(on=page))
        factories.notice(on=page)
    assert count() == few <= 10


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_operations_that_apply_are_saved_and_read_back_exactly(editor, data):
    """And their undoing, saved in its turn, brings back the first layout."""
    with transaction.atomic():
        now = load(page_with_source().pk)
        layout, done = now.layout, []
        for _ in range(data.draw(st.integers(1, 6))):
            try:
                made = data.draw(pages.operations(layout))
                layout, _inverses = apply_all(layout, made)
            except Refusal:
                continue
            done += made
        if done:
            wanted, inverses = apply_all(now.layout, done)
            saved = keep(now.page, *done, base=now, actor=editor)
            names = saved.renames
            assert [replace(i, key=names.get(i.key, i.key)) for i in wanted.items] == list(saved.current.layout.items)
            assert saved.current.layout.trays == wanted.trays
            undone = keep(now.page, *[renamed(each, names) for each in inverses], actor=editor)
            assert undone.current.layout.items == now.layout.items
            assert undone.current.layout.trays == now.layout.trays
            for rows_ in (Article.objects.all(), Notice.objects.all()):
                assert all(version.is_intact for item in rows_ for version in versions.versions(item))
        transaction.set_rollback(True)
