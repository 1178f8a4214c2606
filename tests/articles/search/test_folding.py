"""One folded form for texts and questions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.search.folding import BREAK, fold, fold_with_offsets

SIGNS = st.sampled_from("晋江陈埭臺灣吴志朴 \n\t　0123456789.．aZｱガÉé“”「」·，。！%％-—＊㎡①…Ώ|_*\\^]")
TEXTS = st.text(SIGNS, max_size=40)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("２０２５ 年", "2025年"),  # width, and the space a typesetter put round figures
        ("吴\n志朴", "吴志朴"),  # a line break of recognised text
        ("五店市“长护险”试点", "五店市长护险试点"),  # quotation marks are transparent
        ("《福建日报》记者阿卜杜·拉", "福建日报记者阿卜杜拉"),
        ("昨日，深沪。", f"昨日{BREAK}深沪"),  # other signs are one break, none at the ends
        ("昨日 ，\n 深沪", f"昨日{BREAK}深沪"),
        ("增长3.5%。1.项目", f"增长3.5{BREAK}1{BREAK}项目"),  # a full stop counts between digits only
        ("3．5", "3.5"),
        ("iPhone 15  Pro", f"iphone{BREAK}15{BREAK}pro"),  # between Latin words a space parts
        ("用 5G 网", "用5g网"),
        ("臺灣著名詩人", "台湾著名诗人"),
        ("CAFÉ ㎡ ①", f"cafe{BREAK}m2{BREAK}1"),
        ("！？", ""),
        ("", ""),
    ],
)
def test_forms(text, folded):
    assert fold(text) == folded


@given(TEXTS)
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


@given(TEXTS, TEXTS, TEXTS)
def test_a_part_of_a_text_is_part_of_it_folded(before, text, after):
    assert fold(text) in fold(before + text + after)


@given(st.one_of(TEXTS, st.text(max_size=60)))
def test_both_ways_to_fold_agree(text):
    assert fold_with_offsets(text).text == fold(text)


@given(TEXTS)
def test_every_folded_character_knows_its_origin(text):
    folded = fold_with_offsets(text)
    assert len(folded.starts) == len(folded.text)
    assert list(folded.starts) == sorted(folded.starts)
    for index, sign in enumerate(folded.text):
        start, end = folded.span(index, index + 1)
        assert end == start + 1
        if sign != BREAK:
            assert sign in fold(text[start:end]) or sign == "."
