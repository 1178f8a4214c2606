"""The page screen, the centre of the work: items in reading order, trays, date and number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from articles import rules, signoffs
from articles.actions import findings, items, pages, placing
from articles.admin import bulk
from articles.admin.acts import may_sign, publication_label
from articles.admin.base import demand, person, whole_number
from articles.admin.forms_screen import Doing, answer, find_or_404
from articles.admin.item_saving import find_item
from articles.admin.item_screen import item_address
from articles.admin.notice_unmasking import sees_source
from articles.admin.page_forms import PlaceForm, newspaper_names
from articles.errors import ActionRefused
from articles.masking import mask, mask_value
from articles.models import AnyItem, Article, Finding, FindingState, Notice, Page, WorkState

if TYPE_CHECKING:
    from articles.admin.pages import PageAdmin


def get_page(object_id: str) -> Page:
    return find_or_404(Page.objects.select_related("issue__newspaper"), object_id, "没有这一版。")


def change_screen(model_admin: PageAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    return answer(model_admin, request, object_id, get=get_page, show=_show, doings=_DOINGS, back=_address)


def _address(page: Page) -> str:
    return reverse("admin:articles_page_change", args=[page.pk])


def add_screen(model_admin: PageAdmin, request: HttpRequest) -> HttpResponse:
    """An empty page, for text that comes without a file; it is placed next."""
    demand(model_admin.has_add_permission(request))
    if request.method == "POST":
        page = pages.create_page(actor=person(request))
        messages.success(request, "已新建空版：请先核定报纸、日期和版次。")
        return HttpResponseRedirect(_address(page))
    context = {**model_admin.admin_site.each_context(request), "opts": model_admin.opts, "title": "新建空版"}
    return TemplateResponse(request, "admin/articles/page_add.html", context)


def publish_screen(model_admin: PageAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """Publish all of the page that can be: what will happen is listed first, with the reasons for the rest."""
    user = person(request)
    demand(model_admin.has_view_permission(request))
    allowed = [m for m in (Article, Notice) if user.has_perm(f"articles.publish_{m.snapshot_key}")]
    demand(bool(allowed))
    page = get_page(object_id)
    address = reverse("admin:articles_page_publish", args=[page.pk])
    back = _address(page)
    if request.method == "POST":
        keys = [key for key in request.POST.getlist("row") if key.split(":")[0] in {m.snapshot_key for m in allowed}]
        return bulk.run_page(model_admin, request, "publish", keys, address=address, back=back)
    found = [item for item in load_items(page) if isinstance(item, tuple(allowed)) and not is_unchanged(item)]
    return bulk.confirm_page(model_admin, request, "publish", found, address=address, back=back, page=page)


def is_unchanged(item: Any) -> bool:
    """Readers see this very text already."""
    return bool(item.is_live and item.live_hash == item.content_hash)


def load_items(page: Page) -> list[AnyItem]:
    """The page's items in reading order, with what the screen tells of each, in a fixed number of queries."""
    found: list[Any] = []
    for model in (Article, Notice):
        mine = model.objects.filter(page=page).exclude(work_state=WorkState.DISSOLVED)
        found += mine.with_publication().with_live_hash()
    for item in found:
        item.page = page
    return sorted(found, key=lambda item: item.reading_order)


def _show(
    model_admin: PageAdmin, request: HttpRequest, page: Page, *, place: PlaceForm | None = None, status: int = 200
) -> HttpResponse:
    user = person(request)
    sees = sees_source(request, page)
    found = load_items(page)
    verdicts = rules.check(found)
    standings = signoffs.standings(found)
    doubts = dict.fromkeys(((item.snapshot_key, item.pk) for item in found), 0)
    for key in (Article.snapshot_key, Notice.snapshot_key):
        counts = page.findings.filter(state=FindingState.OPEN, **{f"{key}__isnull": False})
        for pk, number in counts.values_list(key).annotate(n=Count("pk")).order_by():
            doubts[key, pk] = number
    is_public = any(item.is_live or item.is_scheduled for item in found)  # type: ignore[union-attr]
    rows: list[dict[str, Any]] = [
        {
            "item": item,
            "number": number,
            "key": f"{item.snapshot_key}:{item.pk}",
            "href": item_address(item),
            "doubts": doubts[item.snapshot_key, item.pk],
            "verdict": verdicts[item.snapshot_key, item.pk],
            "publication": publication_label(item),
            "is_unchanged": is_unchanged(item),
            "standing": standings[item.snapshot_key, item.pk],
            "is_article": isinstance(item, Article),
        }
        for number, item in enumerate(found, 1)
    ]
    can_place = user.has_perm("articles.place_issue")
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": str(page),
        "page": page,
        "rows": rows,
        "place": place or PlaceForm(page, is_public=is_public),
        "is_public": is_public,
        "newspapers": newspaper_names() if can_place else [],
        "can_place": can_place,
        "can_change": model_admin.has_change_permission(request),
        "can_settle": user.has_perm("articles.change_finding"),
        "can_add_article": user.has_perm("articles.add_article"),
        "can_add_notice": user.has_perm("articles.add_notice"),
        "can_publish": user.has_perm("articles.publish_article") or user.has_perm("articles.publish_notice"),
        "can_sign": may_sign(user),
        "has_stages": any(standing.stages for standing in standings.values()),
        "ready": sum(1 for row in rows if row["verdict"].is_publishable and not row["is_unchanged"]),
        "corrected": sum(1 for item in found if item.work_state == WorkState.CORRECTED),
        "findings": page.findings.filter(article=None, notice=None),
        "unplaced": page.unplaced if sees else mask_value(page.unplaced),
        "trays": [(name, label, hint, _tray(page, name, is_veiled=not sees)) for name, label, hint in TRAYS],
        "beside": model_admin.beside(page, found) if sees else None,
        "source_is_hidden": not sees,
        "siblings": page.issue.pages.order_by("number", "pk"),
    }
    return TemplateResponse(request, "admin/articles/page.html", context, status=status)


