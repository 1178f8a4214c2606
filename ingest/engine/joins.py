"""Join fragments of one paragraph over blank lines, columns and whatever stands between, as one assignment per page.

Every open end looks for a beginning and every headless piece for an end; the whole page is solved at once, so a piece
that fits two ends goes where its absence would hurt most. Document order is right nineteen times in twenty and is the
first evidence; the word model only overrules it where the next piece reads like a fresh start.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log1p

from ingest.engine.classify import Kind
from ingest.engine.columns import Columns
from ingest.engine.fluency import begins_word
from ingest.engine.fragments import SLACK, Fragment, starts_paragraph
from ingest.engine.knowledge import pattern
from ingest.engine.matching import best_links
from ingest.engine.measures import CLAUSES, LONGEST_LINE, usual_gap
from ingest.engine.pictures import reads_as_caption
from ingest.engine.seams import Seams
from ingest.engine.setting import INDENT, SQUEEZE, SQUEEZED, read_block
from ingest.engine.text import (
    NEVER_FIRST,
    OPEN_ENDED,
    ends_sentence,
    is_cjk,
    open_signs,
    stray_closers,
)

# Candidates looked at after and before an open end: whole stories can stand between the parts of a paragraph.
FAR = 80
AHEAD = 16  # on pages of more pieces than any newspaper page has
BEHIND = 12
FAR_PIECES = 400
# More pieces than even those: then only the next one is looked at, by itself, to stay linear.
MOST_PIECES = 2500

# Log odds, set on the pages of the tests, of what an end or a beginning asks for. In columns the setting of the lines
# says it (`setting`), no more than so much:
CUT_MOST = 7.0
RESUMED_MOST = 5.0
# Where lines are paragraphs, only the text does:
OPEN_END = 5.0  # an end without a sentence end
COMMA_END = 7.0  # the same after a comma
AFTER_STOP = 1.0  # after a complete sentence a blank line mostly parts paragraphs
LONE_LINE = 2.5  # a complete sentence on a line by itself is rather a caption
QUOTE_END = 6.5  # a sentence end inside an open quotation
CLOSED_JOIN = 5.0  # going on after a complete sentence
LONE_RESUMED = 1.0  # a complete line alone shows little of how it is set
FORBIDDEN_START = 9.0  # a beginning no line may have
PARTICLE_START = 4.0  # a beginning with 的, 了, 和 …
TORN_START = 2.0  # 方。由于……
# A sentence that reads as a caption goes on with nothing and is not gone on with, for each nat above a plain one.
PLAIN_SENTENCE = 1.4
CAPTION_IN = 2.0
CAPTION_OUT = 1.0
NEVER = 50.0  # behind a 下转 line, before a 上接 line or a dateline
MOST_SAID = 6.0  # more no seam says
LEAST_PAIR = -3.0  # what two ends must ask for together before their seam is read
# Costs of a joint: nothing at no distance with nothing against it.
APART = 1.2  # something else stands between
DISTANCE = 0.9  # times the logarithm of how many pieces
SMALL_STEP = 0.25  # every caption, byline or furniture line between
BACKWARDS = 1.5
APART_IN_ORDER = 2.0  # the same where lines are paragraphs: there the order is seldom lost
STEP = 1.2
BACKWARDS_IN_ORDER = 3.9
FRESH_START = 1.5  # 据悉, 昨日 …
FOREIGN_MEASURE = 3.0  # lines of type on to a paragraph in one line, or back
# Text runs on inside a frame, and a frame has one measure.
OTHER_FRAME = 6.0  # most it costs that their lines fit no one measure
FRAME = 0.5  # for each nat by which they fit it worse
PAST_DATELINE = 1.0
PAIR_OF_QUOTES = 3.0
# What speaks for a title beside the line itself: a byline or dateline below it; a full line below a complete
# paragraph (a paragraph's first line would be indented); another title right above.
TITLE_BEFORE_START = 2.0
LINE_BEFORE_START = 0.7  # less for a line that fits the column: on a torn page anything follows anything
FULL_AND_FRESH = 1.5
LINES_OF_COLUMN = 2.0  # against a title, for each further line that fits the column
UNDER_TITLE = 1.0
# In a heap of title lines every line is one, also one that ends with a comma or is as long as a column's lines.
IN_HEAP = 3.0
PIECES_IN_HEAP = 4  # at least, half of them surely titles
SURE_TITLE = 1.0
HEAPED_ROWS = 3  # no piece with more lines
LEAST_AT_EDGE = -4.0  # a heap's first may still be the last of a column, its last the first of the next
STOP_IN_TITLE = -4.0  # 最难的是断流。里塘河上游有两千亩: a sentence ends inside the line
DANGLING = -3.0  # ends with a word that wants another behind it: 将在, 与
SAYS = -2.5  # 甲介绍，
BEFORE_FRESH = (Kind.FURNITURE,)


@dataclass(frozen=True, slots=True)
class Chain:
    """Fragments of one paragraph in reading order, and how sure the weakest joint is."""

    fragments: tuple[int, ...]
    confidence: float
    title: float
    """Log odds that it is a title line."""


def titleness(fragment: Fragment, in_columns: bool) -> float:
    """Log odds that the fragment, taken alone, is a title line rather than a piece of a paragraph."""
    text = fragment.text
    if fragment.kind is Kind.DATELINE or pattern("letter_opening").match(text) or starts_paragraph(text):
        return -9.0
    width = sum(row.width for row in fragment.rows)
    if width > 64 or len(fragment.rows) > 4:
        return -5.0
    score = -0.5
    if text.startswith(("——", "—")):
        score += 3.0
    elif pattern("bullet").match(text):
        score += 2.0
    elif text[0] in NEVER_FIRST:
        score -= 4.0
    elif pattern("continues").match(text):
        score -= 2.0
    if ends_sentence(text):
        score -= 1.0 if text[-1] in "！？!?…" and width <= 22 else 4.0
    elif text[-1] in OPEN_ENDED and not text.endswith(("——", "：", ":")):
        score -= 4.0
    if open_signs(text) or stray_closers(text):
        score -= 3.0
    if "。" in text[:-1]:
        score += STOP_IN_TITLE
    if pattern("wants_more").search(text[-4:]):
        score += DANGLING
    if pattern("says").search(text):
        score += SAYS
    if CLAUSES.search(text):
        score += 2.0
    marks = sum(text.count(mark) for mark in "，。；、,;")
    score += 1.2 if marks == 0 else -0.4 * marks
    if pattern("paragraph_opener").match(text) and marks:
        score -= 3.0 if pattern("carries_on").match(text) else 1.0
    if not in_columns:
        score += 2.0 if width <= LONGEST_LINE else -1.0
    elif not fragment.measure:
        score += 1.5
    elif len(fragment.rows) == 1:
        missing = fragment.measure - fragment.rows[0].width
        score += 1.0 if missing > INDENT + SLACK else -0.5
    else:
        score -= LINES_OF_COLUMN * min(2, len(fragment.rows) - 1)
    return score


def title_scores(fragments: Sequence[Fragment], pieces: Sequence[int], in_columns: bool) -> list[float]:
    """`titleness` of each piece, corrected by what stands around it."""
    scores = [titleness(fragments[i], in_columns) for i in pieces]
    for place, i in enumerate(pieces):
        fragment = fragments[i]
        if not -4 <= scores[place] <= 4 or len(fragment.rows) > 2 or ends_sentence(fragment.text):
            continue
        if fragment.measure and len(fragment.rows) > 1:
            continue
        after = fragments[i + 1] if i + 1 < len(fragments) else None
        before = fragments[i - 1] if i else None
        if after is None or after.kind in (Kind.BYLINE, Kind.DATELINE, Kind.FURNITURE):
            scores[place] += TITLE_BEFORE_START if not fragment.measure else LINE_BEFORE_START
        is_under_title = bool(place) and scores[place - 1] > 1.0 and pieces[place - 1] == i - 1
        if before is None or before.kind in BEFORE_FRESH or ends_sentence(before.text) or is_under_title:
            missing = fragment.measure - fragment.rows[0].width if fragment.measure else None
            if missing is not None:
                missing += SQUEEZE * sum(1 for char in fragment.text if char in SQUEEZED)
            if missing is not None and not 1.2 <= missing <= 3.5 and len(fragment.rows) == 1:
                scores[place] += FULL_AND_FRESH
        if is_under_title:
            scores[place] += UNDER_TITLE if fragment.gap == 0 else UNDER_TITLE / 2
    if in_columns:
        for place in _heaps(fragments, pieces, scores):
            scores[place] = max(IN_HEAP, scores[place])
    return scores


def _heaps(fragments: Sequence[Fragment], pieces: Sequence[int], scores: Sequence[float]) -> list[int]:
    """Places of the pieces in heaps of titles: short ones that end no sentence, one after the other."""
    runs: list[list[int]] = []
    for place, i in enumerate(pieces):
        if not _may_be_heaped(fragments[i], scores[place]):
            continue
        if runs and runs[-1][-1] == place - 1 and _is_next(fragments, pieces[place - 1], i):
            runs[-1].append(place)
        else:
            runs.append([place])
    found: list[int] = []
    for run in runs:
        inner = [place for place in run if scores[place] >= LEAST_AT_EDGE]
        heap = [place for place in run if inner and inner[0] <= place <= inner[-1]]
        if len(heap) >= PIECES_IN_HEAP and 2 * sum(1 for place in heap if scores[place] > SURE_TITLE) >= len(heap):
            found += heap
    return found


def _may_be_heaped(fragment: Fragment, score: float) -> bool:
    if fragment.kind is not Kind.TEXT or fragment.is_long or len(fragment.rows) > HEAPED_ROWS:
        return False
    return score > SURE_TITLE or not ends_sentence(fragment.text)


def _is_next(fragments: Sequence[Fragment], one: int, other: int) -> bool:
    """Whether nothing but bylines stands between them."""
    return all(fragments[k].kind is Kind.BYLINE for k in range(one + 1, other))


def _softplus(x: float) -> float:
    return x if x > 30 else log1p(exp(x))


def is_column_page(fragments: Sequence[Fragment]) -> bool:
    """Whether lines are lines of type (true) or whole paragraphs (false), for most of the text."""
    text_widths = [row.width for f in fragments if f.kind in (Kind.TEXT, Kind.DATELINE) for row in f.rows]
    long = sum(width for width in text_widths if width > LONGEST_LINE)
    return long * 2 < sum(text_widths)


def join(fragments: Sequence[Fragment]) -> tuple[Chain, ...]:
    """Chains in order of their first fragment. Only text and datelines are joined; other fragments are no chain."""
    pieces = [i for i, f in enumerate(fragments) if f.kind in (Kind.TEXT, Kind.DATELINE)]
    in_columns = is_column_page(fragments)
    titles = title_scores(fragments, pieces, in_columns)
    texts = [fragments[i].text for i in pieces]
    seams = Seams(texts)
    ends = [
        _End.of(fragments[i], title, seams.names(fragments[i].text)) for i, title in zip(pieces, titles, strict=True)
    ]
    is_huge = len(pieces) > MOST_PIECES
    columns = None if is_huge else Columns(texts, _stand_together(fragments, pieces, ends))
    usual = usual_gap([fragments[i].gap for i in pieces])
    frames = _Frames([fragments[i] for i in pieces])
    savings: dict[tuple[int, int], float] = {}
    ahead, behind = (FAR, FAR) if len(pieces) <= FAR_PIECES else (AHEAD, BEHIND)
    for a, end in enumerate(ends):
        reach: Sequence[int]
        if is_huge or end.out <= 0:
            reach = (a + 1,)
        else:
            reach = (*range(a + 1, a + 1 + ahead), *range(a - 1, a - 1 - behind, -1))
        for b in reach:
            if not 0 <= b < len(ends) or end.out + ends[b].into <= LEAST_PAIR:
                continue
            saving = end.out + ends[b].into - _apart(fragments, pieces, ends, a, b, usual)
            saving -= _cost(fragments[pieces[a]], fragments[pieces[b]], end, ends[b], b == a + 1)
            if saving <= -MOST_SAID:
                continue
            saving += columns.agree(a, b) if columns is not None else 0.0
            saving += seams.reads_on(a, b) if end.wants_more else 0.0
            if saving > 0:  # measures only speak against
                saving -= frames.differ(a, b)
            if saving > 0:
                savings[a, b] = saving
    return _chains(pieces, best_links(savings), savings, titles)


def _stand_together(fragments: Sequence[Fragment], pieces: Sequence[int], ends: Sequence[_End]) -> list[bool]:
    """Which pieces stand right below the one before, paragraph below paragraph of one column."""
    found = [False] * len(pieces)
    for k in range(1, len(pieces)):
        found[k] = (
            pieces[k] == pieces[k - 1] + 1
            and fragments[pieces[k]].kind is not Kind.DATELINE
            and max(ends[k - 1].title, ends[k].title) <= 0
            and not ends[k - 1].wants_more
            and ends[k].into <= 0
        )
    return found


@dataclass(frozen=True, slots=True)
class _End:
    """What a piece's two ends ask for."""

    out: float
    """Log odds that its paragraph goes on elsewhere."""
    into: float
    """Log odds that it goes on with a paragraph from elsewhere."""
    title: float
    wants_more: bool
    open_quotes: str
    strays: str

    @staticmethod
    def of(fragment: Fragment, title: float, is_name: bool) -> _End:
        text = fragment.text
        quotes, strays = open_signs(text), stray_closers(text)
        complete = ends_sentence(text)
        if pattern("letter_opening").match(text) or fragment.rows[-1].leaves:
            out = -NEVER
        elif fragment.measure:
            out = max(-CLOSED_JOIN, min(CUT_MOST, fragment.is_cut))
            if complete and len(fragment.rows) == 1 and fragment.opens < 1.0:
                out -= LONE_LINE
        elif complete:
            out = QUOTE_END - CLOSED_JOIN if quotes[-1:] in ("“", "‘") else -CLOSED_JOIN
        else:
            out = COMMA_END if text[-1] in OPEN_ENDED else OPEN_END
        if not complete:
            # Left alone, an open end must be a title; how unlikely that is, it costs.
            out = min(out, _softplus(-title))
        if text[0] in NEVER_FIRST:
            into = FORBIDDEN_START
        elif fragment.kind is Kind.DATELINE or fragment.rows[0].resumes:
            into = -NEVER
        elif fragment.measure:
            most = LONE_RESUMED if complete and len(fragment.rows) == 1 else RESUMED_MOST
            into = max(-RESUMED_MOST, min(most, fragment.resumes))
        elif not is_name and pattern("continues").match(text):
            into = PARTICLE_START
        else:
            into = 0.0
        if is_cjk(text[0]) and begins_word(text[0]) < -1.5:
            into += 1.0
        if strays:
            into += 1.5
        if pattern("rest_of_sentence").match(text):
            into += TORN_START
        if len(fragment.rows) <= 2:
            caption = max(0.0, reads_as_caption(text) - PLAIN_SENTENCE)
            into -= CAPTION_IN * caption
            out -= CAPTION_OUT * caption
        return _End(out, into, title, not complete, quotes, strays)


