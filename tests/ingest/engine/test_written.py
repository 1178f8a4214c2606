"""Pages written as a reader sees them: what the engine makes of them, and that it does not get worse.

Each folder of a set holds a page as an extractor gave it and the reading of a careful person. The texts are invented;
none comes from the page generator or from a printed newspaper. ``floors.json`` of a set holds what must be reached over
all its pages, and how many editor operations may be left on a page on average; raise it when the engine gains, and fit
nothing to these pages.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ingest.engine import PageLayout, check, layout_to_json, read_page
from tests.ingest.engine.pagegen.score import measures, score_page, text_of

HERE = Path(__file__).parent
SETS = ("handmade", "unseen", "second", "third", "fourth", "fifth", "sixth")
PAGES = sorted(gold.parent.relative_to(HERE).as_posix() for name in SETS for gold in HERE.glob(f"{name}/*/gold.json"))


def text(page: str) -> str:
    return (HERE / page / "page.txt").read_text("utf-8")


def gold(page: str) -> dict[str, Any]:
    reading: dict[str, Any] = json.loads((HERE / page / "gold.json").read_text("utf-8"))
    return reading


@cache
def layout(page: str) -> PageLayout:
    return read_page(text(page), source=gold(page)["source"])


@cache
def count(page: str) -> Counter[str]:
    return score_page(gold(page), layout_to_json(layout(page)), text(page))


def squeezed(page: str) -> Counter[str]:
    return Counter("".join(page.split()))


@pytest.mark.parametrize("page", PAGES)
def test_the_truth_says_what_the_page_says(page: str) -> None:
    assert squeezed(text(page)) == squeezed(text_of(gold(page)))


@pytest.mark.parametrize("name", SETS)
def test_no_character_is_lost_or_invented_and_the_measures_of_a_set_do_not_fall(name: str) -> None:
    """Of a set, so that each page is read once."""
    mine = [page for page in PAGES if page.startswith(f"{name}/")]
    for page in mine:
        check(text(page), layout(page))
    assert {page for page in mine if (count(page)["lost"], count(page)["added"]) != (0, 0)} == set()
    floors = json.loads((HERE / name / "floors.json").read_text("utf-8"))
    total = measures(sum(map(count, mine), Counter[str]()))
    assert {key: total[key] for key, least in floors["at least"].items() if total[key] < least} == {}
    assert {key: total[key] for key, most in floors["at most"].items() if total[key] > most} == {}
