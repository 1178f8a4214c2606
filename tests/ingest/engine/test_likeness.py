"""What the words and the measures of two texts say about their being of one story."""

from __future__ import annotations

from ingest.engine.likeness import Measures, widths_of
from ingest.engine.units import Unit, Use

PAGE = Measures({11: 800, 13: 300, 14: 500, 18: 700})


def test_text_in_another_measure_is_rather_of_another_story() -> None:
    assert PAGE.odds({14: 300}, {18: 300}) < -2


def test_a_measure_rare_on_the_page_says_more_than_one_that_all_of_it_has() -> None:
    assert PAGE.odds({14: 300}, {14: 200}) > PAGE.odds({11: 300}, {11: 200}) > 0
    assert abs(Measures({11: 2000}).odds({11: 300}, {11: 200})) < 0.1


def test_a_measure_may_be_read_wrong_by_a_character() -> None:
    assert PAGE.odds({14: 300}, {14: 200}) > PAGE.odds({14: 300}, {13: 200}) > PAGE.odds({14: 300}, {12: 200})


def test_what_has_no_measure_says_nothing() -> None:
    assert PAGE.odds({}, {18: 300}) == 0


def unit(measure: float, lines: int) -> Unit:
    return Unit(0, Use.BODY, "字" * 40, ((0, 40),), 1, 0, "", 0.9, measure=measure, widths=(measure,) * lines)


def test_only_lines_of_a_column_have_a_measure() -> None:
    assert widths_of([unit(18.0, 3)], [0]) == {18: 40}
    assert not widths_of([unit(0.0, 3)], [0])
    assert not widths_of([unit(37.0, 3)], [0])  # a paragraph that a recogniser wrote on long lines
    assert not widths_of([unit(18.0, 1)], [0])  # one line shows no measure
