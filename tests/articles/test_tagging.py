"""The fast search for unknown words says exactly what jieba's own says."""

from __future__ import annotations

from functools import cache
from itertools import accumulate
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from articles import words
from articles.tagging import RUN, tagger_class

SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))


@cache  # jieba reads its whole dictionary for each
def taggers():
    import jieba.posseg

    tokenizer = words._tokenizer()
    ours, theirs = tagger_class()(tokenizer), jieba.posseg.POSTokenizer(tokenizer)
    ours.makesure_userdict_loaded()  # whichever does it first takes the tags of our words from the tokenizer
    theirs.word_tag_tab = ours.word_tag_tab
    return ours, theirs


def cut(tagger, text):
    return [(pair.word, pair.flag) for pair in tagger.cut(text)]


def ends_are_right(text):
    ours, theirs = taggers()
    for run in RUN.findall(text):
        found = ours.ends(run)
        right = list(accumulate(len(word) for word, _ in cut(theirs, run)))
        assert [place for place in range(1, len(run) + 1) if place in found] == right


def test_on_real_pages():
    ours, theirs = taggers()
    for path in SEEDS:
        text = path.read_text("utf-8")
        assert cut(ours, text) == cut(theirs, text)
        ends_are_right(text)


@settings(max_examples=150, deadline=None)
@given(
    st.text(
        st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF) | st.sampled_from("王陈小明晋江，a1 㐀𠀀"),
        max_size=25,
    )
)
def test_on_any_characters(text):
    ours, theirs = taggers()
    assert cut(ours, text) == cut(theirs, text)
    assert "".join(word for word, _ in cut(ours, text)) == text
    ends_are_right(text)
