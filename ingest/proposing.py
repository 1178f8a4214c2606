"""What the import may not write is kept as a proposal for the editor: see `NewReading`."""

from __future__ import annotations

from articles.models import Page
from ingest.cutting import PageCut
from ingest.models import NewReading, ReadingState, Source
from ingest.planning import PagePlan, Verdict
from ingest.reading import TextFile


def propose_file(*, page: Page, file: TextFile, name: str, cut: PageCut) -> None:
    """Another file for a page that is there. The same file again changes nothing, whatever was said of it."""
    NewReading.objects.get_or_create(
        page=page,
        sha256=file.sha256,
        defaults={
            "name": name,
            "raw": file.raw,
            "encoding": file.encoding,
            "text": file.text,
            "blocks": blocks_of(cut),
        },
    )


def blocks_of(cut: PageCut) -> list[dict[str, str]]:
    """The texts of a reading in its order, with their roles; what lies outside the items comes last."""
    found: list[dict[str, str]] = []
    for item in cut.items:
        for name in ("column", "kicker", "headline", "heading", "deck", "byline"):
            value = item.content.get(name, "")
            found += [{"role": name, "text": line} for line in (value if isinstance(value, list) else [value]) if line]
        found += [{"role": piece["role"], "text": piece["text"]} for piece in item.content["body"]]
        found += [{"role": "caption", "text": piece["text"]} for piece in item.content.get("captions", ())]
    return [*found, *({"role": block.role, "text": block.text} for block in cut.outside)]


def propose_reading(*, page: Page, source: Source, plan: PagePlan) -> None:
    """A newer engine on the same text: where it differs from what people have settled. No difference, no proposal."""
    pieces = sorted(
        {
            each
            for item in plan.items
            if item.verdict is Verdict.CLASH and item.standing
            for each in item.standing.pieces
        }
    )
    mine = NewReading.objects.filter(page=page, sha256=source.sha256)
    if not pieces:
        mine.filter(state=ReadingState.OPEN).delete()
        return
    values = {"name": source.name, "pieces": pieces, "state": ReadingState.OPEN, "settled_by": None, "settled_at": None}
    NewReading.objects.update_or_create(page=page, sha256=source.sha256, defaults=values)
