"""Find captions that carry no mark, and give every caption to the story it illustrates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from ingest.engine.bylines import split_names
from ingest.engine.knowledge import pattern
from ingest.engine.pictures import LONGEST, reads_as_caption
from ingest.engine.text import ends_sentence
from ingest.engine.topics import Topics, coverage, pairs_of
from ingest.engine.units import Unit, Use

# Evidence that a short sentence standing alone is a caption, in nats.
NEEDED = 2.0
NEEDED_BESIDE = 1.0  # beside another caption
ALONE = 0.8  # one plain sentence by itself, where no sentence of the page wants its rest
PLAIN = 1.0  # what the words of such a sentence say at the least
LEAST = 10  # a shorter one may be a paragraph's last words
# On a text with more stories than a page has, a caption goes to its neighbour.
MOST_STORIES = 200


def late_captions(units: Sequence[Unit], between: Mapping[int, bool]) -> frozenset[int]:
    """Units that look like text but are captions. ``between`` tells which stand inside a paragraph cut in two."""
    found: set[int] = set()
    body = " ".join(unit.text for unit in units if unit.use is Use.BODY and len(unit.text) > LONGEST)
    in_columns = any(unit.measure for unit in units)
    gaps = Counter(unit.gap for unit in units if unit.use is Use.BODY)
    usual_gap = max(gaps, key=lambda gap: (gaps[gap], -gap)) if gaps else 1
    all_closed = not any(unit.is_open for unit in units if unit.use is Use.BODY and not unit.is_listed)

    def evidence(number: int) -> float:
        score = _caption_evidence(units, number, usual_gap, between.get(number, False), in_columns)
        text = units[number].text
        is_opening = number > 0 and units[number - 1].use in (Use.TITLE, Use.BYLINE)
        is_alone = all_closed and not is_opening and len(text) >= LEAST and reads_as_caption(text) >= PLAIN
        return score + ALONE if is_alone else score

    for number, unit in enumerate(units):
        if unit.use not in (Use.BODY, Use.TITLE) or unit.is_dateline:
            continue
        if len(unit.text) > LONGEST or len(unit.fragments) > 2:
            continue
        if unit.use is Use.TITLE:
            if _is_portrait(unit.text, body):
                found.add(number)
            continue
        if evidence(number) >= NEEDED:
            found.add(number)
    for number, unit in enumerate(units):
        if number in found or unit.use is not Use.BODY or unit.is_dateline:
            continue
        if len(unit.text) > LONGEST or len(unit.fragments) > 1 or len(unit.widths) > 1:
            continue
        # Pictures stand together, and so do their captions.
        beside = [k for k in (number - 1, number + 1) if 0 <= k < len(units)]
        if any(k in found or units[k].use is Use.CAPTION for k in beside) and evidence(number) >= NEEDED_BESIDE:
            found.add(number)
    return frozenset(found)


def _is_portrait(text: str, body: str) -> bool:
    """A name alone under a portrait of someone the page speaks of."""
    names = split_names(text, sure=False) if 2 <= len(text) <= 4 else None
    return names is not None and len(names) == 1 and text in body


def _caption_evidence(units: Sequence[Unit], number: int, usual_gap: int, is_between: bool, in_columns: bool) -> float:
    unit = units[number]
    if not ends_sentence(unit.text) or unit.text.count("。") > 1 or pattern("attendance").match(unit.text):
        return 0.0
    score = reads_as_caption(unit.text)
    after = units[number + 1].gap if number + 1 < len(units) else usual_gap + 1
    if not unit.measure and len(unit.widths) == 1:
        if unit.gap > usual_gap:
            score += 1.2
        if after > usual_gap:
            score += 0.6
        if in_columns:  # a line that fits no column of a page of columns
            score += 1.8
    if is_between:
        score += 2.0
    return score


def names_scene(text: str, has_captions: bool) -> bool:
    """Whether a left-over line without a full stop reads as a caption: 森林灭火演练."""
    return has_captions and len(text) <= 24 and " " not in text and pattern("scene").search(text) is not None


def owner_of_caption(
    unit: Unit,
    stories: Sequence[Sequence[int]],
    counts: Mapping[int, Counter[str]],
    heads: Mapping[int, str],
    topics: Topics,
    above: int | None,
    below: int | None,
    story_of: Mapping[int, int],
    nearness: float = 1.0,
) -> tuple[int | None, float]:
    """The story a caption belongs to and how clear that is; None on a page without stories.

    ``nearness`` says how much its neighbours prove: little when headings and other captions stand between.
    """
    if not stories:
        return None, 0.0
    if len(stories) > MOST_STORIES:
        beside = above if above is not None else below
        return (None if beside is None else story_of.get(beside)), 0.0
    # What the picture shows; who took it says nothing.
    shown = pattern("caption_credit").sub("", pattern("caption_opening").sub("", unit.text))
    weights = {pair: topics[pair] for pair in pairs_of(shown or unit.text)}
    near: Counter[int] = Counter()
    here = story_of.get(above) if above is not None else None
    there = story_of.get(below) if below is not None else None
    for story, worth in ((here, 0.9 * nearness), (there, 0.7 * nearness)):
        if story is not None:
            near[story] += worth  # type: ignore[assignment]
    scores = []
    for number, members in enumerate(stories):
        seen: Counter[str] = Counter(pairs_of(heads.get(number, "")))
        for n in members:
            seen.update(counts[n].keys())
        scores.append((7.0 * coverage(weights, seen) + near[number], -number))
    ranked = sorted(scores, reverse=True)
    margin = ranked[0][0] - (ranked[1][0] if len(ranked) > 1 else 0.0)
    return -ranked[0][1], margin
