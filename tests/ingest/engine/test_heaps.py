"""Title lines heaped away from their stories, and what is read as one of them."""

from __future__ import annotations

import pytest

from ingest.engine.choices import title_lines
from ingest.engine.flow import steps_of
from ingest.engine.fragments import fragments_of
from ingest.engine.joins import title_scores
from ingest.engine.lines import split_lines
from ingest.engine.rows import read_rows
from ingest.engine.scene import Scene
from ingest.engine.topics import pairs_of, topics_over
from ingest.engine.units import Unit, Use

COLUMN = """\
前天下午四点多，渡口的风
大得很，船工老邵把缆绳收
了三道，才敢让等船的人下
到跳板上来，一个一个扶。

"""


def titles_of(text: str) -> dict[str, bool]:
    """Which pieces of the page are rather titles."""
    fragments = fragments_of(read_rows(text, split_lines(text), frozenset()).rows)
    scores = title_scores(fragments, range(len(fragments)), in_columns=True)
    return {fragment.text: score > 0 for fragment, score in zip(fragments, scores, strict=True)}


@pytest.mark.parametrize(
    "line",
    [
        "风大停航三小时，",
        "3600名赶考的学生娃有车坐，家长\n每人只掏四块钱的“摆渡费”，",
        "船票免了的那二十一个老人",
    ],
)
def test_every_line_of_a_heap_is_a_title(line: str) -> None:
    heap = ["渡口旁的等船人", line, "守堤人一夜没合眼", "镇卫生院 装上了远程诊室", "两头猪走失 主人找了三天"]
    found = titles_of(COLUMN + "\n\n".join(heap) + "\n\n" + COLUMN)
    assert [text for text, is_title in found.items() if not is_title] == [COLUMN.replace("\n", "")]


def test_a_short_line_between_columns_is_none() -> None:
    found = titles_of(COLUMN + "风大停航三小时，\n\n" + COLUMN)
    assert not any(found.values())


def test_the_last_line_of_a_column_above_a_heap_is_none() -> None:
    heap = ["渡口旁的等船人", "守堤人一夜没合眼", "镇卫生院 装上了远程诊室", "两头猪走失 主人找了三天"]
    found = titles_of(COLUMN + "老邵说，这样的风，他在渡口\n见过不止一回，每一回都要\n\n" + "\n\n".join(heap))
    assert sum(found.values()) == len(heap)


@pytest.mark.parametrize(("heaped", "outside"), [(5, True), (4, False)])
def test_a_line_outside_a_heap_is_known(heaped: int, outside: bool) -> None:
    lines = [
        *((Use.BODY, text) for text in ("灯塔修好了。", "廊桥也修好了。")),
        (Use.TITLE, "守塔人的一夜"),
        (Use.BODY, "船都回来了。"),
    ]
    lines += [(Use.TITLE, f"渡口的第{n}个故事") for n in range(heaped)]
    units = [
        Unit(n, use, text, ((n * 100, n * 100 + len(text)),), 1, n, "", 0.9, fragments=(n,))
        for n, (use, text) in enumerate(lines)
    ]
    steps = steps_of(units)
    counts = {n: pairs_of(units[n].text) for n in steps}
    scene = Scene(
        units, steps, [list(steps)], topics_over(list(counts.values())), counts, story_of=dict.fromkeys(steps, 0)
    )
    assert [line.is_outside for line in title_lines(scene)] == [outside] + [False] * heaped
