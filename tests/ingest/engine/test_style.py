"""How newspapers are set, rule by rule: each row is a thing newsprint does and what the engine makes of it."""

from __future__ import annotations

import time

import pytest

from ingest.engine import ArticleItem, PageLayout, Role, read_page
from ingest.engine.bylines import credited, parse_byline
from ingest.engine.classify import Kind, classify
from ingest.engine.fluency import word_gain
from ingest.engine.fragments import heads_box, listed
from ingest.engine.lines import split_lines
from ingest.engine.rows import Row, read_rows
from ingest.engine.text import close_up, ends_sentence, width_of
from ingest.engine.titles import is_column_name, join_titles


def row(text: str) -> Row:
    return Row(1, ((0, len(text)),), text, width_of(text), 1)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("本报记者 曾小凤", ("曾小凤",)),  # the commonest byline
        ("通讯员 叶端端 本报记者 颜薇", ("叶端端", "颜薇")),  # correspondents may come first
        ("N海都记者 杨江参", ("杨江参",)),  # the paper's mark before its name
        ("融媒体记者范金林 通讯员尤怀思", ("范金林", "尤怀思")),  # no blank after the office
        ("通讯员 林晓燕 文/图", ("林晓燕",)),  # who wrote and photographed
        ("本报记者 张 三 李 四", ("张三", "李四")),  # names of two characters set to the width of three
        ("□ 李宝  王丁", ("李宝", "王丁")),  # a mark and bare names
        ("本报记者 索朗多吉 通讯员 李四光", ("索朗多吉", "李四光")),  # no surname, but nothing else stands there
        ("记者 七嘴八舌", None),  # a word of the language is no name
        ("讲述人 张三 整理 李四光", ("张三", "李四光")),  # whose story it is, and who wrote it down
        ("读者来信", None),  # a heading
        ("（记者 张三 通讯员 李四光）", ("张三", "李四光")),  # in brackets under the story
        ("记者了解到，各创建", None),  # a sentence about a reporter
        ("文化特派员下乡", None),  # 文 is also the first half of words
        ("本报通讯员 荣晓棠", ("荣晓棠",)),
        ("省农科院研究员 王大明", ("王大明",)),  # who gives advice signs with a post
        ("○省植保站 李明", ("李明",)),
        ("律师 说法", None),
        ("口述：屠水根 整理：章以宁", ("屠水根", "章以宁")),
    ],
)
def test_byline(text: str, names: tuple[str, ...] | None) -> None:
    assert parse_byline(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("本报讯（记者 许春 陈巧玲）昨日上午", ("许春", "陈巧玲")),
        ("新华社北京12月20日电（记者张三、李四）", ("张三", "李四")),
        ("海都讯 老旧小区改造，事关（居民）", ()),  # the bracket names nobody
    ],
)
def test_credit_behind_a_dateline(text: str, names: tuple[str, ...]) -> None:
    assert credited(text) == names


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("本报讯（记者 甲乙）昨日", Kind.DATELINE),
        ("海都讯 老旧小区改造，事关居民", Kind.DATELINE),
        ("新华社北京12月20日电（记者张三）", Kind.DATELINE),
        ("▲工作人员在测温。", Kind.CAPTION),  # the arrow points at the picture
        ("▲晚报记者 韦婷", Kind.BYLINE),  # but nothing is shown here
        ("▲记者在测温。本报记者 韦婷 摄", Kind.CAPTION),
        ("图为活动现场。", Kind.CAPTION),
        ("志愿者在包饺子。（张三 摄）", Kind.CAPTION),  # the credit ends it
        ("2025年12月20日 星期六", Kind.FURNITURE),
        ("A3 社会 2025年3月4日 星期二", Kind.FURNITURE),
        ("责任编辑：甲 校对：乙", Kind.FURNITURE),
        ("新闻热线：85661234", Kind.FURNITURE),
        ("2025年他病了，住院三天。", Kind.TEXT),  # a date in a sentence is no folio
    ],
)
def test_line_with_a_role_of_its_own(text: str, kind: Kind) -> None:
    assert classify(row(text)).kind is kind


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("晋 江 市 池 峰 路 南 延 片 区", "晋江市池峰路南延片区"),  # driven apart to fill the line
        ("截至 2021 年 11 月", "截至2021年11月"),  # blanks round figures are setting
        ("（记者 许春 陈巧玲）", "（记者 许春 陈巧玲）"),  # blanks between names are meant
    ],
)
def test_blanks_of_setting_are_closed_up(text: str, closed: str) -> None:
    assert close_up(text) == closed


@pytest.mark.parametrize(
    ("left", "right", "joined"),
    [
        ("晋江获评", "全国医养结合示范市", "晋江获评 全国医养结合示范市"),  # two clauses keep a blank
        ("还探索形成“全民一体化”", "和“医养康融合”的实践", "还探索形成“全民一体化”和“医养康融合”的实践"),
        ("一楼一策搭起连心", "桥", "一楼一策搭起连心桥"),  # a word cut by the line's end
    ],
)
def test_title_over_two_lines(left: str, right: str, joined: str) -> None:
    assert join_titles(left, right) == joined


