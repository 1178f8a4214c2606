"""Find and replace over many pages: seen first, done page by page, undone as one. `scopes` says which pages.

A page is one transaction under the version it was seen in: what somebody has changed meanwhile is skipped and said.
Words inside a protected name are shown and not touched. Every question is bounded; more pages come on the next screen.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from articles.models import Page
from ingest.desk.codec import encode
from ingest.desk.layout import DeskLayout, Refusal
from ingest.desk.operations import EditText, LedgerBroken
from ingest.desk.rows import load
from ingest.desk.saving import Stale, save
from ingest.desk.scopes import Scope
from ingest.models import DeskSave, ProtectedName, ReplacedPage, ReplacedState, Replacement

PAGES = 40
HITS = 300
"""Where a screen ends; the next goes on from there."""
WORDS_LIMIT = 200
NAMES_LIMIT = 2_000
CONTEXT = 12
RECORDED = ("removed", "set_aside", "furniture")
"""Trays that keep their text as it came."""
_FIGURES = re.compile(r"[0-9０-９]{4,}[0-9Xx０-９]*")


@dataclass(frozen=True, slots=True)
class Hit:
    """The words at an offset of a block. `guard` is the protected name they stand in, if they do."""

    block: str
    at: int
    before: str
    after: str
    where: str
    guard: str = ""


@dataclass(frozen=True)
class PageHits:
    page: Page
    stamp: str
    hits: tuple[Hit, ...]

    def value(self, hit: Hit) -> str:
        """What a form sends for the hit."""
        return f"{self.page.pk}:{hit.block}:{hit.at}"

    @property
    def rows(self) -> list[tuple[str, Hit]]:
        return [(self.value(hit), hit) for hit in self.hits]


@dataclass(frozen=True)
class Preview:
    """`after` is the mark to go on from, empty when the whole scope has been looked through."""

    pages: tuple[PageHits, ...]
    after: str
    scanned: int

    @property
    def count(self) -> int:
        return sum(not hit.guard for page in self.pages for hit in page.hits)


@dataclass(frozen=True)
class Guard:
    """The protected names as one pattern."""

    names: tuple[str, ...]
    pattern: re.Pattern[str] | None = field(compare=False, default=None)

    def spans(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Where names stand, also such as overlap."""
        for found in self.pattern.finditer(text) if self.pattern else ():
            yield found.start(), found.start() + len(found[1]), found[1]


def guard() -> Guard:
    names = tuple(ProtectedName.objects.filter(is_active=True).values_list("name", flat=True)[:NAMES_LIMIT])
    longest_first = sorted(names, key=len, reverse=True)
    pattern = re.compile(f"(?=({'|'.join(map(re.escape, longest_first))}))") if names else None
    return Guard(names, pattern)


def check_words(words: str, by: str) -> None:
    if not words.strip():
        raise Refusal("请写要找的字。")
    if max(len(words), len(by)) > WORDS_LIMIT:
        raise Refusal(f"要找的和换成的都不能超过 {WORDS_LIMIT} 字。")
    if words == by:
        raise Refusal("找的和换成的一样，没有要换的。")
    if any(char in "\n\r" for char in words + by):
        raise Refusal("要找的和换成的都须是一行字。")


def preview(scope: Scope, words: str, *, after: str = "") -> Preview:
    """The next hits in the scope after a mark of it; `Refusal` for a mark that is none."""
    parts, rest = scope.parts(words, after)
    known = guard()
    found: list[PageHits] = []
    last = after
    for scanned, part in enumerate(parts):
        if len(found) >= PAGES or sum(len(each.hits) for each in found) >= HITS:
            return Preview(tuple(found), last, scanned)
        if part.has_words:
            loaded = load(part.page)
            hits = tuple(hits_in(loaded.layout, words, known, part.items))
            if hits:
                found.append(PageHits(loaded.page, loaded.stamp, hits))
        last = part.mark
    return Preview(tuple(found), rest, len(parts))


def hits_in(layout: DeskLayout, words: str, known: Guard, only: Collection[str] | None = None) -> Iterator[Hit]:
    """Everywhere on the page, or in these items only."""
    for place, blocks in layout.containers():
        if place in RECORDED or (only is not None and place not in only):
            continue
        where = "未归位" if place == "unplaced" else f"第 {layout.place_of(place) + 1} 条"
        for block in blocks:
            at = block.text.find(words)
            names = list(known.spans(block.text)) if at >= 0 else []
            while at >= 0:
                end = at + len(words)
                name = next((name for start, stop, name in names if start < end and at < stop), "")
                before, after = block.text[max(0, at - CONTEXT) : at], block.text[end : end + CONTEXT]
                yield Hit(block.id, at, _veiled(before), _veiled(after), where, name)
                at = block.text.find(words, end)


def _veiled(text: str) -> str:
    """Context without the numbers of people: who sees a page's numbers is recorded when its desk is opened."""
    return _FIGURES.sub("…", text)


@dataclass(frozen=True)
class Chosen:
    """What an editor ticked on one page, in the version seen."""

    page: int
    stamp: str
    places: frozenset[tuple[str, int]]


