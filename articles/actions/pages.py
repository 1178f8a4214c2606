"""Acts on a whole page: making an empty one, putting its items in order, taking text back out of a tray."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from articles import history
from articles.actions.items import create_article, create_notice, place_unplaced
from articles.actions.locks import locked_page
from articles.content import Content, new_piece_id
from articles.errors import ActionRefused, StaleVersion
from articles.models import Act, AnyItem, Article, Issue, Notice, Page

TRAYS = ("furniture", "removed", "set_aside")


@transaction.atomic
def create_page(*, actor: User) -> Page:
    """An empty page in an undated issue of its own; `place_page` says where it belongs."""
    issue = Issue.objects.create()
    page = Page.objects.create(issue=issue)
    history.record(page, Act.CREATED, actor=actor, new_version=True)
    return page


@transaction.atomic
def reorder_items(*, page: Page, order: Sequence[tuple[str, int]], base_version: int, actor: User) -> Page:
    """Give the page's items the positions 1, 2, 3 … in the order of `order`, pairs of `snapshot_key` and pk.

    Items of the page that `order` does not name follow in the order they had. What readers see keeps its order until
    an item is published again.
    """
    page = locked_page(page.pk)
    if page.version != base_version:
        raise StaleVersion(page)
    rows: dict[tuple[str, int], AnyItem] = {
        (item.snapshot_key, item.pk): item for item in items_of(page) if isinstance(item, Article | Notice)
    }
    former = list(rows)
    wanted = [key for key in dict.fromkeys(order) if key in rows]
    wanted += [key for key in former if key not in set(wanted)]
    changed: list[AnyItem] = []
    for position, key in enumerate(wanted, 1):
        if rows[key].position != position:
            rows[key].position = position
            rows[key].updated_at = timezone.now()
            changed.append(rows[key])
    if not changed:
        return page
    for model in (Article, Notice):
        mine = [item for item in changed if isinstance(item, model)]
        model._default_manager.bulk_update(mine, ["position", "updated_at"], batch_size=200)  # type: ignore[arg-type]
    if wanted != former:
        page.version += 1
        page.save(update_fields=["version"])
        before = {"order": [f"{key}:{pk}" for key, pk in former]}
        history.record(page, Act.MOVED, actor=actor, before=before, new_version=True, reason="调整条目顺序")
    return page


def items_of(page: Page) -> list[AnyItem]:
    """Articles and notices of a page in reading order."""
    found: list[AnyItem] = [*Article.objects.filter(page=page), *Notice.objects.filter(page=page)]
    return sorted(found, key=lambda item: item.reading_order)


@transaction.atomic
def retrieve(*, page: Page, tray: str, index: int, text: str, actor: User) -> None:
    """Take a text back out of furniture, removed or set-aside text, to be placed: it goes to the unplaced text.

    `text` is what the editor saw at that index; if something else stands there now, nothing is done.
    """
    if tray not in TRAYS:
        raise ActionRefused("不认识的去处。")
    page = locked_page(page.pk)
    pieces = list(getattr(page, tray))
    if not 0 <= index < len(pieces) or tray_text(pieces[index]) != text:
        raise ActionRefused("这段文字已经不在原处了，请刷新页面。")
    piece = pieces.pop(index)
    taken = {p["id"] for p in page.unplaced}
    known = piece.get("id", "") if isinstance(piece, dict) else ""
    key = known if known and known not in taken else new_piece_id(taken)
    before = {tray: getattr(page, tray), "unplaced": page.unplaced}
    setattr(page, tray, pieces)
    # Where it came from stays with it.
    back = {**(piece if isinstance(piece, dict) else {}), "id": key, "text": text}
    page.unplaced = [*page.unplaced, back]
    page.version += 1
    page.save(update_fields=[tray, "unplaced", "version"])
    history.record(page, Act.MOVED, actor=actor, before=before, new_version=True, reason="放回未归位")


def tray_text(piece: object) -> str:
    """The text of a piece in a tray."""
    return str(piece.get("text", "")) if isinstance(piece, dict) else str(piece)


def empty_content(kind: str) -> Content:
    """The content of a new item that has nothing yet."""
    if kind == Notice.snapshot_key:
        return {"kind": "其他", "heading": "", "body": [], "fields": {}}
    lists = {"deck", "body", "captions"}
    return {name: [] if name in lists else "" for name in Article.content_fields}


@transaction.atomic
def create_from_unplaced(*, page: Page, piece_ids: Sequence[str], kind: str, actor: User) -> AnyItem:
    """A new article or notice whose body is these pieces of unplaced text."""
    create = create_notice if kind == Notice.snapshot_key else create_article
    made: AnyItem = create(page=page, actor=actor, content=empty_content(kind))
    for piece_id in piece_ids:
        place_unplaced(page=page, piece_id=piece_id, target=made, actor=actor)
    made.refresh_from_db()
    return made
