"""The lines of one heading: which are one title, and what each title is."""

from __future__ import annotations

import pytest

from ingest.engine.parts import tells
from ingest.engine.titles import Heading, read_heading
from ingest.engine.units import Unit, Use


def heading(*lines: str) -> Heading:
    units, start = [], 0
    for number, text in enumerate(lines):
        units.append(Unit(number, Use.TITLE, text, ((start, start + len(text)),), 0, number, "", 1.0))
        start += len(text) + 1
    return read_heading(units)


def told(found: Heading) -> list[str]:
    blocks = (found.column, found.kicker, found.headline, *found.deck)
    return [f"{block.role.value} {block.text}" for block in blocks if block]


@pytest.mark.parametrize("label", ["街坊话题", "农技坐诊", "记者手记", "午议", "短波", "图说", "相关链接"])
def test_a_label_is_no_half_of_a_headline(label: str) -> None:
    assert told(heading(label, "老桥边的修表摊")) == [f"column {label}", "headline 老桥边的修表摊"]


@pytest.mark.parametrize("line", ["三代人的日记", "春运首日", "3名人物", "今晨降雪"])
def test_what_tells_something_is_no_label(line: str) -> None:
    assert not heading(line, "站前广场不见长队").column


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("二十年前的那笔“糊涂账”", "算清楚了"),
        ("全县十四家乡镇卫生院", "可直接结算"),
        ("渡口边的老邮亭", "为什么没人用"),
    ],
)
def test_a_short_rest_that_tells_something_ends_the_headline(left: str, right: str) -> None:
    assert told(heading(left, right)) == [f"headline {left} {right}"]


@pytest.mark.parametrize(
    ("left", "right"), [("他把货车开成了“流动诊所”", "的哥冬夜送药记"), ("沿江大道今起封闭施工", "市民请绕行")]
)
def test_a_rest_that_names_somebody_is_a_title_of_its_own(left: str, right: str) -> None:
    assert told(heading(left, right)) == [f"headline {left}", f"deck {right}"]


def test_what_is_told_and_of_whom() -> None:
    assert min(map(tells, ("改过来了", "是个学生", "为什么没人"))) > 1
    assert max(map(tells, ("学生代表", "昨日上午", "的哥送药"))) < 0
    assert tells("，") == 0


def test_a_question_longer_than_the_headline_is_its_deck() -> None:
    lines = ("冰箱里的“账本”", "团购退潮之后，谁来管那些自提点？")
    assert told(heading(*lines)) == [f"headline {lines[0]}", f"deck {lines[1]}"]
