"""The text of a block as a reader sees it, each character knowing where it stands in the source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ingest.engine.types import Block, Finding, Role, Span


@dataclass(frozen=True, slots=True)
class Passage:
    """``places[i]`` is the position in the source of ``text[i]``; a space of the text takes that of what follows it."""

    source: str
    block: Block
    places: tuple[int, ...]
    item: int | None = None
    """Number of the item it belongs to; None outside items."""
    is_notice: bool = False

    @property
    def text(self) -> str:
        return self.block.text

    @property
    def role(self) -> Role:
        return self.block.role

    def where(self, start: int, end: int) -> Span:
        """``text[start:end]`` in the source, cut where the text leaps to another place on the page."""
        first = last = self.places[start]
        for place in self.places[start + 1 : end]:
            if place < last or (place > last + 1 and self.source[last + 1 : place].strip()):
                break
            last = place
        return first, last + 1

    def is_whole(self, start: int, end: int) -> bool:
        """Whether `where` holds all of ``text[start:end]``."""
        return self.where(start, end)[1] == self.places[end - 1] + 1

    def finding(
        self, kind: str, start: int, end: int, message: str, change: Mapping[int, str] | None = None
    ) -> Finding:
        """About ``text[start:end]``. ``change`` says what to put for single characters of it, by place in the text;
        line ends between them stay as they are."""
        where = self.where(start, end)
        fix = None
        if change is not None and self.is_whole(start, end):
            new = {self.places[index]: sign for index, sign in change.items()}
            fix = "".join(new.get(place, self.source[place]) for place in range(*where))
        return Finding(kind, where, message, fix)


def passage(source: str, block: Block, item: int | None = None, is_notice: bool = False) -> Passage:
    positions = [at for start, end in block.spans for at in range(start, end) if not source[at].isspace()]
    places: list[int] = []
    used = 0
    for char in block.text:
        places.append(positions[min(used, len(positions) - 1)])
        if not char.isspace():
            used += 1
    return Passage(source, block, tuple(places), item, is_notice)
