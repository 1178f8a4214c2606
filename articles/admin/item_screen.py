"""The item screen: one article or notice, block by block, beside its source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from articles import history, rules, signoffs, versions
from articles.actions.credits import Named, named_credits
from articles.actions.notices import repeats_of
from articles.actions.pages import empty_content, items_of
from articles.admin.acts import ACTS, offers, publication_label
from articles.admin.base import demand, person, whole_number
from articles.admin.conflict import Merged, merge, merge_value
from articles.admin.item_forms import ItemForm, credit_lines, role_choices
from articles.admin.item_saving import create, save
from articles.admin.notice_unmasking import has_new_masks, in_full, may_unmask, sees_source, veiled
from articles.admin.signing import stage_rows
from articles.errors import ActionRefused, StaleVersion
from articles.models import AnyItem, Article, Finding, LinkState, Notice, Page, Topic, TopicState

if TYPE_CHECKING:
    from articles.admin.items import ItemAdmin

TOPICS_LISTED = 300
SERIES_LISTED = 50


def change_screen(model_admin: ItemAdmin[Any], request: HttpRequest, object_id: str) -> HttpResponse:
    """Show the item; on POST save it. A save from a version that is no longer current answers 409 with all three."""
    demand(model_admin.has_view_permission(request))
    item = get_item(model_admin, object_id)
    if request.method != "POST":
        is_full = in_full(request, item)
        shown = item if is_full else veiled(item)
        return _show(model_admin, request, shown, ItemForm(shown, credits=_credits(item)), is_veiled=not is_full)
    demand(model_admin.has_change_permission(request) and in_full(request, item, why="保存修改"))
    form = ItemForm(item, request.POST)
    if not form.is_valid():
        return _show(model_admin, request, item, form)
    if has_new_masks(item.content, form.content):
        form.head.add_error(None, "文字里有遮盖号“＊”：这是遮盖后的样子，保存会丢掉原来的号码。")
        return _show(model_admin, request, item, form)
    base_version = whole_number(request.POST.get("base_version")) or 0
    try:
        saved = save(item=item, form=form, data=request.POST, base_version=base_version, actor=person(request))
    except StaleVersion:
        saved = type(item)._default_manager.get(pk=item.pk)  # as it stands: this save has been rolled back
        if saved.content != form.content or credit_lines(_credits(saved)) not in (
            credit_lines(form.credits),
            form.credits_base,
        ):
            return _clash(model_admin, request, saved, base_version, form)
        # else the same text was sent twice: it is saved already
    except ValidationError as error:
        form.add_errors(error.message_dict if hasattr(error, "error_dict") else {"": error.messages})
        return _show(model_admin, request, item, form)
    except ActionRefused as refusal:
        form.head.add_error(None, str(refusal))
        return _show(model_admin, request, item, form)
    return _onward(model_admin, request, item, saved)


def _onward(model_admin: ItemAdmin[Any], request: HttpRequest, item: AnyItem, saved: AnyItem) -> HttpResponse:
    """Where the button that was pressed leads."""
    is_new = saved.version != item.version
    words = f"已保存为第 {saved.version} 版。" if is_new else _settled(request) or "文字没有变化。"
    if "_corrected" in request.POST or "_corrected_next" in request.POST:
        words = f"“{saved.title}”已校毕。"
    for name in ACTS:
        if f"_{name}" in request.POST:
            if is_new:
                messages.info(request, words)
            return HttpResponseRedirect(model_admin.address("act", saved.pk, name))
    messages.success(request, words)
    if "_corrected_next" in request.POST:
        following = neighbours(saved)[1]
        if following is not None:
            return HttpResponseRedirect(item_address(following))
        return HttpResponseRedirect(reverse("admin:articles_page_change", args=[saved.page_id]))
    anchor = "#findings" if "_settle" in request.POST else ""
    return HttpResponseRedirect(model_admin.address("change", saved.pk) + anchor)


def _settled(request: HttpRequest) -> str:
    """What a save did that left the text as it was."""
    if "_settle" in request.POST:
        return "疑点已处理，文字没有变化。"
    decided = any(name.startswith("topic-") for name in request.POST) or request.POST.get("new_topic", "").strip()
    return "已保存，文字没有变化。" if decided else ""


def add_screen(model_admin: ItemAdmin[Any], request: HttpRequest) -> HttpResponse:
    """A new item of the page named in the address."""
    demand(model_admin.has_add_permission(request))
    page = Page.objects.select_related("issue__newspaper").filter(pk=whole_number(request.GET.get("page")) or 0).first()
    if page is None:
        messages.info(request, "条目总在某一版上：先打开那一版，再点“新建稿件”或“新建公告”。")
        return HttpResponseRedirect(reverse("admin:articles_page_changelist"))
    item = model_admin.model(page=page, work_state="")
    item.set_content(empty_content(item.snapshot_key))
    form = ItemForm(item, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = create(page=page, form=form, actor=person(request), is_article=isinstance(item, Article))
        except ValidationError as error:
            form.add_errors(error.message_dict if hasattr(error, "error_dict") else {"": error.messages})
        except ActionRefused as refusal:
            form.head.add_error(None, str(refusal))
        else:
            messages.success(request, f"已新建“{made.title}”，排在本版最后。")
            return HttpResponseRedirect(model_admin.address("change", made.pk))
    context = {"title": f"新建{model_admin.opts.verbose_name}", "subtitle": str(page), "item": None, "page": page}
    return _render(model_admin, request, {**context, "form": form, "can_change": True})


def _clash(
    model_admin: ItemAdmin[Any], request: HttpRequest, current: AnyItem, base_version: int, form: ItemForm
) -> HttpResponse:
    try:
        base = versions.content_at(current, base_version)
    except LookupError:
        base = current.content  # no such version: then everything that differs is mine, and open
    merged = merge(base, current.content, form.content)
    item = get_item(model_admin, str(current.pk))
    standing, typed = _credits(item), credit_lines(form.credits)
    credits = merge_value("credits", form.credits_base, credit_lines(standing), typed, merged)
    fresh = ItemForm(item, content=merged.content, credits=standing, typed_credits=credits)
    last = history.of(item).first()
    return _show(model_admin, request, item, fresh, merged=merged, by=last, status=409)


def _show(
    model_admin: ItemAdmin[Any],
    request: HttpRequest,
    item: AnyItem,
    form: ItemForm,
    *,
    merged: Merged | None = None,
    by: Any = None,
    status: int = 200,
    is_veiled: bool = False,
) -> HttpResponse:
    user = person(request)
    sees = not is_veiled and sees_source(request, item.page)
    verdict = rules.check([item])[item.snapshot_key, item.pk]
    standing = signoffs.standing(item)
    beside = model_admin.beside(item) if sees else None
    order = items_of(item.page)
    before, after = _beside(order, item)
    context = {
        "title": item.title,
        "item": item,
        "page": item.page,
        "form": form,
        "heads": {name: form.head[name] for name in form.head.fields},
        "blocks": _blocks(form, beside, merged),
        "beside": beside,
        "findings": _findings(item, is_veiled=is_veiled),
        "topic_links": item.topic_links.select_related("topic") if isinstance(item, Article) else (),
        "verdict": verdict,
        "publication": publication_label(item),
        "is_changed": item.is_live and item.live_hash != item.content_hash,  # type: ignore[union-attr]
        "offers": offers(item, verdict, standing, user),
        "standing": standing,
        "stage_rows": stage_rows(standing),
        "before": before,
        "after": after,
        "siblings": [(number, each) for number, each in enumerate(order, 1) if each != item],
        "merged": merged,
        "by": by,
        "base_version": _base_version(request, item, merged),
        "can_change": model_admin.has_change_permission(request) and not is_veiled,
        "is_veiled": is_veiled,
        "source_is_hidden": not sees,
        "can_unmask": may_unmask(request),
        "series": repeats_of(item).with_page()[:SERIES_LISTED] if isinstance(item, Notice) else (),
        "can_settle": user.has_perm("articles.change_finding"),
        "can_decide": user.has_perm("articles.change_topic"),
        "can_add": user.has_perm(f"articles.add_{item.snapshot_key}"),
        "link_states": LinkState,
    }
    if isinstance(item, Article) and context["can_decide"]:
        active = Topic.objects.exclude(state=TopicState.RETIRED).order_by("name")
        context["topic_names"] = list(active.values_list("name", flat=True)[:TOPICS_LISTED])
    return _render(model_admin, request, context, status=status)


def _findings(item: AnyItem, *, is_veiled: bool) -> list[Finding]:
    found = list(item.findings.order_by(F("state").desc(), "-is_blocking", "pk"))
    if is_veiled:  # they quote the numbers they doubt
        for finding in found:
            finding.message, finding.quote, finding.fix = "（显示完整号码后可看）", "", ""
    return found


def _render(
    model_admin: ItemAdmin[Any], request: HttpRequest, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    form: ItemForm = context["form"]
    head = form.head
    known = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "roles": role_choices(form.is_article),
        "blocks": context.get("blocks") or _blocks(form, None, None),
        "main": _fields(head, head.main, context.get("merged")),  # type: ignore[attr-defined]
        "more": _fields(head, head.more, context.get("merged")),  # type: ignore[attr-defined]
    }
    return TemplateResponse(request, "admin/articles/item.html", {**known, **context}, status=status)


def _fields(head: Any, names: tuple[str, ...], merged: Merged | None) -> list[tuple[Any, Any]]:
    return [(head[name], merged.fields.get(name) if merged else None) for name in names]


def _blocks(form: ItemForm, beside: Any, merged: Merged | None) -> list[dict[str, Any]]:
    rows = []
    for block in form.blocks.forms:
        # Written out in the template: through widgets, an item of 300 blocks would take ten times as long.
        shown = {name: block[name].value() for name in block.fields}
        key = str(shown["id"] or "")
        rows.append(
            {
                **shown,
                "id": key,
                "errors": block.errors,
                "prefix": block.prefix,
                "rows": min(24, max(2, len(str(shown["text"] or "")) // 30 + 1)),
                "origin": beside.origins.get(key) if beside else None,
                "clash": merged.pieces.get(key) if merged else None,
            }
        )
    return rows


def _base_version(request: HttpRequest, item: AnyItem, merged: Merged | None) -> int:
    """What the form was made from: the posted version while its errors are mended, the current one otherwise."""
    posted = whole_number(request.POST.get("base_version"))
    return item.version if merged is not None or posted is None else posted


def get_item(model_admin: ItemAdmin[Any], object_id: str) -> Any:
    pk = whole_number(object_id)
    rows = model_admin.model.objects.with_page().with_publication().with_live_hash()
    item = rows.filter(pk=pk).first() if pk is not None else None
    if item is None:
        raise Http404("没有这一条。")
    return item


def _credits(item: AnyItem) -> list[Named]:
    return named_credits(item) if isinstance(item, Article) else []


def neighbours(item: AnyItem) -> tuple[AnyItem | None, AnyItem | None]:
    """The items before and after this one on its page."""
    return _beside(items_of(item.page), item)


def _beside(order: list[AnyItem], item: AnyItem) -> tuple[AnyItem | None, AnyItem | None]:
    place = order.index(item)
    return (order[place - 1] if place else None, order[place + 1] if place + 1 < len(order) else None)


def item_address(item: AnyItem) -> str:
    return reverse(f"admin:articles_{item.snapshot_key}_change", args=[item.pk])
