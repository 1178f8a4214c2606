"""How lines of a column come apart into paragraphs: rules of newspaper setting, each with an example."""

from __future__ import annotations

from itertools import pairwise

import pytest

from ingest.engine.lines import split_lines
from ingest.engine.measures import Block, read_blocks
from ingest.engine.rows import Row, read_rows
from ingest.engine.setting import head_width, read_block


def rows(text: str) -> tuple[Row, ...]:
    return read_rows(text, split_lines(text)).rows


def paragraphs(text: str, measure: float) -> list[str]:
    lines = rows(text)
    starts = [*read_block(lines, measure).starts, len(lines)]
    return ["".join(row.text for row in lines[a:b]) for a, b in pairwise(starts)]


def test_a_short_last_line_and_an_indented_one_part_paragraphs() -> None:
    text = "今天上午市里开了一次会，\n会上说的事情大家都听清楚了。\n散会。\n"
    text += "随后几位代表到村里走访，\n看了新修的水渠和刚插下的秧。"
    assert paragraphs(text, 14) == [
        "今天上午市里开了一次会，会上说的事情大家都听清楚了。散会。",
        "随后几位代表到村里走访，看了新修的水渠和刚插下的秧。",
    ]


def test_a_first_line_that_ends_with_a_full_stop_is_no_paragraph() -> None:
    text = "他买到的莴笋来自沙河镇。\n每年这个时候沙河镇的菜地边都\n停满了货车。"
    assert len(paragraphs(text, 14)) == 1


def test_a_short_line_without_a_full_stop_above_an_indented_one_is_a_subhead() -> None:
    text = "爷爷的煤油灯\n爷爷年轻时上了这座海岛，\n灯塔里点的还是煤油，每隔两个\n小时要上去添一次油。"
    cast = read_block(rows(text), 14)
    assert cast.starts == (0, 1)
    assert cast.subheads == {0}


def test_a_full_first_line_goes_on_with_a_paragraph_from_elsewhere() -> None:
    text = "每年这个时候沙河镇的菜地边都\n停满了货车。"
    assert read_block(rows(text), 14).resumes > 1
    assert read_block(rows("　　" + text[2:]), 14).resumes < 0


@pytest.mark.parametrize(
    ("text", "width"), [("工作", 1.0), ("得。”他说", 3.0), ("2023年", 2.0), ("“好”字", 3.0), ("——记者", 2.0)]
)
def test_what_can_not_be_parted_from_the_head_of_a_line(text: str, width: float) -> None:
    assert head_width(text) == width


def test_a_block_of_one_line_has_the_measure_of_its_frame() -> None:
    column = "今天上午市里开了一次会，\n会上说的事情大家都听清楚了，\n散会以后各自回去准备秋收的事"
    blocks = [Block(rows(column), False), Block(rows("情，一个也没有落下。"), False)]
    assert [reading.measure for reading in read_blocks(blocks)] == [14, 14]


def test_title_lines_have_no_measure() -> None:
    column = "今天上午市里开了一次会，\n会上说的事情大家都听清楚了，\n散会以后各自回去准备秋收的事"
    blocks = [Block(rows(column), False), Block(rows("秋收在即 全市备足农机\n——一次现场会见闻"), False)]
    assert [reading.measure for reading in read_blocks(blocks)] == [14, 0]


def test_title_lines_of_like_length_show_no_measure() -> None:
    column = (
        "今天上午市里开了一次会，\n会上说的事情大家都听清楚了，\n散会以后各自回去准备秋收的事\n情，一个也没有落下。"
    )
    heap = "沿江大道夜市年底前搬迁\n新址可容纳摊位380个，\n划定三条“静街”"
    blocks = [Block(rows(column), False), Block(rows(heap), False), Block(rows("轿车悬在江边\n钢缆拉回"), False)]
    assert [reading.measure for reading in read_blocks(blocks)] == [14, 0, 0]
