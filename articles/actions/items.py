"""Changing an item's content and its state of work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import TypeVar

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction

from articles import history
from articles.actions.locks import locked, locked_page
from articles.actions.notices import index_notices
from articles.actions.passing import passed
from articles.content import BodyRole, Content, Piece, check_content, new_piece_id, pieces_of, running_text
from articles.errors import ActionRefused
from articles.models import Act, AnyItem, Article, Item, Notice, Page, WorkState

I = TypeVar("I", bound=Item)  # noqa: E741 - the items


def _save_content(item: Item, content: Content, *, act: Act, actor: User, reason: str) -> bool:
    """Write what differs, as a new version. Any change of a corrected item sends it back to be read again."""
    check_content(content, item.content_fields)
    former = item.content
    before = {name: former[name] for name in item.content_fields if former[name] != content[name]}
    if not before:
        return False
    item.set_content(content)
    item.version += 1
    item.work_state = WorkState.IMPORTED
    item.save(update_fields=[*item.content_fields, *item.derived_fields, "version", "work_state", "updated_at"])
    if isinstance(item, Notice):
        index_notices([item])
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

    Saving what is already there changes nothing and writes no history. A piece taken out goes to the page's unplaced
    text, unless its words stand elsewhere in the item now (joined to another paragraph, made a headline) or
    `absorbed` names it as one whose words stand there changed; one that comes back unchanged leaves it.
    Raises `StaleVersion` and `ValidationError`.
    """
    current = locked(item, base_version=base_version)
    former, page = current.content, current.page
    if _save_content(current, content, act=Act.EDITED, actor=actor, reason=reason):
        back = {(p["id"], p["text"]) for p in pieces_of(content)} - {(p["id"], p["text"]) for p in pieces_of(former)}
        stay = [p for p in page.unplaced if (p["id"], p["text"]) not in back]
        gone = _with_free_ids([p for p in _gone(former, content) if p["id"] not in absorbed], page)
        if gone or len(stay) < len(page.unplaced):
            _save_trays(page, unplaced=[*stay, *gone], actor=actor, reason="随条目的修改移出、移回的文字")
    return current


def _gone(former: Content, content: Content) -> list[Piece]:
    """The pieces whose id is gone, as far as their text occurs less often than before."""
    kept = {piece["id"] for piece in pieces_of(content)}
    old, new = running_text(former), running_text(content)
    taken: Counter[str] = Counter()
    gone = []
    for piece in pieces_of(former):
        text = "".join(piece["text"].split())
        if piece["id"] not in kept and old.count(text) - new.count(text) > taken[text]:
            taken[text] += 1
            gone.append(piece)
    return gone


def _with_free_ids(pieces: list[Piece], page: Page) -> list[Piece]:
    """The pieces as they stand in a page's trays. Two items may use one id, a page's trays may not."""
    taken = {piece["id"] for piece in (*page.unplaced, *page.set_aside)}
    made = []
    for piece in pieces:
        key = piece["id"] if piece["id"] not in taken else new_piece_id(taken)
        taken.add(key)
        made.append({"id": key, "text": piece["text"]})
    return made


def _save_trays(
    page: Page, *, unplaced: list[Piece], set_aside: list[Piece] | None = None, actor: User, reason: str
) -> None:
    before = {"unplaced": page.unplaced}
    page.unplaced = unplaced
    if set_aside is not None:
        before["set_aside"] = page.set_aside
        page.set_aside = set_aside
    page.version += 1
    page.save(update_fields=["unplaced", "set_aside", "version"])
    history.record(page, Act.MOVED, actor=actor, before=before, new_version=True, reason=reason)


@transaction.atomic
def create_article(*, page: Page, actor: User, content: Content, reason: str = "") -> Article:
    """A new article at the end of the page."""
    return _create(Article, page=page, actor=actor, content=content, reason=reason)


@transaction.atomic
def create_notice(*, page: Page, actor: User, content: Content, reason: str = "") -> Notice:
    """A new notice at the end of the page."""
    return _create(Notice, page=page, actor=actor, content=content, reason=reason)


