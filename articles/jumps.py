"""Jumps between pages: 下转第四版, 上接第一版.

What is printed stands in an article's `continued_on` and `continued_from` and is part of its text. That one article
goes on in another is a person's word, a row of `Jump`. What is likely is worked out here from those lines, the titles
and the words, and shown to the editor as a proposal; it is stored nowhere, so it cannot go out of date.

For whoever shows it to readers: the content of a snapshot has ``jump_to`` and ``jump_from``, the number of the article
it goes on in or comes from, where an editor has linked one; otherwise it lacks the key. The other article need not be
public: look it up among `Snapshot.objects.live()` and fall back on the printed line. Linking and parting renew the
snapshots readers see at once, as with topics.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from articles.models import Article, Jump, JumpState

# 第四版, 第4版, 4版, A04版, 第十二版, 第二十一版
_PAGE_REFERENCE = re.compile(r"第?\s*(?:[A-Z]?0*([1-9]\d{0,2})|([一二三四五六七八九十]{1,3}))\s*版")
_DIGITS = {digit: value for value, digit in enumerate("一二三四五六七八九", 1)}


def page_meant(reference: str) -> int | None:
    """The page number in a jump as printed: 下转第四版 → 4."""
    found = _PAGE_REFERENCE.search(reference)
    if found is None:
        return None
    if found[1]:
        return int(found[1])
    return _chinese_number(found[2])


def _chinese_number(text: str) -> int | None:
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _DIGITS.get(text)
    if (tens and tens not in _DIGITS) or (ones and ones not in _DIGITS):
        return None
    return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)


@dataclass(frozen=True)
class Part:
    """What is known of an article as one half of a story."""

    pk: int
    page: int
    title: str
    text: str
    continued_from: str = ""
    continued_on: str = ""

    @cached_property
    def goes_to(self) -> int | None:
        return page_meant(self.continued_on)

    @cached_property
    def comes_from(self) -> int | None:
        return page_meant(self.continued_from)

    @cached_property
    def title_pairs(self) -> frozenset[str]:
        return _pairs(self.title)

    @cached_property
    def pairs(self) -> frozenset[str]:
        """Neighbouring characters: the nearest thing to words that needs no dictionary."""
        return self.title_pairs | _pairs(self.text)


@dataclass(frozen=True)
class Proposal:
    origin: Part
    target: Part
    score: float
    evidence: tuple[str, ...]
    """In words for the editor, the strongest first."""


_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
_ENDS = tuple("。！？”』」）…")


def _pairs(text: str) -> frozenset[str]:
    return frozenset(run[n : n + 2] for run in _CHINESE.findall(text) for n in range(len(run) - 1))


# What each piece of evidence is worth. Both printed lines are enough by themselves; one of them needs the words, for a
# page has many articles and a recogniser loses one jump line in five.
BOTH_LINES, ONE_LINE = 0.7, 0.4
TITLES, WORDS, SEAM = 0.25, 0.35, 0.1
ENOUGH = 0.55
PARTS = 400
"""No issue has more articles; what lies beyond is not looked at."""


def propose(
    parts: Sequence[Part], *, linked: Collection[tuple[int, int]] = (), rejected: Collection[tuple[int, int]] = ()
) -> list[Proposal]:
    """Which articles of one issue go on in which, likeliest first; each goes on once and comes from one.

    `linked` and `rejected` are pairs of which people have spoken. A line that names another page speaks against the
    pair, and where no line speaks for it there is no proposal: two reports of one matter on two pages are two reports.
    """
    parts = parts[:PARTS]
    origins = {origin for origin, _ in linked}
    targets = {target for _, target in linked}
    weighing = _Weighing(parts)
    found = [
        proposal
        for origin in parts
        if origin.pk not in origins
        for target in parts
        if target.pk not in targets and (origin.pk, target.pk) not in rejected
        if origin.page < target.page or (target.continued_from and origin.page != target.page)
        if (proposal := _weigh(origin, target, weighing)) is not None and proposal.score >= ENOUGH
    ]
    found.sort(key=lambda each: (-each.score, each.origin.pk, each.target.pk))
    chosen: list[Proposal] = []
    for each in found:
        if each.origin.pk not in origins and each.target.pk not in targets:
            origins.add(each.origin.pk)
            targets.add(each.target.pk)
            chosen.append(each)
    return chosen


class _Weighing:
    """How telling a pair of characters is: the fewer articles of the issue have it, the more."""

    def __init__(self, parts: Sequence[Part]) -> None:
        seen = Counter(pair for part in parts for pair in part.pairs)
        self._rarity = {pair: max(math.log((len(parts) + 1) / (count + 0.5)), 0.0) for pair, count in seen.items()}
        self._known: dict[frozenset[str], float] = {}

    def weight(self, pairs: frozenset[str]) -> float:
        if pairs not in self._known:
            self._known[pairs] = sum(self._rarity[pair] for pair in pairs)
        return self._known[pairs]

    def shared(self, one: frozenset[str], other: frozenset[str]) -> float:
        """The weight of the shared pairs in that of the poorer text's pairs: 0 to 1."""
        smaller = min(self.weight(one), self.weight(other))
        both = sum(self._rarity[pair] for pair in one & other)
        return min(1.0, both / smaller) if smaller else 0.0


