"""Where frames end, told by columns of equal height."""

from __future__ import annotations

import pytest

from ingest.engine.frames import Seam, ends

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
