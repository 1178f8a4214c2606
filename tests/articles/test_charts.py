"""The numbers of the bars."""

from __future__ import annotations

from articles import charts
from articles.charts import AREA, LABEL


def test_segments_stand_one_after_the_other_and_the_longest_row_fills_the_width():
    chart = charts.stacked("等着的", [("甲", [1, 0, 3]), ("乙", [1, 1, 0]), ("丙", [0, 0, 0])], ["一", "二", "三"])
    first, second, third = chart.bars
    assert [(s.x, s.width, s.tone) for s in first.segments] == [
        (LABEL, AREA // 4, 0),
        (LABEL + AREA // 4, AREA * 3 // 4, 2),
    ]
    assert first.segments[1].title == "甲，三：3"
    assert (first.end, second.end, third.end) == (LABEL + AREA, LABEL + AREA // 2, LABEL)
    assert [bar.value for bar in chart.bars] == ["4", "2", "0"]
    assert first.y < second.y < third.y < chart.height


def test_what_is_over_the_limit_has_a_tone_of_its_own():
    rows = [("一校", 6.0, True), ("二校", 3.0, True), ("三校", 0.0, True), ("四校", 6.0, False)]
    chart = charts.against_limit("差错", rows, limit=3, limit_label="万分之三")
    over, at, none, free = chart.bars
    assert over.segments[0].tone == 5 and at.segments[0].tone == 1 and none.segments == ()
    assert free.segments[0].tone == 1
    assert chart.limit == LABEL + AREA // 2 == at.end
    assert [bar.value for bar in chart.bars] == ["6.0", "3.0", "0.0", "6.0"]


def test_nothing_at_all_still_is_a_chart():
    assert charts.stacked("空", [], []).bars == ()
    assert charts.against_limit("空", [], limit=3, limit_label="").limit is not None
