"""What is there of a page: its rows read as values for the plan, and the proof that they hold the whole source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from articles.models import Act, AnyItem, Article, HistoryEntry, Notice, Page, Snapshot, Target, WorkState
from ingest import engine
from ingest.cutting import OUTSIDE, Kind, Outside
from ingest.loading import There
from ingest.models import Provenance, Source
from ingest.planning import Standing, StandingOutside, StandingPage, field_hash, field_of

_NOT_SETTLING = (
    Act.IMPORTED,
    Act.UPDATED,
    Act.UNMASKED,
    Act.LINKED,
    Act.UNLINKED,
    Act.EMBARGOED,
    Act.ADDRESSED,
)
"""Acts of the import, and acts of people that say nothing about the text. Any other entry settles the item."""


def rows_of(source: Source, *, lock: bool) -> There:
    """The items that came from the source. Locked in the order in which editors' actions lock: items, then the page."""
    if lock:
        articles = Article.objects.filter(provenance__source=source).select_for_update(of=("self",), no_key=True)
        notices = Notice.objects.filter(provenance__source=source).select_for_update(of=("self",), no_key=True)
        list(articles.order_by("pk").values_list("pk"))
        list(notices.order_by("pk").values_list("pk"))
    rows = Provenance.objects.filter(source=source).select_related("article", "notice").order_by("pk")
    return There({_key(p): p for p in rows.prefetch_related("article__credits__contributor")})


def _key(provenance: Provenance) -> tuple[str, int]:
    if provenance.article_id is not None:
        return "article", provenance.article_id
    if provenance.notice_id is not None:
        return "notice", provenance.notice_id
    raise LookupError(provenance.pk)  # the database has a constraint against it


def _item(provenance: Provenance) -> AnyItem:
    item = provenance.article or provenance.notice
    if item is None:
        raise LookupError(provenance.pk)
    return item


def _touched(there: There) -> set[tuple[str, int]]:
    """Items that a person has done something with, or that readers have seen."""
    articles = [pk for kind, pk in there.provenance if kind == "article"]
    notices = [pk for kind, pk in there.provenance if kind == "notice"]
    touched: set[tuple[str, int]] = set()
    for target, ids in ((Target.ARTICLE, articles), (Target.NOTICE, notices)):
        acts = HistoryEntry.objects.filter(target=target, target_id__in=ids).exclude(act__in=_NOT_SETTLING)
        touched |= {(target.value, pk) for pk in acts.order_by().values_list("target_id", flat=True).distinct()}
    touched |= {("article", pk) for pk in _seen("article_id", articles)}
    touched |= {("notice", pk) for pk in _seen("notice_id", notices)}
    return touched


def _seen(column: str, ids: Sequence[int]) -> list[int]:
    return list(Snapshot.objects.filter(**{f"{column}__in": ids}).order_by().values_list(column, flat=True).distinct())


def standing_page(page: Page, source: Source, there: There) -> StandingPage:
    touched = _touched(there)
    items = []
    for (kind, pk), provenance in there.provenance.items():
        item = _item(provenance)
        kind_: Kind = "article" if kind == "article" else "notice"
        items.append(
            Standing(
                kind=kind_,
                pk=pk,
                content=item.content,
                written=provenance.written,
                pieces=provenance.pieces,
                is_settled=item.work_state != WorkState.IMPORTED or (kind, pk) in touched,
            )
        )
    listed = {role: {entry.get("id"): entry for entry in getattr(page, role)} for role in OUTSIDE}
    outside = [
        StandingOutside(block, is_free=listed[block.role].get(block.id) == block.entry) for block in _laid(source)
    ]
    return StandingPage(tuple(items), tuple(outside))


def _laid(source: Source) -> list[Outside]:
    return [
        Outside(e["role"], e["id"], e["text"], tuple((start, end) for start, end in e["spans"]), e["reason"])
        for e in source.outside or ()
    ]


def check_rows(texts: Mapping[int, str]) -> None:
    """Raise `LedgerError` unless, for each of these sources by number, the rows of the database hold every character of
    its text exactly once.

    What a person has changed no longer says what the source says; there only the spans are counted.
    """
    held: dict[int, list[Provenance]] = {pk: [] for pk in texts}
    for provenance in Provenance.objects.filter(source__in=list(texts)).select_related("article", "notice"):
        held[provenance.source_id].append(provenance)
    for source in Source.objects.filter(pk__in=list(texts)).select_related("page").defer("raw"):
        _check_source(source, held[source.pk], texts[source.pk])


def _check_source(source: Source, held: Sequence[Provenance], text: str) -> None:
    if source.text != text:
        raise engine.LedgerError("数据库里的来源文字与文件不符")
    blocks = []
    for provenance in held:
        texts = _machine_texts(provenance)
        for piece, origin in provenance.pieces.items():
            spans = tuple((start, end) for start, end in origin["spans"])
            said = texts.get((piece, origin["role"], origin.get("line", 0)), _slices(text, spans))
            blocks.append(engine.Block(engine.Role.UNPLACED, said, spans, ""))
    listed = {role: {entry.get("id"): entry for entry in getattr(source.page, role)} for role in OUTSIDE}
    for block in _laid(source):
        entry = listed[block.role].get(block.id)
        said = entry["text"] if entry else _slices(text, block.spans)
        blocks.append(engine.Block(engine.Role.UNPLACED, said, block.spans, ""))
    engine.check(text, engine.PageLayout(items=(), unplaced=tuple(blocks)))


def _slices(text: str, spans: Sequence[tuple[int, int]]) -> str:
    return "".join(text[start:end] for start, end in spans)


def _machine_texts(provenance: Provenance) -> dict[tuple[str, str, int], str]:
    """The text of each piece, "" if it is missing, of the fields that are as the import wrote them."""
    content = _item(provenance).content
    machine = {name for name, value in content.items() if field_hash(name, value) == provenance.written.get(name)}
    texts: dict[tuple[str, str, int], str] = {}
    for piece, origin in provenance.pieces.items():
        role, line = origin["role"], origin.get("line", 0)
        name = field_of(role)
        if name not in machine:
            continue
        value = content[name]
        if name in ("body", "captions"):
            said = next((p["text"] for p in value if p["id"] == piece), "")
        elif name == "deck":
            said = value[line] if line < len(value) else ""
        else:
            said = value
        texts[piece, role, line] = said
    return texts
