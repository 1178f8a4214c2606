"""Changing items: no text is ever lost, every version can be had back."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from articles import history, versions
from articles.actions import items, pages, placing, restoring, signing
from articles.actions.credits import Named, set_credits
from articles.content import check_content, content_hash
from articles.errors import ActionRefused, StaleVersion
from articles.models import Act, Article, Contributor, HistoryEntry, WorkState
from tests import factories
from tests.factories import article_content

pytestmark = pytest.mark.django_db


def piece(key, text, role="paragraph"):
    return {"id": key, "role": role, "text": text}


def caption(key, text):
    return {"id": key, "text": text}


def edit(item, actor, **change):
    item.refresh_from_db()
    return items.edit_item(item=item, content={**item.content, **change}, base_version=item.version, actor=actor)


def unplaced(item):
    item.page.refresh_from_db()
    return [(p["id"], p["text"]) for p in item.page.unplaced]


def test_an_edit_is_a_new_version_with_the_former_values_in_history(editor):
    article = factories.article(headline="旧")
    edited = items.edit_item(
        item=article, content={**article.content, "headline": "新"}, base_version=1, actor=editor, reason="错字"
    )
    assert (edited.version, edited.headline) == (2, "新")
    entry = history.of(article)[0]
    assert (entry.act, entry.version, entry.actor, entry.reason) == (Act.EDITED, 2, editor, "错字")
    assert entry.before == {"headline": "旧"}
    assert entry.content_hash == edited.content_hash == content_hash(edited.content)


def test_saving_what_is_there_changes_nothing(editor):
    article = factories.article(corrected=True)
    count = HistoryEntry.objects.count()
    same = edit(article, editor)
    assert (same.version, same.work_state, HistoryEntry.objects.count()) == (1, WorkState.CORRECTED, count)


def test_any_change_sends_a_corrected_item_back_to_be_read(editor):
    article = factories.article(corrected=True)
    assert edit(article, editor, kicker="肩").work_state == WorkState.IMPORTED


def test_a_stale_save_is_refused_and_carries_the_present_row(editor):
    article = factories.article()
    edit(article, editor, headline="先到")
    with pytest.raises(StaleVersion) as refusal:
        items.edit_item(item=article, content={**article.content, "headline": "后到"}, base_version=1, actor=editor)
    assert refusal.value.current.headline == "先到"
    assert Article.objects.get().headline == "先到"


@pytest.mark.parametrize("change", [{"body": [piece("s1", "a\x00")]}, {"headline": 5}, {"more": "x"}])
def test_invalid_content_changes_nothing(editor, change):
    article = factories.article()
    with pytest.raises(ValidationError):
        edit(article, editor, **change)
    assert Article.objects.get().content == article_content()
    assert history.of(article).count() == 1


def test_content_without_a_field_is_invalid_not_a_crash(editor):
    article = factories.article()
    content = article.content
    del content["deck"]
    with pytest.raises(ValidationError):
        items.edit_item(item=article, content=content, base_version=1, actor=editor)


def test_a_piece_taken_out_goes_to_the_unplaced_text(editor):
    article = factories.article(body=[piece("s1", "甲"), piece("s2", "乙")], captions=[caption("s3", "图")])
    edit(article, editor, body=[piece("s1", "甲")], captions=[])
    assert unplaced(article) == [("s2", "乙"), ("s3", "图")]


def test_pieces_of_one_id_from_two_items_both_stay(editor):
    first = factories.article(body=[piece("e1", "甲")])
    second = factories.article(on=first.page, body=[piece("e1", "乙")])
    edit(first, editor, body=[])
    edit(second, editor, body=[])
    assert sorted(text for _, text in unplaced(first)) == ["乙", "甲"]
    ids = [key for key, _ in unplaced(first)]
    assert len(set(ids)) == 2
    for key in ids:
        first.refresh_from_db()
        items.place_unplaced(page=first.page, piece_id=key, target=first, actor=editor)
    first.refresh_from_db()
    assert first.text == "甲\n乙"
    assert unplaced(first) == []


def test_an_id_set_aside_is_not_given_to_another_piece(editor):
    first = factories.article(body=[piece("e1", "甲")])
    second = factories.article(on=first.page, body=[piece("e1", "乙")])
    edit(first, editor, body=[])
    items.set_aside(page=first.page, piece_id="e1", actor=editor)
    edit(second, editor, body=[])
    assert unplaced(first) == [("e2", "乙")]


@pytest.mark.parametrize(
    ("after", "left"),
    [
        ({"body": [piece("s1", "甲甲，乙乙。")]}, []),  # joined
        ({"headline": "乙乙。", "body": [piece("s1", "甲甲，")]}, []),  # made the headline
        ({"body": [piece("s1", "甲甲，"), piece("e1", "乙"), piece("e2", "乙。")]}, []),  # split
        ({"body": [piece("s1", "甲甲，乙丙。")]}, [("s2", "乙乙。")]),  # joined and changed: better kept
        ({"body": [piece("s2", "乙乙。")]}, [("s1", "甲甲，")]),
    ],
)
def test_text_that_stands_elsewhere_in_the_item_is_not_kept_twice(editor, after, left):
    article = factories.article(headline="题", body=[piece("s1", "甲甲，"), piece("s2", "乙乙。")])
    edit(article, editor, **after)
    assert unplaced(article) == left


def test_of_two_equal_pieces_one_taken_out_is_kept(editor):
    article = factories.article(body=[piece("s1", "同"), piece("s2", "同"), piece("s3", "异")])
    edit(article, editor, body=[piece("s1", "同"), piece("s3", "异")])
    assert unplaced(article) == [("s2", "同")]
    edit(article, editor, body=[])
    assert sorted(text for _, text in unplaced(article)) == ["同", "同", "异"]


def test_absorbed_pieces_are_not_kept_twice(editor):
    article = factories.article(body=[piece("s1", "甲甲，"), piece("s2", "乙乙。")])
    article.refresh_from_db()
    items.edit_item(
        item=article,
        content={**article.content, "body": [piece("s1", "甲甲，乙丙。")]},
        base_version=1,
        actor=editor,
        absorbed={"s2"},
    )
    assert unplaced(article) == []


def test_every_version_can_be_had_back_and_is_intact(editor):
    article = factories.article(headline="一")
    for headline in ("二", "三", "四"):
        edit(article, editor, headline=headline, deck=[headline])
    article.refresh_from_db()
    found = list(versions.versions(article))
    assert [v.content["headline"] for v in found] == ["四", "三", "二", "一"]
    assert all(v.is_intact for v in found)
    assert versions.content_at(article, 1)["deck"] == []
    with pytest.raises(LookupError):
        versions.content_at(article, 9)


def test_text_changed_behind_the_back_of_history_shows(editor):
    article = factories.article()
    edit(article, editor, headline="新")
    Article.objects.update(kicker="偷改")
    article.refresh_from_db()
    assert not any(v.is_intact for v in versions.versions(article))


def test_restoring_is_a_new_version_and_takes_text_back_out_of_the_tray(editor):
    article = factories.article(body=[piece("s1", "甲"), piece("s2", "乙")])
    edited = edit(article, editor, body=[piece("s1", "甲")])
    assert unplaced(article) == [("s2", "乙")]
    restored = restoring.restore_version(item=edited, version=1, base_version=2, actor=editor)
    assert (restored.version, restored.text) == (3, "甲\n乙")
    assert unplaced(article) == []
    with pytest.raises(ActionRefused, match="没有第 7 版"):
        restoring.restore_version(item=restored, version=7, base_version=3, actor=editor)


def test_a_piece_moves_whole_under_its_id(editor):
    source = factories.article(body=[piece("s1", "甲"), piece("s2", "小题", "subhead")], captions=[caption("s3", "图")])
    target = factories.article(on=source.page, body=[piece("s9", "丙")], captions=[caption("s3", "别的图")])
    notice = factories.notice(on=source.page)
    items.move_piece(source=source, piece_id="s2", target=target, source_version=1, actor=editor)
    items.move_piece(source=source, piece_id="s3", target=target, source_version=2, actor=editor)
    for row in (source, target):
        row.refresh_from_db()
    assert source.body == [piece("s1", "甲")]
    assert source.captions == []
    assert target.body == [piece("s9", "丙"), piece("s2", "小题", "subhead")]
    assert target.captions == [caption("s3", "别的图"), caption("e1", "图")]
    items.move_piece(source=target, piece_id="s3", target=notice, source_version=3, actor=editor)
    target.refresh_from_db()
    notice.refresh_from_db()
    assert notice.body[-1] == piece("s3", "别的图")
    assert all(v.is_intact for row in (source, target, notice) for v in versions.versions(row))


def test_moves_that_make_no_sense_are_refused(editor):
    source = factories.article()
    target = factories.article(on=source.page)
    elsewhere = factories.article(on=factories.page(number=2))
    full = factories.article(on=source.page, body=[piece(f"s{n}", "字") for n in range(2000)])
    for text, change in (
        ("已经在这一条", {"target": source}),
        ("同一版", {"target": elsewhere}),
        ("已经不在这里", {"piece_id": "s7"}),
        ("放不进去", {"target": full}),
    ):
        with pytest.raises(ActionRefused, match=text):
            items.move_piece(
                **{"source": source, "piece_id": "s1", "target": target, "source_version": 1, "actor": editor} | change
            )
    with pytest.raises(StaleVersion):
        items.move_piece(source=source, piece_id="s1", target=target, source_version=2, actor=editor)
    source.refresh_from_db()
    assert source.version == 1


def test_unplaced_text_set_aside_can_be_taken_back(editor):
    article = factories.article(body=[piece("s1", "甲"), piece("s2", "乙")])
    edit(article, editor, body=[piece("s1", "甲")])
    items.set_aside(page=article.page, piece_id="s2", actor=editor)
    article.page.refresh_from_db()
    assert article.page.set_aside == [caption("s2", "乙")]
    for act in (items.set_aside, items.place_unplaced):
        more: dict[str, Any] = {"target": article} if act is items.place_unplaced else {}
        with pytest.raises(ActionRefused):
            act(page=article.page, piece_id="s2", actor=editor, **more)
    pages.retrieve(page=article.page, tray="set_aside", index=0, text="乙", actor=editor)
    assert unplaced(article) == [("s2", "乙")]


def test_unplaced_text_goes_to_items_of_its_page_only(editor):
    article = factories.article(body=[piece("s1", "甲"), piece("s2", "乙")])
    edit(article, editor, body=[piece("s1", "甲")])
    elsewhere = factories.article(on=factories.page(number=2))
    with pytest.raises(ActionRefused):
        items.place_unplaced(page=article.page, piece_id="s2", target=elsewhere, actor=editor)
    assert unplaced(article) == [("s2", "乙")]


def test_unstorable_text_in_a_tray_is_refused_in_words(editor):
    article = factories.article()
    article.page.unplaced = [{"id": "s5", "text": "a\x08b"}]
    article.page.save()
    with pytest.raises(ActionRefused, match="控制字符"):
        items.place_unplaced(page=article.page, piece_id="s5", target=article, actor=editor)
    assert unplaced(article) == [("s5", "a\x08b")]


def test_work_state_changes_once_and_needs_the_version_seen(editor):
    article = factories.article()
    with pytest.raises(StaleVersion):
        items.mark_corrected(item=article, base_version=2, actor=editor)
    for _ in range(2):
        assert items.mark_corrected(item=article, base_version=1, actor=editor).work_state == WorkState.CORRECTED
    signing.send_back(item=article, actor=editor, reason="再看")
    article.refresh_from_db()
    assert article.work_state == WorkState.IMPORTED
    with pytest.raises(ActionRefused, match="还在待校"):
        signing.send_back(item=article, actor=editor, reason="再看")
    assert [e.act for e in history.of(article)] == [Act.REOPENED, Act.CORRECTED, Act.CREATED]


@pytest.mark.parametrize(("reason", "says"), [("字" * 501, "500"), ("a\x00", "控制字符"), ("\ud800", "控制字符")])
def test_a_reason_that_cannot_be_kept_is_refused(editor, reason, says):
    article = factories.article()
    with pytest.raises(ActionRefused, match=says):
        items.edit_item(
            item=article,
            content={**article.content, "headline": "新"},
            base_version=1,
            actor=editor,
            reason=reason,
        )
    assert Article.objects.get().version == 1


def test_an_item_that_is_gone_is_refused_in_words(editor):
    article = factories.article()
    Article.objects.filter(pk=article.pk).delete()
    with pytest.raises(ActionRefused, match="已经不在"):
        signing.send_back(item=article, actor=editor, reason="再看")


def test_positions_are_shared_by_articles_and_notices():
    page = factories.page()
    made = [factories.article(on=page), factories.notice(on=page), factories.article(on=page)]
    assert [item.position for item in made] == [1, 2, 3]


def test_what_others_write_beside_the_content_survives_an_edit(editor, monkeypatch):
    """Keywords and positions are written without the item's version: an edit must not put old ones back."""
    article = factories.article()
    check = check_content

    def and_meanwhile(*args):
        Article.objects.update(keywords=["桥"], position=9)
        return check(*args)

    monkeypatch.setattr(items, "check_content", and_meanwhile)
    edit(article, editor, headline="新")
    article.refresh_from_db()
    assert (article.headline, article.keywords, article.position) == ("新", ["桥"], 9)


