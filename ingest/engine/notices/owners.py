"""Whose a stretch of text is: one matching over the page of headings, beginnings, and what goes on behind a gap.

Drafts are gathered in printed order. Columns cut notices in two and let others stand between, set headings below their
text or in a heap. So the drafts are taken apart at their blank lines, and every stretch looks for the heading it stands
under or the stretch it goes on with, all of a page at once; where it stands is evidence like any other.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import log1p

from ingest.engine.fluency import word_gain
from ingest.engine.matching import best_links
from ingest.engine.notices import evidence, kinds, lines, people
from ingest.engine.notices.drafts import Draft
from ingest.engine.notices.gather import CARRIES_ON_WORDS
from ingest.engine.notices.paragraphs import Sort, set_piece
from ingest.engine.notices.split import Part
from ingest.engine.text import NEVER_FIRST, open_signs, stray_closers
from ingest.engine.topics import Topics, pairs_of, topics_over

# So many stretches and headings round one are looked at: a notice is cut by its neighbours on the page.
NEAR = 30
HEADINGS_NEAR = 10
# No longer is what a column's end leaves for the page's last line.
LAST_LINE = 20
# Characters of a stretch that tell what it is about.
READ = 1200

# --- text that goes on with other text ---
HELD = 3.5  # it stands right below, and nothing says that the notice is over
HELD_OPEN = 1.5  # the same below an open end, where the walk takes whatever comes
NEXT = 1.0  # it stands right below
APART, DISTANCE = -0.5, -0.35  # it does not; times the logarithm of how many stand between
OPEN_END = 2.5  # the upper one ends in mid-sentence
WORD_CUT, WORD_CUT_MOST = 0.35, 3.0  # per nat of the word across the seam
CLOSES_BRACKET = 2.5
LEAVES_BRACKET = -1.5
STRAY_BRACKET = -2.0  # the lower one closes a bracket the upper one did not open
NAME_CUT = 4.0  # both together are who signs
FORBIDDEN_START = 3.0  # no line begins with a comma
FRESH = -2.5  # it begins as notices do
FURTHER = -1.5  # another paragraph below a complete one
BEHIND_CLOSE = -3.0  # nothing follows a telephone number or a signature
SIGNS_COMPLETE = 1.0  # a signature or a contact line below a complete sentence
SIGNS_OPEN = -1.0
SIGNS_AFAR = -2.0
SIGNED_TWICE = -5.0
SHARED, SHARED_MOST = 0.12, 3.5  # per nat of the words they share
CARRIES_ON = 2.0  # 四、…, 附:…, 特此公告
BEHIND_FORMULA = -3.0  # 特此公告: a notice has ended
COMPLETES = 1.5  # the upper one lacks whom to call and who signs, the lower one has it
LOOSE = -2.0  # for being no article
LOOSE_AMID = -0.5  # where all around are notices
BELOW_LOOSE = -4.0  # part of a notice below what may be an article
BELOW_LOOSE_AMID = -1.0
OF_ARTICLE = -2.0  # below a dateline
# --- text under a heading ---
OWN_HEADING = 4.5  # right above
TIGHT = 3.0  # without a blank line
HEADING_BELOW = 0.8  # right below
HEADING_AFAR = -0.8
LONE = 0.5  # a heading with no text of its own
SAYS_KIND = 2.0  # it speaks as notices of the heading's kind do
SAYS_WORDS = 2.0  # it says what the heading says
SAYS_OTHER = -4.0  # it speaks as notices of another kind do
SAYS_NOTHING = -1.0  # it says nothing of what the heading says
LEAST_FIT = 0.7  # of a heading that does not stand right above
HEAP = 3  # headings by themselves stand so near their texts
# --- text by itself ---
BEGINS = 2.5  # it opens as notices without heading do
BULLET = 4.0


@dataclass
class Stretch:
    """Parts of a draft with no blank line between."""

    draft: Draft
    parts: list[Part]
    order: int
    """Headings and texts down to here."""
    is_first: bool
    is_amid: bool = False
    """Notices stand above and below, and no article between."""
    counts: Counter[str] = field(default_factory=Counter)
    told: Set[str] = frozenset()
    """Words of the draft up to here."""

    @cached_property
    def flat(self) -> str:
        return "".join(part.flat for part in self.parts)

    @property
    def begins_headless(self) -> bool:
        """Whether it opens as notices without heading do."""
        return self.is_first and not self.draft.is_loose and not self.draft.heading

    @cached_property
    def has_closed(self) -> bool:
        """Whether its last sentence is a notice's last."""
        return _CLOSES.search(self.parts[-1].flat[-40:]) is not None

    @cached_property
    def signs(self) -> str:
        """Brackets and quotations it leaves open."""
        return open_signs(self.parts[-1].flat)

    @cached_property
    def strays(self) -> str:
        """Those it closes and did not open."""
        return stray_closers(self.parts[0].flat)

    @cached_property
    def is_fresh(self) -> bool:
        """Whether it begins as notices do."""
        right = self.parts[0].flat
        return _FRESH.match(right) is not None or kinds.opening_kind(right) is not None

    @property
    def is_text(self) -> bool:
        return self.parts[0].sort is Sort.TEXT

    @cached_property
    def is_open(self) -> bool:
        """Whether it ends in mid-sentence."""
        last = self.parts[-1]
        if last.sort is not Sort.TEXT or lines.is_complete(last.flat):
            return False
        # Below its heading a line of words is the first of the text, and no title or name.
        is_first_line = bool(self.draft.heading) and last is self.draft.parts[0]
        return is_first_line or not _NAME_OR_TITLE.match(last.flat)

    @cached_property
    def carries_on(self) -> bool:
        """Whether it begins as the further paragraphs of a notice do."""
        return CARRIES_ON_WORDS.match(self.parts[0].flat) is not None

    @cached_property
    def article_points(self) -> float:
        return evidence.article_points(self.flat)

    @cached_property
    def is_told_whom(self) -> bool:
        """Whether whom to call or who signs is in it."""
        return any(part.sort is not Sort.TEXT for part in self.parts)

    @cached_property
    def is_signed(self) -> bool:
        return any(part.sort is Sort.SIGN_OFF for part in self.parts)

    @cached_property
    def is_over(self) -> bool:
        """Whether it ends as notices end."""
        last = self.parts[-1]
        return last.sort is not Sort.TEXT or lines.ends_in_phone(last.flat) or self.is_signed