def _cost(left: Fragment, right: Fragment, end: _End, start: _End, is_next: bool) -> float:
    """What the two pieces themselves say against a joint, whatever stands between them."""
    cost = 0.0
    # An extractor puts a blank line before a line that begins with “, wherever it stands in its paragraph.
    is_hung = right.text[0] == "“" and is_next
    is_fresh = any(pattern(name).match(right.text) for name in ("paragraph_opener", "time_start"))
    if not end.wants_more:
        cost += AFTER_STOP
        if end.open_quotes and not start.strays:
            cost += 1.5
        if is_fresh and not right.measure:
            cost += FRESH_START
        if starts_paragraph(right.text):
            cost += 2 * FRESH_START
    elif is_fresh and not is_hung and not right.measure:
        cost += FRESH_START if not left.text.endswith(("，", ",", "、")) else 0.5
    if left.is_long != right.is_long and min(len(left.text), len(right.text)) > LONGEST_LINE:
        cost += FOREIGN_MEASURE
    elif left.measure and right.measure:
        cost -= left.sets_before(right)
    cost += _softplus(end.title) + _softplus(start.title)
    if "“" in end.open_quotes and "”" in start.strays:
        cost -= PAIR_OF_QUOTES
    return cost


def _apart(
    fragments: Sequence[Fragment], pieces: Sequence[int], ends: Sequence[_End], a: int, b: int, usual: int
) -> float:
    """What it costs that other things stand between the pieces."""
    left, right = fragments[pieces[a]], fragments[pieces[b]]
    between = abs(b - a) - 1
    small = max(0, abs(pieces[b] - pieces[a]) - 1 - between)
    cost = SMALL_STEP * min(4, small)
    if not left.measure:
        cost += (APART_IN_ORDER if between else 0.0) + STEP * log1p(between) + (BACKWARDS_IN_ORDER if b < a else 0.0)
    elif between or b < a or right.gap > usual:
        cost += APART + DISTANCE * log1p(between) + (BACKWARDS if b < a else 0.0)
    if b > a:
        cost += PAST_DATELINE * min(2, sum(1 for k in range(a + 1, min(b, a + 9)) if ends[k].into <= -NEVER))
    return cost


