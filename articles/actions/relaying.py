"""Laying a whole page anew: contents of several items, new ones, order and trays, in one act."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from articles import history
from articles.actions.notices import index_notices
from articles.content import Content, check_content
from articles.models import Act, AnyItem, Article, HistoryEntry, Notice, Page, WorkState

KINDS: dict[str, type[Article] | type[Notice]] = {"article": Article, "notice": Notice}


@dataclass(frozen=True)
class Laid:
    """How a page shall be. `contents` holds what changed, by item; `emptied` are items whose text went elsewhere.

    `order` names every item in reading order: an item that is there, or the key of a new one in `added`.
    """

    contents: Mapping[AnyItem, Content] = field(default_factory=dict)
    added: Mapping[str, tuple[str, Content]] = field(default_factory=dict)
    emptied: Collection[AnyItem] = ()
    order: Sequence[AnyItem | str] = ()
    trays: Mapping[str, list[Any]] = field(default_factory=dict)


def locked_items(page: Page) -> list[AnyItem]:
    """The items of a page whose lock is held, locked with it, in reading order."""
    found: list[AnyItem] = []
    for model in (Article, Notice):
        found += model.objects.select_for_update(no_key=True).filter(page=page).order_by("pk")
    for item in found:
        item.page = page
    return sorted(found, key=lambda item: item.reading_order)


@transaction.atomic
def relay_page(*, page: Page, laid: Laid, standing: Sequence[AnyItem], actor: User, reason: str) -> dict[str, AnyItem]:
    """Write it. `page` and `standing`, its items in their present order, are locked by the caller.

    Each item that changes gets a version and an entry of its own, the page one for the whole. A corrected item that
    changes is to be read again; an emptied one keeps its row, its number and its history, with nothing left to read.
    Returns the new items by key. Raises `ValidationError`; then nothing is written.
    """
    for item, content in laid.contents.items():
        check_content(content, item.content_fields)
    for kind, content in laid.added.values():
        check_content(content, KINDS[kind].content_fields)
    made = _add(page, laid)
    places = {
        each if isinstance(each, str) else (each.snapshot_key, each.pk): n for n, each in enumerate(laid.order, 1)
    }
    entries: list[HistoryEntry] = []
    changed: list[AnyItem] = []
    now = timezone.now()
    for item in standing:
        position = places.get((item.snapshot_key, item.pk), len(places) + 1)
        content = laid.contents.get(item, item.content)
        state = _state(item, laid)
        if before := _former(item, content):
            item.set_content(content)
            item.version += 1
            state = WorkState.DISSOLVED if item in laid.emptied else WorkState.IMPORTED
            entries.append(history.entry(item, Act.EDITED, actor=actor, reason=reason, before=before, new_version=True))
        elif (item.position, item.work_state) == (position, state):
            continue
        item.position, item.work_state, item.updated_at = position, state, now
        changed.append(item)
    for key, item in made.items():
        item.position = places[key]
        entries.append(history.entry(item, Act.CREATED, actor=actor, reason=reason, new_version=True))
        changed.append(item)
    for model in (Article, Notice):
        rows: list[Any] = [item for item in changed if isinstance(item, model)]
        names = (*model.content_fields, *model.derived_fields, "version", "work_state", "position", "updated_at")
        model._default_manager.bulk_update(rows, names, batch_size=200)
    HistoryEntry.objects.bulk_create(entries)
    index_notices([item for item in (*laid.contents, *made.values()) if isinstance(item, Notice)])
    _save_page(page, laid, standing, actor=actor, reason=reason)
    return made


def _state(item: AnyItem, laid: Laid) -> str:
    """The state of an item whose words stay the same: one without words is dissolved, or an item again."""
    if item in laid.emptied:
        return WorkState.DISSOLVED
    return WorkState.IMPORTED if item.work_state == WorkState.DISSOLVED and item in laid.order else item.work_state


def _former(item: AnyItem, content: Content) -> Content:
    former = item.content
    return {name: former[name] for name in item.content_fields if former[name] != content[name]}


def _add(page: Page, laid: Laid) -> dict[str, AnyItem]:
    made: dict[str, AnyItem] = {}
    for key, (kind, content) in laid.added.items():
        item = KINDS[kind](page=page)
        item.set_content(content)
        item.save(force_insert=True)
        made[key] = item
    return made


def _save_page(page: Page, laid: Laid, standing: Sequence[AnyItem], *, actor: User, reason: str) -> None:
    before: dict[str, Any] = {}
    for name, pieces in laid.trays.items():
        if getattr(page, name) != pieces:
            before[name] = getattr(page, name)
            setattr(page, name, pieces)
    trays = list(before)
    kept = [each for each in laid.order if not isinstance(each, str)]
    # Also when one comes or goes: where an emptied item stood is written nowhere else.
    if laid.added or kept != [item for item in standing if item in kept or item in laid.emptied]:
        before["order"] = [f"{item.snapshot_key}:{item.pk}" for item in standing]
    page.version += 1
    page.save(update_fields=[*trays, "version"])
    act = Act.MOVED if before else Act.EDITED
    history.record(page, act, actor=actor, before=before, new_version=True, reason=reason)
