"""Handing work to each other: assignments, what is returned, comments and mentions."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from articles import history
from articles.actions.locks import locked, locked_page
from articles.content import is_storable, pieces_of
from articles.errors import ActionRefused
from articles.models import Act, AnyItem, Article, Assignment, AssignmentKind, Comment, Mention, Notice, Page
from articles.models.teamwork import COMMENT_LIMIT, NOTE_LIMIT, QUOTE_LIMIT
from articles.people import colleagues, display_name

Subject = AnyItem | Page


def _locked(subject: Subject) -> tuple[Page, AnyItem | None]:
    if isinstance(subject, Page):
        return locked_page(subject.pk), None
    page = locked_page(subject.page_id)
    return page, locked(subject, page=page)


def _named(page: Page, item: AnyItem | None) -> dict[str, Any]:
    """Whom a row is about, as its columns."""
    return {
        "page": page,
        "article": item if isinstance(item, Article) else None,
        "notice": item if isinstance(item, Notice) else None,
    }


def _check(text: str, limit: int, what: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if len(text) > limit:
        raise ActionRefused(f"{what}不能超过 {limit} 字，现有 {len(text)} 字。")
    if not is_storable(text):
        raise ActionRefused(f"{what}里有不能保存的控制字符，请删去。")
    return text


@transaction.atomic
def assign(*, subject: Subject, assignee: User, actor: User, note: str = "", due_on: date | None = None) -> Assignment:
    """Ask somebody to work on a page or an item. Refused for somebody who may not change it, or who has it already."""
    note = _check(note, NOTE_LIMIT, "要做什么")
    page, item = _locked(subject)
    named = _named(page, item)
    permission = f"articles.change_{item.snapshot_key}" if item else "articles.change_page"
    if not assignee.is_active or not assignee.has_perm(permission):
        raise ActionRefused(f"{display_name(assignee)}的角色不能改这一条，不能交给他：请另选一位。")
    if Assignment.objects.filter(**named, assignee=assignee, closed_at=None).exists():
        raise ActionRefused(f"已经交给{display_name(assignee)}了，还没有了结。")
    return _assign(named, AssignmentKind.GIVEN, assignee=assignee, actor=actor, note=note, due_on=due_on)


def _assign(
    named: dict[str, Any],
    kind: AssignmentKind,
    *,
    assignee: User,
    actor: User,
    note: str,
    due_on: date | None = None,
) -> Assignment:
    made = Assignment.objects.create(**named, kind=kind, assignee=assignee, by=actor, note=note, due_on=due_on)
    words = f"交给{display_name(assignee)}" + (f"：{note}" if note else "")
    history.record(made.subject, Act.ASSIGNED, actor=actor, reason=words, details={"assignee": assignee.pk})
    return made


@transaction.atomic
def close_assignment(*, assignment: Assignment, actor: User, reason: str = "") -> None:
    """Say that it is done, or take it back. Whoever has it or gave it may, and whoever may assign."""
    page = locked_page(assignment.page_id)
    current = Assignment.objects.select_related("article", "notice", "assignee").filter(pk=assignment.pk).first()
    if current is None or current.closed_at is not None:
        raise ActionRefused("这项指派已经了结了，请刷新页面。")
    if actor.pk not in (current.assignee_id, current.by_id) and not actor.has_perm("articles.add_assignment"):
        raise ActionRefused("只有接的人、交的人和编辑能了结它。")
    current.page = page
    _close(current, actor=actor, reason=reason)


def _close(assignment: Assignment, *, actor: User, reason: str) -> None:
    assignment.closed_at, assignment.closed_by = timezone.now(), actor
    assignment.save(update_fields=["closed_at", "closed_by"])
    words = reason or f"{display_name(assignment.assignee)}的指派了结"
    details = {"assignee": assignment.assignee_id}
    history.record(assignment.subject, Act.UNASSIGNED, actor=actor, reason=words, details=details)


def return_work(*, item: AnyItem, to: User | None, actor: User, reason: str) -> Assignment | None:
    """Put an item that was sent back on the list of the person who passed it. The caller holds its lock.

    Nothing is handed to an account nobody works with, or to the one who sends it back.
    """
    if to is None or to.pk == actor.pk or not to.is_active:
        return None
    named = _named(item.page, item)
    for former in Assignment.objects.filter(**named, assignee=to, closed_at=None).select_related("assignee"):
        former.article, former.notice, former.page = named["article"], named["notice"], named["page"]
        _close(former, actor=actor, reason="退回后重新交办")
    return _assign(named, AssignmentKind.RETURNED, assignee=to, actor=actor, note=reason[:NOTE_LIMIT])


def finish_work(*, items: Collection[AnyItem], actor: User) -> None:
    """Close what is done by passing these items: what was returned, and what this person was asked for. The caller
    holds their locks. One query when there is nothing to close."""
    by_key = {(item.snapshot_key, item.pk): item for item in items}
    waiting = Assignment.objects.filter(closed_at=None, page__in={item.page_id for item in items})
    for each in waiting.exclude(article=None, notice=None).select_related("assignee"):
        item = by_key.get(("article", each.article_id or 0)) or by_key.get(("notice", each.notice_id or 0))
        if item is not None and (each.kind == AssignmentKind.RETURNED or each.assignee_id == actor.pk):
            _close(each, actor=actor, reason="已办")


@transaction.atomic
def comment(*, subject: Subject, author: User, text: str, piece: str = "") -> Comment:
    """A remark on a page, an item, or one piece of an item; colleagues named with @ find it among their work."""
    text = _check(text, COMMENT_LIMIT, "批注")
    if not text:
        raise ActionRefused("请写批注。")
    page, item = _locked(subject)
    quote = ""
    if piece:
        found = next((p for p in pieces_of(item.content) if p["id"] == piece), None) if item else None
        if found is None:
            raise ActionRefused("这一段已经不在这里了，请刷新页面。")
        quote = found["text"][:QUOTE_LIMIT] if isinstance(item, Article) else ""  # of a notice, numbers are veiled
    version = item.version if item else page.version
    made = Comment.objects.create(
        **_named(page, item), piece=piece, quote=quote, version=version, text=text, author=author
    )
    Mention.objects.bulk_create(Mention(comment=made, user=user) for user in mentioned(text) if user != author)
    history.record(made.subject, Act.COMMENTED, actor=author, details={"comment": made.pk})
    return made


def mentioned(text: str) -> list[User]:
    """Colleagues that the text names with @, by name or account, the longest name that fits: there are no spaces in
    Chinese to end one."""
    if "@" not in text and "＠" not in text:
        return []
    names: dict[str, User] = {}
    for user in colleagues():
        names.setdefault(display_name(user), user)
    for user in colleagues():
        names[user.username] = user  # accounts are unique, names are not
    longest = max(map(len, names), default=0)
    found: dict[int, User] = {}
    for index, character in enumerate(text):
        if character in "@＠":
            rest = text[index + 1 : index + 1 + longest]
            named = next((rest[:size] for size in range(len(rest), 0, -1) if rest[:size] in names), "")
            if named:
                found[names[named].pk] = names[named]
    return list(found.values())


@transaction.atomic
def resolve_comment(*, comment: Comment, actor: User) -> Comment:
    """Say that what a comment asks has been dealt with. It stays on record; whoever disagrees writes another."""
    locked_page(comment.page_id)
    current = Comment.objects.select_related("page", "article", "notice").filter(pk=comment.pk).first()
    if current is None:
        raise ActionRefused("这条批注不在了，请刷新页面。")
    if current.resolved_at is None:
        current.resolved_at, current.resolved_by = timezone.now(), actor
        current.save(update_fields=["resolved_at", "resolved_by"])
        Mention.objects.filter(comment=current, seen_at=None).update(seen_at=current.resolved_at)
        details = {"comment": current.pk, "resolved": True}
        history.record(current.subject, Act.COMMENTED, actor=actor, reason="批注已解决", details=details)
    return current


def see_mentions(*, user: User, comments: Collection[int] | None = None) -> int:
    """Take these comments, or all, off the person's list of mentions. Nobody else's list changes."""
    mine = Mention.objects.filter(user=user, seen_at=None)
    if comments is not None:
        mine = mine.filter(comment__in=comments)
    return mine.update(seen_at=timezone.now())
