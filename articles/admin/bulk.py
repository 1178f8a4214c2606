"""见报 and 撤稿 of many items: a page that lists exactly what will happen, then an honest result for each row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from articles import rules
from articles.actions import publishing
from articles.actions.results import Result
from articles.admin.base import demand, person, whole_number
from articles.models import AnyItem, Article, Notice, Page, Snapshot

if TYPE_CHECKING:
    from articles.admin.items import ItemAdmin

LIMIT = 500
"""How many items one bulk act takes."""


@dataclass(frozen=True)
class Planned:
    """One row of the confirmation: what would happen, or why nothing can."""

    item: AnyItem
    obstacles: Sequence[str]
    warnings: Sequence[str] = ()
    is_ticked: bool = True
    """Whether the act takes the row unless somebody says otherwise."""

    @property
    def key(self) -> str:
        """Names the item and the version that was confirmed."""
        return f"{self.item.snapshot_key}:{self.item.pk}:{self.item.version}"


def plan_publishing(items: Sequence[AnyItem]) -> list[Planned]:
    """What publishing these would do. Items come from `with_page` and `with_publication`.

    What was withdrawn, and what readers see already, is left unticked: nobody brings it back by accident.
    """
    verdicts = rules.check(items)
    public = _public_texts(items)
    rows = []
    for item in items:
        verdict = verdicts[item.snapshot_key, item.pk]
        scheduled = ["已经定时见报：先取消定时"] if item.is_scheduled else []  # type: ignore[union-attr]
        held_back = []
        if item.is_withdrawn:  # type: ignore[union-attr]
            held_back.append("已撤稿：勾选就重新见报")
        if public.get((item.snapshot_key, item.pk)) == item.content_hash:
            held_back.append("读者看到的已经是这些文字")
        warnings = [*held_back, *(rule.message for rule in verdict.warnings)]
        rows.append(Planned(item, [*verdict.messages, *scheduled], warnings, is_ticked=not held_back))
    return rows


def _public_texts(items: Sequence[AnyItem]) -> dict[tuple[str, int], str]:
    """The fingerprint of what readers see of each item, for those they see."""
    found: dict[tuple[str, int], str] = {}
    for model in (Article, Notice):
        key = model.snapshot_key
        mine = [item.pk for item in items if isinstance(item, model)]
        if mine:
            rows = Snapshot.objects.live().filter(**{f"{key}__in": mine}).values_list(key, "source_hash")
            found |= {(key, pk): fingerprint for pk, fingerprint in rows}
    return found


def plan_withdrawing(items: Sequence[AnyItem]) -> list[Planned]:
    return [Planned(item, [] if item.is_live else ["没有见报，不用撤稿"]) for item in items]  # type: ignore[union-attr]


def load(keys: Sequence[str]) -> tuple[list[AnyItem], list[Result]]:
    """The items of confirmed rows that still have the confirmed version, and a result for each that has not."""
    wanted: dict[str, dict[int, int]] = {Article.snapshot_key: {}, Notice.snapshot_key: {}}
    for key in keys[: LIMIT * 2]:
        kind, _, rest = key.partition(":")
        pk, version = (whole_number(part) for part in [*rest.split(":"), ""][:2])
        if kind in wanted and pk is not None and version is not None:
            wanted[kind][pk] = version
    found: list[AnyItem] = []
    changed: list[Result] = []
    for model in (Article, Notice):
        versions = wanted[model.snapshot_key]
        rows: QuerySet[Any] = model.objects.with_page().filter(pk__in=versions)
        for item in rows.order_by("page__number", "position", "pk"):
            if item.version == versions[item.pk]:
                found.append(item)
            else:
                changed.append(Result(item, "在你确认之后又改过，没有动它：请重新看过", is_skipped=True))
    return found, changed


def publish_rows(*, keys: Sequence[str], actor: User, reason: str) -> list[Result]:
    items, changed = load(keys)
    return [*publishing.publish_many(items=items, actor=actor, reason=reason), *changed]


def withdraw_rows(*, keys: Sequence[str], actor: User, reason: str) -> list[Result]:
    items, changed = load(keys)
    return [*publishing.withdraw_many(items=items, actor=actor, reason=reason), *changed]


@dataclass(frozen=True)
class BulkAct:
    label: str
    plan: Callable[[Sequence[AnyItem]], list[Planned]]
    run: Callable[..., list[Result]]
    consequence: str
    needs_reason: bool = False


BULK: dict[str, BulkAct] = {
    "publish": BulkAct("见报", plan_publishing, publish_rows, "读者立即看到下列条目现在的文字。"),
    "withdraw": BulkAct(
        "撤稿", plan_withdrawing, withdraw_rows, "读者立即看不到下列条目；原网址显示你写的理由。", needs_reason=True
    ),
}


@admin.action(description="见报……（先列出，再确认）", permissions=["publish"])
def publish_selected(model_admin: ItemAdmin[Any], request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
    return _confirm(model_admin, request, "publish", queryset)


@admin.action(description="撤稿……（先列出，再确认）", permissions=["publish"])
def withdraw_selected(model_admin: ItemAdmin[Any], request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
    return _confirm(model_admin, request, "withdraw", queryset)


def _confirm(model_admin: ItemAdmin[Any], request: HttpRequest, name: str, queryset: QuerySet[Any]) -> HttpResponse:
    items = list(queryset.select_related("page__issue__newspaper")[: LIMIT + 1])
    if len(items) > LIMIT:
        messages.warning(request, f"一次最多处理 {LIMIT} 条：下面是前 {LIMIT} 条，其余请再来一次。")
    return confirm_page(
        model_admin,
        request,
        name,
        items[:LIMIT],
        address=model_admin.address("bulk", name),
        back=model_admin.address("changelist"),
    )


def confirm_page(
    model_admin: Any,
    request: HttpRequest,
    name: str,
    items: Sequence[AnyItem],
    *,
    address: str,
    back: str,
    error: str = "",
    page: Page | None = None,
) -> HttpResponse:
    act = BULK[name]
    rows = act.plan(items)
    possible = [row for row in rows if not row.obstacles]
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": f"{act.label}：{len(possible)} 条可以，{len(rows) - len(possible)} 条不能",
        "act": act,
        "possible": possible,
        "blocked": [row for row in rows if row.obstacles],
        "address": address,
        "back": back,
        "error": error,
        "page": page,
    }
    return TemplateResponse(request, "admin/articles/bulk_confirm.html", context)


def bulk_screen(model_admin: ItemAdmin[Any], request: HttpRequest, name: str) -> HttpResponse:
    """Does what was confirmed; only ever by POST."""
    demand(model_admin.has_view_permission(request) and model_admin.has_publish_permission(request))
    if name not in BULK:
        raise Http404("没有这项操作。")
    back = model_admin.address("changelist")
    if request.method != "POST":
        return HttpResponseRedirect(back)
    prefix = f"{model_admin.model.snapshot_key}:"
    keys = [key for key in request.POST.getlist("row") if key.startswith(prefix)]
    return run_page(model_admin, request, name, keys, address=model_admin.address("bulk", name), back=back)


def run_page(
    model_admin: Any, request: HttpRequest, name: str, keys: Sequence[str], *, address: str, back: str
) -> HttpResponse:
    act, reason = BULK[name], request.POST.get("reason", "").strip()
    if act.needs_reason and not 0 < len(reason) <= 300:
        items, _ = load(keys)
        fresh: list[AnyItem] = []
        for model in (Article, Notice):
            mine = [item.pk for item in items if isinstance(item, model)]
            rows: QuerySet[Any] = model.objects.with_page().with_publication().filter(pk__in=mine)
            fresh += rows
        error = "请写明理由，不超过 300 字。"
        return confirm_page(model_admin, request, name, fresh, address=address, back=back, error=error)
    results = act.run(keys=keys, actor=person(request), reason=reason)
    done, skipped, failed = (
        [result for result in results if getattr(result, state)] for state in ("is_done", "is_skipped", "is_failed")
    )
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": f"{act.label}结果：{len(done)} 条完成，{len(skipped)} 条跳过，{len(failed)} 条没有成",
        "act": act,
        "done": done,
        "undone": [("没有成", failed), ("跳过", skipped)],
        "back": back,
    }
    return TemplateResponse(request, "admin/articles/bulk_result.html", context)
