"""What of the source readers may see beside the published text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.extracts import covered
from articles.masking import MASK, mask


def shown(lines: list[str], published: str, everything: str = "") -> list[str]:
    return covered(lines, mask(published), mask(everything or published))


@pytest.mark.parametrize(
    ("lines", "published", "expected"),
    [
        # Line ends and spaces of the setting, and half-width signs, are what this view is for.
        (["晋 江 市 的", "公告,"], "晋江市的公告，", ["晋 江 市 的", "公告,"]),
        # One or two characters read wrong are shown as they were read.
        (["昨日，青漠大挢", "通车。"], "昨日，青溪大桥通车。", ["昨日，青漠大挢", "通车。"]),
        # What an editor took out is not.
        (["大桥通车。此句", "不实。"], "大桥通车。", ["大桥通车。＊＊", "＊＊＊"]),
        (["桥长三百四十五米"], "桥长约半公里多一点", ["桥长＊＊＊＊＊＊"]),
        # Nor a name that was left out.
        (["嫌疑人王明被捕"], "嫌疑人王某被捕", ["嫌疑人王＊被捕"]),
        (["嫌疑人王小明被捕"], "嫌疑人被捕", ["嫌疑人＊＊＊被捕"]),
        # A number at the end of a line, on two lines, right before another figure, and one an editor put right.
        (["电话1390595", "1234。"], "电话13905951234。", ["电话139＊＊＊＊", "＊＊＊＊。"]),
        (["电话13905951234", "2024年起"], "电话13905951234，2024年起", ["电话139＊＊＊＊＊＊＊＊", "2024年起"]),
        (["电话139O5951234。"], "电话13905951234。", ["电话139＊＊＊＊＊＊＊＊。"]),
        ([], "没有来源", []),
    ],
)
def test_lines_say_no_more_than_was_published_or_put_right(lines, published, expected):
    assert shown(lines, published) == expected


def test_text_moved_to_another_paragraph_is_not_covered():
    assert shown(["前一句。后一句。"], "前一句。", "前一句。后一句。") == ["前一句。后一句。"]
    assert shown(["前一句。后一句。"], "前一句。") == ["前一句。＊＊＊＊"]


_TEXTS = st.text(alphabet="甲乙丙丁。，1390 某＊\n", max_size=40)


@given(lines=st.lists(_TEXTS, max_size=6), published=_TEXTS)
def test_length_is_kept_and_nothing_is_made_up(lines, published):
    result = covered(lines, published, published)
    assert [len(line) for line in result] == [len(line) for line in lines]
    assert all(
        out in (sign, MASK)
        for line, given in zip(result, lines, strict=True)
        for out, sign in zip(line, given, strict=True)
    )
