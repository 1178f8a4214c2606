"""What may have been meant."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.search.suggestions import GUESSES, alternatives, begun_by, guesses, spelled_by


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("zhanghuxian", "长护险"),  # 长 read as it may be read
        ("changhuxian", "长护险"),  # and as it is read here
        ("ZHANG'HU'XIAN", "长护险"),
        ("anquanshengchan", "安全生产"),
        ("jinjiangshizhengfu", "晋江市政府"),  # two words
        ("常护险", "长护险"),  # the same sound
        ("长户险", "长护险"),
        ("陈棣", "陈埭"),  # the same part
        ("五點市", "五店市"),  # typed in traditional characters
        ("安全生长", "安全生产"),  # the same sound to many in the south
        ("医样结合", "医养结合"),
    ],
)
def test_the_word_meant_comes_first(typed, meant):
    assert guesses(typed)[0] == meant


def test_names_come_before_words():
    assert guesses("王晓名", ["王晓明", "李小明"])[0] == "王晓明"
    assert spelled_by("wuzhipu", ["吴志朴"])[0] == "吴志朴"
    assert spelled_by("anquan", ["安全"])[0] == "安全"


def test_letters_may_be_the_beginning_of_a_word_of_the_site():
    assert "长护险" in begun_by("changhu") and "长护险" in begun_by("chhx") and "五店市" in begun_by("wud")
    assert begun_by("anquan")[0] == "安全"


def test_a_name_nobody_knows_is_among_the_guesses():
    assert "吴志朴" in guesses("吴智朴")


@pytest.mark.parametrize("typed", ["", "长", "kn95", "hello", "2021", "！！", "a" * 60, "长" * 13, "jjcms"])
def test_what_cannot_be_mended_gives_no_guess(typed):
    assert guesses(typed) == []


def test_alternatives_are_ranked_by_how_they_are_alike():
    assert alternatives("埭")[0] == "逮" and "棣" in alternatives("埭")  # sound and look; look
    others = alternatives("治")
    assert set(others[:3]) == set("致志智")  # confused in names
    assert others.index("置") < others.index("笞")  # sound before look


@settings(max_examples=30, deadline=None)
@given(st.text(alphabet="长护险安全生产晋江王明abchangzhxi ’", max_size=14))
def test_guesses_are_few_different_and_quick(typed):
    began = time.perf_counter()
    made = guesses(typed)
    assert len(made) <= GUESSES and len(set(made)) == len(made) and typed not in made
    assert time.perf_counter() - began < 5
