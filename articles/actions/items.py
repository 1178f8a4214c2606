"""Changing an item's content and its state of work."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar

from django.contrib.auth.models import User
from django.db import transaction

from articles import history
from articles.content import Content, check_content, new_piece_id
from articles.errors import ActionRefused, StaleVersion
from articles.models import Act, AnyItem, Article, Item, Notice, Page, WorkState

I = TypeVar("I", bound=Item)  # noqa: E741 - the items


def locked(item: I, *, base_version: int | None = None) -> I:
    """The row as it is now, locked for this transaction; `StaleVersion` if it is not the one the caller saw."""
    manager = type(item)._default_manager
    current = manager.select_for_update(of=("self",)).select_related("page__issue__newspaper").get(pk=item.pk)
    if base_version is not None and current.version != base_version:
        raise StaleVersion(current)
    return current


def _save_content(item: Item, content: Content, *, act: Act, actor: User, reason: str) -> bool:
    """Write what differs, as a new version. Any change of a corrected item sends it back to be read again."""
    former = item.content
    before = {name: former[name] for name in item.content_fields if former[name] != content[name]}
    if not before:
        return False
    check_content(content, item.content_fields)
    item.set_content(content)
    item.version += 1
    if act is not Act.UPDATED and item.work_state != WorkState.IMPORTED:
        item.work_state = WorkState.IMPORTED
    item.save()
    history.record(item, act, actor=actor, reason=reason, before=before, new_version=True)
    return True


@transaction.atomic
def edit_item(
    *,
    item: I,
    content: Content,
    base_version: int,
    actor: User,
    reason: str = "",
    absorbed: Collection[str] = (),
) -> I:
    """Take over new content made from version `base_version`.

    Saving what is already there changes nothing and writes no history. Text of pieces that are gone from the body
    or the captions is kept among the page's unplaced text: an edit never loses a paragraph. `absorbed` names pieces
    whose text now stands in another piece or a headline part, so that it is not kept twice.
    Raises `StaleVersion` and `ValidationError`.
    """
    current = locked(item, base_version=base_version)
    former = current.content
    if not _save_content(current, content, act=Act.EDITED, actor=actor, reason=reason):
        return current
    kept = {p["id"] for n in ("body", "captions") if n in content for p in content[n]} | set(absorbed)
    gone = [
        {"id": piece["id"], "text": piece["text"]}
        for name in ("body", "captions")
        if name in former
        for piece in former[name]
        if piece["id"] not in kept
    ]
    if gone:
        _to_unplaced(current.page, gone, actor=actor)
    return current


def _to_unplaced(page: Page, pieces: list[dict[str, str]], *, actor: User) -> None:
    page = Page.objects.select_for_update().get(pk=page.pk)
    before = {"unplaced": page.unplaced}
    taken = {p["id"] for p in page.unplaced}
    for piece in pieces:  # ids are unique within an item only: two items may both send a piece "e1"
        piece_id = piece["id"] if piece["id"] not in taken else new_piece_id(taken)
        taken.add(piece_id)
        page.unplaced = [*page.unplaced, {"id": piece_id, "text": piece["text"]}]
    page.version += 1
    page.save(update_fields=["unplaced", "version"])
    history.record(page, Act.MOVED, actor=actor, before=before, new_version=True, reason="从条目中移出的文字")


@transaction.atomic
def create_article(*, page: Page, actor: User, content: Content, reason: str = "") -> Article:
    """A new article at the end of the page."""
    check_content(content, Article.content_fields)
    page = Page.objects.select_for_update().get(pk=page.pk)
    article = Article(page=page, position=next_position(page))
    article.set_content(content)
    article.save()
    history.record(article, Act.CREATED, actor=actor, reason=reason, new_version=True)
    return article


@transaction.atomic
def create_notice(*, page: Page, actor: User, content: Content, reason: str = "") -> Notice:
    """A new notice at the end of the page."""
    check_content(content, Notice.content_fields)
    page = Page.objects.select_for_update().get(pk=page.pk)
    notice = Notice(page=page, position=next_position(page))
    notice.set_content(content)
    notice.save()
    history.record(notice, Act.CREATED, actor=actor, reason=reason, new_version=True)
    return notice


def next_position(page: Page) -> int:
    """The place after the last item of the page; positions are shared by articles and notices."""
    taken = [
        last
        for model in (Article, Notice)
        if (last := model.objects.filter(page=page).order_by("-position").values_list("position", flat=True).first())
        is not None
    ]
    return max(taken, default=0) + 1


@transaction.atomic
def move_piece(*, source: AnyItem, piece_id: str, target: AnyItem, source_version: int, actor: User) -> None:
    """Move one piece of the body to the end of another item's body on the same page, whole and under its id."""
    if source.pk == target.pk and type(source) is type(target):
        raise ActionRefused("文字已经在这一条里了。")
    # Locked in one order, so that two editors moving text both ways cannot wait for each other.
    first, second = sorted([source, target], key=lambda item: (item.snapshot_key, item.pk))
    rows = {(item.snapshot_key, item.pk): locked(item) for item in (first, second)}
    origin, goal = rows[source.snapshot_key, source.pk], rows[target.snapshot_key, target.pk]
    if origin.version != source_version:
        raise StaleVersion(origin)
    if origin.page_id != goal.page_id:
        raise ActionRefused("只能移到同一版的条目里。")
    piece = next((p for p in origin.body if p["id"] == piece_id), None)
    if piece is None:
        raise ActionRefused("这一段已经不在这里了，请刷新页面。")
    taken = {p["id"] for p in goal.body}
    moved = piece if piece["id"] not in taken else {**piece, "id": new_piece_id(taken)}
    rest = {**origin.content, "body": [p for p in origin.body if p["id"] != piece_id]}
    more = {**goal.content, "body": [*goal.body, moved]}
    why = f"“{piece['text'][:20]}”从“{origin}”移到“{goal}”"
    _save_content(origin, rest, act=Act.MOVED, actor=actor, reason=why[:500])
    _save_content(goal, more, act=Act.MOVED, actor=actor, reason=why[:500])


