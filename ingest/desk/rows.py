"""A page's rows read as a layout, in a number of queries that does not depend on the page."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from articles.actions.locks import locked_page
from articles.actions.pages import items_of, tray_text
from articles.actions.relaying import locked_items
from articles.models import AnyItem, Finding, Page, Snapshot, WorkState
from ingest.desk.layout import FACTS, TRAY_ROLE, TRAYS, Block, DeskItem, DeskLayout
from ingest.models import DeskSave, Provenance

HEAD = {
    "article": (("column", "co"), ("kicker", "ki"), ("headline", "hl"), ("deck", "de"), ("byline", "by")),
    "notice": (("heading", "hd"),),
}
"""The fields before the body in their order, and how a block is called that has no name from the source."""
_PIECE_ID = re.compile(r"[es]\d+")


@dataclass(frozen=True)
class Loaded:
    """`standing` are the rows in their present order, `entries` what a tray's pieces carry besides id and text."""

    page: Page
    layout: DeskLayout
    standing: list[AnyItem]
    stamp: str
    entries: dict[str, dict[str, Any]]
    origins: dict[str, dict[str, Any]]
    """By piece id of the source: ``{"source", "spans", "reason", "confidence"}``."""
    findings: list[Finding]
    about: dict[int, str]
    """Which block a finding speaks of."""
    provenance: list[Provenance]

    def row(self, key: str) -> AnyItem:
        return next(item for item in self.standing if item_key(item) == key)


def item_key(item: AnyItem) -> str:
    return f"{item.snapshot_key}:{item.pk}"


def short(place: str) -> str:
    """``a12`` for ``article:12``: it begins the ids of blocks that have no name of their own on the page."""
    kind, _, number = place.partition(":")
    return f"{kind[0]}{number}"


def row_ids(place: str, ids: Sequence[str]) -> list[str]:
    """The ids that the rows of an item hold for its blocks: what was only added to tell them apart is left out."""
    made: list[str] = []
    for each in ids:
        plain = each.removeprefix(f"{short(place)}.")
        use = plain if plain != each and _PIECE_ID.fullmatch(plain) and plain not in {*made, *ids} else each
        made.append(use)
    return made


@dataclass
class _Slot:
    """A text of the page before it has its id on the desk. `name` is the id that it has in its row."""

    role: str
    text: str
    name: str
    origin: str = ""


def load(page_id: int, *, lock: bool = False) -> Loaded:
    """The page as it is now; with `lock` it stays so until the end of the transaction."""
    if lock:
        page = locked_page(page_id)
        standing = locked_items(page)
    else:
        page = Page.objects.select_related("issue__newspaper").get(pk=page_id)
        standing = items_of(page)
    on_page = Q(article__page=page) | Q(notice__page=page)
    provenance = list(Provenance.objects.filter(on_page).order_by("pk"))
    findings = list(Finding.objects.filter(page=page).order_by("pk"))
    seen = Snapshot.objects.filter(on_page).order_by().values_list("article_id", "notice_id").distinct()
    bound = {f"article:{a}" if a else f"notice:{n}" for a, n in seen}
    last = DeskSave.objects.filter(page=page).order_by("-pk").values_list("shape", flat=True).first()
    outside = list(page.sources.order_by("pk").values_list("pk", "outside"))

    origins = _origins(page, provenance, outside)
    layout = layout_of(
        standing,
        {name: getattr(page, name) for name in TRAYS},
        shape=last or {},
        heads=head_names(provenance),
        origins=origins,
        bound=bound,
        findings={str(finding.pk): finding.state for finding in findings},
    )
    entries = {
        block.id: {name: value for name, value in entry.items() if name not in ("id", "text")}
        for name in TRAYS
        for block, entry in zip(layout.trays[name], getattr(page, name), strict=True)
        if isinstance(entry, dict)
    }
    about = _about(findings, layout)
    return Loaded(
        page, layout, standing, _stamp(page, standing, findings), entries, origins, findings, about, provenance
    )


def layout_of(
    standing: Sequence[AnyItem],
    trays: Mapping[str, Sequence[Any]],
    *,
    shape: Mapping[str, Any],
    heads: Mapping[str, Mapping[tuple[str, int], str]],
    origins: Mapping[str, Any],
    bound: Collection[str],
    findings: Mapping[str, str],
) -> DeskLayout:
    """Items in their order and the entries of the trays as a layout; `shape` is what a save said of their blocks."""
    slots = {item_key(item): list(_slots(item, heads.get(item_key(item), {}))) for item in standing}
    gone = {item_key(item) for item in standing if item.work_state == WorkState.DISSOLVED}
    hollow = frozenset(key for key in gone if not slots[key] and key not in bound)
    for key in hollow:
        del slots[key]
    slots |= {name: list(_tray_slots(trays[name])) for name in TRAYS}
    blocks = _named(slots, shape.get("places", {}), origins)
    return DeskLayout(
        items=tuple(
            DeskItem(key, item.snapshot_key, blocks[key], _facts(item), key in bound)
            for item in standing
            if (key := item_key(item)) not in hollow
        ),
        trays={name: blocks[name] for name in TRAYS},
        findings=findings,
        hollow=hollow,
    )


