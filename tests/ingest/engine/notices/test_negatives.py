"""Articles about notices are articles: not a line of them may be claimed."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.ingest.engine.notices.page import find
from tests.ingest.engine.notices.settings import SETTINGS

FOLDER = Path(__file__).parent / "negatives"


def articles() -> list[tuple[str, str]]:
    blocks = [block for path in sorted(FOLDER.glob("*.txt")) for block in path.read_text("utf-8").split("### ")[1:]]
    return [(name, text) for name, _, text in (block.partition("\n") for block in blocks)]


@pytest.mark.parametrize(("name", "text"), articles(), ids=lambda value: value if len(value) < 30 else "")
def test_an_article_is_never_claimed(name: str, text: str) -> None:
    assert find(text).used == frozenset(), name


@pytest.mark.parametrize("setting", sorted(SETTINGS))
def test_nor_in_another_setting(setting: str) -> None:
    for index, (name, text) in enumerate(articles()):
        assert find(SETTINGS[setting](text, random.Random(index))).used == frozenset(), name


def test_nor_on_a_page_full_of_articles() -> None:
    assert find("\n\n".join(text for _, text in articles())).used == frozenset()
