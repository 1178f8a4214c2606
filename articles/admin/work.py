"""The day's work: how much waits where, each number with the list behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.urls import reverse

from articles.admin.notice_lists import by_deadline
from articles.models import (
    Article,
    DateState,
    Finding,
    FindingState,
    Notice,
    Page,
    Snapshot,
    TopicLink,
    WorkState,
)
from articles.models.topics import LinkState
from articles.signoffs import unsigned_stage

M = TypeVar("M", bound=Model)

COUNTED = 1_000
"""Numbers on the landing page are counted no further than this."""


def ready(items: QuerySet[M]) -> QuerySet[M]:
    """Items that keep every hard publish rule and are neither public nor scheduled with this text.

    The same verdict as `articles.rules`, as a question to the database; a test keeps the two together.
    """
    key = items.model.snapshot_key  # type: ignore[attr-defined]
    mine = {key: OuterRef("pk")}
    published = Snapshot.objects.filter(**mine)
    found = items.filter(
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
        ~unsigned_stage(items.model),
        ~Exists(Finding.objects.filter(state=FindingState.OPEN, is_blocking=True, **mine)),
        ~Exists(published.live().filter(source_hash=OuterRef("content_hash"))),
        ~Exists(published.scheduled()),
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


def queues(user: User) -> list[tuple[str, list[Queue]]]:
    """What this person may see, in groups. One bounded count per number."""
    imported = {"work_state": WorkState.IMPORTED}
    articles, notices, findings = Article.objects.all(), Notice.objects.all(), Finding.objects.all()
    undated = Page.objects.exclude(issue__date_state=DateState.CONFIRMED)
    suggested = TopicLink.objects.filter(state=LinkState.SUGGESTED)
    wanted: list[tuple[str, list[tuple[str, str, QuerySet[Any], str, str]]]] = [
        (
            "校对",
            [
                ("待校稿件", "article", articles.filter(**imported), "work_state__exact=imported", ""),
                ("待校公告", "notice", notices.filter(**imported), "work_state__exact=imported", ""),
                ("本周截止的公告", "notice", by_deadline(notices, "week"), "deadline=week", "先到期的排在前面"),
                ("待处理疑点", "finding", findings.filter(state=FindingState.OPEN), "state__exact=open", ""),
            ],
        ),
        (
            "版面",
            [
                ("未定日期的版", "page", undated, "dated=no", "日期确认之前不能见报"),
                (
                    "有未归位文字的版",
                    "page",
                    Page.objects.exclude(unplaced=[]),
                    "unplaced=yes",
                    "归位或搁置之后才能见报",
                ),
            ],
        ),
        (
            "见报",
            [
                ("可见报稿件", "article", ready(articles), "publication=ready", "已校毕，规则都满足"),
                ("可见报公告", "notice", ready(notices), "publication=ready", "已校毕，规则都满足"),
                ("已定时", "snapshot", Snapshot.objects.scheduled(), "state=scheduled", "到时间自动见报"),
                ("待确认的专题推荐", "article", suggested, "topics=suggested", "确认后读者才看得到"),
            ],
        ),
    ]
    groups = []
    for name, rows in wanted:
        found = [
            Queue(
                label,
                queryset.order_by().values("pk")[: COUNTED + 1].count(),
                f"{reverse(f'admin:articles_{model}_changelist')}?{query}",
                hint,
            )
            for label, model, queryset, query, hint in rows
            if user.has_perm(f"articles.view_{model}")
        ]
        if found:
            groups.append((name, found))
    return groups
