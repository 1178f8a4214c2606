"""Readings, spellings, and what letters may stand for."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.search.pinyin import LETTERS_LIMIT, begins, is_letters, readings, signs, spellings


def test_a_character_has_all_its_readings():
    assert readings("长") == {"chang", "zhang"} and readings("埭") == {"dai"} and readings("绿") == {"lu", "lv"}
    assert readings("A") == readings("，") == frozenset()
    assert "护" in signs("hu") and signs("xyz") == ""


@pytest.mark.parametrize(
    ("letters", "cuts"),
    [
        ("zhanghuxian", [("zhang", "hu", "xian"), ("zhang", "hu", "xi", "an")]),
        ("xi'an", [("xi", "an")]),
        ("Xi An", [("xi", "an")]),
        ("lvse", [("lv", "se")]),
        ("lüse", [("lv", "se")]),
        ("jjcms", []),
        ("", []),
        ("'", []),
        ("长", []),
    ],
)
def test_letters_are_cut_into_syllables_the_fewest_first(letters, cuts):
    assert spellings(letters) == cuts


@pytest.mark.parametrize(
    ("text", "letters", "is_so"),
    [
        ("长护险", "zhanghuxian", True),
        ("长护险", "changhu", True),
        ("长护险", "chx", True),
        ("长护险", "chhx", True),
        ("长护险", "chaNghux", True),
        ("长护险", "hu", False),
        ("长护险", "changhuxians", False),
        ("KN95口罩", "kn95kz", True),
        ("五店市", "wudian市", True),
    ],
)
def test_letters_spell_the_beginning_of_a_name(text, letters, is_so):
    assert begins(text, letters) is is_so


def test_what_can_be_pinyin_at_all():
    assert is_letters("zhang hu xian") and is_letters("xi'an") and is_letters("lüse")
    assert not any(is_letters(text) for text in ("", " ", "长hu", "kn95", "a" * (LETTERS_LIMIT + 1)))


@given(st.text(alphabet="angx'", max_size=LETTERS_LIMIT))
def test_no_letters_take_long_and_every_cut_is_whole(letters):
    began = time.perf_counter()
    for cut in spellings(letters):
        assert "".join(cut) == letters.replace("'", "")
        assert all(signs(syllable) for syllable in cut)
    begins("安" * 40, letters)
    assert time.perf_counter() - began < 0.5
