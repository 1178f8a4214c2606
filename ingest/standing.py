"""What is there of a page: its rows read as values for the plan, and the proof that they hold the whole source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from articles.content import Content
from articles.models import Act, AnyItem, Article, HistoryEntry, Notice, Page, Snapshot, Target, WorkState
from ingest import engine
from ingest.cutting import OUTSIDE, Kind, Origin, Outside
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
    said: dict[int, list[_Said]] = {pk: [] for pk in texts}
    for model in (Article, Notice):
        kind, names = model.snapshot_key, model.content_fields
        items = Provenance.objects.filter(source__in=list(texts), **{f"{kind}__isnull": False})
        columns = ("source_id", "written", "pieces", *(f"{kind}__{name}" for name in names))
        for pk, written, pieces, *values in items.values_list(*columns):
            said[pk] += _of_pieces(dict(zip(names, values, strict=True)), written, pieces, texts[pk])
    lists = [f"page__{role}" for role in OUTSIDE]
    sources = Source.objects.filter(pk__in=list(texts)).values_list("pk", "text", "outside", *lists)
    for pk, text, outside, *listed in sources.order_by():
        if text != texts[pk]:
            raise engine.LedgerError("数据库里的来源文字与文件不符")
        there = {
            (role, entry.get("id")): entry.get("text")
            for role, own in zip(OUTSIDE, listed, strict=True)
            for entry in own
        }
        for block in outside or ():
            now = there.get((block["role"], block["id"]))
            said[pk].append((_slices(text, block["spans"]) if now is None else now, block["spans"]))
        engine.check_texts(text, said[pk])


_Spans = Sequence[Sequence[int]]
_Said = tuple[str, _Spans]
"""What a row says, and from where in the source it has that."""


def _of_pieces(content: Content, written: dict[str, str], pieces: dict[str, Origin], text: str) -> Iterator[_Said]:
    """Every piece of an item: the text that stands in it, "" if it is missing; of a field that is not as the import
    wrote it what the source says."""
    machine: dict[str, Any] = {}
    for name in {field_of(origin["role"]) for origin in pieces.values()} & content.keys():
        if field_hash(name, value := content[name]) == written.get(name):
            machine[name] = {p["id"]: p["text"] for p in value} if name in ("body", "captions") else value
    for piece, origin in pieces.items():
        name, spans = field_of(origin["role"]), origin["spans"]
        value = machine.get(name)
        if value is None:
            yield _slices(text, spans), spans
        elif isinstance(value, dict):
            yield value.get(piece, ""), spans
        elif isinstance(value, list):
            line = origin.get("line", 0)
            yield value[line] if line < len(value) else "", spans
        else:
            yield value, spans


def _slices(text: str, spans: _Spans) -> str:
    return "".join(text[start:end] for start, end in spans)
