"""Saying that one article goes on in another on a later page, or that it does not."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from articles import history, jumps
from articles.actions.locks import locked, locked_page
from articles.actions.renewing import renew_snapshots
from articles.errors import ActionRefused
from articles.models import Act, Article, Jump, JumpState


@transaction.atomic
def link_jump(*, origin: Article, target: Article, actor: User, reason: str = "") -> Jump:
    """The story of `origin` goes on in `target`, another page of the same issue. Each goes on in one and comes from
    one. What readers see leads on at once; the printed lines 下转 and 上接 are text, and stay as they are."""
    first, second = _locked(origin, target)
    if first.page_id == second.page_id or first.page.issue_id != second.page.issue_id:
        raise ActionRefused("转版是同一期里两个版之间的：这两篇在同一版，或不在同一期。")
    taken = (
        Jump.objects.filter(Q(origin=first) | Q(target=second), state=JumpState.LINKED)
        .exclude(origin=first, target=second)
        .select_related("origin", "target")
        .first()
    )
    if taken is not None:
        raise ActionRefused(f"“{taken.origin}”已经连到“{taken.target}”：先断开，再重新连接。")
    return _say(first, second, JumpState.LINKED, actor=actor, reason=reason)


@transaction.atomic
def part_jump(*, origin: Article, target: Article, actor: User, reason: str = "") -> Jump:
    """`origin` does not go on in `target`: neither linked nor proposed any more."""
    return _say(*_locked(origin, target), JumpState.REJECTED, actor=actor, reason=reason)


def _locked(origin: Article, target: Article) -> tuple[Article, Article]:
    """Both, locked with their pages; the pages by number, so that two editors cannot wait for each other."""
    if origin.pk == target.pk:
        raise ActionRefused("一篇稿件不能转到它自己。")
    pages = {pk: locked_page(pk) for pk in sorted({origin.page_id, target.page_id})}
    ordered = sorted((origin, target), key=lambda article: article.pk)
    found = {article.pk: locked(article, page=pages[article.page_id]) for article in ordered}
    return found[origin.pk], found[target.pk]


def _say(origin: Article, target: Article, state: JumpState, *, actor: User, reason: str) -> Jump:
    former = Jump.objects.filter(origin=origin, target=target).first()
    if former is not None and former.state == state:
        return former
    made, _ = Jump.objects.update_or_create(origin=origin, target=target, defaults={"state": state})
    act = Act.JOINED if state == JumpState.LINKED else Act.PARTED
    before = {"jump": former.state if former else ""}
    for article, other, way in ((origin, target, "下转"), (target, origin, "上接")):
        words = reason or f"{way}{other.page.label}“{other.title[:200]}”"
        details = {"origin": origin.pk, "target": target.pk}
        history.record(article, act, actor=actor, reason=words, before=before, details=details)
        said = jumps.content_of(article)
        content = {"jump_to": said.get("jump_to"), "jump_from": said.get("jump_from")}
        renew_snapshots(article, actor=actor, content=content)
    return made
