"""Pages written by hand as a reader sees them: what the engine makes of them, and that it does not get worse.

Each folder holds a page as an extractor gave it and the reading of a careful person. The texts are invented; none comes
from the page generator or from a printed newspaper. ``floors.json`` holds what must be reached over all pages, and how
many editor operations may be left on a page on average; raise it when the engine gains, and fit nothing to these pages.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ingest.engine import check, layout_to_json, read_page
from tests.ingest.engine.pagegen.score import measures, score_page, text_of

HERE = Path(__file__).parent
PAGES = sorted(folder.parent.name for folder in HERE.glob("*/gold.json"))
FLOORS: dict[str, Any] = json.loads((HERE / "floors.json").read_text("utf-8"))


def text(name: str) -> str:
    return (HERE / name / "page.txt").read_text("utf-8")


def gold(name: str) -> dict[str, Any]:
    page: dict[str, Any] = json.loads((HERE / name / "gold.json").read_text("utf-8"))
    return page


@cache
def count(name: str) -> Counter[str]:
    return score_page(gold(name), layout_to_json(read_page(text(name), source=f"{name}.txt")), text(name))


def squeezed(page: str) -> Counter[str]:
    return Counter("".join(page.split()))


@pytest.mark.parametrize("name", PAGES)
def test_the_truth_says_what_the_page_says(name: str) -> None:
    assert squeezed(text(name)) == squeezed(text_of(gold(name)))


@pytest.mark.parametrize("name", PAGES)
def test_no_character_is_lost_or_invented(name: str) -> None:
    check(text(name), read_page(text(name)))
    assert (count(name)["lost"], count(name)["added"]) == (0, 0)


def test_the_measures_of_all_pages_do_not_fall() -> None:
    total = measures(sum((count(name) for name in PAGES), Counter[str]()))
    assert {name: total[name] for name, least in FLOORS["at least"].items() if total[name] < least} == {}
    assert {name: total[name] for name, most in FLOORS["at most"].items() if total[name] > most} == {}
