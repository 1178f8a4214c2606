"""What headings are matched with: the units of a page and the stories its paragraphs were gathered into."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ingest.engine.flow import Step
from ingest.engine.sections import breaks_of
from ingest.engine.topics import Topics
from ingest.engine.units import Unit


@dataclass(frozen=True, slots=True)
class Scene:
    """What the matching looks at."""

    units: Sequence[Unit]
    steps: Mapping[int, Step]
    stories: Sequence[Sequence[int]]
    """Unit numbers of each story's paragraphs; the lead first."""
    topics: Topics
    counts: Mapping[int, Counter[str]]
    reserved: frozenset[int] = frozenset()
    """Title units with another use already (captions, column names)."""
    story_of: Mapping[int, int] = field(default_factory=dict)
    unlikely: frozenset[int] = frozenset()
    """Stories without any beginning of their own: perhaps sections of others."""

    def breaks(self, story: int) -> list[bool]:
        """Which paragraphs of a story do not follow the one before them on the page."""
        return breaks_of(self.stories[story], self.steps)
