"""What the machine's confidence is called."""

from __future__ import annotations

import pytest

from articles.sureness import sureness


@pytest.mark.parametrize(
    ("confidence", "level", "figure"),
    [
        (0.0, "low", "不到 1%"),
        (0.004, "low", "不到 1%"),
        (0.01, "low", "约 1%"),
        (0.599, "low", "约 60%"),
        (0.6, "middle", "约 60%"),
        (0.899, "middle", "约 90%"),
        (0.9, "high", "约 90%"),
        (0.994, "high", "约 99%"),
        (0.996, "high", "99% 以上"),
        (1.0, "high", "99% 以上"),
    ],
)
def test_a_word_and_a_figure_that_is_never_none_nor_certain(confidence, level, figure):
    found = sureness(confidence)
    assert found is not None
    assert (found.level, found.figure.partition("：")[2]) == (level, figure)


def test_of_what_a_person_entered_nothing_is_said():
    assert sureness(None) is None
