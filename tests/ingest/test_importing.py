"""One file to rows: what is written, what a second and a third run do, what survives a changed engine."""

from __future__ import annotations

import datetime
from dataclasses import fields, replace

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import snapshots
from articles.actions import findings, items, publishing, signing
from articles.content import NOTICE_FIELD_LABELS
from articles.models import (
    Act,
    Article,
    Contributor,
    Credit,
    Finding,
    FindingState,
    HistoryEntry,
    Issue,
    Newspaper,
    Notice,
    Page,
    Target,
    WorkState,
)
from articles.people import engine_user
from articles.versions import versions
from ingest.cutting import cut_page
from ingest.engine import ArticleItem, Block, LedgerError, NoticeFields, PageLayout, Role
from ingest.engine import Finding as EngineFinding
from ingest.models import ImportOutcome, ImportRun, Provenance, Source
from tests.ingest.conftest import every_row
from tests.ingest.layouts import PAGE, article, layout, recut, usual

pytestmark = pytest.mark.django_db


def test_a_page_becomes_rows(bring):
    report = bring()
    assert (report.kind, report.reason) == ("created", "稿件 2，公告 1")
    source = Source.objects.get()
    assert bytes(source.raw) == PAGE.encode() and source.text == PAGE and source.encoding == "utf-8"
    bridge, spring = Article.objects.order_by("position")
    assert bridge.headline == "青溪大桥建成通车"
    assert [piece["text"] for piece in bridge.body][1] == "大桥全长三公里，桥面有六车道。"
    assert [piece["text"] for piece in bridge.captions] == ["图为大桥夜景。"]
    assert (bridge.work_state, bridge.version, bridge.confidence) == (WorkState.IMPORTED, 1, 0.8)
    assert spring.headline == "春耕全面展开"
    notice = Notice.objects.get()
    assert (notice.position, notice.kind, notice.heading) == (3, "遗失声明", "遗失声明")
    assert notice.fields == {"declarant": "陈大力", "documents": ["身份证"]}  # empty ones are left out
    page = Page.objects.get()
    assert [entry["text"] for entry in page.furniture] == ["85660000"] and page.unplaced == []


def test_every_piece_says_where_it_came_from_and_why(bring):
    bring()
    for provenance in Provenance.objects.select_related("article", "notice"):
        item = provenance.article or provenance.notice
        assert item and {piece["id"] for piece in item.body} <= set(provenance.pieces)
        for origin in provenance.pieces.values():
            assert origin["reason"] and origin["confidence"] == 0.9
    bridge = Provenance.objects.get(item_key="s0")
    assert bridge.pieces["s0"]["role"] == "headline" and bridge.pieces["s0"]["spans"] == [[0, 8]]


def test_names_become_credits_with_the_role_the_byline_gives_them(bring):
    bring()
    credits = Credit.objects.order_by("position").values_list("contributor__name", "role")
    assert list(credits) == [("王小明", "reporter"), ("李芳", "correspondent")]
    bring(PAGE + "\n", name="002.txt")
    assert Contributor.objects.count() == 2 and Credit.objects.count() == 4  # one name is one person


def test_findings_are_attached_to_the_piece_they_speak_about(bring):
    bring()
    finding = Finding.objects.get()
    bridge = Article.objects.get(position=1)
    start = PAGE.index("三公里")
    assert (finding.article, finding.piece, finding.key) == (bridge, bridge.body[1]["id"], f"doubtful-figure@{start}")
    assert (finding.quote, finding.fix, finding.is_blocking) == ("三", "五", False)


def test_everything_written_is_signed_by_the_import(bring):
    bring()
    entries = HistoryEntry.objects.all()
    assert {entry.actor for entry in entries} == {engine_user()}
    assert {entry.act for entry in entries} == {Act.IMPORTED}
    assert sorted(entry.target for entry in entries) == ["article", "article", "issue", "notice", "page"]
    assert all(version.is_intact for article in Article.objects.all() for version in versions(article))


