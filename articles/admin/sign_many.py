"""Signing a whole page or issue at once: what can be signed, what cannot and why, then an honest result for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from articles import signoffs
from articles.actions.results import Result
from articles.actions.signing import NOTE_LIMIT, Seen, sign_many
from articles.admin.acts import ACTS, may_sign
from articles.admin.base import demand, person, whole_number
from articles.content import running_text
from articles.models import AnyItem, Article, Issue, Notice, Page, SignOff, Stage
from articles.signoffs import Standing

LIMIT = 500
"""How many items are signed at once: more than any issue has."""


@dataclass(frozen=True)
class Signable:
    """One row of the list: it can be signed, or why not."""

    item: AnyItem
    standing: Standing
    obstacles: Sequence[str]
    mine: SignOff | None

    @property
    def key(self) -> str:
        """Names the item, and exactly what was shown of it."""
        return f"{self.item.snapshot_key}:{self.item.pk}:{self.item.version}:{self.standing.fingerprint}"

    @property
    def is_new_to_me(self) -> bool:
        """Whether the person has not signed this very text at any stage."""
        return self.mine is None or (self.mine.version, self.mine.hash) != (
            self.item.version,
            self.standing.fingerprint,
        )


def items_of_pages(pages: QuerySet[Page]) -> list[AnyItem]:
    """The items of these pages in reading order, page by page. The desk's hollow ones, which have nothing left to be
    read, are left out."""
    found: list[AnyItem] = []
    for model in (Article, Notice):
        rows: QuerySet[Any] = model.objects.with_page().filter(page__in=pages)
        found += [item for item in rows[:LIMIT] if running_text(item.content)]
    return sorted(found, key=lambda item: (item.page.number or 0, item.page_id, item.reading_order))


def plan(items: Sequence[AnyItem], stage: Stage, user: User) -> list[Signable]:
    """Which of these the person can sign at this stage, and why not the others. A fixed number of queries."""
    found = signoffs.standings(items)
    rows = []
    for item in items:
        standing = found[item.snapshot_key, item.pk]
        obstacles = signoffs.obstacles(standing, stage, user)
        rows.append(Signable(item, standing, obstacles, standing.last_of(user)))
    return rows


def waiting(items: Sequence[AnyItem]) -> list[tuple[Stage, int]]:
    """The stages of the items' newspaper in order, each with how many items wait for it."""
    found = signoffs.standings(items)
    stages = {stage.pk: stage for standing in found.values() for stage in standing.stages}
    due = [standing.next.pk for standing in found.values() if standing.next]
    return [(stage, due.count(stage.pk)) for stage in sorted(stages.values(), key=lambda s: (s.position, s.pk))]


def _chosen(request: HttpRequest, stages: Sequence[tuple[Stage, int]]) -> Stage | None:
    """The stage asked for; else the first that something waits for and this person may sign."""
    user = person(request)
    wanted = whole_number(request.POST.get("stage") or request.GET.get("stage"))
    named = [stage for stage, _ in stages if stage.pk == wanted]
    due = [stage for stage, count in stages if count]
    mine = [stage for stage in due if user.has_perm(stage.permission)]
    return next(iter([*named, *mine, *due, *(stage for stage, _ in stages)]), None)


def screen(
    model_admin: Any, request: HttpRequest, of: Page | Issue, *, items: list[AnyItem], address: str, back: str
) -> HttpResponse:
    """The list on GET; on POST what was ticked is signed, each item as it was shown."""
    user = person(request)
    demand(model_admin.has_view_permission(request))
    demand(may_sign(user))
    stages = waiting(items)
    stage = _chosen(request, stages)
    note = " ".join(request.POST.get("note", "").split())
    error = f"意见不超过 {NOTE_LIMIT} 字。" if len(note) > NOTE_LIMIT else ""
    known = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "of": of,
        "page": of if isinstance(of, Page) else None,
        "act": ACTS["sign"],
        "stage": stage,
        "stages": stages,
        "back": back,
        "address": address,
    }
    if request.method == "POST" and stage is not None and not error:
        results = _sign(request.POST.getlist("row"), items, stage, user, note)
        done = [result for result in results if result.is_done]
        failed = [result for result in results if not result.is_done]
        title = f"签“{stage.name}”：{len(done)} 条已签，{len(failed)} 条没有"
        context = {**known, "title": title, "done": done, "failed": failed}
        return TemplateResponse(request, "admin/articles/sign_result.html", context)
    rows = plan(items, stage, user) if stage else []
    possible = [row for row in rows if not row.obstacles]
    title = f"签“{stage.name}”：{len(possible)} 条可以，{len(rows) - len(possible)} 条不能" if stage else "整版签审"
    context = {
        **known,
        "title": title,
        "possible": possible,
        "blocked": [row for row in rows if row.obstacles],
        "error": error,
        "note": note,
    }
    return TemplateResponse(request, "admin/articles/sign_many.html", context)


def _sign(keys: Sequence[str], items: Sequence[AnyItem], stage: Stage, user: User, note: str) -> list[Result]:
    by_key = {(item.snapshot_key, str(item.pk)): item for item in items}
    seen = []
    for key in keys[:LIMIT]:
        kind, pk, version, fingerprint = [*key.split(":"), "", "", "", ""][:4]
        item = by_key.get((kind, pk))
        number = whole_number(version)
        if item is not None and number is not None and fingerprint:
            seen.append(Seen(item, number, fingerprint))
    return sign_many(seen=seen, stage=stage, actor=user, note=note)
