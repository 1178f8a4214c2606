"""How likely a paragraph is the first of its story. A story has one such paragraph, and only one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ingest.engine.flow import Step
from ingest.engine.fragments import heads_box
from ingest.engine.furniture import section_of
from ingest.engine.knowledge import pattern
from ingest.engine.titles import is_column_name
from ingest.engine.units import Unit

# Log odds, after counts on the development pages: of 49 paragraphs below a byline 43 were first, of 400 with nothing
# above them but another paragraph 19.
DATELINE = 5.0
CONTINUED = 5.0  # behind a 上接 line
LETTER = 4.0  # 编辑同志：
BYLINE = 3.0
COLUMN = 2.5  # below a column's name
PLAIN = -3.0
UNDER_TITLES = -1.5  # two title lines or more: rather a heading than a subhead
FIRST_ON_PAGE = 1.5
OPENS_STORY = 2.5  # 昨日, 记者从……获悉; where headings stand above their stories, such a paragraph has one
CARRIES_ON = -5.0  # 据介绍, 此外
BORROWED = 0.0  # most, below a byline that stands below titles of other stories: it is of a heap with them


def lead_odds(units: Sequence[Unit], number: int, step: Step, *, in_order: bool) -> float:
    """Log odds that a paragraph opens its story, from how it begins and what stands above it."""
    unit = units[number]
    if unit.is_dateline:
        return DATELINE
    if step.bylines:
        return BYLINE
    if pattern("letter_opening").match(unit.text):
        return LETTER
    if opens_column(units, step):
        return COLUMN
    if pattern("carries_on").match(unit.text):
        return CARRIES_ON
    odds = PLAIN if len(step.titles) < 2 else UNDER_TITLES
    if step.before is None:
        odds += FIRST_ON_PAGE
    if not in_order and pattern("opens_story").match(unit.text):
        odds += OPENS_STORY
    return odds


def opens_column(units: Sequence[Unit], step: Step) -> bool:
    """Whether the name of a column or section or the title of a box stands above: 编辑时评, 图片新闻, 链接：…."""
    texts = [units[t].text for t in step.titles]
    return any(is_column_name(text) or section_of(text) is not None or heads_box(text) for text in texts)


def known_leads(
    units: Sequence[Unit],
    steps: Mapping[int, Step],
    leads: Mapping[int, float],
    stories: Sequence[Sequence[int]],
    heads: Mapping[int, Sequence[int]],
) -> dict[int, float]:
    """The same for all paragraphs, now that it is known which titles are their story's."""
    found = {**leads}
    for number, members in enumerate(stories):
        own = set(heads.get(number, ()))
        for n in members:
            step = steps[n]
            if step.bylines and step.titles and not units[n].is_dateline and own.isdisjoint(step.titles):
                found[n] = min(found[n], BORROWED)
    return found
