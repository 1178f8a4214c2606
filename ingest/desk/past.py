"""The history of a page for its desk: who did what when, with the characters that changed, and the way back to it.

Going back is not a rewriting: it is operations from the page as it is to the page as it was, looked at, done and saved
like any others, so that it stands in the history as one more act.
"""

from __future__ import annotations

import copy
import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from articles.actions.pages import tray_text
from articles.admin.item_forms import LABELS, ROLES
from articles.content import Content
from articles.diff import Change, Run, content_diff, text_diff
from articles.models import Act, AnyItem, HistoryEntry, Target
from articles.people import display_name
from ingest.desk.layout import TRAYS, DeskLayout, Refusal
from ingest.desk.rows import Loaded, head_names, item_key, layout_of
from ingest.models import DeskSave

LISTED = 60
ROWS = 300
"""Acts shown, those that changed words and all; the history of each item goes further back."""
READ = 1_000
TOGETHER = datetime.timedelta(seconds=5)
TRAY_NAMES = {"unplaced": "未归位文字", "set_aside": "已搁置", "furniture": "版面附件", "removed": "已剔除"}
_SILENT = (Act.UNMASKED, Act.COMMENTED)
"""Acts that change nothing on the page and happen all day."""


@dataclass
class State:
    """The page at one moment: contents by item, the order of the items, the trays."""

    contents: dict[str, Content]
    order: list[str]
    trays: dict[str, list[Any]]

    def before(self, entries: Sequence[HistoryEntry]) -> State:
        """As it was before these acts, the newest of which comes first."""
        contents, order, trays = dict(self.contents), list(self.order), dict(self.trays)
        for entry in entries:
            if entry.target == Target.PAGE:
                trays |= {name: value for name, value in entry.before.items() if name in TRAYS}
                order = [str(key) for key in entry.before.get("order", order)]
                continue
            key = f"{entry.target}:{entry.target_id}"
            if entry.act in (Act.CREATED, Act.IMPORTED):
                contents.pop(key, None)
            elif key in contents:
                former = {name: value for name, value in entry.before.items() if name in contents[key]}
                contents[key] = {**contents[key], **former}
        return State(contents, order, trays)


@dataclass(frozen=True)
class Moment:
    """What was done together: one save, one act. `pk` is its newest entry; `after` is the page then."""

    pk: int
    entries: tuple[HistoryEntry, ...]
    before: State = field(repr=False)
    after: State = field(repr=False)


def moments(loaded: Loaded) -> Iterator[Moment]:
    """The page's past, the newest first, as far back as is read."""
    ids: dict[str, list[int]] = {"article": [], "notice": []}
    for item in loaded.standing:
        ids[item.snapshot_key].append(item.pk)
    mine = Q(target=Target.PAGE, target_id=loaded.page.pk)
    for kind, found in ids.items():
        mine |= Q(target=kind, target_id__in=found)
    entries = HistoryEntry.objects.filter(mine).exclude(act__in=_SILENT).select_related("actor").order_by("-pk")[:READ]
    state = State(
        {item_key(item): item.content for item in loaded.standing},
        [item_key(item) for item in loaded.standing],
        {name: list(getattr(loaded.page, name)) for name in TRAYS},
    )
    for group in _groups(list(entries)):
        former = state.before(group)
        yield Moment(group[0].pk, tuple(group), former, state)
        state = former


def _groups(entries: Sequence[HistoryEntry]) -> Iterator[list[HistoryEntry]]:
    """Entries that were written together."""
    group: list[HistoryEntry] = []
    for entry in entries:
        last = group[-1] if group else None
        is_same = last is not None and (entry.actor_id, entry.reason) == (last.actor_id, last.reason)
        if last is not None and not (is_same and last.at - entry.at < TOGETHER and _is_new(entry, group)):
            yield group
            group = []
        group.append(entry)
    if group:
        yield group


