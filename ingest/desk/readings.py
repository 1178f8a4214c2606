"""The open proposals of a page: what another file, or a newer engine, says otherwise than what stands there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from ingest.desk.newer import Change, changes
from ingest.desk.rows import Loaded
from ingest.models import NewReading, ReadingState, Source

CHANGES_LIMIT = 2_000
"""Changes remembered as declined, of one reading: more differences than that are another text altogether."""


def open_readings(loaded: Loaded) -> list[dict[str, Any]]:
    """The proposals as the desk shows them; those about which nothing is left to say are not among them."""
    found = list(
        NewReading.objects.filter(page=loaded.page, state=ReadingState.OPEN).defer("raw", "text").order_by("pk")
    )
    if not found:
        return []
    bases = base_texts(loaded, dict(Source.objects.filter(page=loaded.page).values_list("pk", "text")))
    shown = []
    for reading in found:
        made = _changes(reading, loaded, bases)
        blocks = _holders(loaded, reading.pieces)
        if made or blocks:
            shown.append(
                {
                    "id": reading.pk,
                    "name": reading.name,
                    "at": reading.received_at.isoformat(),
                    "changes": [change.as_json() for change in made],
                    "blocks": blocks,
                }
            )
    return shown


def base_texts(loaded: Loaded, texts: Mapping[int, str]) -> dict[str, str]:
    """For each block what its pieces say in the source."""
    found = {}
    for _, blocks in loaded.layout.containers():
        for block in blocks:
            said = ""
            for piece in block.origins:
                origin = loaded.origins.get(piece, {})
                text = texts.get(origin.get("source", 0), "")
                said += "".join(text[start:end] for start, end in origin.get("spans", ()))
            found[block.id] = said
    return found


def _changes(reading: NewReading, loaded: Loaded, bases: Mapping[str, str]) -> list[Change]:
    if not reading.blocks:
        return []
    declined = set(reading.declined)
    found = changes(loaded.layout, bases, [block["text"] for block in reading.blocks])
    return [change for change in found if change.key not in declined]


def _holders(loaded: Loaded, pieces: Collection[str]) -> list[str]:
    """The blocks that these pieces of the source have become."""
    wanted = set(pieces)
    return [b.id for _, blocks in loaded.layout.containers() for b in blocks if wanted.intersection(b.origins)]


@transaction.atomic
def decline(*, page_id: int, reading_id: int, keys: Collection[str] | None, actor: User) -> bool:
    """Say no to some changes of a proposal, or to all that is left of it (`keys` None). False if it is not open."""
    rows = NewReading.objects.select_for_update().filter(page=page_id, pk=reading_id, state=ReadingState.OPEN)
    reading = rows.defer("raw", "text").first()
    if reading is None:
        return False
    if keys is None:
        _settle(reading, ReadingState.DISMISSED, actor)
        return True
    reading.declined = sorted({*reading.declined, *keys})[:CHANGES_LIMIT]
    reading.save(update_fields=["declined"])
    return True


def settle_finished(loaded: Loaded, *, actor: User) -> None:
    """Close the proposals of other files of which nothing is left open after a save."""
    left = {shown["id"] for shown in open_readings(loaded)}
    for reading in NewReading.objects.filter(page=loaded.page, state=ReadingState.OPEN).exclude(pk__in=left):
        _settle(reading, ReadingState.TAKEN, actor)


def _settle(reading: NewReading, state: ReadingState, actor: User) -> None:
    reading.state, reading.settled_by, reading.settled_at = state, actor, timezone.now()
    reading.save(update_fields=["state", "settled_by", "settled_at"])