def _facts(item: AnyItem) -> dict[str, Any]:
    return {name: getattr(item, name) for name in FACTS[item.snapshot_key]}


def _stamp(page: Page, standing: Sequence[AnyItem], findings: Sequence[Finding]) -> str:
    """Changes whenever anything that the desk shows is changed by anybody."""
    said = [
        page.version,
        *([item_key(item), item.version, item.content_hash] for item in standing),
        *([finding.pk, finding.state] for finding in findings),
    ]
    return f"{page.version}-{hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]}"


def _origins(
    page: Page, provenance: Sequence[Provenance], outside: Sequence[tuple[int, Any]]
) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for row in provenance:
        for piece, origin in row.pieces.items():
            found.setdefault(piece, {"source": row.source_id, **origin})
    for source, entries in outside:
        for entry in entries or ():
            found.setdefault(entry["id"], {"source": source, **entry})
    if len(outside) == 1:  # text that an older import laid on the page
        for name in TRAYS:
            for entry in getattr(page, name):
                if isinstance(entry, dict) and entry.get("id") and entry.get("spans"):
                    found.setdefault(entry["id"], {"source": outside[0][0], **entry})
    return found


def head_names(provenance: Sequence[Provenance]) -> dict[str, dict[tuple[str, int], str]]:
    """By item and field (and line of the deck): the piece of the source that the import put there."""
    return {
        f"article:{row.article_id}" if row.article_id else f"notice:{row.notice_id}": {
            (origin["role"], origin.get("line", 0)): piece for piece, origin in row.pieces.items()
        }
        for row in provenance
    }


def _slots(item: AnyItem, names: Mapping[tuple[str, int], str]) -> Iterator[_Slot]:
    content = item.content
    for field, code in HEAD[item.snapshot_key]:
        lines = content[field] if field == "deck" else [content[field]]
        for number, line in enumerate(lines):
            if line.strip():
                known = names.get((field, number), "")
                plain = f"{short(item_key(item))}.{code}{number or ''}"
                yield _Slot(field, line, known or plain, known)
    for piece in content["body"]:
        yield _Slot(piece["role"], piece["text"], piece["id"], piece["id"])
    for piece in content.get("captions", ()):
        yield _Slot("caption", piece["text"], piece["id"], piece["id"])


def _tray_slots(entries: Sequence[Any]) -> Iterator[_Slot]:
    for entry in entries:
        name = str(entry.get("id", "")) if isinstance(entry, dict) else ""
        yield _Slot(TRAY_ROLE, tray_text(entry), name, name)


def _named(
    slots: Mapping[str, list[_Slot]], shape: Mapping[str, Any], origins: Mapping[str, Any]
) -> dict[str, tuple[Block, ...]]:
    """Blocks with ids that are unique on the page: those of the last save where it still fits, else the rows' own."""
    fits = {
        place: shape[place] for place, found in slots.items() if place in shape and _fits(place, found, shape[place])
    }
    taken = {each[0] for known in fits.values() for each in known}
    if len(taken) < sum(len(known) for known in fits.values()):  # made by hand, or by another version of the desk
        fits, taken = {}, set()
    made: dict[str, tuple[Block, ...]] = {}
    for place, found in slots.items():
        if place in fits:
            made[place] = tuple(
                Block(each[0], slot.role, slot.text, tuple(each[2]))
                for each, slot in zip(fits[place], found, strict=True)
            )
            continue
        blocks = []
        for number, slot in enumerate(found):
            key = slot.name
            if not key or key in taken:
                key = f"{short(place) if place not in TRAYS else place[:2]}.{slot.name or number}"
            while key in taken or len(key) > 20:
                key = f"d{len(taken) + number}"
                number += 1
            taken.add(key)
            blocks.append(Block(key, slot.role, slot.text, (slot.origin,) if slot.origin in origins else ()))
        made[place] = tuple(blocks)
    return made


def _fits(place: str, found: Sequence[_Slot], known: Any) -> bool:
    """Whether what stands there now is, id by id and role by role, what the last save left."""
    if len(known) != len(found):
        return False
    ids = [each[0] for each in known]
    names = row_ids(place, ids)
    return all(
        slot.role == each[1] and (slot.role not in ("paragraph", "subhead", "caption", "text") or slot.name == name)
        for slot, each, name in zip(found, known, names, strict=True)
    )


def shape_of(layout: DeskLayout) -> dict[str, Any]:
    """What `load` needs of a layout to give its blocks the same ids again."""
    return {
        "places": {
            place: [[block.id, block.role, list(block.origins)] for block in blocks]
            for place, blocks in layout.containers()
        }
    }


def _about(findings: Sequence[Finding], layout: DeskLayout) -> dict[int, str]:
    names: dict[tuple[str, str], str] = {}
    for place, blocks in layout.containers():
        for block, name in zip(blocks, row_ids(place, [block.id for block in blocks]), strict=True):
            for each in (*block.origins, block.id, name):
                names.setdefault((place, each), block.id)
                names.setdefault(("", each), block.id)
    found = {}
    for finding in findings:
        place = f"article:{finding.article_id}" if finding.article_id else f"notice:{finding.notice_id}"
        about = names.get((place, finding.piece)) or names.get(("", finding.piece))
        if finding.piece and about:
            found[finding.pk] = about
    return found
