"""How far items have come through their newspaper's stages, and why somebody cannot sign now. Reads only.

The one place that says which signatures hold. A signature holds while the item has the version and the fingerprint it
was given for, in the round that is still open.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Exists, Model, OuterRef, QuerySet, Subquery

from articles.models import AnyItem, Article, Credit, DateState, Notice, Outcome, SignOff, Stage
from articles.people import display_name


@dataclass(frozen=True)
class Standing:
    """The stages an item goes through, in order, and the signatures of its open round."""

    stages: tuple[Stage, ...]
    rows: tuple[SignOff, ...]
    """Everything that was signed and undone, oldest first."""
    fingerprint: str
    stood: Mapping[str, Any]
    round: int
    holding: Mapping[int, SignOff]
    """By stage, the signatures that hold for the text as it is."""
    is_placed: bool
    is_hollow: bool

    @property
    def unsigned(self) -> list[Stage]:
        return [stage for stage in self.stages if stage.pk not in self.holding]

    @property
    def next(self) -> Stage | None:
        """The stage that is due."""
        return next(iter(self.unsigned), None)

    @property
    def has_lapsed(self) -> bool:
        """Whether something signed in this round no longer fits: the text was changed after a signature."""
        signed = [row for row in self.rows if row.round == self.round and row.outcome == Outcome.SIGNED]
        return any(row not in self.holding.values() for row in signed)

    @property
    def last_end(self) -> SignOff | None:
        """The return or the void that the last round ended with."""
        ended = [row for row in self.rows if row.outcome != Outcome.SIGNED]
        return ended[-1] if ended else None

    def last_of(self, person: User) -> SignOff | None:
        """The last signature this person gave the item, whether or not it holds."""
        mine = [row for row in self.rows if row.by_id == person.pk and row.outcome == Outcome.SIGNED]
        return mine[-1] if mine else None


def is_placed(item: AnyItem) -> bool:
    """Whether newspaper, date and page number are settled: a signature stands for them too."""
    issue = item.page.issue
    return issue.newspaper_id is not None and issue.date_state == DateState.CONFIRMED and item.page.number is not None


def stages_of(items: Iterable[AnyItem]) -> dict[int, tuple[Stage, ...]]:
    """The stages in use of the newspapers of these items, by newspaper. One query."""
    papers = {item.page.issue.newspaper_id for item in items} - {None}
    found: dict[int, list[Stage]] = {}
    for stage in Stage.objects.in_use().filter(newspaper__in=papers) if papers else ():
        found.setdefault(stage.newspaper_id, []).append(stage)
    return {paper: tuple(stages) for paper, stages in found.items()}


def standings(items: Sequence[AnyItem], *, is_past_told: bool = False) -> dict[tuple[str, int], Standing]:
    """How each item stands, by `(snapshot_key, pk)`. Pages, issues and newspapers must be loaded.

    One query for the stages; where there are any, one more for each kind of item and one for the credits, however many
    items there are. With `is_past_told` also for newspapers that ask for no signature (any more).
    """
    stages = stages_of(items)
    rows: dict[tuple[str, int], list[SignOff]] = {}
    wanted = [item for item in items if is_past_told or item.page.issue.newspaper_id in stages]
    for model in (Article, Notice):
        key = model.snapshot_key
        ids = [item.pk for item in wanted if isinstance(item, model)]
        if ids:
            for row in SignOff.objects.filter(**{f"{key}__in": ids}).select_related("by", "stage").order_by("pk"):
                rows.setdefault((key, getattr(row, f"{key}_id")), []).append(row)
    credits = _credits([item for item in wanted if isinstance(item, Article)])
    found = {}
    for item in items:
        mine = (item.snapshot_key, item.pk)
        named = credits.get(item.pk, []) if isinstance(item, Article) else []
        paper = item.page.issue.newspaper_id
        found[mine] = _standing(item, stages.get(paper, ()) if paper else (), rows.get(mine, []), named)
    return found


def standing(item: AnyItem) -> Standing:
    """How one item stands, its past included."""
    return standings([item], is_past_told=True)[item.snapshot_key, item.pk]


_Named = tuple[str, int, str]


def _credits(articles: Sequence[Article]) -> dict[int, list[_Named]]:
    found: dict[int, list[_Named]] = {}
    if articles:
        rows = Credit.objects.filter(article__in=articles).order_by("article_id", "position", "pk")
        for article, role, person, name in rows.values_list("article", "role", "contributor", "contributor__name"):
            found.setdefault(article, []).append((role, person, name))
    return found


def _standing(item: AnyItem, stages: tuple[Stage, ...], rows: Sequence[SignOff], credits: Sequence[_Named]) -> Standing:
    ended = [row.round for row in rows if row.outcome != Outcome.SIGNED]
    open_round = max(ended, default=0) + 1
    fingerprint = _fingerprint(item, credits)
    fits = (open_round, item.version, fingerprint)
    holding = {
        row.stage_id: row
        for row in rows
        if row.outcome == Outcome.SIGNED and row.stage_id and (row.round, row.version, row.hash) == fits
    }
    return Standing(
        stages=stages,
        rows=tuple(rows),
        fingerprint=fingerprint,
        stood={"place": str(item.page), "credits": [f"{role}:{name}" for role, _, name in credits]},
        round=open_round,
        holding=holding,
        is_placed=is_placed(item),
        is_hollow=not item.body and not getattr(item, "captions", None),
    )


def _fingerprint(item: AnyItem, credits: Sequence[_Named]) -> str:
    """SHA-256 over what readers will see and where: the content by its own hash, the place, who is credited.

    The order of the items on a page and their topics are the desk's, not part of what is signed.
    """
    page, issue = item.page, item.page.issue
    date = issue.date.isoformat() if issue.date else ""
    place = [issue.newspaper_id, date, page.number, page.section]
    told = [item.content_hash, place, [[role, person] for role, person, _ in credits]]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def obstacles(standing: Standing, stage: Stage, person: User) -> list[str]:
    """Why this person cannot sign this stage now; empty when nothing is in the way."""
    found = []
    if not person.has_perm(stage.permission):
        found.append(f"你的角色不能签“{stage.name}”")
    if stage.pk not in {each.pk for each in standing.stages}:
        return [*found, f"这份报纸没有“{stage.name}”这个环节"]
    if not standing.is_placed:
        found.append("先核定报纸、日期和版次：签字连它们一起签")
    if standing.is_hollow:
        found.append("没有正文，也没有图片说明，没有可签的")
    if stage.pk in standing.holding:
        return [*found, f"“{stage.name}”已由{display_name(standing.holding[stage.pk].by)}签过"]
    earlier = [each.name for each in standing.unsigned if each.position < stage.position]
    if earlier:
        found.append(f"前面还没有签：{'、'.join(earlier)}")
    if stage.is_review:
        mine = [s for s in standing.stages if s.is_review and s.pk in standing.holding]
        signed = [s.name for s in mine if standing.holding[s.pk].by_id == person.pk]
        if signed:
            found.append(f"你已签过“{signed[0]}”：各道审不能是同一个人")
    return found


def unsigned_stage(model: type[Model]) -> Exists:
    """For a query over articles or notices: whether a stage of the newspaper lacks a signature that holds.

    The same answer as `Standing.unsigned`; a test keeps the two together.
    """
    return Exists(_unsigned_stages(model))


def due_kind(model: type[Model]) -> Subquery:
    """For such a query: the kind of the stage that is due, as `Standing.next` says; null when none is."""
    return Subquery(_unsigned_stages(model).order_by("position", "pk").values("kind")[:1])


def _unsigned_stages(model: type[Model]) -> QuerySet[Stage]:
    key: str = model.snapshot_key  # type: ignore[attr-defined]
    mine: QuerySet[SignOff] = SignOff.objects.filter(**{key: OuterRef(OuterRef("pk"))})
    ended = SignOff.objects.filter(**{key: OuterRef(key)}, round=OuterRef("round")).exclude(outcome=Outcome.SIGNED)
    holds = mine.filter(
        ~Exists(ended), stage=OuterRef("pk"), outcome=Outcome.SIGNED, version=OuterRef(OuterRef("version"))
    )
    stages = Stage.objects.in_use().order_by().filter(newspaper=OuterRef("page__issue__newspaper"))
    return stages.filter(~Exists(holds))