def _create(model: type[I], *, page: Page, actor: User, content: Content, reason: str) -> I:
    check_content(content, model.content_fields)
    page = locked_page(page.pk)
    item = model(page=page, position=next_position(page))
    item.set_content(content)
    item.save(force_insert=True)
    if isinstance(item, Notice):
        index_notices([item])
    history.record(item, Act.CREATED, actor=actor, reason=reason, new_version=True)
    return item


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
    """Move one paragraph or caption to the end of another item on the same page, whole and under its id.

    A caption stays a caption where the other item has captions, else it becomes a paragraph.
    """
    if source.pk == target.pk and type(source) is type(target):
        raise ActionRefused("文字已经在这一条里了。")
    page = locked_page(source.page_id)
    if target.page_id != page.pk:
        raise ActionRefused("只能移到同一版的条目里。")
    origin: AnyItem = locked(source, base_version=source_version, page=page)
    goal: AnyItem = locked(target, page=page)
    content = origin.content
    piece = next((p for p in pieces_of(content) if p["id"] == piece_id), None)
    if piece is None:
        raise ActionRefused("这一段已经不在这里了，请刷新页面。")
    for name in ("body", "captions"):
        if name in content:
            content[name] = [p for p in content[name] if p["id"] != piece_id]
    why = f"“{piece['text'][:20]}”从“{origin.title[:200]}”移到“{goal.title[:200]}”"
    _save_content(origin, content, act=Act.MOVED, actor=actor, reason=why)
    _append(goal, piece, actor=actor, reason=why)


def _append(goal: Item, piece: Piece, *, actor: User, reason: str) -> None:
    """Put a piece at the end of an item: a caption (it has no role) among the captions where there are any to be
    had, everything else in the body. Its id changes only if the item uses it already."""
    content = goal.content
    taken = {p["id"] for p in pieces_of(content)}
    moved = {"id": piece["id"] if piece["id"] not in taken else new_piece_id(taken), "text": piece["text"]}
    if "role" not in piece and "captions" in content:
        content["captions"] = [*content["captions"], moved]
    else:
        content["body"] = [*content["body"], {**moved, "role": piece.get("role", BodyRole.PARAGRAPH.value)}]
    try:
        _save_content(goal, content, act=Act.MOVED, actor=actor, reason=reason)
    except ValidationError as invalid:
        raise ActionRefused("放不进去：" + "；".join(invalid.messages)) from invalid


@transaction.atomic
def place_unplaced(*, page: Page, piece_id: str, target: AnyItem, actor: User) -> None:
    """Put a piece of the page's unplaced text at the end of an item's body."""
    page = locked_page(page.pk)
    goal = locked(target, page=page)
    piece, rest = _taken_out(page, piece_id)
    _save_trays(page, unplaced=rest, actor=actor, reason=f"放入“{goal.title[:200]}”")
    paragraph = {"id": piece["id"], "role": BodyRole.PARAGRAPH.value, "text": piece["text"]}
    _append(goal, paragraph, actor=actor, reason="从未归位文字放入")


@transaction.atomic
def set_aside(*, page: Page, piece_id: str, actor: User, reason: str = "") -> None:
    """Confirm that a piece of unplaced text is not needed: it stays on record and no longer holds up publication."""
    page = locked_page(page.pk)
    piece, rest = _taken_out(page, piece_id)
    _save_trays(page, unplaced=rest, set_aside=[*page.set_aside, piece], actor=actor, reason=reason or "搁置")


def _taken_out(page: Page, piece_id: str) -> tuple[Piece, list[Piece]]:
    """The unplaced piece of that id (the first, if an id stands twice) and the others."""
    for index, piece in enumerate(page.unplaced):
        if piece["id"] == piece_id:
            return piece, [*page.unplaced[:index], *page.unplaced[index + 1 :]]
    raise ActionRefused("这段文字已经不在未归位里了，请刷新页面。")


@transaction.atomic
def mark_corrected(*, item: I, base_version: int, actor: User, reason: str = "") -> I:
    """校毕: a person has read the text and stands by it. From here on no import changes it."""
    current = locked(item, base_version=base_version)
    if current.work_state == WorkState.DISSOLVED:
        raise ActionRefused("这一条已经拆散，文字都到了别处：没有可以校毕的。")
    if current.work_state != WorkState.CORRECTED:
        current.work_state = WorkState.CORRECTED
        current.save(update_fields=["work_state", "updated_at"])
        history.record(current, Act.CORRECTED, actor=actor, reason=reason, details={"version": current.version})
    passed(item=current, actor=actor)
    return current
