"""The day's work: how much waits where, each number with the list behind it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import BooleanField, Case, Count, Exists, Model, OuterRef, Q, QuerySet, When
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils import timezone

from articles.admin.notice_lists import by_deadline
from articles.models import (
    Article,
    Assignment,
    AssignmentKind,
    DateState,
    Finding,
    FindingState,
    Mention,
    Notice,
    Page,
    Snapshot,
    StageKind,
    TopicLink,
    WorkState,
)
from articles.models.items import Probe
from articles.models.topics import LinkState
from articles.signoffs import due_kind, unsigned_stage

M = TypeVar("M", bound=Model)

COUNTED = 1_000
"""Numbers on the landing page are counted no further than this."""


TOUCHED = 5_000
"""How many of the items touched last are looked through for what could be published: to be ready an item has just been
passed, and an archive of a million that is public already is not gone through for each look at the landing page."""


def ready(items: QuerySet[M]) -> QuerySet[M]:
    """Items that keep every hard publish rule and are neither public nor scheduled with this text, of the `TOUCHED`
    touched last.

    The same verdict as `articles.rules`, as a question to the database; a test keeps the two together.
    """
    key = items.model.snapshot_key  # type: ignore[attr-defined]
    mine = {key: OuterRef("pk")}
    published = Snapshot.objects.filter(**mine)
    found = items.filter(
        pk__in=_newest(items),
        page__issue__newspaper__isnull=False,
        page__issue__date_state=DateState.CONFIRMED,
        page__number__isnull=False,
        page__unplaced=[],
        work_state=WorkState.CORRECTED,
    )
    if key == Article.snapshot_key:
        found = found.exclude(headline__regex="^[\\s\u3000]*$").exclude(Q(body=[]) & Q(captions=[]))
    else:
        found = found.exclude(body=[])
    return found.filter(
        Q(embargo_until__isnull=True) | Q(embargo_until__lte=timezone.now()),
        ~unsigned_stage(items.model),
        ~Exists(Finding.objects.filter(state=FindingState.OPEN, is_blocking=True, **mine)),
        ~Exists(published.live().filter(source_hash=OuterRef("content_hash"))),
        ~Exists(published.scheduled()),
    )


def _newest(items: QuerySet[M], **only: Any) -> QuerySet[M, dict[str, Any]]:
    return items.model._default_manager.filter(**only).order_by("-updated_at", "-pk").values("pk")[:TOUCHED]


RECENT = datetime.timedelta(days=90)


def due(items: QuerySet[M], kind: str) -> QuerySet[M]:
    """Items that wait for a signature of this kind: placed, with something to read, and not what readers see already.

    Of those touched lately, and of the `TOUCHED` touched last: an archive from before there were stages waits for
    nobody, also when it has come in yesterday.
    """
    return _unseen(items).filter(Exact(due_kind(items.model), kind))


def due_of_each_kind(items: QuerySet[M]) -> dict[str, int]:
    """How many of these wait for a signature of each kind: one query, which looks at each item once."""
    found = _unseen(items).annotate(waits_for=due_kind(items.model)).filter(waits_for__isnull=False)
    return dict(found.order_by().values_list("waits_for").annotate(count=Count("pk")))


def _unseen(items: QuerySet[M]) -> QuerySet[M]:
    """What of the items touched lately could be signed, and is not what readers see."""
    key = items.model.snapshot_key  # type: ignore[attr-defined]
    live = Snapshot.objects.live().filter(**{key: OuterRef("pk")}, source_hash=OuterRef("content_hash"))
    hollow = Q(body=[], captions=[]) if key == Article.snapshot_key else Q(body=[])
    return items.filter(
        # In this order: PostgreSQL reads whole texts to see whether there is one, and most of these readers see.
        Case(When(Probe(live), then=False), When(hollow, then=False), default=True, output_field=BooleanField()),
        # Inside, where it ends a walk: beside it PostgreSQL looks each item up by it, and three times as often.
        pk__in=_newest(items, updated_at__gte=timezone.now() - RECENT),
        page__issue__date_state=DateState.CONFIRMED,
        page__number__isnull=False,
    )


@dataclass(frozen=True)
class Queue:
    label: str
    count: int
    href: str
    hint: str = ""

    @property
    def number(self) -> str:
        return f"{COUNTED}+" if self.count > COUNTED else str(self.count)


@dataclass(frozen=True)
class _Wanted:
    label: str
    model: str
    rows: QuerySet[Any]
    query: str
    hint: str = ""


def _mine(user: User) -> list[_Wanted]:
    open_ones = Assignment.objects.filter(assignee=user, closed_at=None)
    unseen = Mention.objects.filter(user=user, seen_at=None)
    given, returned = AssignmentKind.GIVEN, AssignmentKind.RETURNED
    return [
        _Wanted("交给我的", "assignment", open_ones.filter(kind=given), "mine=given"),
        _Wanted(
            "退回给我的", "assignment", open_ones.filter(kind=returned), "mine=returned", "改好再校毕，就不在这里了"
        ),
        _Wanted("提到我的批注", "comment", unseen, "mine=mentioned", "看过或解决了，就不在这里了"),
    ]


def _signing(user: User) -> list[Queue]:
    """What waits for a signature that this person may give. Four kinds of stage, and most newsrooms sign some of them:
    what waits for nobody is left out."""
    kinds = [kind for kind in StageKind if user.has_perm(kind.permission)]
    waiting = {}
    for name, rows in (("稿件", Article.objects.all()), ("公告", Notice.objects.all())):
        key = rows.model.snapshot_key
        if kinds and user.has_perm(f"articles.view_{key}"):
            counts = due_of_each_kind(rows)
            for kind in kinds:
                href = _href(key, f"due={kind.value}")
                waiting[kind, key] = Queue(f"等{kind.label}的{name}", min(counts.get(kind, 0), COUNTED + 1), href)
    return [queue for _, queue in sorted(waiting.items(), key=lambda one: kinds.index(one[0][0])) if queue.count]


_BEFORE_SIGNING = 3
"""Groups that stand before 签审."""


def queues(user: User) -> list[tuple[str, list[Queue]]]:
    """What this person may see, in groups, each number counted no further than `COUNTED`: three queries."""
    imported = {"work_state": WorkState.IMPORTED}
    articles, notices, findings = Article.objects.all(), Notice.objects.all(), Finding.objects.all()
    undated = Page.objects.exclude(issue__date_state=DateState.CONFIRMED)
    untidy = Page.objects.exclude(unplaced=[])
    suggested = TopicLink.objects.filter(state=LinkState.SUGGESTED)
    week = by_deadline(notices, "week")
    open_findings = findings.filter(state=FindingState.OPEN)
    scheduled = Snapshot.objects.scheduled()
    ready_hint = f"规则都满足，最近动过的 {TOUCHED} 条里"
    groups: list[tuple[str, list[_Wanted]]] = [
        ("我的", _mine(user)),
        (
            "校对",
            [
                _Wanted("待校稿件", "article", articles.filter(**imported), "work_state__exact=imported"),
                _Wanted("待校公告", "notice", notices.filter(**imported), "work_state__exact=imported"),
                _Wanted("本周截止的公告", "notice", week, "deadline=week", "先到期的排在前面"),
                _Wanted("待处理疑点", "finding", open_findings, "state__exact=open"),
            ],
        ),
        (
            "版面",
            [
                _Wanted("未定日期的版", "page", undated, "dated=no", "日期确认之前不能见报"),
                _Wanted("有未归位文字的版", "page", untidy, "unplaced=yes", "归位或搁置之后才能见报"),
            ],
        ),
        (
            "见报",
            [
                _Wanted("可见报稿件", "article", ready(articles), "publication=ready", ready_hint),
                _Wanted("可见报公告", "notice", ready(notices), "publication=ready", ready_hint),
                _Wanted("已定时", "snapshot", scheduled, "state=scheduled", "到时间自动见报"),
                _Wanted("待确认的专题推荐", "article", suggested, "topics=suggested", "确认后读者才看得到"),
            ],
        ),
    ]
    allowed = [(name, [each for each in rows if user.has_perm(f"articles.view_{each.model}")]) for name, rows in groups]
    counted = iter(count_all([each.rows for _, rows in allowed for each in rows]))
    found = [
        (name, [Queue(each.label, next(counted), _href(each.model, each.query), each.hint) for each in rows])
        for name, rows in allowed
    ]
    found.insert(_BEFORE_SIGNING, ("签审", _signing(user)))
    return [(name, listed) for name, listed in found if listed]


def _href(model: str, query: str) -> str:
    return f"{reverse(f'admin:articles_{model}_changelist')}?{query}"


def count_all(querysets: Sequence[QuerySet[Any]]) -> list[int]:
    """How many rows each has, no further than one more than `COUNTED`: one query for all of them."""
    if not querysets:
        return []
    using = querysets[0].db
    parts: list[str] = []
    values: list[Any] = []
    for number, rows in enumerate(querysets):
        try:
            sql, given = rows.order_by().values("pk")[: COUNTED + 1].query.get_compiler(using).as_sql()
        except EmptyResultSet:
            parts.append("0")
            continue
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) AS rows_{number})")  # noqa: S608 - compiled by the ORM
        values += given
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        return [int(value) for value in cursor.fetchone()]
