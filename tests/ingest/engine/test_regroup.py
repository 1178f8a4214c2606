"""Which paragraphs open a story, and how a grouping is mended as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import replace

import pytest

from ingest.engine.articles import divide
from ingest.engine.cohesion import Group, Grouping
from ingest.engine.flow import steps_of
from ingest.engine.heads import Headings
from ingest.engine.leads import lead_odds
from ingest.engine.regroup import regroup
from ingest.engine.topics import pairs_of, topics_over
from ingest.engine.units import Unit, Use


def all_headed(grouping: Grouping) -> Headings:
    """As if every story had a heading, whatever the grouping: then headings say nothing."""
    return Headings(dict.fromkeys(range(len(grouping.groups)), (0,)), (), (), {})


def units_of(*lines: tuple[Use, str]) -> list[Unit]:
    return [
        Unit(n, use, text, ((n * 1000, n * 1000 + len(text)),), 1, n, "", 0.9, fragments=(n,))
        for n, (use, text) in enumerate(lines)
    ]


LIGHTHOUSE = (
    "灯塔立在礁石上，守塔人翁其昌每天傍晚点亮灯塔的煤油灯，渔船循着灯塔的光回港。",
    "翁其昌说，台风夜里灯塔的玻璃碎了，他用棉袄堵住风口，守着煤油灯到天亮，渔船都平安回港。",
)
BRIDGE = (
    "横跨乌溪的廊桥修缮完工，木匠师傅桂长根带着徒弟换下廊桥的旧梁，瓦片也重新铺过。",
    "桂长根说，廊桥的旧梁用的是百年杉木，徒弟们把还能用的杉木编了号，廊桥修缮一共用了三年。",
)


@pytest.mark.parametrize(
    ("lines", "opens"),
    [
        (((Use.BODY, LIGHTHOUSE[0]), (Use.BODY, BRIDGE[0])), False),  # nothing above it but another paragraph
        (((Use.BODY, LIGHTHOUSE[0]), (Use.BYLINE, "本报记者 向晚"), (Use.BODY, BRIDGE[0])), True),
        (((Use.BODY, LIGHTHOUSE[0]), (Use.TITLE, "民生热线"), (Use.BODY, BRIDGE[0])), True),  # a column's name
        (((Use.BODY, LIGHTHOUSE[0]), (Use.TITLE, "换下旧梁"), (Use.BODY, BRIDGE[0])), False),  # rather a subhead
        (((Use.BODY, LIGHTHOUSE[0]), (Use.BODY, "编辑同志：" + BRIDGE[0])), True),
        (((Use.BODY, LIGHTHOUSE[0]), (Use.BODY, "据介绍，" + BRIDGE[0])), False),
    ],
)
def test_what_stands_above_a_paragraph_tells_whether_it_opens_a_story(
    lines: tuple[tuple[Use, str], ...], opens: bool
) -> None:
    units = units_of(*lines)
    last = len(units) - 1
    assert (lead_odds(units, last, steps_of(units)[last], in_order=False) > 0) is opens


BYLINES = ((Use.BYLINE, "本报记者 向晚"), (Use.BYLINE, "本报记者 简宁"))
LIGHT, BRIDGES, LIGHT_AGAIN, BRIDGES_AGAIN = 1, 3, 4, 5


def mended(*groups: tuple[int, ...], times: int = 3) -> list[tuple[int, ...]]:
    """The grouping as mended where each story has a byline, and headings say nothing."""
    first, second = ((Use.BODY, texts[0] * times) for texts in (LIGHTHOUSE, BRIDGE))
    again = [(Use.BODY, texts[1] * times) for texts in (LIGHTHOUSE, BRIDGE)]  # so long that what they lack says much
    units = units_of(BYLINES[0], first, BYLINES[1], second, *again)
    steps = steps_of(units)
    counts = {n: pairs_of(units[n].text) for n in steps}
    odds = {n: lead_odds(units, n, step, in_order=False) for n, step in steps.items()}
    made = tuple(
        Group(members, sum((counts[n] for n in members), Counter()), max(odds[n] for n in members), False)
        for members in groups
    )
    grouping = Grouping(made, topics_over([group.counts for group in made]), counts, odds)
    found, _ = regroup(units, steps, grouping, all_headed)
    return [group.members for group in found.groups]


RIGHT = [(LIGHT, LIGHT_AGAIN), (BRIDGES, BRIDGES_AGAIN)]


def test_what_is_right_stays() -> None:
    assert mended(*RIGHT) == RIGHT


def test_a_paragraph_moves_to_the_story_it_speaks_of() -> None:
    assert mended((LIGHT, LIGHT_AGAIN, BRIDGES_AGAIN), (BRIDGES,)) == RIGHT


@pytest.mark.parametrize(("rather", "moves"), [(None, True), (0.0, False)])
def test_a_section_goes_to_the_story_it_is_more_like(
    rather: float | None, moves: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Short, and right below the other story: what it shares with either decides little, the difference does."""
    if rather is not None:
        monkeypatch.setattr("ingest.engine.regroup.RATHER", rather)
    found = mended((LIGHT, LIGHT_AGAIN, BRIDGES_AGAIN), (BRIDGES,), times=2)
    assert ((BRIDGES, BRIDGES_AGAIN) in found) is moves


