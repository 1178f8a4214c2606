"""What stands under pictures: how a caption without a mark is known, where it ends, and whose it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.engine import ArticleItem, read_page
from ingest.engine.captions import LEAST, NEEDED, PLAIN, late_captions
from ingest.engine.pictures import reads_as_caption
from ingest.engine.units import Unit, Use

HEAD = "河湾里的书船\n\n本报记者 张明\n\n"
ONE = (
    "清早的河湾起了雾，书船靠上码头的时候，岸边已经站着十几个等着还书的孩子，船工老秦把跳板搭好，才肯让他们上来。"
    "船舱不大，三面都是书架，地上铺着草席，先来的坐下就看，后来的在船头排队，谁也不大声说话。\n\n"
)
TWO = (
    "“头一年只有二百本书，翻得卷了边还在借。”老秦说起从前，伸手摸了摸船舷。他原来是运沙的船工，后来河里不许"
    "采沙，村里的小学也并到了镇上，他就把沙船改成了书船，一个月在七个码头之间走一圈，风雨不停。\n\n"
)
THREE = (
    "书船传到女儿手里，舱里多了两台电脑和一盏台灯。她给每个码头都建了一本账，谁借了什么、几时该还，一笔一笔"
    "写得清楚。她常说，河水涨落有时，书不能断，断了一次，孩子们下回就不来等了，这条河也就白走了。\n\n"
)
ALONE = "老秦的女儿给孩子们讲解规矩。"


def articles(text: str) -> list[ArticleItem]:
    return [item for item in read_page(text).items if isinstance(item, ArticleItem)]


def captions(text: str) -> list[str]:
    return [block.text for item in articles(text) for block in item.captions]


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("化验员核对当天的牛奶数据。", PLAIN),  # the 据 of 数据 says nothing of who told it
        ("一位老人在“记忆小屋”学习折纸。", NEEDED),  # one person somewhere: no 一是, 一要
        ("北岸水面，昔日的采石坑如今鱼鸟成群。", 0.7),  # then and now
    ],
)
def test_words_of_a_caption(text: str, least: float) -> None:
    assert reads_as_caption(text) >= least


@pytest.mark.parametrize(
    "text", ["二百六十斤。", "一要看清楚。", "据县水利局统计。", "“都在这里了。”", "副县长林小平参加会议。"]
)
def test_words_of_the_story(text: str) -> None:
    assert reads_as_caption(text) < PLAIN


def test_a_plain_sentence_by_itself_is_a_caption_where_nothing_wants_its_rest() -> None:
    assert len(ALONE) >= LEAST
    assert PLAIN <= reads_as_caption(ALONE) < NEEDED
    assert captions(HEAD + ONE + TWO + ALONE + "\n\n" + THREE) == [ALONE]


@pytest.mark.parametrize(("is_open", "found"), [(False, {1}), (True, set())])
def test_where_a_paragraph_is_cut_it_may_be_the_rest(is_open: bool, found: set[int]) -> None:
    texts = [ONE.strip(), ALONE, THREE.strip()]
    units = [
        Unit(n, Use.BODY, text, ((n * 200, n * 200 + len(text)),), 1, n, "段落", 0.9, fragments=(n,), widths=(99.0,))
        for n, text in enumerate(texts)
    ]
    assert late_captions([units[0], units[1], replace(units[2], is_open=is_open)], {}) == found


def test_a_few_words_may_be_the_end_of_a_paragraph() -> None:
    assert captions(HEAD + ONE + TWO + "河水涨到了六米。\n\n" + THREE) == []


def test_below_the_heading_it_opens_the_story() -> None:
    text = HEAD + ALONE + "\n\n" + ONE + TWO + THREE
    assert captions(text) == []
    assert articles(text)[0].body[0].text == ALONE


def test_the_name_of_a_picture_at_the_end_of_the_page_is_its_caption() -> None:
    assert captions(HEAD + ONE + TWO + THREE + "河湾晨雾\n") == ["河湾晨雾"]


def test_what_the_page_does_not_speak_of_is_no_picture_s_name() -> None:
    assert captions(HEAD + ONE + TWO + THREE + "诚信天下\n") == []


def test_whoever_took_the_picture_ends_its_caption_in_a_line_of_its_own() -> None:
    text = HEAD + ONE + "▲书船停靠在晨雾中的河湾里。\n张小明 摄\n\n" + TWO + THREE
    assert captions(text) == ["▲书船停靠在晨雾中的河湾里。张小明 摄"]


def test_a_credit_behind_a_blank_line_may_be_another_picture_s() -> None:
    text = HEAD + ONE + "▲书船停靠在晨雾中的河湾里。\n\n张小明 摄\n\n" + TWO + THREE
    assert "▲书船停靠在晨雾中的河湾里。" in captions(text)
