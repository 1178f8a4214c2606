"""What the words of a page say about which piece goes on with which."""

from __future__ import annotations

import pytest

from ingest.engine.columns import Columns
from ingest.engine.fragments import fragments_of
from ingest.engine.joins import join
from ingest.engine.lines import split_lines
from ingest.engine.parts import follows
from ingest.engine.pictures import reads_as_caption
from ingest.engine.rows import read_rows
from ingest.engine.seams import Seams


@pytest.mark.parametrize(
    ("left", "right", "other"),
    [
        ("东街接连丢了九十一", "个井盖，昨晚", "度先生辨认"),  # a number and its measure word
        ("最难走的是那一", "段路，一边是峭壁", "对方告上法庭"),
        ("抬担架下楼，在拐角卡了", "十分钟。", "有人叹气"),  # how long it went on
    ],
)
def test_parts_of_speech_say_what_follows(left: str, right: str, other: str) -> None:
    assert follows(left, right) > follows(left, other) + 0.5


def test_marks_at_the_joint_say_nothing() -> None:
    assert follows("他说，", "今天来了") == 0.0
    assert follows("他说", "“今天来了") == 0.0


def test_a_name_the_page_knows_reads_on() -> None:
    """No dictionary has 祝兰英, but the page has her twice more."""
    seams = Seams(["这里住着退休教师祝兰", "英，今年六十岁。", "雄，今年六十岁。", "祝兰英说，祝兰英的花开了。"])
    assert seams.reads_on(0, 1) > seams.reads_on(0, 2) + 1.5
    assert seams.names("祝兰英说")
    assert not seams.names("英，今年")


PIECES = [
    "县医院的大夫说，这种病早发现就能治，住院手术的费用医保能报销大半。他检查了三十名患者的病历，",  # cut off
    "没有一个是早期。",
    "护士劝病人按时吃药，定期到门诊复查血压。县里的疾控中心正在给老人免费体检，查出病的当天就安排住院。",
    "一场没有进。",
    "球队的教练说，联赛还剩三轮，主场比赛的球票已经卖完。队员受伤的两名前锋下周恢复训练，冠军还有希望。",
]


def test_the_text_below_a_beginning_says_whose_it_is() -> None:
    """没有一个是早期 and 一场没有进 say nothing of themselves, what stands below them in their columns does."""
    columns = Columns(PIECES, [False, False, True, False, True])
    assert columns.agree(0, 1) > columns.agree(0, 3) + 1.0


def test_a_column_is_not_held_against_itself() -> None:
    assert Columns(PIECES, [False, True, True, True, True]).agree(4, 1) == 0.0


def test_a_sentence_that_shows_something_reads_as_a_caption() -> None:
    assert reads_as_caption("阿旺（左）在晒场上翻晒粉条。") > 2
    assert reads_as_caption("他说，今年的收成比去年好。") < 1
    assert reads_as_caption("图书整理等岗位。") < 1.5


def _paragraphs(page: str) -> list[str]:
    fragments = fragments_of(read_rows(page, split_lines(page)).rows)
    return ["".join(fragments[i].text for i in chain.fragments) for chain in join(fragments)]


BETWEEN = """\
桥下的工地上，账最好算。原计划十四个月，实际用

新桥合龙现场。曹骏摄

了十一个月零六天，省下来的时间靠的是夜里也不停工。
"""


def test_a_caption_between_two_halves_of_a_sentence_stays_out() -> None:
    found = _paragraphs(BETWEEN)
    assert any("实际用了十一个月" in text for text in found)
