"""The diff: exact, by character, and readable."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.diff import Run, content_diff, text_diff

words = st.text(alphabet="晋江市五店，。\n", max_size=40)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(words, words)
def test_the_runs_give_back_both_texts(before, after):
    runs = text_diff(before, after)
    assert "".join(r.text for r in runs if r.kind != "ins") == before
    assert "".join(r.text for r in runs if r.kind != "del") == after
    assert all(r.text for r in runs)


@pytest.mark.parametrize(
    ("before", "after", "runs"),
    [
        # one wrong character in a name is one marked character, not a marked sentence
        ("陈棣镇昨日", "陈埭镇昨日", [("same", "陈"), ("del", "棣"), ("ins", "埭"), ("same", "镇昨日")]),
        ("甲乙", "甲新乙", [("same", "甲"), ("ins", "新"), ("same", "乙")]),
        # a single character that happens to stay between two changes is told with them
        ("天和地", "人和水", [("del", "天和地"), ("ins", "人和水")]),
        ("一样", "一样", [("same", "一样")]),
    ],
)
def test_changes_read_sensibly(before, after, runs):
    assert text_diff(before, after) == [Run(kind, text) for kind, text in runs]


def test_very_long_texts_are_compared_by_clause_and_still_exact():
    before = "甲乙丙丁，" * 1_500
    after = "甲乙丙戊，" + before[5:-5] + "丁丙乙甲。"
    runs = text_diff(before, after)
    assert "".join(r.text for r in runs if r.kind != "ins") == before
    assert "".join(r.text for r in runs if r.kind != "del") == after


def test_pieces_are_compared_by_id():
    old = {
        "headline": "甲",
        "body": [{"id": "a", "role": "paragraph", "text": "一"}, {"id": "b", "role": "paragraph", "text": "二"}],
    }
    new = {
        "headline": "乙",
        "body": [{"id": "b", "role": "subhead", "text": "二"}, {"id": "e1", "role": "paragraph", "text": "三"}],
    }
    changes = content_diff(old, new, {"headline": "主题", "body": "正文"}, {"paragraph": "段落", "subhead": "小标题"})
    assert [(c.label, c.note) for c in changes] == [
        ("主题", ""),
        ("正文 第1段", "段落 → 小标题"),
        ("正文 第2段", "新增"),
        ("正文 原第1段", "移出"),
    ]