def test_a_third_run_leaves_every_row_as_after_the_first(bring):
    bring(newspaper="青溪日报", date=datetime.date(2024, 3, 5), page=1)
    first = every_row()
    for _ in range(2):
        report = bring(newspaper="青溪日报", date=datetime.date(2024, 3, 5), page=1)
        assert (report.kind, report.reason) == ("unchanged", "")
    assert every_row() == first


def test_a_changed_engine_that_says_the_same_changes_no_more_than_its_mark(bring, engine_says):
    bring()
    first = every_row()
    engine_says(usual, "v2")
    assert bring().kind == "unchanged"
    second = every_row()
    assert first.pop("ingest.Source")[0] | {"read_with": ""} == second.pop("ingest.Source")[0] | {"read_with": ""}
    assert first == second
    third = every_row()
    assert bring().kind == "unchanged"
    assert every_row() == third


def test_where_nobody_has_touched_anything_the_page_follows_a_changed_engine(bring, engine_says):
    bring()
    before = set(Article.objects.values_list("pk", flat=True))
    engine_says(recut, "v2")
    report = bring()
    assert (report.kind, report.reason) == ("updated", "更新 3 条")
    bridge, spring = Article.objects.order_by("position")
    assert {bridge.pk, spring.pk} == before  # the same items go on
    assert bridge.captions == [] and [piece["text"] for piece in spring.captions] == ["图为大桥夜景。"]
    assert list(Credit.objects.filter(article=bridge).values_list("contributor__name", flat=True)) == ["王小明"]
    page = Page.objects.get()
    assert page.furniture == [] and [entry["text"] for entry in page.unplaced] == ["85660000"]
    assert not Finding.objects.exists()  # nobody had looked at it, and the engine no longer says it
    entry = HistoryEntry.objects.get(target=Target.ARTICLE, target_id=bridge.pk, act=Act.UPDATED)
    assert set(entry.before) == {"captions"} and entry.version == 2
    assert all(version.is_intact for article in (bridge, spring) for version in versions(article))
    after = every_row()
    assert bring().kind == "unchanged"
    assert every_row() == after


def test_an_edited_headline_survives_three_ingests_and_as_many_engines(bring, engine_says, editor):
    bring()
    bridge = Article.objects.get(position=1)
    content = {**bridge.content, "headline": "青溪大桥昨通车"}
    items.edit_item(item=bridge, content=content, base_version=1, actor=editor)
    for version, reader in enumerate([usual, recut, usual, recut]):
        engine_says(reader, f"v{version}")
        bring()
        bridge.refresh_from_db()
        assert bridge.content == content and bridge.version == 2


def test_what_readers_have_seen_is_settled_even_without_history(bring, engine_says, editor):
    """As after an import of data, which brings snapshots of its own."""
    bring(newspaper="青溪日报", date=datetime.date(2024, 3, 5), page=1)
    bridge, notice = Article.objects.get(position=1), Notice.objects.get()
    then = timezone.now()
    for item in (bridge, notice):
        made = snapshots.build(item, number=1, live_from=then, published_at=then, published_by=editor)
        made.live_until = then  # withdrawn at once: seen is seen
        made.save()
    engine_says(recut, "v2")
    assert bring().reason == "编辑已经动过、未改 3 条"
    before = (bridge.content, notice.content)
    bridge.refresh_from_db()
    notice.refresh_from_db()
    assert (bridge.content, notice.content) == before


def test_what_another_process_was_told_meanwhile_is_not_forgotten(bring, engine_says):
    bring()
    calls = []

    def slow(page, /, **known):
        calls.append(known)
        if len(calls) == 1:  # the other one comes and goes while this one reads
            assert bring(newspaper="青溪日报", page=3).kind == "updated"
        return recut(page, **known)

    engine_says(slow, "v2")
    assert bring().kind == "unchanged"
    assert Source.objects.get().hints == {"newspaper": "青溪日报", "page": 3}
    assert Page.objects.get().number == 3