def test_a_word_across_the_seam_is_heard() -> None:
    assert word_gain("的应急指", "挥平台") > word_gain("安全生产。", "昨日上午")


@pytest.mark.parametrize("name", ["市长专线", "喜迎党代会", "【图片新闻】"])
def test_column_name(name: str) -> None:
    assert is_column_name(name)


@pytest.mark.parametrize(
    ("text", "heads"),
    [
        ("链接：廊桥知多少", True),  # a box beside the story
        ("记者手记：慢慢来", True),
        ("编后：修桥要修心", True),
        ("编后：修桥要修心。", False),  # a sentence: the paragraph itself
        ("问：桥修好了吗", False),  # questions and answers are paragraphs
    ],
)
def test_title_of_a_box(text: str, heads: bool) -> None:
    assert heads_box(text) is heads


@pytest.mark.parametrize(
    ("text", "ends"), [("好。", True), ("他说：“好。”", True), ("好。（张三）", True), ("好，", False)]
)
def test_end_of_a_sentence(text: str, ends: bool) -> None:
    assert ends_sentence(text) is ends


def test_lines_end_where_unicode_says() -> None:
    text = "甲\r\n乙\r丙\n丁\x0c戊\u2028己"
    lines = split_lines(text)
    assert [line.text for line in lines] == list("甲乙丙丁戊己")
    assert all(text[line.start : line.end] == line.text for line in lines)


COLUMN = """新桥通车 居民点赞

本报讯（记者 林小杰）昨日上
午，横跨九十九溪的新桥正式通
车，两岸居民往来只要五分钟。

新桥全长三百米，双向四车道，

▲新桥夜景。

桥面两侧设有人行道和自行车
道，总投资八千万元。（下转第三版）
"""


def article(layout: PageLayout) -> ArticleItem:
    (item,) = layout.items
    assert isinstance(item, ArticleItem)
    return item


def test_a_column_of_newsprint() -> None:
    layout = read_page(COLUMN)
    item = article(layout)
    assert item.headline is not None and item.headline.text == "新桥通车 居民点赞"
    assert [block.text for block in item.body] == [
        "本报讯（记者 林小杰）昨日上午，横跨九十九溪的新桥正式通车，两岸居民往来只要五分钟。",
        # cut after a comma, a caption in between
        "新桥全长三百米，双向四车道，桥面两侧设有人行道和自行车道，总投资八千万元。",
    ]
    assert [block.text for block in item.captions] == ["▲新桥夜景。"]
    assert item.authors == ("林小杰",)
    assert item.continued_on == "第三版"
    assert [(b.text, b.reason) for b in layout.removed] == [("（下转第三版）", "continuation marker")]


def test_a_dateline_glued_to_a_subhead_begins_as_the_page_s_others_do() -> None:
    text = "城关晚报讯（记者 韦婷）昨天下了雨，河水涨了半米。\n\n下一步 管家也要有人管城关晚报讯 井盖翘了，路灯瞎了。\n"
    rows = read_rows(text, split_lines(text)).rows
    assert [row.text for row in rows][1:] == ["下一步 管家也要有人管", "城关晚报讯 井盖翘了，路灯瞎了。"]


def test_dots_after_complete_paragraphs_are_the_recogniser_s() -> None:
    layout = read_page("本报讯（记者 林小杰）" + "昨日，新桥通车，两岸居民往来只要五分钟。" * 3 + "...")
    assert [(b.text, b.role, b.reason) for b in layout.removed] == [("...", Role.REMOVED, "extraction artefact")]


@pytest.mark.parametrize(
    "text",
    ["晋江" * 100_000, "字\n" * 20_000, "，。！？" * 10_000, "“" * 40_000, "（下转" * 15_000, "▲图\n" * 5_000],
    ids=["one line", "one-character lines", "punctuation", "quotes", "half a jump line", "captions"],
)
def test_hostile_text_costs_linear_time(text: str) -> None:
    start = time.perf_counter()
    read_page(text)
    assert time.perf_counter() - start < 60  # seconds when it is linear, hours when it is not


def test_a_stage_that_fails_loses_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr("ingest.engine.pipeline.divide", fail)
    layout = read_page(COLUMN)
    assert not layout.items
    assert "".join("".join(b.text.split()) for b in layout.unplaced) == "".join(COLUMN.split())
    assert [finding.kind for finding in layout.findings] == ["engine-fault"]


def test_lines_of_a_table_are_paragraphs_of_an_item_of_their_own() -> None:
    story = "本报讯（记者 林小杰）" + "昨日，跨越九十九溪的新桥通车，两岸居民往来只要五分钟。" * 3
    table = ["芋头 2.40元/公斤", "", "茭白 3.10元/公斤", "毛豆 2.80元/公斤", "（东门、北门两市场均价）"]
    layout = read_page("\n".join(["新桥通车", "", story, "", *table]))
    assert isinstance(layout.items[-1], ArticleItem)
    assert [block.text for block in layout.items[-1].body] == [line.replace(" ", "") for line in table if line]


def test_two_lines_with_figures_are_no_table() -> None:
    lines = split_lines("芋头 2.40元/公斤\n茭白 3.10元/公斤\n电话：2345678 林小杰\n")
    assert listed([row(line.text) for line in lines if line.text]) == []
