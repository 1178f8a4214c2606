"""Nothing is lost, doubled or invented, whatever the text is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.engine import LedgerError, PageLayout, check, layout_to_json, read_page

# Pieces newspapers are made of, and pieces that have broken parsers.
FRAGMENTS = st.sampled_from(
    [
        "本报讯（记者 许春 陈巧玲）昨", "日上午", "海都讯 ", "新华社北京12月20日电（记者甲、乙）",
        "“没想到，", "”她说。", "。", "，",
        "\n", "\n\n", "\r\n", "\r", "\x0c", "\u2028", "\u3000\u3000", " ", "\t", "\ufeff", "\ufffd", "\x00", "\u200b",
        "（上接第一版）", "（下转第四版）", "...", "……", "▲图为现场。（张三 摄）",
        "□ 李 莹", "责任编辑：甲 校对：乙", "第3版",
        "2025年12月20日 星期六", "遗失声明", "声明作废。", "市长专线",
        "绷紧思想弦 严守“安全关”", "——副题", "１２３", "1 2 3 4",
        "晋 江 市 池 峰 路", "A1版", "联系电话:13305077599",
        "记者从会上了解到", "，近日", "的", "50MW", "12.6 万", "(((", "”””", "😀",
    ]
)  # fmt: skip


@given(st.text())
@settings(max_examples=300, deadline=None)
def test_any_text_is_kept(text: str) -> None:
    layout = read_page(text)
    check(text, layout)
    assert "engine-fault" not in {finding.kind for finding in layout.findings}


@given(st.lists(FRAGMENTS | st.text(max_size=12), max_size=60).map("".join))
@settings(max_examples=300, deadline=None)
def test_newspaper_like_text_is_kept_and_exported(text: str) -> None:
    layout = read_page(text)
    check(text, layout)
    assert "engine-fault" not in {finding.kind for finding in layout.findings}
    exported = layout_to_json(layout)
    assert sum(len("".join(b["text"].split())) for b in exported["blocks"]) == len("".join(text.split()))


def test_a_missing_character_is_noticed() -> None:
    with pytest.raises(LedgerError):
        check("晋江", PageLayout(items=()))
