"""How much a sentence reads as what is printed below a picture, by its words alone."""

from __future__ import annotations

import re

from ingest.engine.knowledge import pattern
from ingest.engine.text import ends_sentence

# A caption is one sentence; a longer one is a paragraph.
LONGEST = 48
LONG = 34
SHORT = 16
_POINTS = re.compile("[（(][左右中前后上下][一二三四]?[）)]")  # who stands where
_COUNTED = re.compile("[一二三](?:是|要|看|来|则|[、，：])|[一二三四五六七八九十百千万两]{2}")  # 一是…; 二百六十斤。
_MARKS = re.compile("[，；：,;:]")


def reads_as_caption(text: str) -> float:
    """Evidence in nats; 0 for what is no sentence at all."""
    if len(text) > LONGEST or not ends_sentence(text) or text.count("。") > 1 or pattern("attendance").match(text):
        return 0.0
    marks = len(_MARKS.findall(text))
    score = 1.0 if not marks else -0.4 * marks
    score += 1.2 if pattern("scene").search(text) else 0.0
    score += 1.5 if _POINTS.search(text) else 0.0
    score -= 2.0 * min(2, len(pattern("talk").findall(text)))
    if (
        pattern("carries_on").match(text)
        or pattern("opens_story").match(text)
        or text[0] == "“"
        or _COUNTED.match(text)
    ):
        score -= 2.0
    if len(text) > LONG:
        score -= 0.8
    elif len(text) <= SHORT:
        score += 0.4
    return score
