"""Damage to order: what stands where on the page once the frames have come out of the file."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from itertools import pairwise

from tests.ingest.engine.pagegen.model import Chunk, Line, Page, Piece
from tests.ingest.engine.pagegen.registry import heads_of, stage


def _frame_ends(page: Page) -> list[int]:
    """Places in ``page.chunks`` that do not fall between two columns of one frame."""
    chunks = page.chunks
    inner = {
        at
        for at in range(1, len(chunks))
        if chunks[at].kind == chunks[at - 1].kind == "body"
        and (chunks[at].item, chunks[at].part) == (chunks[at - 1].item, chunks[at - 1].part)
    }
    glued = {at for at in range(1, len(chunks)) if chunks[at - 1].gap < 2}
    return [at for at in range(len(chunks) + 1) if at not in inner and at not in glued]


def _take(page: Page, wanted: Callable[[Chunk], bool]) -> list[Chunk]:
    choice = [(chunk, wanted(chunk)) for chunk in page.chunks]
    page.chunks[:] = [chunk for chunk, is_wanted in choice if not is_wanted]
    return [chunk for chunk, is_wanted in choice if is_wanted]


def _is_of(item: int, kinds: set[str], chunk: Chunk, *, part: int | None = None) -> bool:
    return chunk.item == item and chunk.kind in kinds and part in (None, chunk.part)


def _body_end(page: Page, item: int) -> int:
    """Just after the last body chunk of the article."""
    places = [at for at, chunk in enumerate(page.chunks) if chunk.item == item and chunk.kind == "body"]
    return places[-1] + 1 if places else len(page.chunks)


def _heaped(page: Page) -> bool:
    return any(name.startswith("heap_") for name in page.acted)


@stage("order")
def sections_apart(page: Page, rng: random.Random) -> bool:
    """The frames of a long article stand between other articles, out of order."""
    acted = False
    for item in range(len(page.articles)):
        parts = sorted(
            {chunk.part for chunk in page.chunks if chunk.item == item and chunk.kind in {"body", "subhead"}}
        )
        if len(parts) < 2:
            continue
        # Mostly one or two frames are out of their place; now and then all of them are.
        some = rng.sample(parts, min(len(parts), rng.choice([1, 1, 2])))
        for part in parts if rng.random() < 0.2 else some:
            kinds = {"body", "subhead", "byline"}  # a byline over the lead goes with it
            moved = _take(page, partial(_is_of, item, kinds, part=part))
            at = rng.choice(_frame_ends(page))
            page.chunks[at:at] = moved
            acted = True
    return acted


@stage("order")
def subheads_detached(page: Page, rng: random.Random) -> bool:
    """The subheads of an article stand together, away from their sections."""
    acted = False
    for item in range(len(page.articles)):
        if rng.random() < 0.3:
            continue
        moved = _take(page, partial(_is_of, item, {"subhead"}))
        if not moved:
            continue
        if rng.random() < 0.4:
            rng.shuffle(moved)
        at = rng.choice([_body_end(page, item), _body_end(page, item), rng.choice(_frame_ends(page))])
        page.chunks[at:at] = moved
        acted = True
    return acted


@stage("order")
def heap_at_end(page: Page, rng: random.Random) -> bool:
    """All headings, with or without the bylines, stand at the end of the page."""
    if _heaped(page) or len(page.articles) < 2:
        return False
    kinds = {"head", "byline"} if rng.random() < 0.3 else {"head"}
    heads = _take(page, lambda c: c.kind in kinds)
    page.chunks += heads
    return True


@stage("order")
def heap_in_middle(page: Page, rng: random.Random) -> bool:
    """All headings stand together between two articles, or between two frames of one."""
    if _heaped(page) or len(page.articles) < 2:
        return False
    heads = _take(page, lambda c: c.kind == "head")
    at = rng.choice(_frame_ends(page)[1:])
    page.chunks[at:at] = heads
    return True


@stage("order")
def heap_in_two(page: Page, rng: random.Random) -> bool:
    """The headings of the articles set so far follow them, the rest stand at the end."""
    if _heaped(page) or len(page.articles) < 3:
        return False
    order = [chunk.owner for chunk in heads_of(page)]
    if not order:
        return False
    early = set(order[: rng.randint(1, max(1, len(order) - 2))])
    first = _take(page, lambda c: c.kind == "head" and c.item in early)
    rest = _take(page, lambda c: c.kind == "head")
    after = rng.choice(order[len(early) - 1 :])  # some bodies may come before the heap of others
    at = _body_end(page, after)
    page.chunks[at:at] = first
    page.chunks += rest
    return True


@stage("order")
def heads_after_bodies(page: Page, rng: random.Random) -> bool:
    """Single articles whose heading follows their text."""
    if _heaped(page):
        return False
    acted = False
    for item in range(len(page.articles)):
        if rng.random() < 0.5:
            continue
        moved = _take(page, partial(_is_of, item, {"head"}))
        at = _body_end(page, item)
        page.chunks[at:at] = moved
        acted = acted or bool(moved)
    return acted


@stage("order")
def heads_inside_bodies(page: Page, rng: random.Random) -> bool:
    """A heading between two columns of its own article, or of another."""
    inner = [at for at in range(1, len(page.chunks)) if page.chunks[at - 1].kind == page.chunks[at].kind == "body"]
    inner = [at for at in inner if page.chunks[at - 1].gap >= 2]
    heads = [chunk for chunk in heads_of(page) if chunk.gap >= 2]
    if not inner or not heads:
        return False
    before = page.chunks[rng.choice(inner)]
    own = [chunk for chunk in heads if chunk.item == before.item]
    head = own[0] if own and rng.random() < 0.7 else rng.choice(heads)
    page.chunks.remove(head)
    page.chunks.insert(page.chunks.index(before), head)
    return True


@stage("order")
def heap_order_lost(page: Page, rng: random.Random) -> bool:
    """Headings inside a heap are not in the order of their articles; a byline under its heading goes with it."""
    if not _heaped(page):
        return False
    groups: list[list[Chunk]] = []
    places: list[int] = []
    for at, chunk in enumerate(page.chunks):
        if chunk.kind == "head":
            groups.append([chunk])
            places.append(at)
        elif chunk.kind == "byline" and groups and places[-1] == at - 1 and groups[-1][0].item == chunk.item:
            groups[-1].append(chunk)
            places.append(at)
    before = list(groups)
    rng.shuffle(groups)
    for at, chunk in zip(places, (chunk for group in groups for chunk in group), strict=True):
        page.chunks[at] = chunk
    return groups != before


@stage("order")
def columns_interleaved(page: Page, rng: random.Random) -> bool:
    """The columns of two neighbouring articles alternate, in runs of one or two."""
    items = [
        item for item in range(len(page.articles)) if sum(c.item == item and c.kind == "body" for c in page.chunks) > 1
    ]
    if len(items) < 2:
        return False
    first = rng.randrange(len(items) - 1)
    pair = items[first : first + 2]
    places = [at for at, c in enumerate(page.chunks) if c.kind == "body" and c.item in pair and c.gap >= 2]
    queues = [[page.chunks[at] for at in places if page.chunks[at].item == item] for item in pair]
    if not all(len(queue) > 1 for queue in queues):
        return False
    page.chunks[:] = [chunk for chunk in page.chunks if not any(chunk is c for queue in queues for c in queue)]
    woven: list[Chunk] = []
    turn = 0
    while any(queues):
        queue = queues[turn % 2] or queues[(turn + 1) % 2]
        for _ in range(rng.choice([1, 1, 2])):
            if queue:
                woven.append(queue.pop(0))
        turn += 1
    at = min(places[0], len(page.chunks))
    page.chunks[at:at] = woven
    return True


@stage("order")
def columns_swapped(page: Page, rng: random.Random) -> bool:
    """Two columns of one frame in the wrong order."""
    pairs = [
        at
        for at in range(len(page.chunks) - 1)
        if (a := page.chunks[at]).kind == (b := page.chunks[at + 1]).kind == "body"
        and (a.item, a.part) == (b.item, b.part)
    ]
    if not pairs:
        return False
    at = rng.choice(pairs)
    page.chunks[at], page.chunks[at + 1] = page.chunks[at + 1], page.chunks[at]
    return True


@stage("order")
def short_pieces_swapped(page: Page, rng: random.Random) -> bool:
    """The last two or three lines of a column come out after what follows it, a caption most often."""
    for at in range(len(page.chunks) - 1):
        chunk, after = page.chunks[at], page.chunks[at + 1]
        if chunk.kind == "body" and after.kind == "caption" and len(chunk.lines) > 5 and chunk.gap >= 2:
            size = rng.choice([2, 2, 3]) if page.flow == "columns" else 1
            piece = Chunk(chunk.lines[-size:], "body", chunk.item, chunk.part)
            del chunk.lines[-size:]
            page.chunks.insert(at + 2, piece)
            return True
    return False


@stage("order")
def lines_interleaved(page: Page, rng: random.Random) -> bool:
    """Rows of two neighbouring columns of different articles read across, a few lines long."""
    if page.flow != "columns":
        return False
    for at in range(len(page.chunks) - 1):
        one, two = page.chunks[at], page.chunks[at + 1]
        size = min(len(one.lines), len(two.lines), rng.randint(3, 6))
        if one.kind == two.kind == "body" and one.item != two.item and size >= 3 and rng.random() < 0.5:
            tail, head = one.lines[-size:], two.lines[:size]
            mixed = [line for pair in zip(tail, head, strict=True) for line in pair]
            one.lines[-size:] = mixed
            del two.lines[:size]
            if not two.lines:
                page.chunks.remove(two)
            return True
    return False


@stage("order")
def captions_dropped_in(page: Page, rng: random.Random) -> bool:
    """Captions stand between two columns, also inside a sentence, or at the end of the page."""
    moved = _take(page, lambda c: c.kind == "caption")
    for caption in moved:
        own = [
            at
            for at, c in enumerate(page.chunks)
            if c.item == caption.item and c.kind == "body" and (at == 0 or page.chunks[at - 1].gap >= 2)
        ]
        place = rng.random() * (1.0 if page.flow == "columns" else 0.6)  # a recogniser keeps them near
        if place < 0.5 and own:
            at = rng.choice(own)
        elif place < 0.75:
            at = rng.choice(_frame_ends(page))
        else:
            at = len(page.chunks)
        page.chunks.insert(at, caption)
    return bool(moved)


@stage("order")
def bylines_astray(page: Page, rng: random.Random) -> bool:
    """Bylines away from the lead: at their heading, before a section, after the end. A reader can still tell."""
    moved = _take(page, lambda c: c.kind == "byline" and rng.random() < 0.5)
    for byline in moved:
        heads = [at + 1 for at, c in enumerate(page.chunks) if c.kind == "head" and c.item == byline.item]
        frames = [at for at in _frame_ends(page)[:-1] if page.chunks[at].item == byline.item]
        frames = [at for at in frames if page.chunks[at].kind == "body"]
        end = _body_end(page, byline.owner)  # before another article's text it would seem to open that one
        ends = [end] if end == len(page.chunks) or page.chunks[end].kind != "body" else []
        at = rng.choice([*heads[:1], *frames, *ends] or [end])
        page.chunks.insert(at, byline)
    return bool(moved)


@stage("order")
def column_names_astray(page: Page, rng: random.Random) -> bool:
    """栏目 labels apart from their headings, before or after the article or in the heap."""
    moved = _take(page, lambda c: c.kind == "column")
    for label in moved:
        own = [at for at, c in enumerate(page.chunks) if c.item == label.item and c.kind in {"head", "body"}]
        page.chunks.insert(rng.choice([own[0], own[-1] + 1, own[0] + 1]), label)
    return bool(moved)


@stage("order")
def furniture_anywhere(page: Page, rng: random.Random) -> bool:
    """Slogans, hotlines and credits between columns and articles."""
    moved = _take(page, lambda c: c.kind == "furniture")
    for chunk in moved:
        free = [at for at in range(len(page.chunks) + 1) if at == 0 or page.chunks[at - 1].gap >= 2]
        at = rng.choice(_frame_ends(page)) if rng.random() < 0.7 else rng.choice(free)
        page.chunks.insert(at, chunk)
    return bool(moved)


@stage("order")
def subheads_glued(page: Page, rng: random.Random) -> bool:
    """A subhead and whatever text follows it come out on one line, without a blank."""
    acted = False
    for at, chunk in enumerate(page.chunks[:-1]):
        if chunk.kind == "subhead" and page.chunks[at + 1].kind == "body" and rng.random() < 0.3:
            chunk.gap, acted = 0, True
    return acted


@stage("order")
def groups_without_blank(page: Page, rng: random.Random) -> bool:
    """Two neighbouring frames with no blank line between them."""
    acted = False
    for one, two in pairwise(page.chunks):
        if (
            one.gap == 2
            and {one.kind, two.kind} <= {"head", "body", "byline"}
            and one.kind != two.kind
            and rng.random() < 0.2
        ):
            one.gap, acted = 1, True
    return acted


@stage("order")
def stray_marks(page: Page, rng: random.Random) -> bool:
    """Replacement characters, ornaments and runs of page numbers that belong to nobody."""
    for _ in range(rng.randint(1, 2)):
        text = rng.choice(["���", "◆◆◆", "■■■", "□□□□", "***", "●●●", "\x02", "......", "_____", "1 2 3 4 5"])
        page.removed.append((Piece("removed", text), "extraction artefact"))
        page.chunks.insert(rng.choice(_frame_ends(page)), Chunk([Line(text)], "removed"))
    return True