def _weigh(origin: Part, target: Part, weighing: _Weighing) -> Proposal | None:
    on, back = origin.goes_to, target.comes_from
    if (on is not None and on != target.page) or (back is not None and back != origin.page):
        return None
    if on is None and back is None:
        return None
    both = on is not None and back is not None
    weights: list[tuple[float, str]] = [(BOTH_LINES, "两边都印着版次") if both else (ONE_LINE, "一边印着版次")]
    titles = weighing.shared(origin.title_pairs, target.title_pairs)
    if titles > 0.3:
        weights.append((TITLES * titles, "标题相近"))
    # A whole text shares a tenth of its rare pairs with its other half, and hardly any with a stranger.
    words = min(1.0, weighing.shared(origin.pairs, target.pairs) * 5)
    if words > 0.2:
        weights.append((WORDS * words, "文字讲同一件事"))
    if origin.text and not origin.text.rstrip().endswith(_ENDS):
        weights.append((SEAM, "前文在句中断开"))
    weights.sort(reverse=True)
    score = min(1.0, sum(weight for weight, _ in weights))
    return Proposal(origin, target, round(score, 3), tuple(words for _, words in weights))


def part_of(article: Article) -> Part:
    """The article must come with its page, and the page have a number."""
    if article.page.number is None:
        raise ValueError("page has no number")
    return Part(
        pk=article.pk,
        page=article.page.number,
        title=f"{article.kicker} {article.headline}",
        text=article.text,
        continued_from=article.continued_from,
        continued_on=article.continued_on,
    )


@dataclass(frozen=True)
class Jumps:
    """The jumps of an issue: those people have spoken of, the likely ones, and lines that lead nowhere."""

    linked: tuple[Jump, ...]
    proposed: tuple[Proposal, ...]
    loose: tuple[tuple[Article, str], ...]
    """Articles with a printed line and no other half, with that line."""


def of_issue(articles: Sequence[Article]) -> Jumps:
    """The jumps among the articles of one issue, given with their pages. One query."""
    by_pk = {article.pk: article for article in articles}
    rows = list(Jump.objects.filter(origin__in=by_pk, target__in=by_pk).order_by("pk"))
    for row in rows:
        row.origin, row.target = by_pk[row.origin_id], by_pk[row.target_id]
    linked = [row for row in rows if row.state == JumpState.LINKED]
    spoken = {state: {(row.origin_id, row.target_id) for row in rows if row.state == state} for state in JumpState}
    speaking = [article for article in articles if article.continued_on or article.continued_from]
    pages = {article.page.number for article in speaking}
    pages |= {page_meant(line) for article in speaking for line in (article.continued_on, article.continued_from)}
    parts = [part_of(a) for a in articles if a.page.number is not None and a.page.number in pages] if speaking else []
    proposed = propose(parts, linked=spoken[JumpState.LINKED], rejected=spoken[JumpState.REJECTED])
    goes_on = {row.origin_id for row in linked} | {each.origin.pk for each in proposed}
    comes_from = {row.target_id for row in linked} | {each.target.pk for each in proposed}
    loose = [(a, f"下转 {a.continued_on}") for a in speaking if a.continued_on and a.pk not in goes_on]
    loose += [(a, f"上接 {a.continued_from}") for a in speaking if a.continued_from and a.pk not in comes_from]
    return Jumps(tuple(linked), tuple(proposed), tuple(loose))


def content_of(article: Article) -> dict[str, int]:
    """What a snapshot's content says of the article's jumps. One query."""
    found: dict[str, int] = {}
    linked = Jump.objects.filter(state=JumpState.LINKED)
    for origin, target in (linked.filter(origin=article) | linked.filter(target=article)).values_list(
        "origin_id", "target_id"
    ):
        if origin == article.pk:
            found["jump_to"] = target
        else:
            found["jump_from"] = origin
    return found