def test_a_run_rolled_back_with_its_first_page_is_made_again(bring, monkeypatch):
    create, failures = ImportOutcome.objects.create, [IntegrityError("as if a commit had failed")]

    def unlucky(**values):
        made = create(**values)
        if failures:
            raise failures.pop()
        return made

    monkeypatch.setattr(ImportOutcome.objects, "create", unlucky)
    assert bring().kind == "created"
    assert ImportOutcome.objects.get().run == ImportRun.objects.get()


def mark_corrected(item, editor):
    items.mark_corrected(item=item, base_version=item.version, actor=editor)


def publish(item, editor):
    mark_corrected(item, editor)
    publishing.publish(item=item, actor=editor)
    signing.send_back(item=item, actor=editor, reason="再看")


def move_a_piece(item, editor):
    goal = Article.objects.get(position=2)
    items.move_piece(source=item, piece_id=item.body[1]["id"], target=goal, source_version=item.version, actor=editor)


def drop_a_piece(item, editor):
    items.edit_item(item=item, content={**item.content, "body": item.body[:1]}, base_version=1, actor=editor)


def change_and_change_back(item, editor):
    content = item.content
    item = items.edit_item(item=item, content={**content, "headline": "别的"}, base_version=1, actor=editor)
    items.edit_item(item=item, content=content, base_version=2, actor=editor)


@pytest.mark.parametrize("work", [mark_corrected, publish, move_a_piece, drop_a_piece, change_and_change_back])
def test_what_a_person_has_settled_survives_a_recut(bring, engine_says, editor, work):
    bring(newspaper="青溪日报", date=datetime.date(2024, 3, 5), page=1)
    work(Article.objects.get(position=1), editor)
    before = every_row()
    engine_says(recut, "v2")
    report = bring()
    assert report.kind == "updated" and "未改 2 条" in report.reason
    after = every_row()
    # The caption belongs to both articles' readings, so both stay; the notice and the hotline follow the engine.
    assert after["articles.Article"] == before["articles.Article"]
    assert after["articles.Credit"] == before["articles.Credit"]
    assert after["articles.Finding"] == before["articles.Finding"]
    assert Notice.objects.get().fields == {"declarant": "陈大力"}
    lists = Page.objects.values("unplaced", "set_aside", "furniture").get()
    assert "85660000" in [entry["text"] for entry in lists["unplaced"]] and lists["furniture"] == []
    dropped = list(before["articles.Page"][0]["unplaced"])
    assert all(entry in lists["unplaced"] for entry in dropped)
    assert bring().kind == "unchanged"
    assert every_row() == after


def test_text_outside_the_items_stays_when_it_would_go_into_a_settled_item(bring, engine_says, editor):
    bring()
    mark_corrected(Notice.objects.get(), editor)
    hotline = "85660000"

    def into_the_notice(page, /, **known):
        whole = usual(page, **known)
        more = Block(Role.PARAGRAPH, hotline, whole.furniture[0].spans, "")
        changed = replace(whole.items[2], body=(*whole.items[2].body, more))
        return replace(whole, items=(*whole.items[:2], changed), furniture=())

    engine_says(into_the_notice, "v2")
    before = every_row()["articles.Page"]
    assert bring().kind == "clash"
    assert every_row()["articles.Page"] == before
    assert [entry["text"] for entry in Page.objects.get().furniture] == [hotline]


def test_a_clash_alone_is_reported_once_and_changes_nothing_else(bring, engine_says, editor):
    bring()
    for item in (*Article.objects.all(), *Notice.objects.all()):
        mark_corrected(item, editor)
    page = Page.objects.get()
    page.set_aside, page.furniture = page.furniture, []
    page.save()
    engine_says(recut, "v2")
    report = bring()
    assert (report.kind, report.reason) == ("clash", "编辑已经动过、未改 3 条")
    assert ImportOutcome.objects.filter(kind="clash").count() == 1
    assert bring().kind == "unchanged"


