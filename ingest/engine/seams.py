"""What the words say of a joint between two pieces of a page: whether they read on.

A word list knows 指|挥 and a tagger's model 九十一|个; the page itself knows its names and terms: what is read across a
joint and stands elsewhere on the page unbroken is seldom read there by chance.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from math import log

from ingest.engine.fluency import word_gain
from ingest.engine.parts import follows
from ingest.engine.text import is_cjk

# Nats.
WORD_CUT = 0.35  # per nat gained by the word across the joint
WORD_CUT_MOST = 3.0
PARTS = 1.0  # of what the parts of speech say
ECHO = 0.5  # of what it says that two characters met at the joint stand together elsewhere on the page
ECHO_MOST = 2.5
ECHO_OF_THREE = 1.0  # for each three that do
DIGITS = 0.5


class Seams:
    """The pieces of a page, by number, and what they say elsewhere."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self.chars = Counter(char for text in texts for char in text)
        self.pairs = Counter(a + b for text in texts for a, b in pairwise(text))
        self.threes = Counter(text[at : at + 3] for text in texts for at in range(len(text) - 2))

    def names(self, text: str) -> bool:
        """Whether its first characters stand elsewhere too: 和小北 is somebody, not 和 and the rest of a sentence."""
        return self.threes[text[:3]] > 1

    def reads_on(self, one: int, other: int) -> float:
        """Log odds for the second piece going on in the middle of the first one's sentence."""
        left, right = self.texts[one], self.texts[other]
        if not is_cjk(left[-1]) or not is_cjk(right[0]):
            return DIGITS if left[-1].isdigit() and right[0].isdigit() else 0.0
        odds = min(WORD_CUT_MOST, WORD_CUT * word_gain(left, right)) + PARTS * follows(left, right)
        return odds + self._echo(left, right)

    def _echo(self, left: str, right: str) -> float:
        pair = left[-1] + right[0]
        together = self.pairs[pair]
        if not together:
            return 0.0
        chance = self.chars[left[-1]] * self.chars[right[0]] / self.chars.total()
        odds = min(ECHO_MOST, max(0.0, ECHO * log(together / chance)))
        return odds + ECHO_OF_THREE * ((left[-2:] + right[0] in self.threes) + (left[-1] + right[:2] in self.threes))
