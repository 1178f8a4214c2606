"""Where frames end, told by columns of equal height."""

from __future__ import annotations

import pytest

from ingest.engine.fragments import fragments_of
from ingest.engine.frames import Seam, ends, with_frames
from ingest.engine.joins import join
from ingest.engine.lines import split_lines
from ingest.engine.rows import read_rows
from ingest.engine.units import units_of

FERRY = (
    "渡口的风从下午四点就大了起来，船工老邵把缆绳收了三道，才让等船的人下到跳板上，一个一个扶过去。对岸的灯亮了两盏，"
    "孩子们把书包顶在头上，谁也不肯先走。老邵在这条河上撑了三十一年船，哪里有暗礁，哪里水急，他闭着眼睛也说得出来。"
    "去年夏天涨大水，他一个人守了两天两夜，把困在沙洲上的十四个人都接了回来。村里要给他挂红，他摆摆手，说船还没有洗。"
)

ON, NEW, OTHER = Seam.RUNS_ON, Seam.PARAGRAPH, Seam.FRAME


def test_a_frame_ends_where_the_columns_get_another_height() -> None:
    # Four columns of 13 lines, then four of nine; the second of the first frame is 13 lines without a blank one.
    blocks = [12, 1, 13, 8, 5, 3, 10, 5, 4, 8, 1, 7, 2, 9]
    seams = [NEW, ON, ON, NEW, ON, NEW, NEW, NEW, ON, NEW, ON, NEW, ON]
    likely = ends(blocks, seams)
    assert [place for place, p in enumerate(likely) if p > 0.5] == [6]


def test_a_short_last_column_ends_its_frame() -> None:
    # 11 lines, 11, 11 and four; then a column with three lines of title in it, and 12, 12 and 12.
    blocks = [11, 11, 5, 6, 4, 9, 2, 10, 6, 6, 12]
    seams = [NEW, ON, NEW, ON, NEW, ON, NEW, ON, NEW, ON]
    likely = ends(blocks, seams)
    assert max(range(len(likely)), key=likely.__getitem__) == 4
    assert likely[4] > 0.5


def test_paragraphs_within_columns_end_no_frame() -> None:
    blocks, seams = [10, 3, 7, 5, 5, 10, 2, 8], [ON, NEW, ON, NEW, ON, ON, NEW]
    assert max(ends(blocks, seams)) < 0.2


def test_a_paragraph_that_runs_on_ends_no_frame_and_another_measure_does() -> None:
    likely = ends([7, 3, 9, 4], [ON, OTHER, NEW])
    assert likely[0] == 0
    assert likely[1] == pytest.approx(1)
    assert 0 < likely[2] < 1


@pytest.mark.parametrize(("blocks", "seams"), [([], []), ([4], []), ([1] * 400, [NEW] * 399), ([90, 90], [ON])])
def test_any_blocks_can_be_read(blocks: list[int], seams: list[Seam]) -> None:
    likely = ends(blocks, seams)
    assert len(likely) == len(seams)
    assert all(0 <= p <= 1 for p in likely)


@pytest.mark.parametrize("seam", Seam)
def test_columns_higher_than_any_can_be_read(seam: Seam) -> None:
    likely = ends([5000, 3, 5000, 5000, 9], [seam, NEW, seam, NEW])
    assert all(0 <= p <= 1 for p in likely)


def columns(*heights: int, width: int = 13) -> str:
    """One paragraph, set in columns of so many lines."""
    text = (FERRY * 9)[: sum(heights) * width - 7] + "回了家。"
    lines = [text[start : start + width] for start in range(0, len(text), width)]
    return "\n\n".join("\n".join(lines[sum(heights[:n]) :][:height]) for n, height in enumerate(heights))


def begins_frame(*paragraphs: str) -> list[float]:
    """How likely a frame begins with each paragraph of the page."""
    source = "\n\n".join(paragraphs)
    fragments = fragments_of(read_rows(source, split_lines(source), frozenset()).rows)
    units = with_frames(fragments, units_of(fragments, join(fragments)))
    assert len(units) == len(paragraphs)
    return [unit.begins_frame for unit in units]


def test_a_paragraph_whose_columns_have_another_height_begins_a_frame() -> None:
    first, other = begins_frame(columns(13, 13, 13, 13), columns(9, 9, 9, 9))
    assert first == 0
    assert other > 0.9


def test_where_the_measure_tells_heights_do_not() -> None:
    assert begins_frame(columns(13, 13, 13, 13), columns(9, 9, 9, 9, width=17)) == [0, 0]


def test_of_more_paragraphs_than_a_page_has_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.engine.frames.MOST_UNITS", 1)
    assert begins_frame(columns(13, 13, 13, 13), columns(9, 9, 9, 9)) == [0, 0]