class _Frames:
    """How well the pieces of a page fit each other's measures."""

    def __init__(self, pieces: Sequence[Fragment]) -> None:
        self.pieces = pieces
        self.fits: dict[tuple[int, float], float] = {}

    def differ(self, a: int, b: int) -> float:
        """What it costs that no one measure fits both: a short last line fits any."""
        one, other = self.pieces[a].measure, self.pieces[b].measure
        if not one or not other or one == other or self.pieces[a].is_long != self.pieces[b].is_long:
            return 0.0
        worse = self._fit(a, one) - self._fit(a, other)
        if worse > 0:
            worse = min(worse, self._fit(b, other) - self._fit(b, one))
        return min(OTHER_FRAME, FRAME * max(0.0, worse))

    def _fit(self, piece: int, measure: float) -> float:
        if (piece, measure) not in self.fits:
            self.fits[piece, measure] = read_block(self.pieces[piece].rows, measure).score
        return self.fits[piece, measure]


def _chains(
    pieces: Sequence[int],
    links: Sequence[tuple[int, int]],
    savings: dict[tuple[int, int], float],
    titles: Sequence[float],
) -> tuple[Chain, ...]:
    after = dict(links)
    before = {b: a for a, b in links}
    walked: set[int] = set()
    for start in sorted(after):
        path: list[int] = []
        node = start
        while node in after and node not in walked:
            walked.add(node)
            path.append(node)
            node = after[node]
        if node in path[:1] or (path and node in after and node in set(path)):
            ring = path[path.index(node) :]  # a ring: open it at its weakest link
            weakest = min(ring, key=lambda a: (savings[a, after[a]], a))
            del before[after[weakest]]
            del after[weakest]
    chains = []
    for first in range(len(pieces)):
        if first in before:
            continue
        members, weakest_saving, node = [first], 9.0, first
        while node in after:
            weakest_saving = min(weakest_saving, savings[node, after[node]])
            node = after[node]
            members.append(node)
        confidence = min(0.99, 0.6 + weakest_saving / 15)
        chains.append(Chain(tuple(pieces[m] for m in members), confidence, max(titles[m] for m in members)))
    return tuple(chains)