def replace_in(
    *, words: str, by: str, chosen: Sequence[Chosen], scope: Mapping[str, Any], key: str, actor: User
) -> Replacement:
    """Do it, a transaction for each page, and say of each what became of it. The same `key` does it once."""
    check_words(words, by)
    if len(chosen) > PAGES:
        raise Refusal(f"一次最多 {PAGES} 版。")
    try:
        with transaction.atomic():
            made = Replacement.objects.create(key=key, words=words, by=by, scope=dict(scope), actor=actor)
    except IntegrityError:
        made = Replacement.objects.get(key=key)
        if (made.words, made.by, made.actor_id) != (words, by, actor.pk):
            raise Refusal("这个提交编号已经用过，请重新查找。") from None
    known = guard()
    done = set(made.pages.values_list("page", flat=True))
    for each in chosen:
        if each.page not in done:
            _replace_on(made, each, known, actor)
    return made


def _replace_on(made: Replacement, chosen: Chosen, known: Guard, actor: User) -> None:
    row = ReplacedPage(replacement=made, page_id=chosen.page, state=ReplacedState.FAILED)
    try:
        with transaction.atomic():
            now = load(chosen.page, lock=True)
            if now.stamp != chosen.stamp:
                raise Stale(now)
            hits = [
                h for h in hits_in(now.layout, made.words, known) if (h.block, h.at) in chosen.places and not h.guard
            ]
            # From the last to the first of each block, so that no edit moves the next one.
            edits = [EditText(hit.block, hit.at, made.words, made.by) for hit in reversed(hits)]
            if not edits:
                row.state, row.reason = ReplacedState.SKIPPED, "勾选的几处都在保护名称里，或已经不在。"
            else:
                row.save_made = _save(row, now.stamp, edits, f"批量替换 {len(edits)} 处", actor, "do")
                row.state, row.hits = ReplacedState.DONE, len(edits)
            row.save(force_insert=True)
            return
    except Stale:
        row.state, row.reason = ReplacedState.SKIPPED, "你查找之后别人改过这一版：请重新查找。"
    except (Refusal, LedgerBroken) as refusal:
        row.reason = str(refusal)[:500]
    except DatabaseError as problem:
        row.reason = f"数据库出错（{type(problem).__name__}），这一版没有动。"
    row.save_made, row.hits = None, 0
    row.save(force_insert=True)


def _save(row: ReplacedPage, base: str, edits: Sequence[EditText], label: str, actor: User, kind: str) -> DeskSave:
    key = f"replace-{row.replacement_id}-{row.page_id}-{kind}"
    steps = [{"label": label, "ops": [encode(edit) for edit in edits]}]
    save(page_id=row.page_id, base=base, steps=steps, key=key, actor=actor)
    return DeskSave.objects.get(page=row.page_id, key=key)


def undo(*, replacement: Replacement, actor: User) -> bool:
    """Take the whole replacement back, page by page. Where those very words have been changed since, the page stays and
    that is said. False if it has been undone before.
    """
    with transaction.atomic():
        made = Replacement.objects.select_for_update().get(pk=replacement.pk)
        if made.undone_at is not None:
            return False
        made.undone_at, made.undone_by = timezone.now(), actor
        made.save(update_fields=["undone_at", "undone_by"])
    for row in made.pages.filter(state=ReplacedState.DONE).select_related("save_made"):
        try:
            with transaction.atomic():
                _undo_on(row, actor)
                row.state, row.reason = ReplacedState.UNDONE, ""
                row.save(update_fields=["state", "reason"])
        except (Refusal, Stale, LedgerBroken, DatabaseError) as problem:
            row.state, row.reason = ReplacedState.KEPT, f"那以后又改过，没有动：{problem}"[:500]
            row.save(update_fields=["state", "reason"])
    return True


def _undo_on(row: ReplacedPage, actor: User) -> None:
    if row.save_made is None:
        raise Refusal("没有可以撤销的保存。")
    ops = [op for step in row.save_made.steps for op in step["ops"]]
    now = load(row.page_id, lock=True)
    edits = [EditText(op["block"], op["at"], op["new"], op["old"]) for op in reversed(ops)]
    _save(row, now.stamp, edits, "撤销批量替换", actor, "undo")


def chosen_from(values: Collection[str], stamps: Mapping[str, str]) -> list[Chosen]:
    """What a form sent: ``page:block:offset`` for each ticked hit, a stamp for each page. Raises `Refusal`."""
    places: dict[int, set[tuple[str, int]]] = {}
    for value in values:
        page, _, rest = value.partition(":")
        block, _, at = rest.rpartition(":")
        if not (page.isascii() and page.isdigit() and at.isascii() and at.isdigit() and len(page) < 19 and len(at) < 9):
            raise Refusal("送来的内容不合格式，请重新查找。")
        places.setdefault(int(page), set()).add((block, int(at)))
    return [Chosen(page, stamps.get(str(page), ""), frozenset(found)) for page, found in sorted(places.items())]