@dataclass(frozen=True, slots=True)
class Heading:
    draft: Draft
    order: int
    own: Stretch | None
    """The text it stands right above."""


def is_signature(left: str, right: str) -> bool:
    """Whether two halves are an organisation's name, perhaps with its date ('…包装有' / '限公司 2015年7月22日')."""
    whole = left + right
    if len(whole) > lines.SIGN_OFF_MOST:
        return False
    end = lines.date_at_end(whole)
    return people.is_sure_organisation(whole[:end].strip())


def settle(source: str, drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts as the page's headings and stretches go together best, in order of their first lines."""
    if all(draft.is_loose for draft in drafts):
        return list(drafts)  # nothing here begins a notice
    stretches, headings = _taken_apart(drafts)
    topics = _count(stretches)
    savings: dict[tuple[int, int], float] = {}
    for at, stretch in enumerate(stretches):
        alone = _alone(stretch)
        for k in range(max(0, at - NEAR), at):
            worth = _goes_on(stretches, k, at, topics, alone) - alone
            if worth > 0:
                savings[k, at] = worth
    orders = [stretch.order for stretch in stretches]
    for number, heading in enumerate(headings):
        for at in _near(orders, heading):
            worth = _under(heading, stretches[at]) - _alone(stretches[at])
            if worth > 0:
                savings[len(stretches) + number, at] = worth
    return _put_together(source, stretches, headings, best_links(savings))


def _taken_apart(drafts: Sequence[Draft]) -> tuple[list[Stretch], list[Heading]]:
    stretches: list[Stretch] = []
    headings: list[Heading] = []
    order = 0
    amid = _amid(drafts)
    for number, draft in enumerate(drafts):
        first: Stretch | None = None
        if draft.heading:
            order += 1
            place = order
        for index, part in enumerate(draft.parts):
            if index and not (part.after_blank or part.resumes):
                stretches[-1].parts.append(part)
                continue
            order += part.sort is Sort.TEXT
            stretches.append(Stretch(draft, [part], order, is_first=not index, is_amid=number in amid))
            first = first or stretches[-1]
        if draft.heading:
            headings.append(Heading(draft, place, first))
    return stretches, headings


def _amid(drafts: Sequence[Draft]) -> set[int]:
    """The drafts that have notices above and below them, and no article between."""
    found: set[int] = set()
    waiting: list[int] = []
    above = False
    for number, draft in enumerate(drafts):
        if draft.after_article:
            waiting, above = [], False
        if draft.is_loose:
            waiting += [number] if above else []
        else:
            found.update(waiting)
            waiting, above = [], True
    return found.union(n for n in waiting[:1] if len(drafts[n].flat) <= LAST_LINE)


def _count(stretches: Sequence[Stretch]) -> Topics:
    """What each stretch speaks of, and what that is worth on this page."""
    for before, stretch in zip([None, *stretches], stretches, strict=False):
        stretch.counts = pairs_of(stretch.flat[:READ])
        stretch.told = stretch.counts.keys()
        if before is not None and before.draft is stretch.draft:
            stretch.told = before.told | stretch.told
    return topics_over([stretch.counts for stretch in stretches])


def _near(orders: Sequence[int], heading: Heading) -> range:
    low = bisect_left(orders, heading.order - HEADINGS_NEAR)
    return range(low, bisect_right(orders, heading.order + HEADINGS_NEAR))


def _alone(stretch: Stretch) -> float:
    """What it is worth that it begins a notice without heading, or is left to the articles."""
    if not stretch.begins_headless:
        return 0.0
    return BULLET if stretch.parts[0].begins == "bullet" else BEGINS


_NAME_OR_TITLE = re.compile(r"^[\u4e00-\u9fff()“”《》、 ]{2,20}$")
"""A line of a few words, alone: nothing says that it goes on."""
_CLOSES = re.compile(
    r"(?:特此|谨此)(?:登报)?(?:公告|声明|通知|通告|公示|更正|启事|告知|鸣谢|讣告|讣闻)[^。]{0,12}[。.]*$"
)
"""'特此更正,并向读者致歉。'"""
_FRESH = re.compile(
    r"^(?:兹|现[有将因]|因|为了?|经|根据|按照|依照|依据|受|本(?:人|公司|单位|院|厂|店|局|会|小区|学校)|我(?:公司|单位|司|院|局|校|厂)"
    r"|[12]\d{3}年|[^,。;:]{4,40}(?:公司|合作社|厂|店|部|中心)\()"
)
"""How notices begin; a rest hardly ever does."""


def _goes_on(stretches: Sequence[Stretch], k: int, at: int, topics: Topics, least: float) -> float:
    """What it is worth that one stretch goes on with another above it, if that is more than ``least``."""
    upper, lower = stretches[k], stretches[at]
    left, right = upper.parts[-1].flat, lower.parts[0].flat
    if lower.parts[0].begins in ("bullet", "opening"):
        return 0.0
    if lower.begins_headless and not (upper.is_open and lower.parts[0].after_blank):
        return 0.0
    is_next = k == at - 1
    is_held = is_next and upper.draft is lower.draft and not lower.draft.is_loose
    if not lower.is_text:
        worth = SIGNS_OPEN if upper.is_open else SIGNS_COMPLETE
        if upper.is_signed and not is_held:
            worth += SIGNED_TWICE
    elif upper.is_open:
        worth = OPEN_END + min(WORD_CUT_MOST, WORD_CUT * word_gain(left[-8:], right[:8]))
        if upper.signs:
            worth += CLOSES_BRACKET if lower.strays else LEAVES_BRACKET
        elif lower.strays:
            worth += STRAY_BRACKET
        if is_signature(left, right):
            worth += NAME_CUT
        if right[0] in NEVER_FIRST:
            worth += FORBIDDEN_START
        if lower.is_fresh:
            worth += FRESH
    else:
        worth = FURTHER
        if lower.carries_on:
            worth += CARRIES_ON
        elif upper.has_closed:
            worth += BEHIND_FORMULA
        if upper.is_over and not is_held:
            worth += BEHIND_CLOSE
    if lower.is_told_whom and not upper.is_over:
        worth += COMPLETES
    most = SHARED_MOST + (HELD if is_next else APART)
    if lower.draft.is_loose and not (is_next and upper.draft is lower.draft):
        most += LOOSE_AMID if lower.is_amid else LOOSE
    if worth + most < least:
        return least  # whatever words they share
    shared = sum([topics[pair] for pair in lower.counts if pair in upper.told])
    worth += min(SHARED_MOST, SHARED * shared)
    if is_next:
        worth += (HELD_OPEN if upper.is_open else HELD) if is_held else NEXT
    else:
        worth += APART + DISTANCE * log1p(max(0, lower.order - upper.order - 1))
        worth += 0.0 if lower.is_text else SIGNS_AFAR
    if lower.draft.is_loose and not (is_next and upper.draft is lower.draft):
        worth += (LOOSE_AMID if lower.is_amid else LOOSE) + lower.article_points
        if lower.draft.after_article:
            worth += OF_ARTICLE
    elif upper.draft.is_loose and upper.draft is not lower.draft:
        worth += BELOW_LOOSE_AMID if upper.is_amid else BELOW_LOOSE
    return worth


def _under(heading: Heading, stretch: Stretch) -> float:
    """What it is worth that the stretch is the text of the heading."""
    if not stretch.is_text:
        return 0.0
    if heading.own is stretch:
        tight = not stretch.parts[0].after_blank
        return OWN_HEADING + (TIGHT if tight else 0.0) + _fit(heading.draft, stretch)
    if stretch.parts[0].begins in ("bullet", "opening") or (heading.own is not None and stretch.draft.heading):
        return 0.0
    fit = _fit(heading.draft, stretch)
    between = max(0, abs(heading.order - stretch.order) - 1)
    is_notice = stretch.is_amid or not stretch.draft.is_loose
    in_heap = heading.own is None and heading.draft.is_general and is_notice and between < HEAP
    if fit < LEAST_FIT and not in_heap:
        return 0.0
    place = HEADING_AFAR + DISTANCE * log1p(between) if between and not in_heap else HEADING_BELOW
    if heading.own is None:
        place += LONE
    return place + fit + stretch.article_points + (OF_ARTICLE if stretch.draft.after_article else 0.0)


def _fit(draft: Draft, stretch: Stretch) -> float:
    """Whether the text says what the heading says."""
    kind = draft.heading_kind
    if kind is None:
        return 0.0
    flat = stretch.flat
    says_kind = kind.name != kinds.OTHER and bool(kind.body) and re.search(kind.body, flat[:READ]) is not None
    bare = kinds.bare_heading("".join(part.flat for part in draft.heading))
    words = _GENERIC.sub("", bare)
    found = sum(char in flat for char in words)
    share = found / len(words) if words else 0.0
    score = (SAYS_KIND if says_kind else 0.0) + SAYS_WORDS * share
    if says_kind or draft.is_general:
        return score
    other = kinds.body_kind(flat)
    if other is not None and other is not kind and other.name not in (kinds.OTHER, "声明"):
        score += SAYS_OTHER if kind.name not in (kinds.OTHER, "声明") else 0.0
    if not found:
        score += SAYS_NOTHING
    return score


_GENERIC = re.compile(r"(?:公告|通告|启事|启示|声明|公示|通知书?|告知书|信息|广告)$")


def _put_together(
    source: str, stretches: Sequence[Stretch], headings: Sequence[Heading], links: Sequence[tuple[int, int]]
) -> list[Draft]:
    after: dict[int, int] = {}
    head_of: dict[int, Heading] = {}
    for owner, at in links:
        if owner < len(stretches):
            after[owner] = at
        else:
            head_of[at] = headings[owner - len(stretches)]
    used = {id(heading.draft) for heading in head_of.values()}
    followers = set(after.values())
    made: list[tuple[int, Draft]] = []
    for at, stretch in enumerate(stretches):
        if at in followers:
            continue
        chain = [stretch]
        place = at
        while place in after:
            place = after[place]
            chain.append(stretches[place])
        made.append((stretch.order, _draft(source, chain, head_of.get(at))))
    made.extend(
        (
            h.order,
            Draft(heading=h.draft.heading, after_article=h.draft.after_article, after_masthead=h.draft.after_masthead),
        )
        for h in headings
        if id(h.draft) not in used
    )
    return [draft for _, draft in sorted(made, key=lambda each: each[0])]


def _draft(source: str, chain: Sequence[Stretch], heading: Heading | None) -> Draft:
    first = chain[0].draft
    draft = Draft(
        heading=heading.draft.heading if heading else [],
        shared_kind=None if heading else first.shared_kind or (first.heading_kind),
        opening=first.opening,
        is_loose=heading is None and first.is_loose,
        after_article=first.after_article and chain[0].is_first,
        after_masthead=first.after_masthead and chain[0].is_first,
    )
    joined: list[list[Part]] = []
    for place, stretch in enumerate(chain):
        goes_on = place > 0 and chain[place - 1].is_open and stretch.is_text
        if goes_on:
            joined[-1].append(stretch.parts[0])
        joined.extend([part] for part in stretch.parts[goes_on:])
    draft.add(*(_one(source, parts) for parts in joined))
    return draft


def _one(source: str, parts: Sequence[Part]) -> Part:
    if len(parts) == 1:
        return parts[0]
    sort = Sort.SIGN_OFF if is_signature(parts[0].flat, "".join(part.flat for part in parts[1:])) else Sort.TEXT
    spans = [span for part in parts for span in part.piece.spans]
    numbers = tuple(number for part in parts for number in part.numbers)
    return replace(parts[0], sort=sort, piece=set_piece(source, sort, spans), numbers=numbers)
