"""What a text is about where it repeats no word."""

from __future__ import annotations

import pytest

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
    assert sense_of(text) == ()
    assert agreed(text, CLINIC) == 0
