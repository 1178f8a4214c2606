"""Laying entries out as a newspaper does: by page, in reading order, the weighty ones large. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from articles.jumps import page_meant
from articles.public.addresses import address
from articles.public.reading import Entry, page_label


@dataclass(frozen=True, slots=True)
class PageOfEntries:
    """版: its entries in reading order."""

    number: int
    section: str
    url: str
    entries: tuple[Entry, ...]

    @property
    def label(self) -> str:
        return page_label(self.number, self.section)

    @property
    def articles(self) -> list[Entry]:
        return [entry for entry in self.entries if not entry.is_notice]

    @property
    def notices(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.is_notice]

    @property
    def by_weight(self) -> list[Entry]:
        return by_weight(self.articles)


def pages_of(entries: Iterable[Entry]) -> list[PageOfEntries]:
    """The pages of one issue. Entries come in page order; a page has the name that one of them still carries."""
    pages = []
    for number, group in groupby(entries, key=lambda entry: entry.page_number):
        mine = tuple(group)
        section = next((entry.section for entry in mine if entry.section), "")
        pages.append(PageOfEntries(number, section, mine[0].page_url, mine))
    return pages


def by_weight(entries: Iterable[Entry]) -> list[Entry]:
    """Heaviest first: a paper gives most room to what matters most. Equals stay in reading order."""
    return sorted(entries, key=lambda entry: -entry.size)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """上一篇 and 下一篇 in the reading order of the whole issue."""

    previous: Entry | None
    next: Entry | None


def neighbours(entries: Sequence[Entry], pk: int) -> Neighbours:
    here = next((index for index, entry in enumerate(entries) if entry.pk == pk), None)
    if here is None:
        return Neighbours(None, None)
    return Neighbours(
        previous=entries[here - 1] if here else None,
        next=entries[here + 1] if here + 1 < len(entries) else None,
    )


def beside(pages: Sequence[PageOfEntries], number: int) -> tuple[PageOfEntries | None, PageOfEntries | None]:
    """上一版 and 下一版."""
    before = [page for page in pages if page.number < number]
    after = [page for page in pages if page.number > number]
    return (before[-1] if before else None, after[0] if after else None)


def absent(pages: Sequence[PageOfEntries], expected: int) -> list[int]:
    """The numbers of the pages that an issue of so many should have and has not."""
    there = {page.number for page in pages}
    return [number for number in range(1, expected + 1) if number not in there]


@dataclass(frozen=True, slots=True)
class Jump:
    """上接 or 下转: the words as printed, and where they lead when the other part is public."""

    text: str
    url: str


def jump(text: str, *, entries: Sequence[Entry], here: int, is_forward: bool, linked: int | None = None) -> Jump | None:
    """Lead to the article that an editor linked; else to the one on the page meant that points back here; else to
    that page; else nowhere."""
    other = next((e for e in entries if linked and e.url == address("article", linked)), None)
    if other is not None:
        return Jump(_jump_words(text or f"第{other.page_number}版", is_forward=is_forward), other.url)
    if not text:
        return None
    there = page_meant(text)
    on_page = [entry for entry in entries if entry.page_number == there]
    pointing_back = [
        entry for entry in on_page if page_meant(entry.continued_from if is_forward else entry.continued_on) == here
    ]
    words = _jump_words(text, is_forward=is_forward)
    if len(pointing_back) == 1:
        return Jump(words, pointing_back[0].url)
    return Jump(words, on_page[0].page_url if on_page else "")


def _jump_words(text: str, *, is_forward: bool) -> str:
    return text if text.startswith(("上接", "下转")) else ("下转" if is_forward else "上接") + text
