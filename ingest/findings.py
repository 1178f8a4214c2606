"""Findings of the engine as rows, attached to the item and piece they speak about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from articles.models import AnyItem, Article, Finding, FindingState, Page
from ingest import engine
from ingest.cutting import Origin

MARK = "@"
"""Keys of the engine's findings are ``kind@start``; those that rules and people raise have no such mark."""


@dataclass(frozen=True, slots=True)
class Holder:
    """An item and its pieces; when it is kept as it is, no finding of it is added, changed or dropped."""

    item: AnyItem
    pieces: dict[str, Origin]
    is_kept: bool


def rows_for(
    page: Page, text: str, found: Sequence[engine.Finding], all_holders: Sequence[Holder]
) -> dict[str, Finding]:
    """What the engine says as unsaved rows, by their keys."""
    places = sorted(
        (start, end, number, piece)
        for number, holder in enumerate(all_holders)
        for piece, origin in holder.pieces.items()
        for start, end in origin["spans"]
    )
    wanted: dict[str, Finding] = {}
    for each in found:
        held = next(((n, piece) for start, end, n, piece in places if start <= each.where[0] < end), None)
        holder = all_holders[held[0]] if held else None
        if holder is not None and holder.is_kept:
            continue
        made = _row(page, text, each, holder.item if holder else None, held[1] if held else "")
        base, number = made.key, 2
        while made.key in wanted:
            made.key, number = f"{base}.{number}", number + 1
        wanted[made.key] = made
    return wanted


def sync_findings(page: Page, text: str, found: Sequence[engine.Finding], holders: Sequence[Holder]) -> None:
    """Bring the page's open findings up to what the engine says now. What an editor settled stays as it is."""
    wanted = rows_for(page, text, found, holders)
    kept = {holder.item for holder in holders if holder.is_kept}
    standing = {f.key: f for f in Finding.objects.filter(page=page, key__contains=MARK)}
    changed = []
    for key in wanted.keys() & standing.keys():
        old, new = standing[key], wanted[key]
        if old.state == FindingState.OPEN and _values(old) != _values(new):
            for name, value in zip(_FIELDS, _values(new), strict=True):
                setattr(old, name, value)
            changed.append(old)
    gone = [
        old.pk
        for key, old in standing.items()
        if key not in wanted
        and old.state == FindingState.OPEN
        and not any(item.pk == getattr(old, f"{item.snapshot_key}_id") for item in kept)
    ]
    if gone:
        Finding.objects.filter(pk__in=gone).delete()
    Finding.objects.bulk_update(changed, _FIELDS)
    Finding.objects.bulk_create(new for key, new in wanted.items() if key not in standing)


_FIELDS = ("kind", "message", "quote", "fix", "piece", "article_id", "notice_id")


def _values(finding: Finding) -> list[object]:
    return [getattr(finding, name) for name in _FIELDS]


def _row(page: Page, text: str, finding: engine.Finding, item: AnyItem | None, piece: str) -> Finding:
    start, end = finding.where
    fix = finding.fix or ""
    return Finding(
        page=page,
        article=item if isinstance(item, Article) else None,
        notice=None if isinstance(item, Article) else item,
        key=f"{finding.kind[:40]}{MARK}{start}",
        kind=finding.kind[:40],
        message=finding.message[:300],
        quote=" ".join(text[start:end].split())[:200],
        fix=fix if len(fix) <= 200 else "",  # half a fix would be a wrong one
        piece=piece,
    )