@transaction.atomic
def place_unplaced(*, page: Page, piece_id: str, target: AnyItem, actor: User) -> None:
    """Put a piece of the page's unplaced text at the end of an item's body."""
    goal = locked(target)
    page = Page.objects.select_for_update().get(pk=page.pk)
    piece = next((p for p in page.unplaced if p["id"] == piece_id), None)
    if piece is None or goal.page_id != page.pk:
        raise ActionRefused("这段文字已经不在未归位里了，请刷新页面。")
    taken = {p["id"] for p in goal.body}
    moved = {"id": piece["id"] if piece["id"] not in taken else new_piece_id(taken), "role": "paragraph"}
    before = {"unplaced": page.unplaced}
    page.unplaced = [p for p in page.unplaced if p["id"] != piece_id]
    page.version += 1
    page.save(update_fields=["unplaced", "version"])
    history.record(page, Act.MOVED, actor=actor, before=before, new_version=True)
    content = {**goal.content, "body": [*goal.body, {**moved, "text": piece["text"]}]}
    _save_content(goal, content, act=Act.MOVED, actor=actor, reason="从未归位文字放入")


@transaction.atomic
def set_aside(*, page: Page, piece_id: str, actor: User, reason: str = "") -> None:
    """Confirm that a piece of unplaced text is not needed: it stays on record and no longer holds up publication."""
    page = Page.objects.select_for_update().get(pk=page.pk)
    piece = next((p for p in page.unplaced if p["id"] == piece_id), None)
    if piece is None:
        raise ActionRefused("这段文字已经不在未归位里了，请刷新页面。")
    before = {"unplaced": page.unplaced, "set_aside": page.set_aside}
    page.unplaced = [p for p in page.unplaced if p["id"] != piece_id]
    page.set_aside = [*page.set_aside, piece]
    page.version += 1
    page.save(update_fields=["unplaced", "set_aside", "version"])
    history.record(page, Act.MOVED, actor=actor, before=before, new_version=True, reason=reason or "搁置")


@transaction.atomic
def mark_corrected(*, item: I, base_version: int, actor: User, reason: str = "") -> I:
    """校毕: a person has read the text and stands by it. From here on no import changes it."""
    current = locked(item, base_version=base_version)
    if current.work_state == WorkState.CORRECTED:
        return current
    current.work_state = WorkState.CORRECTED
    current.save(update_fields=["work_state", "updated_at"])
    history.record(current, Act.CORRECTED, actor=actor, reason=reason, details={"version": current.version})
    return current


@transaction.atomic
def reopen(*, item: I, actor: User, reason: str) -> I:
    """退回: back to be corrected again. What readers see stays as published."""
    current = locked(item)
    if current.work_state == WorkState.IMPORTED:
        return current
    current.work_state = WorkState.IMPORTED
    current.save(update_fields=["work_state", "updated_at"])
    history.record(current, Act.REOPENED, actor=actor, reason=reason, details={"version": current.version})
    return current
