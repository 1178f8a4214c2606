"""Sections of a torn story: where one begins, which subhead it has, and which has none."""

from __future__ import annotations

from dataclasses import replace

from ingest.engine.articles import divide
from ingest.engine.flow import steps_of
from ingest.engine.sections import breaks_of
from ingest.engine.units import Unit, Use

LEAD = (
    "乌溪廊桥修缮昨天完工。记者昨日走访廊桥，木匠师傅桂长根带着徒弟换下了旧梁，廊桥重新开放给镇上的人走。",
    "桂长根说，廊桥修缮一共用了三年，廊桥的每一根旧梁都编了号，廊桥两头的石阶也重新砌过。",
)
WOOD = (
    "廊桥的旧梁用的是百年杉木，杉木从后山的林场里运来，徒弟们把还能用的杉木一根根刨平上了桐油。",
    "林场的工人说，这样粗的杉木如今不多了，廊桥用掉的杉木都补种了树苗。",
)
MONEY = (
    "廊桥修缮的钱是镇上的人捐的，捐款的名单刻在桥头的碑上，捐款最多的一户出了八千元。",
    "管账的老人说，捐款一笔一笔都贴在廊桥边上，捐款还剩下两千元，留着换瓦。",
)
OTHER = (
    "本报讯 县医院的体检车昨天开进了三个村，给老人量血压、做心电图，医生当场看结果。",
    "医生说，体检车每个月来一次，老人的血压都记在册子上。",
)


def body(text: str, measure: float) -> Unit:
    width = int(measure)
    widths = tuple(float(len(text[at : at + width])) for at in range(0, len(text), width))
    return Unit(0, Use.BODY, text, ((0, 0),), 1, 0, "", 0.9, measure=measure, widths=widths)


def line(use: Use, text: str) -> Unit:
    return Unit(0, use, text, ((0, 0),), 1, 0, "", 0.9)


def page(*units: Unit) -> list[Unit]:
    return [
        replace(
            unit,
            order=n,
            line=n,
            spans=((n * 1000, n * 1000 + len(unit.text)),),
            fragments=(n,),
            is_dateline=unit.text.startswith("本报讯"),
        )
        for n, unit in enumerate(units)
    ]


def test_a_frame_has_one_measure() -> None:
    units = page(*(body(text, 12) for text in WOOD), *(body(text, 15) for text in LEAD))
    assert breaks_of(range(4), steps_of(units)) == [True, False, True, False]
    assert breaks_of(range(4), steps_of(page(*(body(text, 12) for text in (*WOOD, *LEAD))))) == [True, *[False] * 3]


def test_each_section_gets_its_subhead_and_the_one_without_is_the_lead() -> None:
    units = page(
        *(body(text, 12) for text in WOOD),
        *(body(text, 14) for text in OTHER),
        line(Use.TITLE, "乌溪廊桥修缮完工重新开放"),
        line(Use.TITLE, "体检车开进三个村"),
        line(Use.BYLINE, "本报记者 向晚"),
        *(body(text, 12) for text in MONEY),
        *(body(text, 16) for text in LEAD),
        line(Use.TITLE, "算账 捐款刻在碑上"),
        line(Use.TITLE, "选料 杉木来自林场"),
    )
    story = max(divide(units).stories, key=lambda story: len(story.body))
    assert [unit.text for unit in story.titles] == ["乌溪廊桥修缮完工重新开放"]
    assert ["".join(unit.text for unit in run) for run in story.body] == [
        *LEAD,
        "选料 杉木来自林场",
        *WOOD,
        "算账 捐款刻在碑上",
        *MONEY,
    ]
