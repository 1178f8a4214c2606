"""Layouts that are given instead of read: what the engine printed goes in as it stands, and outranks it afterwards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from articles.actions import items
from articles.models import Act, Article, HistoryEntry, Notice
from ingest import engine
from ingest.cutting import cut_page
from ingest.engine import LayoutError, layout_from_json, layout_to_json, read_page
from ingest.models import Provenance, Source
from tests.ingest.conftest import every_row
from tests.ingest.layouts import PAGE, recut, usual
from tests.ingest.test_command import ingest

pytestmark = pytest.mark.django_db

SEEDS = sorted(Path("seeds").rglob("*.txt"))


def refuse(text, **more):
    raise AssertionError("the engine was asked")


@pytest.fixture
def known(tmp_path, engine_says):
    """Two pages and their layouts, and an engine that must not be asked any more."""
    engine_says(usual)
    pages = tmp_path / "pages"
    (pages / "b").mkdir(parents=True)
    (pages / "a.txt").write_text(PAGE, "utf-8")
    (pages / "b" / "c.txt").write_text(PAGE + " ", "utf-8")
    layouts = tmp_path / "layouts.jsonl"
    assert ingest(pages, dry_run=True, json=layouts)[0] == 0
    engine_says(refuse, "v2")
    return pages, layouts


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name[:3])
def test_what_is_printed_is_read_back(path):
    text = path.read_bytes().decode()
    printed = json.loads(json.dumps(layout_to_json(read_page(text, source=path.name))))
    again = layout_from_json(printed)
    engine.check(text, again)
    assert json.loads(json.dumps(layout_to_json(again))) == printed


def test_a_given_layout_makes_the_rows_that_the_engine_made(known, engine_says):
    pages, layouts = known
    status, out, _ = ingest(pages, layouts=layouts)
    assert status == 0 and out.count("稿件 2，公告 1，照给出的排法") == 2
    wanted = cut_page(usual(PAGE)).items
    for name in ("a.txt", "b/c.txt"):
        held = [p.article or p.notice for p in Provenance.objects.filter(source__name=name).order_by("pk")]
        assert sorted(item.position for item in held if item) == [cut.position for cut in wanted]
        assert {item.position: item.content for item in held if item} == {cut.position: cut.content for cut in wanted}
        pieces = {key: value for p in Provenance.objects.filter(source__name=name) for key, value in p.pieces.items()}
        assert pieces == {key: value for cut in wanted for key, value in cut.pieces.items()}
    assert {entry.reason for entry in HistoryEntry.objects.filter(act=Act.IMPORTED, target="article")} == {
        "照给出的排法，来自 a.txt",
        "照给出的排法，来自 b/c.txt",
    }
    assert Source.objects.filter(read_with__startswith="given-").count() == 2
    first = every_row()
    assert ingest(pages, layouts=layouts)[1].count("未变") >= 2
    assert every_row() == first
    assert Article.objects.count() == 4 and Notice.objects.count() == 2


def test_layouts_may_stand_beside_their_texts(known):
    pages, layouts = known
    for line in layouts.read_text("utf-8").splitlines():
        said = json.loads(line)
        (pages / said["source"]).with_suffix(".json").write_text(json.dumps(said, indent=1), "utf-8-sig")
    assert ingest(pages, layouts=pages)[0] == 0
    assert Source.objects.filter(read_with__startswith="given-").count() == 2


def test_a_file_without_a_layout_is_read_by_the_engine(known, engine_says):
    pages, layouts = known
    engine_says(usual)
    layouts.write_text(layouts.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    assert ingest(pages, layouts=layouts)[0] == 0
    assert Source.objects.get(read_with__startswith="given-").name == "a.txt"


def test_a_given_layout_outranks_the_engine_and_what_is_said_needs_it_again(known):
    pages, layouts = known
    ingest(pages, layouts=layouts)
    before = every_row()
    status, out, _ = ingest(pages)
    assert status == 0 and out.count("未变") >= 2 and every_row() == before
    status, out, _ = ingest(pages, section="要闻")
    assert status == 3 and "照给出的排法入库" in out
    status, out, _ = ingest(pages, layouts=layouts, section="要闻")
    assert status == 0 and "改了日期版次" in out


def test_another_layout_is_followed_but_not_where_an_editor_has_settled(known, engine_says, editor):
    pages, layouts = known
    ingest(pages, layouts=layouts)
    mine = Article.objects.filter(headline="青溪大桥建成通车").order_by("pk")[0]
    items.edit_item(item=mine, content={**mine.content, "headline": "大桥昨通车"}, base_version=1, actor=editor)
    engine_says(recut, "v3")
    other = layouts.with_name("other.jsonl")
    pages_before = dict(Article.objects.values_list("pk", "content_hash"))
    lines = [layout_to_json(recut((pages / name).read_text("utf-8"), source=name)) for name in ("a.txt", "b/c.txt")]
    other.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    engine_says(refuse, "v4")
    assert ingest(pages, layouts=other)[0] in (0, 3)
    mine.refresh_from_db()
    assert mine.headline == "大桥昨通车"
    assert dict(Article.objects.values_list("pk", "content_hash")) != pages_before


def changed(said: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**said, **more}


def with_block(said: dict[str, Any], **more: Any) -> dict[str, Any]:
    first, *rest = said["blocks"]
    return {**said, "blocks": [{**first, **more}, *rest]}


WRONG = [
    (lambda said: changed(said, blocks=None), "blocks：缺少"),
    (lambda said: changed(said, items={}), "items：缺少"),
    (lambda said: with_block(said, role="headlin"), "blocks[0].role：没有“headlin”"),
    (lambda said: with_block(said, role=["headline"]), "blocks[0].role：缺少"),
    (lambda said: with_block(said, spans=[]), "blocks[0].spans：没有位置"),
    (lambda said: with_block(said, spans=[[3, 1]]), "blocks[0].spans[0]"),
    (lambda said: with_block(said, spans=[[True, 2]]), "blocks[0].spans[0]"),
    (lambda said: with_block(said, item=9), "没有第 9 条"),
    (lambda said: with_block(said, item=None), "与 item 不符"),
    (lambda said: with_block(said, item=2), "notice 里不能有 headline"),
    (lambda said: with_block(said, text="青溪大桥建成"), "items[0].headline：与 blocks"),
    (lambda said: with_block(said, confidence=1.5), "blocks[0].confidence"),
    (lambda said: with_block(said, confidence="高"), "blocks[0].confidence"),
    (lambda said: changed(said, date="2025-13-01"), "date：应是 2025-12-20 这样的日期"),
    (lambda said: changed(said, page="四"), "page：应是整数"),
    (lambda said: changed(said, furniture=["别的"]), "furniture：与 blocks"),
    (lambda said: changed(said, findings=[{"kind": "x", "message": "y"}]), "findings[0].where"),
    (lambda said: changed(said, items=[{**said["items"][0], "type": "advert"}, *said["items"][1:]]), "items[0].type"),
    (
        lambda said: changed(said, items=[*said["items"][:2], {**said["items"][2], "fields": {"sum": "1"}}]),
        "items[2].fields：没有 sum",
    ),
    (lambda said: [said], "应是一个 JSON 对象"),
]


@pytest.mark.parametrize(("change", "told"), WRONG, ids=[told for _, told in WRONG])
def test_a_mistake_is_named_with_its_place(change, told):
    said = json.loads(json.dumps(layout_to_json(usual(PAGE))))
    assert layout_from_json(said) is not None
    with pytest.raises(LayoutError) as refused:
        layout_from_json(change(said))
    assert told in str(refused.value)


def test_a_layout_that_does_not_fit_its_text_is_refused_by_file_and_place(known):
    pages, layouts = known
    (pages / "b" / "c.txt").write_text(PAGE.replace("三公里", "四公里"), "utf-8")
    status, out, _ = ingest(pages, layouts=layouts)
    assert status == 1
    assert "新建 1" in out and "失败 1" in out
    assert f"{layouts} 第 2 行：与来源文字对不上：段块与来源不符" in out
    assert Source.objects.count() == 1


def test_findings_beyond_the_text_are_refused(known):
    pages, layouts = known
    said = json.loads(layouts.read_text("utf-8").splitlines()[0])
    said["findings"] = [{"kind": "x", "where": [0, 100_000], "message": "y"}]
    (pages / "a.json").write_text(json.dumps(said), "utf-8")
    (pages / "b" / "c.txt").unlink()
    status, out, _ = ingest(pages, layouts=pages)
    assert status == 1 and "位置超出了来源" in out and not Source.objects.exists()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "不是 JSON"),
        (r'{"source": "a.txt", "section": "\ud800"}', "只写了一半的字符"),
        ("[" * 100_000, "嵌套太深"),
        ('{"source": ""}', "没有写明是哪个文件"),
        ("[]", "没有写明是哪个文件"),
        ('{"source": "a.txt"}', "“a.txt”在第 1 行已经有了"),
    ],
)
def test_lines_are_looked_at_before_anything_is_written(known, line, told):
    pages, layouts = known
    with layouts.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    status, _, err = ingest(pages, layouts=layouts)
    assert status == 2 and f"{layouts} 第 3 行：" in err and told in err
    assert not Source.objects.exists()


def test_layouts_that_are_not_there_are_refused(known, tmp_path):
    assert ingest(known[0], layouts=tmp_path / "none.jsonl")[0] == 2


def test_a_dry_run_foresees_a_page_with_its_layout_and_prints_it(known):
    pages, layouts = known
    status, out, _ = ingest(pages, layouts=layouts, dry_run=True, json="-")
    assert status == 0 and out == layouts.read_text("utf-8")
    assert not Source.objects.exists()