def _is_new(entry: HistoryEntry, group: Sequence[HistoryEntry]) -> bool:
    """A save writes one entry for each thing: a second one for the same is another act."""
    return all((entry.target, entry.target_id) != (each.target, each.target_id) for each in group)


def shown(loaded: Loaded) -> list[dict[str, Any]]:
    """The newest acts as the desk shows them."""
    titles = {item_key(item): item.title for item in loaded.standing}
    rows = []
    changed = 0
    for number, moment in enumerate(moments(loaded)):
        if changed >= LISTED or number >= ROWS:
            break
        first = moment.entries[0]
        changes = [_as_json(change) for change in _changes(moment, titles)]
        changed += bool(changes)
        about = dict.fromkeys(f"{entry.target}:{entry.target_id}" for entry in reversed(moment.entries))
        rows.append(
            {
                "id": moment.pk,
                "who": display_name(first.actor),
                "at": first.at.isoformat(),
                "act": "、".join(dict.fromkeys(entry.get_act_display() for entry in reversed(moment.entries))),
                "reason": first.reason,
                "about": "、".join(titles[key][:20] for key in about if key in titles),
                "changes": changes,
                "can_restore": number > 0,
            }
        )
    return rows


def _changes(moment: Moment, titles: Mapping[str, str]) -> Iterator[Change]:
    was, now = moment.before, moment.after
    for key in dict.fromkeys((*now.order, *now.contents)):
        if key not in now.contents or was.contents.get(key) == now.contents[key]:
            continue
        name = f"“{titles.get(key, key)[:16]}”"
        if key not in was.contents:
            yield Change(name, [], "新的一条")
        former = was.contents.get(key, {})
        for change in content_diff(former, now.contents[key], LABELS, ROLES):
            yield Change(f"{name} {change.label}", change.runs, change.note)
    for tray, label in TRAY_NAMES.items():
        old, new = ("\n".join(map(tray_text, state.trays[tray])) for state in (was, now))
        if old != new:
            yield Change(label, text_diff(old, new))
    if [key for key in was.order if key in now.order] != [key for key in now.order if key in was.order]:
        yield Change("条目次序", [Run("same", "有变")])


def _as_json(change: Change) -> dict[str, Any]:
    return {"label": change.label, "note": change.note, "runs": [[run.kind, run.text] for run in change.runs]}


def layout_after(loaded: Loaded, moment_id: int) -> DeskLayout:
    """The page as it was right after an act of its history. Raises `Refusal` when that is not there."""
    saves = DeskSave.objects.filter(page=loaded.page).order_by("-pk")
    for found in moments(loaded):
        if found.pk == moment_id:
            break
        saves = saves.filter(at__lt=found.entries[-1].at)  # what this act has not yet changed
    else:
        raise Refusal("历史里没有这一次，或者太早了：请到那一条自己的历史里恢复。")
    state = found.after
    places = {key: number for number, key in enumerate(state.order)}
    standing: list[AnyItem] = []
    for item in sorted(loaded.standing, key=lambda row: places.get(item_key(row), len(places))):
        if (content := state.contents.get(item_key(item))) is not None:
            former = copy.copy(item)
            former.set_content(content)
            standing.append(former)
    empty = {item_key(item) for item in standing if _is_empty(item) and not _is_bound(loaded, item)}
    return layout_of(
        [item for item in standing if item_key(item) not in empty],
        state.trays,
        shape=saves.values_list("shape", flat=True).first() or {},
        heads=head_names(loaded.provenance),
        origins=loaded.origins,
        bound={item_key(item) for item in standing if _is_bound(loaded, item)},
        findings=loaded.layout.findings,
    )


def _is_empty(item: AnyItem) -> bool:
    return not any(value for name, value in item.content.items() if name not in ("kind", "fields"))


def _is_bound(loaded: Loaded, item: AnyItem) -> bool:
    return any(row.key == item_key(item) and row.is_bound for row in loaded.layout.items)
