"""Saving the item screen: every part through its action, all in one transaction."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.http import QueryDict

from articles.actions import credits, findings, items, pages, topics
from articles.admin.item_forms import ItemForm, credit_lines
from articles.errors import ActionRefused, StaleVersion
from articles.models import AnyItem, Article, Finding, FindingState, LinkState, Notice, Page, Topic

UNPLACED = "unplaced"
NEW = {"new-article": Article.snapshot_key, "new-notice": Notice.snapshot_key}


@transaction.atomic
def save(*, item: AnyItem, form: ItemForm, data: QueryDict, base_version: int, actor: User) -> AnyItem:
    """Take over everything the form says. Raises what the actions raise; then nothing at all was saved."""
    assert form.assembled is not None  # noqa: S101 - called after is_valid only
    content, away, target = form.content, form.assembled.away, data.get("target", "")
    if away and not target:
        raise ActionRefused("勾选了“移走”，请再选移到哪里。")
    if target and not away:
        raise ActionRefused("选了移到哪里，请再勾选要移走的段落。")
    if away and target == UNPLACED:
        kept: dict[str, Any] = {
            name: [p for p in content[name] if p["id"] not in away] for name in ("body", "captions") if name in content
        }
        content = {**content, **kept}
    saved: AnyItem = items.edit_item(
        item=item,
        content=content,
        base_version=base_version,
        actor=actor,
        reason=data.get("reason", "")[:500],
    )
    if away and target != UNPLACED:
        goal = _target(saved, target, actor)
        for piece_id in away:
            items.move_piece(source=saved, piece_id=piece_id, target=goal, source_version=saved.version, actor=actor)
            saved.refresh_from_db()
    if isinstance(saved, Article):
        _set_credits(saved, form, actor)
        if actor.has_perm("articles.change_topic"):
            _decide_topics(saved, data, actor)
    settle = data.get("_settle", "")
    if settle and actor.has_perm("articles.change_finding"):
        _settle(saved, settle, actor)
    if any(name in data for name in ("_corrected", "_corrected_next")):
        saved = items.mark_corrected(item=saved, base_version=saved.version, actor=actor)
    return saved


def _set_credits(article: Article, form: ItemForm, actor: User) -> None:
    """Credits are not versioned with the text: what the form was made from is compared here."""
    wanted, standing = credit_lines(form.credits), credit_lines(credits.named_credits(article))
    if wanted in (form.credits_base, standing):
        return
    if standing != form.credits_base:
        raise StaleVersion(article)
    may_add = actor.has_perm("articles.add_contributor")
    credits.set_credits(article=article, credits=form.credits, actor=actor, may_add=may_add)


@transaction.atomic
def create(*, page: Page, form: ItemForm, actor: User, is_article: bool) -> AnyItem:
    """A new item at the end of the page, credits included."""
    if not is_article:
        return items.create_notice(page=page, actor=actor, content=form.content)
    made = items.create_article(page=page, actor=actor, content=form.content)
    may_add = actor.has_perm("articles.add_contributor")
    credits.set_credits(article=made, credits=form.credits, actor=actor, may_add=may_add)
    return made


def _target(item: AnyItem, target: str, actor: User) -> AnyItem:
    if target in NEW:
        if not actor.has_perm(f"articles.add_{NEW[target]}"):
            raise ActionRefused("你的角色不能新建条目，请编辑来做，或先移到未归位。")
        content = pages.empty_content(NEW[target])
        create = items.create_notice if target == "new-notice" else items.create_article
        return create(page=item.page, actor=actor, content=content)
    found = find_item(item.page_id, target)
    if found is None:
        raise ActionRefused("要移去的条目已经不在本版了，请刷新页面。")
    return found


def find_item(page_id: int, key: str) -> AnyItem | None:
    """The item of a page that a form calls ``article:12`` or ``notice:3``."""
    kind, _, number = key.partition(":")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    if kind == Article.snapshot_key:
        return Article.objects.filter(page_id=page_id, pk=int(number)).first()
    if kind == Notice.snapshot_key:
        return Notice.objects.filter(page_id=page_id, pk=int(number)).first()
    return None


def _decide_topics(article: Article, data: QueryDict, actor: User) -> None:
    wanted = {
        int(name.removeprefix("topic-")): data[name]
        for name in data
        if name.startswith("topic-") and name.removeprefix("topic-").isdecimal() and len(name) < 24
    }
    known = {link.topic_id: link.topic for link in article.topic_links.select_related("topic")}
    confirm = [known[pk] for pk, state in wanted.items() if state == LinkState.CONFIRMED and pk in known]
    reject = [known[pk] for pk, state in wanted.items() if state == LinkState.REJECTED and pk in known]
    name = data.get("new_topic", "").strip()
    if name:
        added = Topic.objects.filter(name=name).first()
        if added is None:
            raise ActionRefused(f"没有叫“{name}”的专题：请从列表里选，或先在“专题”里新建。")
        confirm.append(added)
    topics.decide_topics(article=article, confirm=confirm, reject=reject, actor=actor)


def _settle(item: AnyItem, wish: str, actor: User) -> None:
    number, _, state = wish.partition(":")
    mine = Finding.objects.filter(**{item.snapshot_key: item})
    finding = mine.filter(pk=int(number)).first() if number.isascii() and number.isdigit() else None
    if finding is None or state not in FindingState.values:
        raise ActionRefused("这个疑点已经不在这里了，请刷新页面。")
    findings.settle_finding(finding=finding, state=FindingState(state), actor=actor)
