"""A save of the desk: the operations applied to the rows in one transaction, or not at all."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction

from articles.actions.findings import settle_finding
from articles.actions.pages import empty_content
from articles.actions.relaying import Laid, relay_page
from articles.content import Content
from articles.models import AnyItem, Finding, FindingState
from ingest.desk.codec import decode_all
from ingest.desk.layout import NEW, TRAYS, DeskItem, DeskLayout, Refusal, ledger
from ingest.desk.operations import LedgerBroken, Operation, apply_all
from ingest.desk.rows import HEAD, Loaded, item_key, load, row_ids, shape_of
from ingest.models import DeskSave

_KEY = re.compile(r"[0-9A-Za-z-]{8,64}")
_LABELS_LIMIT = 300


class Stale(Exception):
    """Somebody has saved since: carries the page as it is now."""

    def __init__(self, current: Loaded) -> None:
        super().__init__("在你打开之后，别人改过这一版。你的改动没有丢：请对照后再保存。")
        self.current = current


@dataclass(frozen=True)
class Saved:
    """`renames` gives the keys of new items their lasting ones. `is_repeat`: this very save had been made before."""

    current: Loaded
    renames: dict[str, str]
    is_repeat: bool = False


@transaction.atomic
def save(*, page_id: int, base: str, steps: object, key: str, actor: User) -> Saved:
    """Apply the steps of an editor, ``[{"label": "合并", "ops": […]}]``, made on the page with the stamp `base`.

    The same `key` applies once however often it comes. Raises `Stale` and `Refusal`; then nothing at all is written.
    """
    if not _KEY.fullmatch(key):
        raise Refusal("提交编号不合格式，请刷新页面。")
    labels, operations = operations_of(steps)
    now = load(page_id, lock=True)
    done = DeskSave.objects.filter(page=now.page, key=key).first()
    if done is not None:
        if done.actor_id != actor.pk or done.steps != steps:
            raise Refusal("这个提交编号已经用过，请刷新页面。")
        return Saved(now, done.renames, is_repeat=True)
    if now.stamp != base:
        raise Stale(now)
    if not operations:
        raise Refusal("没有要保存的改动。")
    wanted, _ = apply_all(now.layout, operations)
    _check_rights(wanted, actor)
    reason = f"整版校对：{'、'.join(dict.fromkeys(labels))}"[:_LABELS_LIMIT]
    try:
        made = relay_page(page=now.page, laid=_laid(now, wanted), standing=now.standing, actor=actor, reason=reason)
    except ValidationError as problem:
        raise Refusal("；".join(problem.messages)) from problem
    renames = {key: item_key(item) for key, item in made.items()}
    settled = _renamed(wanted, renames)
    _move_findings(now, settled)
    _settle_findings(now, settled, actor)
    DeskSave.objects.create(page=now.page, key=key, actor=actor, steps=steps, renames=renames, shape=shape_of(settled))
    after = load(page_id)
    if ledger(after.layout) != ledger(wanted):
        raise LedgerBroken("整版文字对不上账，没有保存。")
    return Saved(after, renames)


def operations_of(steps: object) -> tuple[list[str], tuple[Operation, ...]]:
    """The labels and the operations of what a browser sent. Raises `Refusal` for anything else."""
    if not isinstance(steps, list):
        raise Refusal("操作的内容不合格式。")
    labels, values = [], []
    for step in steps:
        if not isinstance(step, dict) or set(step) != {"label", "ops"} or not isinstance(step["ops"], list):
            raise Refusal("操作的内容不合格式。")
        labels.append(re.sub(r"[^\w 、，“”·]", "", str(step["label"]))[:30])
        values += step["ops"]
    return [label for label in labels if label], decode_all(values)


def _check_rights(wanted: DeskLayout, actor: User) -> None:
    for item in wanted.items:
        if item.key.startswith(NEW) and not actor.has_perm(f"articles.add_{item.kind}"):
            raise Refusal("你的角色不能新建条目：请编辑来做，或把文字先放到未归位。")


def _laid(now: Loaded, wanted: DeskLayout) -> Laid:
    former = {item.key: item for item in now.layout.items}
    contents: dict[AnyItem, Content] = {}
    emptied: list[AnyItem] = []
    order: list[AnyItem | str] = []
    added: dict[str, tuple[str, Content]] = {}
    for item in wanted.items:
        if item.key.startswith(NEW):
            added[item.key] = (item.kind, content_of(item, empty_content(item.kind)))
            order.append(item.key)
            continue
        row = now.row(item.key)
        order.append(row)
        if former.get(item.key) != item:
            contents[row] = content_of(item, row.content)
    for key in former.keys() - {item.key for item in wanted.items}:
        row = now.row(key)
        contents[row] = empty_content(row.snapshot_key)
        emptied.append(row)
    trays = {name: _entries(now, wanted, name) for name in TRAYS if wanted.trays[name] != now.layout.trays[name]}
    return Laid(contents, added, emptied, order, trays)


def content_of(item: DeskItem, base: Content) -> Content:
    """The content of a row that says what the item says; `base` has what the desk does not know of."""
    content = {**base, **item.facts}
    names = row_ids(item.key, [block.id for block in item.blocks])
    for field, _ in HEAD[item.kind]:
        lines = [block.text for block in item.blocks if block.role == field]
        content[field] = lines if field == "deck" else "".join(lines)
    named = list(zip(names, item.blocks, strict=True))
    content["body"] = [
        {"id": name, "role": block.role, "text": block.text}
        for name, block in named
        if block.role in ("paragraph", "subhead")
    ]
    if item.kind == "article":
        content["captions"] = [{"id": name, "text": block.text} for name, block in named if block.role == "caption"]
    return content


def _entries(now: Loaded, wanted: DeskLayout, name: str) -> list[dict[str, Any]]:
    """The pieces of a tray. Text of the source keeps the place it had there, and why it was laid aside."""
    made = []
    for block in wanted.trays[name]:
        more = now.entries.get(block.id)
        if more is None:
            known = now.origins.get(block.id, {})
            more = {key: known[key] for key in ("spans", "reason") if key in known}
        made.append({**more, "id": block.id, "text": block.text})
    return made


def _renamed(layout: DeskLayout, renames: dict[str, str]) -> DeskLayout:
    return replace(layout, items=tuple(replace(item, key=renames.get(item.key, item.key)) for item in layout.items))


def _move_findings(now: Loaded, settled: DeskLayout) -> None:
    """A finding goes where the words go that it speaks of."""
    holders: dict[str, tuple[str, str]] = {}
    for place, blocks in settled.containers():
        for block, name in zip(blocks, row_ids(place, [each.id for each in blocks]), strict=True):
            for each in (block.id, *block.origins):
                holders.setdefault(each, (place, name))
    changed = []
    gone = {key.partition(":")[::2] for key in settled.hollow}
    for finding in now.findings:
        place, name = holders.get(now.about.get(finding.pk, ""), ("", ""))
        kind, _, number = place.partition(":")
        if not place:
            if ("article", str(finding.article_id)) not in gone and ("notice", str(finding.notice_id)) not in gone:
                continue
            kind = ""
        wanted = (int(number) if kind == "article" else None, int(number) if kind == "notice" else None, name[:20])
        if (finding.article_id, finding.notice_id, finding.piece) != wanted:
            finding.article_id, finding.notice_id, finding.piece = wanted
            changed.append(finding)
    Finding.objects.bulk_update(changed, ["article", "notice", "piece"])


def _settle_findings(now: Loaded, settled: DeskLayout, actor: User) -> None:
    for finding in now.findings:
        state = settled.findings[str(finding.pk)]
        if state != finding.state:
            settle_finding(finding=finding, state=FindingState(state), actor=actor)
