"""What a text is about where it repeats no word."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from ingest.engine import ArticleItem, PageLayout, choices, read_page
from ingest.engine.senses import agreement, sense_of
from ingest.engine.topics import pairs_of

CLINIC = "医生给老人量了血压，又开了三天的药，叮嘱他按时服用。"
SURGERY = "手术很成功，病情稳定，护士每隔两小时查房一次。"
HARVEST = "稻谷晒干入仓，农户盘算着明春多种几亩油菜。"
FIELDS = "旱情持续，麦苗发黄，村里抽水灌溉田地。"


def agreed(one: str, other: str) -> float:
    return agreement(sense_of(one), sense_of(other))


def test_texts_on_one_matter_agree_though_they_share_no_word() -> None:
    assert not set(pairs_of(CLINIC)) & set(pairs_of(SURGERY))
    assert min(agreed(CLINIC, SURGERY), agreed(HARVEST, FIELDS)) > max(
        agreed(one, other) for one in (CLINIC, SURGERY) for other in (HARVEST, FIELDS)
    )


def test_a_text_agrees_wholly_with_itself_and_alike_both_ways() -> None:
    assert agreed(CLINIC, CLINIC) == pytest.approx(1)
    assert agreed(CLINIC, HARVEST) == pytest.approx(agreed(HARVEST, CLINIC))


@pytest.mark.parametrize("text", ["", "。", "2025", "龘靐齉"])
def test_what_no_newspaper_says_tells_nothing(text: str) -> None:
    assert sense_of(text).place == ()
    assert agreed(text, CLINIC) == 0


def test_with_too_many_stories_titles_go_by_their_words() -> None:
    page = (
        f"稻谷丰收\n\n本报讯（记者 林一）{HARVEST}\n\n龘靐齉\n\n{FIELDS}\n\n血压要常量\n\n本报讯（记者 王二）{CLINIC}\n"
    )
    usual = read_page(page)
    with patch.object(choices, "MOST_STORIES", 0):
        assert [item.headline for item in articles(read_page(page))] == [item.headline for item in articles(usual)]


def articles(layout: PageLayout) -> list[ArticleItem]:
    return [item for item in layout.items if isinstance(item, ArticleItem)]