def test_a_part_without_a_beginning_joins_the_story_it_speaks_of() -> None:
    assert mended((LIGHT, LIGHT_AGAIN), (BRIDGES,), (BRIDGES_AGAIN,)) == RIGHT


HEAP = (
    (Use.TITLE, "守塔人翁其昌的煤油灯"),
    (Use.BYLINE, "本报记者 向晚"),
    (Use.TITLE, "木匠桂长根修好乌溪廊桥"),
    (Use.BYLINE, "本报记者 简宁"),
)


def told_apart(*paragraphs: str) -> set[tuple[str, ...]]:
    """What the stories of a page say whose titles and bylines stand in a heap below."""
    stories = divide(units_of(*((Use.BODY, text) for text in paragraphs), *HEAP)).stories
    return {tuple(sorted(run[0].text for run in story.body)) for story in stories if story.body}


def test_stories_whose_columns_take_turns_come_apart_around_their_titles() -> None:
    woven = [text for pair in zip(LIGHTHOUSE, BRIDGE, strict=True) for text in pair]
    assert told_apart(*woven) == {tuple(sorted(LIGHTHOUSE)), tuple(sorted(BRIDGE))}


@pytest.mark.parametrize(("is_its_own", "stories"), [(True, 3), (False, 2)])
def test_a_byline_below_titles_of_others_opens_no_story(is_its_own: bool, stories: int) -> None:
    """It stands in a heap with them, and the section below the heap has nothing to do with it."""
    lighthouse, more = LIGHTHOUSE[0] * 3, LIGHTHOUSE[1] * 3
    heap = ((Use.TITLE, "木匠桂长根修好乌溪廊桥"), BYLINES[1])
    units = units_of(BYLINES[0], (Use.BODY, lighthouse), (Use.BODY, BRIDGE[0] * 3), *heap, (Use.BODY, more))
    title, last = 3, 5
    steps = steps_of(units)
    counts = {n: pairs_of(units[n].text) for n in steps}
    odds = {n: lead_odds(units, n, step, in_order=False) for n, step in steps.items()}
    made = tuple(Group((n,), counts[n], odds[n], False) for n in steps)
    grouping = Grouping(made, topics_over([group.counts for group in made]), counts, odds)

    def match(candidate: Grouping) -> Headings:
        heads = {number: (0,) for number, _ in enumerate(candidate.groups)}
        if is_its_own:
            heads |= {number: (title,) for number, group in enumerate(candidate.groups) if group.members == (last,)}
        return Headings(heads, (), (), {})

    found, _ = regroup(units, steps, grouping, match)
    assert len(found.groups) == stories


def stories_of(*lines: tuple[Use, str], datelines: Collection[int] = ()) -> list[tuple[int, ...]]:
    """The stories of a page on which every paragraph starts as one of its own, and headings say nothing."""
    units = [replace(unit, is_dateline=n in datelines) for n, unit in enumerate(units_of(*lines))]
    steps = steps_of(units)
    counts = {n: pairs_of(units[n].text) for n in steps}
    odds = {n: lead_odds(units, n, step, in_order=False) for n, step in steps.items()}
    made = tuple(Group((n,), counts[n], odds[n], units[n].is_dateline) for n in steps)
    grouping = Grouping(made, topics_over([group.counts for group in made]), counts, odds)
    return [group.members for group in regroup(units, steps, grouping, all_headed)[0].groups]


@pytest.mark.parametrize(("opening", "is_one"), [("晚报讯 ", True), ("晚报讯（记者 向晚） ", False)])
def test_a_dateline_without_names_and_a_byline_elsewhere_are_one_beginning(opening: str, is_one: bool) -> None:
    lead, section = (Use.BODY, opening + LIGHTHOUSE[0] * 3), (Use.BODY, LIGHTHOUSE[1] * 3)
    found = stories_of(lead, BYLINES[1], (Use.BODY, BRIDGE[0] * 3), BYLINES[0], section, datelines=(0,))
    assert ((0, 4) in found) is is_one


@pytest.mark.parametrize("costs", [True, False])
def test_where_the_others_are_signed_a_story_without_a_beginning_is_a_section(
    costs: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.engine.regroup.UNSIGNED", 4.0 if costs else 0.0)
    signed = [(Use.BODY, f"本报讯（记者 向晚） {text * 2}") for text in (LIGHTHOUSE[0], BRIDGE[0])]
    other = (Use.BODY, "本报讯（记者 简宁） 全县新修的水库蓄上了水。" * 3)
    lone = (Use.BODY, "入秋以后，来看海的人一天比一天少，码头边的小饭馆早早打了烊，只有猫还蹲在门口。")
    found = stories_of(signed[0], signed[1], other, (Use.TITLE, "只有猫还在"), lone, datelines=(0, 1, 2))
    assert ((4,) in found) is not costs
