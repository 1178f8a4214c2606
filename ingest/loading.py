"""From a plan to rows, for pages that are there. Everything here runs inside the caller's transaction.

The number of queries does not depend on the number of items. Nothing checks permissions or decides what may change:
the plan has done that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles import history
from articles.actions.notices import index_notices
from articles.content import check_content
from articles.inserting import insert, number
from articles.models import Act, AnyItem, Article, HistoryEntry, Notice, Page
from articles.suggest import suggest_topics
from ingest import engine
from ingest.credits import Signed, credits_hash, credits_of, write_credits
from ingest.cutting import OUTSIDE, Cut
from ingest.findings import Holder, sync_findings
from ingest.hints import is_given
from ingest.models import Provenance, Source
from ingest.planning import ItemPlan, PagePlan, Verdict, hashes

_MODELS: dict[str, type[Article] | type[Notice]] = {"article": Article, "notice": Notice}


class TooMuch(Exception):
    """The page does not fit what rows can hold. `str()` says why, in Chinese."""


@dataclass(frozen=True)
class There:
    """The rows of a page that is there, locked: provenance by kind and primary key of its item."""

    provenance: dict[tuple[str, int], Provenance]

    def item(self, plan: ItemPlan) -> AnyItem:
        provenance = self.of(plan)
        item = provenance.article or provenance.notice
        if item is None:  # the database has a constraint against it
            raise LookupError(provenance.pk)
        return item

    def of(self, plan: ItemPlan) -> Provenance:
        if plan.standing is None:
            raise LookupError("the item is new")
        return self.provenance[plan.standing.kind, plan.standing.pk]


def apply_plan(
    plan: PagePlan, *, page: Page, source: Source, there: There, found: Sequence[engine.Finding], actor: User
) -> bool:
    """Write what the plan says; true if anything that people see has changed."""
    keys = {provenance.item_key for provenance in there.provenance.values()}
    made = new_items(plan, page=page, source=source, taken=keys)
    write_items(made, actor=actor)
    changed = _update(plan, there, actor)
    _keep_books(plan, there)
    lists_changed = _lay_outside(plan, page, source, actor=actor)
    gone = [there.of(each) for each in plan.items if each.verdict is Verdict.VANISHED]
    _detach_findings(gone)
    holders = [Holder(each.item, each.plan.pieces, is_kept=False) for each in made]
    for each in plan.items:
        if each.standing is not None and each.verdict is not Verdict.VANISHED:
            holders.append(Holder(there.item(each), each.pieces, each.is_kept))
    sync_findings(page, source.text, found, holders)
    _delete(gone, actor)
    new = [each.item for each in made]
    index_notices([item for item in (*new, *changed) if isinstance(item, Notice)])
    suggest_topics([item for item in (*new, *changed) if isinstance(item, Article)])
    return bool(made or changed or gone or lists_changed)


def _checked(content: dict[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    try:
        check_content(content, fields)
    except ValidationError as problem:
        raise TooMuch("；".join(problem.messages)) from None
    return content


def _by_kind(items: Iterable[AnyItem]) -> dict[type[Article] | type[Notice], list[Any]]:
    rows: dict[type[Article] | type[Notice], list[Any]] = {Article: [], Notice: []}
    for item in items:
        rows[type(item)].append(item)
    return rows


def _bulk_update(items: Iterable[AnyItem], *names: str, with_content: bool = False) -> None:
    for model, rows in _by_kind(items).items():
        written = (*model.content_fields, *model.derived_fields) if with_content else ()
        model._default_manager.bulk_update(rows, [*names, *written])


def _written(cut: Cut) -> dict[str, str]:
    written = hashes(cut.content)
    if cut.kind == "article":
        written["credits"] = credits_hash(credits_of(cut.authors, cut.content))
    return written


@dataclass(frozen=True)
class NewItem:
    """An item that is not there yet, with what is written beside it."""

    plan: ItemPlan
    item: AnyItem
    provenance: Provenance
    signed: list[Signed]


def new_items(plan: PagePlan, *, page: Page, source: Source, taken: Iterable[str] = ()) -> list[NewItem]:
    """The items that the plan makes, unsaved; neither page nor source need be saved. `taken` are keys in use."""
    made: list[NewItem] = []
    keys = set(taken)
    for each in plan.items:
        cut = each.cut
        if each.verdict is not Verdict.CREATE or cut is None:
            continue
        model = _MODELS[cut.kind]
        item = model(page=page, position=cut.position, confidence=cut.confidence)
        item.set_content(_checked(cut.content, model.content_fields))
        key, number = f"s{cut.start}", 2
        while key in keys:
            key, number = f"s{cut.start}.{number}", number + 1
        keys.add(key)
        provenance = Provenance(
            source=source, item_key=key, written=_written(cut), pieces=cut.pieces, **{cut.kind: item}
        )
        made.append(
            NewItem(each, item, provenance, credits_of(cut.authors, cut.content) if cut.kind == "article" else [])
        )
    return made


def write_items(new: Sequence[NewItem], *, actor: User) -> None:
    """Save items of any number of pages with their provenance, history and credits.

    Credits come before their articles: the index is written with the article, and would be written anew for each.
    """
    by_kind = _by_kind(each.item for each in new)
    for items in by_kind.values():
        number(items)
    write_credits({each.item: each.signed for each in new if isinstance(each.item, Article)})
    for items in by_kind.values():
        insert(items)
    insert(each.provenance for each in new)
    insert(
        history.entry(each.item, Act.IMPORTED, actor=actor, reason=_reason(each.provenance.source), new_version=True)
        for each in new
    )


def _reason(source: Source) -> str:
    given = "照给出的排法，" if is_given(source.read_with) else ""
    return f"{given}来自 {source.name}"[:500]


def _update(plan: PagePlan, there: There, actor: User) -> list[AnyItem]:
    changed: list[AnyItem] = []
    entries, now = [], timezone.now()
    for each in plan.items:
        if each.standing is None or not (changes := each.changes):
            continue
        item = there.item(each)
        former = item.content
        item.set_content(_checked({**former, **changes}, item.content_fields))
        item.version += 1
        item.updated_at = now  # bulk_update does not run auto_now
        before = {name: former[name] for name in changes}
        entries.append(
            history.entry(item, Act.UPDATED, actor=actor, reason="重读来源", before=before, new_version=True)
        )
        changed.append(item)
    _bulk_update(changed, "version", "updated_at", with_content=True)
    HistoryEntry.objects.bulk_create(entries)
    return changed


def _keep_books(plan: PagePlan, there: There) -> None:
    """What follows the engine without anybody having edited: order, confidence, credits, provenance."""
    moved: list[AnyItem] = []
    rows, signed = [], {}
    for each in plan.items:
        if each.standing is None or each.cut is None or each.is_kept:
            continue
        item, provenance, cut = there.item(each), there.of(each), each.cut
        if (item.position, item.confidence) != (cut.position, cut.confidence):
            item.position, item.confidence = cut.position, cut.confidence
            moved.append(item)
        written = {**provenance.written, **hashes(each.changes)}
        if isinstance(item, Article):
            new = credits_of(cut.authors, cut.content)
            standing = credits_hash((c.contributor.name, c.role) for c in item.credits.all())  # type: ignore[misc]
            if standing == provenance.written.get("credits") != credits_hash(new):
                signed[item] = new
                written["credits"] = credits_hash(new)
        if (provenance.written, provenance.pieces) != (written, each.pieces):
            provenance.written, provenance.pieces = written, each.pieces
            rows.append(provenance)
    _bulk_update(moved, "position", "confidence")
    Provenance.objects.bulk_update(rows, ["written", "pieces"])
    if signed:
        write_credits(signed, replace=list(signed))


def _lay_outside(plan: PagePlan, page: Page, source: Source, *, actor: User) -> bool:
    """The page's lists: what the plan lays there, and whatever people have put there since."""
    laid = [{"role": block.role, **block.entry} for block in plan.outside]
    formerly = {(entry["role"], entry["id"]) for entry in source.outside or ()}
    if source.outside != laid:
        source.outside = laid
        source.save(update_fields=["outside"])
    before, after = {}, {}
    for role in OUTSIDE:
        now = getattr(page, role)
        stays = [e for e in now if (role, e.get("id")) not in formerly or e.get("id") in plan.kept_outside]
        comes = [b.entry for b in plan.outside if b.role == role and b.id not in plan.kept_outside]
        # In the order of the source; what people put there stands last.
        listed = sorted([*stays, *comes], key=lambda e: e["spans"] if e.get("spans") else [[len(source.text), 0]])
        if listed != now:
            before[role], after[role] = now, listed
    if not after:
        return False
    for role, entries in after.items():
        setattr(page, role, entries)
    page.version += 1
    page.save(update_fields=[*after, "version"])
    history.record(page, Act.UPDATED, actor=actor, reason="重读来源", before=before, new_version=True)
    return True


def _detach_findings(gone: list[Provenance]) -> None:
    """Settled findings of an item that goes away stay with the page."""
    from articles.models import Finding

    if gone:
        articles = [p.article_id for p in gone if p.article_id]
        notices = [p.notice_id for p in gone if p.notice_id]
        Finding.objects.filter(article__in=articles).update(article=None, piece="")
        Finding.objects.filter(notice__in=notices).update(notice=None, piece="")


def _delete(gone: list[Provenance], actor: User) -> None:
    """Items that the engine has put together differently. Nobody has touched them; their history stays."""
    if not gone:
        return
    items = [item for p in gone if (item := p.article or p.notice) is not None]
    HistoryEntry.objects.bulk_create(
        history.entry(item, Act.DELETED, actor=actor, reason="重读来源后并入别的条目", before=item.content)
        for item in items
    )
    Provenance.objects.filter(pk__in=[p.pk for p in gone]).delete()
    for kind, rows in _by_kind(items).items():
        if rows:
            kind._default_manager.filter(pk__in=[row.pk for row in rows]).delete()
