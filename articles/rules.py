"""Publish rules: what must hold before readers may see an item. One list for form, bulk action and command."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from django.db.models import Count, Q
from django.utils import timezone

from articles import signoffs
from articles.models import AnyItem, Article, DateState, Finding, FindingState, Notice, WorkState


class Level(StrEnum):
    HARD = "hard"  # refuses
    SOFT = "soft"  # warns; a person may go on


@dataclass(frozen=True)
class Facts:
    """What rules need that stands outside the item's own row and its page."""

    blocking_findings: int = 0
    open_findings: int = 0
    page_is_blocked: bool = False
    unsigned: tuple[str, ...] = ()
    """The stages of the newspaper that lack a signature of this text in this place."""
    at: datetime | None = None
    """When readers would see it."""


@dataclass(frozen=True)
class Rule:
    code: str
    level: Level
    message: str
    is_broken: Callable[[AnyItem, Facts], bool]
    names: Callable[[AnyItem, Facts], Sequence[str]] = lambda item, facts: ()
    """What the message goes on to name."""

    def told(self, item: AnyItem, facts: Facts) -> Rule:
        """The rule with a message that says all it can of this case."""
        named = self.names(item, facts)
        return replace(self, message=f"{self.message}：{'、'.join(named)}") if named else self


def _is_to_come(day: date | None) -> bool:
    return day is not None and day > timezone.localdate()


def _is_held_back(item: AnyItem, facts: Facts) -> bool:
    return item.embargo_until is not None and item.embargo_until > (facts.at or timezone.now())


def _until(item: AnyItem) -> str:
    return f"{timezone.localtime(item.embargo_until):%Y-%m-%d %H:%M}（北京时间）"


RULES: tuple[Rule, ...] = (
    Rule("newspaper", Level.HARD, "还没有指明是哪份报纸", lambda i, f: i.page.issue.newspaper_id is None),
    Rule("date", Level.HARD, "日期还没有确认", lambda i, f: i.page.issue.date_state != DateState.CONFIRMED),
    Rule("page", Level.HARD, "版次还没有确定", lambda i, f: i.page.number is None),
    Rule("headline", Level.HARD, "没有主题", lambda i, f: isinstance(i, Article) and not i.headline.strip()),
    Rule("body", Level.HARD, "没有正文，也没有图片说明", lambda i, f: not i.body and not getattr(i, "captions", None)),
    Rule("corrected", Level.HARD, "还没有校毕", lambda i, f: i.work_state != WorkState.CORRECTED),
    Rule("stages", Level.HARD, "还没有签", lambda i, f: bool(f.unsigned), lambda i, f: f.unsigned),
    Rule("embargo", Level.HARD, "禁发时间还没有到", lambda i, f: _is_held_back(i, f), lambda i, f: [_until(i)]),
    Rule("blocking", Level.HARD, "有必须先处理的疑点", lambda i, f: f.blocking_findings > 0),
    Rule("page-blocking", Level.HARD, "本版有必须先处理的疑点", lambda i, f: f.page_is_blocked),
    Rule("unplaced", Level.HARD, "本版还有未归位的文字（归位，或确认搁置）", lambda i, f: bool(i.page.unplaced)),
    Rule("findings", Level.SOFT, "还有未处理的疑点", lambda i, f: f.open_findings > f.blocking_findings),
    Rule("future", Level.SOFT, "日期在今天之后，请核对年份", lambda i, f: _is_to_come(i.page.issue.date)),
    Rule("section", Level.SOFT, "没有版名", lambda i, f: not i.page.section),
)


@dataclass(frozen=True)
class Verdict:
    problems: tuple[Rule, ...]
    warnings: tuple[Rule, ...]
    standing: signoffs.Standing | None = field(default=None, compare=False, repr=False)
    """The signatures that were looked at, for whoever records what was relied upon."""

    @property
    def is_publishable(self) -> bool:
        return not self.problems

    @property
    def messages(self) -> list[str]:
        return [rule.message for rule in self.problems]


def check(items: Sequence[AnyItem], *, at: datetime | None = None) -> dict[tuple[str, int], Verdict]:
    """The verdict on each item by `(snapshot_key, pk)`. A fixed number of queries, however many there are; pages and
    issues must be loaded. `at` is when readers would see them: now, unless given."""
    open_findings = Finding.objects.filter(state=FindingState.OPEN).order_by()
    pages = {item.page_id for item in items}
    blocked = set(
        open_findings.filter(page__in=pages, article=None, notice=None, is_blocking=True).values_list("page", flat=True)
    )
    counts: dict[tuple[str, int], tuple[int, int]] = {}
    for model in (Article, Notice):
        ids = [item.pk for item in items if isinstance(item, model)]
        if ids:
            key = model.snapshot_key
            rows = open_findings.filter(**{f"{key}__in": ids}).values_list(key)
            rows = rows.annotate(blocking=Count("pk", filter=Q(is_blocking=True)), total=Count("pk"))
            counts |= {(key, pk): (blocking, total) for pk, blocking, total in rows}
    standings = signoffs.standings(items)
    verdicts: dict[tuple[str, int], Verdict] = {}
    for item in items:
        mine = (item.snapshot_key, item.pk)
        blocking, total = counts.get(mine, (0, 0))
        facts = Facts(
            blocking_findings=blocking,
            open_findings=total,
            page_is_blocked=item.page_id in blocked,
            at=at,
            unsigned=tuple(stage.name for stage in standings[mine].unsigned),
        )
        broken = [rule.told(item, facts) for rule in RULES if rule.is_broken(item, facts)]
        verdicts[mine] = Verdict(
            problems=tuple(r for r in broken if r.level is Level.HARD),
            warnings=tuple(r for r in broken if r.level is Level.SOFT),
            standing=standings[mine],
        )
    return verdicts