def test_a_settled_finding_is_not_raised_again(bring, engine_says, editor):
    bring()
    findings.settle_finding(finding=Finding.objects.get(), state=FindingState.DISMISSED, actor=editor)
    engine_says(usual, "v2")
    bring()
    assert [finding.state for finding in Finding.objects.all()] == [FindingState.DISMISSED]


def test_a_settled_item_gets_no_new_findings(bring, engine_says, editor):
    bring()
    for each in Article.objects.all():
        mark_corrected(each, editor)
    more = EngineFinding("odd", (0, 1), "怪"), EngineFinding("odd", (PAGE.index("85660000"), len(PAGE) - 1), "怪")
    engine_says(lambda page, /, **known: replace(usual(page, **known), findings=more), "v2")
    bring()
    assert sorted((f.kind, f.article_id is None) for f in Finding.objects.all()) == [
        ("doubtful-figure", False),
        ("odd", True),
    ]


def test_a_settled_finding_of_the_page_keeps_its_words(bring, engine_says, editor):
    where = (PAGE.index("85660000"), len(PAGE) - 1)
    for version, message in enumerate(["一", "二", "三"]):
        finding = EngineFinding("odd", where, message)
        engine_says(lambda page, /, f=finding, **known: replace(usual(page, **known), findings=(f,)), f"v{version}")
        bring()
        if version == 1:
            assert Finding.objects.get().message == "二"  # nobody had looked at it: it follows the engine
            findings.settle_finding(finding=Finding.objects.get(), state=FindingState.DISMISSED, actor=editor)
    assert Finding.objects.get().message == "二"


def test_a_finding_moves_with_the_text_when_its_item_vanishes(bring, engine_says):
    text = "甲乙丙丁"

    def two(page, /, **known):
        return layout(
            page,
            article(page, body=["甲"]),
            article(page, body=["乙丙丁"]),
            findings=(EngineFinding("odd", (0, 1), "怪"),),
            **known,
        )

    def one(page, /, **known):
        return layout(page, article(page, body=["甲乙丙丁"]), findings=(EngineFinding("odd", (0, 1), "怪"),), **known)

    engine_says(two)
    bring(text)
    first, second = Article.objects.order_by("position")
    Finding.objects.create(page=first.page, article=first, key="rule", kind="rule", message="人提的")
    engine_says(one, "v2")
    report = bring(text)
    assert (report.kind, report.reason) == ("updated", "更新 1 条，并去 1 条")
    assert list(Article.objects.all()) == [second]
    assert Finding.objects.get(kind="odd").article == second
    assert Finding.objects.get(kind="rule").article is None  # what others raised stays with the page
    gone = HistoryEntry.objects.get(target=Target.ARTICLE, target_id=first.pk, act=Act.DELETED)
    assert gone.before["body"][0]["text"] == "甲"


def test_the_same_bytes_under_another_name_are_unchanged_and_say_so(bring):
    bring()
    before = every_row()
    report = bring(name="copy.txt")
    assert (report.kind, report.reason) == ("unchanged", "同样的文字已经以“001.txt”入库")
    assert every_row() == before


def test_a_headline_too_long_for_its_field_goes_into_the_body(bring, engine_says):
    text = "长" * 400 + "\n正文。"
    engine_says(lambda page, /, **known: layout(page, article(page, headline="长" * 400, body=["正文。"]), **known))
    assert bring(text).kind == "created"
    made = Article.objects.get()
    assert made.headline == "" and [len(piece["text"]) for piece in made.body] == [400, 3]


def test_a_page_that_rows_cannot_hold_fails_with_the_reason(bring, engine_says):
    text = "长" * 100_001
    engine_says(lambda page, /, **known: layout(page, article(page, body=[page]), **known))
    report = bring(text)
    assert report.kind == "failed" and "100000 字" in report.reason
    assert not Source.objects.exists()