def test_credits_are_set_whole_and_bad_ones_refused_in_words(editor):
    article = factories.article(corrected=True)
    people = [Named("reporter", "王小明"), Named("author", "李四", "市一中")]
    with pytest.raises(ActionRefused, match="王小明"):
        set_credits(article=article, credits=people, actor=editor, may_add=False)
    assert set_credits(article=article, credits=people, actor=editor, may_add=True)
    assert not set_credits(article=article, credits=people, actor=editor, may_add=True)
    article.refresh_from_db()
    assert article.work_state == WorkState.IMPORTED
    for bad in (Named("reporter", ""), Named("reporter", "字" * 41), Named("boss", "王"), Named("author", "\x00")):
        with pytest.raises(ActionRefused):
            set_credits(article=article, credits=[bad], actor=editor, may_add=True)
    assert [c.contributor.name for c in article.credits.all()] == ["王小明", "李四"]
    assert Contributor.objects.count() == 2


def test_reordering_needs_the_page_as_it_was_seen(editor):
    page = factories.page()
    first, second = factories.article(on=page), factories.notice(on=page)
    page.refresh_from_db()
    order = [("notice", second.pk), ("article", first.pk)]
    ordered = pages.reorder_items(page=page, order=order, base_version=page.version, actor=editor)
    assert [item.pk for item in pages.items_of(ordered)] == [second.pk, first.pk]
    with pytest.raises(StaleVersion):
        pages.reorder_items(page=page, order=order, base_version=page.version, actor=editor)


def test_a_new_item_can_be_made_of_unplaced_text_or_not_at_all(editor):
    page = placing.place_page(
        page=pages.create_page(actor=editor),
        newspaper=factories.newspaper(),
        date=datetime.date(2024, 1, 2),
        number=1,
        section="",
        actor=editor,
    )
    page.unplaced = [{"id": "s1", "text": "甲", "spans": [[0, 1]]}, {"id": "s2", "text": "乙"}]
    page.save()
    with pytest.raises(ActionRefused):
        pages.create_from_unplaced(page=page, piece_ids=["s1", "s1"], kind="article", actor=editor)
    assert not Article.objects.exists()
    made = pages.create_from_unplaced(page=page, piece_ids=["s2", "s1"], kind="notice", actor=editor)
    assert made.text == "乙\n甲"
    page.refresh_from_db()
    assert page.unplaced == []


def test_whether_an_item_is_public_is_looked_up_for_the_rows_of_a_list_only():
    """PostgreSQL answers EXISTS in a column from the whole table of snapshots, whatever the limit."""
    assert "EXISTS" not in str(Article.objects.with_publication()[:50].query)