TRAYS = (
    ("set_aside", "已搁置文字", "编辑看过、确认不用的文字；不影响见报。"),
    ("furniture", "版面附件", "报头、口号、热线等，不属于任何一条。"),
    ("removed", "已剔除", "入库时认定不是正文的字符，都在这里留底。"),
)


def _tray(page: Page, name: str, *, is_veiled: bool) -> list[dict[str, Any]]:
    return [
        {
            "index": index,
            "text": mask(pages.tray_text(piece)) if is_veiled else pages.tray_text(piece),
            "reason": piece.get("reason", "") if isinstance(piece, dict) else "",
        }
        for index, piece in enumerate(getattr(page, name))
    ]


def _place(model_admin: PageAdmin, request: HttpRequest, page: Page) -> HttpResponse | None:
    is_public = any(item.is_live or item.is_scheduled for item in load_items(page))  # type: ignore[union-attr]
    form = PlaceForm(page, request.POST, is_public=is_public)
    if not form.is_valid():
        return _show(model_admin, request, page, place=form)
    data = form.cleaned_data
    if data["base_version"] != page.version:
        messages.error(request, f"在你打开之后，别人改过这一版：现在是“{page}”。你填的还在下面，请核对后再保存。")
        renewed = request.POST.copy()
        renewed["base_version"] = str(page.version)
        fresh = PlaceForm(page, renewed, is_public=is_public)
        return _show(model_admin, request, page, place=fresh, status=409)
    try:
        placed = placing.place_page(
            page=page,
            newspaper=data["newspaper"],
            date=data["date"],
            number=data["number"],
            section=data["section"],
            actor=person(request),
        )
    except ActionRefused as refusal:
        form.add_error(None, str(refusal))
        return _show(model_admin, request, page, place=form)
    messages.success(request, f"已核定为 {placed}。")
    return None


def _order(model_admin: PageAdmin, request: HttpRequest, page: Page) -> HttpResponse | None:
    stands = {(item.snapshot_key, item.pk): number for number, item in enumerate(load_items(page), 1)}
    wanted = []
    for place, name in enumerate(request.POST):
        kind, _, number = name.removeprefix("order-").partition(":")
        pk, order = whole_number(number), whole_number(request.POST[name].strip())
        if not name.startswith("order-") or pk is None:
            continue
        if order is None:
            raise ActionRefused("次序没有改：请写数字，从小到大。")
        before = stands.get((kind, pk), order)
        # Of two with one number the moved one takes it: from below it comes before the other, from above after.
        wanted.append((order, (order > before) - (order < before), place, (kind, pk)))
    version = whole_number(request.POST.get("base_version")) or 0
    order_keys = [key for *_, key in sorted(wanted)]
    pages.reorder_items(page=page, order=order_keys, base_version=version, actor=person(request))
    messages.success(request, "已按新的次序排好。")
    return None


def _unplaced(model_admin: PageAdmin, request: HttpRequest, page: Page) -> HttpResponse | None:
    actor, picked = person(request), request.POST.getlist("piece")
    if not picked:
        raise ActionRefused("先勾选要处理的文字。")
    if "_set_aside" in request.POST:
        for piece_id in picked:
            items.set_aside(page=page, piece_id=piece_id, actor=actor)
        messages.success(request, f"已搁置 {len(picked)} 段：留底，不再影响见报。")
        return None
    target = request.POST.get("target", "")
    if target in ("new-article", "new-notice"):
        kind = target.removeprefix("new-")
        demand(actor.has_perm(f"articles.add_{kind}"))
        made = pages.create_from_unplaced(page=page, piece_ids=picked, kind=kind, actor=actor)
        messages.success(request, "已用这些文字新建一条，请补全标题等。")
        return HttpResponseRedirect(item_address(made))
    goal = find_item(page.pk, target)
    if goal is None:
        raise ActionRefused("请选择放到哪一条里。")
    for piece_id in picked:
        items.place_unplaced(page=page, piece_id=piece_id, target=goal, actor=actor)
    messages.success(request, f"{len(picked)} 段文字已放到“{goal.title}”的末尾。")
    return None


def _retrieve(model_admin: PageAdmin, request: HttpRequest, page: Page) -> HttpResponse | None:
    index = whole_number(request.POST.get("index"))
    text = request.POST.get("text", "").replace("\r\n", "\n")
    tray = request.POST.get("tray", "")
    pages.retrieve(page=page, tray=tray, index=-1 if index is None else index, text=text, actor=person(request))
    messages.success(request, "已放回未归位文字：请归位或搁置。")
    return None


def _settle(model_admin: PageAdmin, request: HttpRequest, page: Page) -> HttpResponse | None:
    finding = Finding.objects.filter(page=page, pk=whole_number(request.POST.get("finding")) or 0).first()
    state = request.POST.get("state", "")
    if finding is None or state not in FindingState.values:
        raise ActionRefused("这个疑点已经不在这里了，请刷新页面。")
    findings.settle_finding(finding=finding, state=FindingState(state), actor=person(request))
    messages.success(request, "疑点已处理。")
    return None


_DOINGS: dict[str, Doing[Page]] = {
    "place": ("articles.place_issue", _place),
    "order": ("articles.change_page", _order),
    "unplaced": ("articles.change_page", _unplaced),
    "retrieve": ("articles.change_page", _retrieve),
    "settle": ("articles.change_finding", _settle),
}