def break_the_engine(monkeypatch):
    def fail(text, **more):
        raise ZeroDivisionError

    monkeypatch.setattr("ingest.engine.read_page", fail)


def lose_text_in_the_engine(monkeypatch):
    def fail(text, **more):
        raise LedgerError("文字没有归处")

    monkeypatch.setattr("ingest.engine.read_page", fail)


def lose_text_on_the_way(monkeypatch):
    """As a fault of the loader would: an item is cut from the layout, but never written."""

    def cut(layout):
        made = cut_page(layout)
        return type(made)(made.items[1:], made.outside)

    monkeypatch.setattr("ingest.arriving.cut_page", cut)


@pytest.mark.parametrize("fault", [break_the_engine, lose_text_in_the_engine, lose_text_on_the_way])
@pytest.mark.filterwarnings("ignore")
def test_a_file_that_fails_leaves_no_row_and_one_visible_trace(bring, monkeypatch, fault):
    before = every_row()
    with monkeypatch.context() as broken:
        fault(broken)
        report = bring()
        assert report.kind == "failed" and "报给开发者" in report.reason
        after = every_row()
        outcome = ImportOutcome.objects.get()
        assert (outcome.name, outcome.kind, outcome.reason) == ("001.txt", "failed", report.reason)
        assert ImportRun.objects.get().finished_at is not None
        assert bring().kind == "failed"  # the same again is not news
        assert every_row() == after
    for table in ("ingest.ImportRun", "ingest.ImportOutcome"):
        before.pop(table), after.pop(table)
    assert after == before
    assert bring().kind == "created"  # mended


def test_the_number_of_queries_does_not_grow_with_the_page(bring, engine_says):
    def many(count):
        text = "\n".join(f"第{n}条" for n in range(1000, 1000 + count))

        def reader(page, /, **known):
            return layout(
                page, *(article(page, headline=line, authors=(line[:5],)) for line in page.split("\n")), **known
            )

        return text, reader

    counts = []
    for size in (3, 90):
        text, reader = many(size)
        engine_says(reader)
        with CaptureQueriesContext(
            connection,
        ) as first:
            assert bring(text, name=f"{size}.txt").kind == "created"
        engine_says(
            lambda page, /, **known: layout(page, *(article(page, body=[t]) for t in page.split("\n")), **known), "v2"
        )
        with CaptureQueriesContext(connection) as second:
            assert bring(text, name=f"{size}.txt").kind == "updated"
        counts.append((len(first), len(second)))
    assert counts[0][0] <= 50 and counts[0][1] <= 50
    # Only the batches that SQLite's limit on parameters asks for may come on top.
    assert counts[1][0] - counts[0][0] <= 12 and counts[1][1] - counts[0][1] <= 12
    assert Newspaper.objects.count() == 0 and Issue.objects.count() == 2


def test_an_empty_layout_is_still_a_page(bring, engine_says):
    engine_says(lambda page, /, **known: layout(page, unplaced=[page], **known))
    report = bring("甲")
    assert (report.kind, report.reason) == ("created", "稿件 0，公告 0，未归位 1")
    assert [entry["text"] for entry in Page.objects.get().unplaced] == ["甲"]


def test_a_block_in_several_places_of_the_source_is_one_piece(bring, engine_says):
    text = "甲\n乙\n丙"
    block = Block(Role.PARAGRAPH, "丙甲", ((4, 5), (0, 1)), "")
    other = Block(Role.PARAGRAPH, "乙", ((2, 3),), "")
    engine_says(lambda page, /, **known: PageLayout(items=(ArticleItem(body=(block, other)),), **known))
    assert bring(text).kind == "created"
    assert [piece["id"] for piece in Article.objects.get().body] == ["s4", "s2"]


def test_every_field_the_engine_reads_from_a_notice_has_a_name_for_people():
    assert {field.name for field in fields(NoticeFields)} == set(NOTICE_FIELD_LABELS)
