"""The table of notices: what a reader takes from them is what the engine reads, however they are set."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from ingest.engine.notices import kinds
from ingest.engine.notices.text import fold
from tests.ingest.engine.notices.cases import Case, Score, all_cases
from tests.ingest.engine.notices.page import find
from tests.ingest.engine.notices.settings import SETTINGS

CASES = all_cases()
SINGLE = [case for case in CASES if not case.is_page]

FLOOR = 0.97
"""Field F1 over the whole table, spare values counted as errors in every field."""

FLOOR_IN_OTHER_SETTINGS = {"narrow": 0.985, "narrow_with_gaps": 0.98}
"""Narrow columns tear names and numbers apart; anything else must not matter."""

MOST_LOST = {"narrow_with_gaps": 2}
"""A blank line in mid-sentence can part a broken heading from its second half."""


def folded(case: Case) -> Case:
    notices = tuple(
        replace(each, heading=fold(each.heading), values=frozenset((key, fold(value)) for key, value in each.values))
        for each in case.notices
    )
    return replace(case, notices=notices)


def test_the_table_is_large_and_knows_every_kind() -> None:
    assert sum(len(case.notices) for case in CASES) >= 150
    met = {kind for case in CASES for notice in case.notices for kind in notice.kinds}
    assert met == {kind.name for kind in kinds.KINDS}


def test_fields_and_kinds_of_the_table() -> None:
    score = Score()
    for case in CASES:
        score.add(case, find(case.source, case.printed).notices)
    print(f"notices {score.notices}, kinds {score.kinds}, fields F1 {score.f1:.4f}", *score.misses, sep="\n")
    assert score.found == score.notices
    assert score.kinds == score.notices
    assert score.f1 >= FLOOR


@pytest.mark.parametrize("setting", sorted(SETTINGS))
def test_the_setting_does_not_change_the_reading(setting: str) -> None:
    score = Score(form=fold)
    for index, case in enumerate(SINGLE):
        source = SETTINGS[setting](case.source, random.Random(index))
        score.add(folded(case), find(source, case.printed).notices)
    print(f"{setting}: notices {score.notices}, F1 {score.f1:.4f}", *score.misses, sep="\n")
    assert abs(score.found - score.notices) <= MOST_LOST.get(setting, 0)
    assert score.f1 >= FLOOR_IN_OTHER_SETTINGS.get(setting, 0.99)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_everything_printed_stays_in_the_notice(case: Case) -> None:
    """Every line of a case that is nothing but notices is claimed (`find` checks spans and coverage)."""
    found = find(case.source, case.printed)
    if "记者" not in case.source:
        visible = {number for number, text in enumerate(case.source.split("\n"), start=1) if text.strip()}
        assert found.used == visible
