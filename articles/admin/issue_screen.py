"""The issue desk: an issue's pages and items with what holds them up, its jumps, and its pages' way to another day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from articles import jumps, rules, signoffs
from articles.actions import placing
from articles.actions.editing import edit_issue
from articles.actions.jumps import link_jump, part_jump
from articles.actions.placing import Place
from articles.admin import bulk
from articles.admin.acts import may_sign, publication_label
from articles.admin.base import demand, person, whole_number
from articles.admin.forms_screen import Doing, answer, find_or_404
from articles.admin.item_screen import item_address
from articles.admin.page_forms import newspaper_names
from articles.admin.page_placing import MoveForm, typed_places
from articles.errors import ActionRefused
from articles.models import AnyItem, Article, DateState, Finding, FindingState, Issue, Notice, Page, Stage, WorkState

if TYPE_CHECKING:
    from articles.admin.newspapers import IssueAdmin

PAGES = 200
"""More pages than any issue has; what lies beyond is not shown, and said so."""
ITEMS = 2_000
STRAYS = 20


class IssueForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Issue
        fields = ("number", "expected_pages")


def get_issue(object_id: str) -> Issue:
    return find_or_404(Issue.objects.select_related("newspaper"), object_id, "没有这一期。")


def change_screen(model_admin: IssueAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    return answer(model_admin, request, object_id, get=get_issue, show=_show, doings=_DOINGS, back=_address)


def _address(issue: Issue) -> str:
    return reverse("admin:articles_issue_change", args=[issue.pk])


def publish_screen(model_admin: IssueAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """Publish all of the issue that can be, each item in a transaction of its own: what will happen is listed first,
    with the reasons for the rest, and then what became of each."""
    demand(model_admin.has_view_permission(request))
    allowed = _publishable_kinds(request)
    demand(bool(allowed))
    issue = get_issue(object_id)
    address = reverse("admin:articles_issue_publish", args=[issue.pk])
    back = _address(issue)
    if request.method == "POST":
        kinds = {model.snapshot_key for model in allowed}
        keys = [key for key in request.POST.getlist("row") if key.split(":")[0] in kinds]
        return bulk.run_page(model_admin, request, "publish", keys, address=address, back=back)
    found = [item for item in load_items(issue) if isinstance(item, allowed) and not is_unchanged(item)]
    if len(found) > bulk.LIMIT:
        messages.warning(request, f"一次最多处理 {bulk.LIMIT} 条：下面是前 {bulk.LIMIT} 条，其余请再来一次。")
    return bulk.confirm_page(model_admin, request, "publish", found[: bulk.LIMIT], address=address, back=back)


def _publishable_kinds(request: HttpRequest) -> tuple[type[Article] | type[Notice], ...]:
    user = person(request)
    return tuple(m for m in (Article, Notice) if user.has_perm(f"articles.publish_{m.snapshot_key}"))


def is_unchanged(item: Any) -> bool:
    """Readers see this very text already."""
    return bool(item.is_live and item.live_hash == item.content_hash)


def load_items(issue: Issue) -> list[AnyItem]:
    """The issue's items in reading order, page by page, with what the screen tells of each: two queries. Those that
    the desk dissolved are left out, unless readers see them still."""
    found: list[Any] = []
    for model in (Article, Notice):
        rows = model.objects.filter(page__issue=issue).with_page().with_publication().with_live_hash()
        found += [item for item in rows.order_by("pk")[:ITEMS] if not is_gone(item)]
    return sorted(found, key=lambda item: (item.page.number or 10_000, item.page_id, item.reading_order))


def is_gone(item: Any) -> bool:
    """Whether its text went to other items and readers see nothing of it either."""
    return item.work_state == WorkState.DISSOLVED and not item.is_live and not item.is_scheduled


def _show(
    model_admin: IssueAdmin,
    request: HttpRequest,
    issue: Issue,
    *,
    form: IssueForm | None = None,
    move: MoveForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user = person(request)
    pages = list(issue.pages.order_by("number", "pk")[:PAGES])
    found = load_items(issue)
    rows, reasons = _item_rows(found)
    by_page: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        by_page.setdefault(row["item"].page_id, []).append(row)
    page_rows = _page_rows(issue, pages, by_page)
    expected = issue.expected_pages or 0
    numbers = {page.number for page in pages}
    missing = [number for number in range(1, min(expected, PAGES) + 1) if number not in numbers]
    can_place = user.has_perm("articles.place_issue")
    is_confirmed = issue.date_state == DateState.CONFIRMED
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": str(issue),
        "issue": issue,
        "is_confirmed": is_confirmed,
        "pages": page_rows,
        "is_cut": len(pages) == PAGES,
        "missing": missing,
        "unnumbered": sum(1 for page in pages if page.number is None),
        "is_complete": bool(expected) and not missing,
        "total": len(rows),
        "live": sum(1 for row in rows if row["item"].is_live),
        "unchanged": sum(1 for row in rows if row["is_unchanged"]),
        "ready": sum(1 for row in rows if row["is_ready"]),
        "reasons": reasons.most_common(),
        "jumps": jumps.of_issue([item for item in found if isinstance(item, Article)]),
        "strays": _strays(issue, missing) if can_place and is_confirmed else [],
        "can_place": can_place,
        "can_change": model_admin.has_change_permission(request, issue),
        "can_jump": user.has_perm("articles.change_jump"),
        "can_publish": bool(_publishable_kinds(request)),
        "can_sign": may_sign(person(request)) and Stage.objects.in_use().filter(newspaper=issue.newspaper_id).exists(),
        "can_move_published": bool(_publishable_kinds(request)),
        "form": form or IssueForm(instance=issue, label_suffix=""),
        "move": move or MoveForm(initial={"newspaper": issue.newspaper or "", "date": issue.date}, label_suffix=""),
        "newspapers": newspaper_names() if can_place else [],
    }
    return TemplateResponse(request, "admin/articles/issue.html", context)


def _item_rows(found: Sequence[AnyItem]) -> tuple[list[dict[str, Any]], Counter[str]]:
    """A row for each item, and how many items each rule holds up."""
    verdicts = rules.check(found)
    standings = signoffs.standings(found)
    reasons: Counter[str] = Counter()
    rows = []
    for item in found:
        verdict = verdicts[item.snapshot_key, item.pk]
        unchanged = is_unchanged(item)
        if not unchanged:
            reasons.update(rule.message for rule in verdict.problems)
        rows.append(
            {
                "item": item,
                "href": item_address(item),
                "is_article": isinstance(item, Article),
                "publication": publication_label(item),
                "is_unchanged": unchanged,
                "is_ready": verdict.is_publishable and not unchanged and not item.is_scheduled,  # type: ignore[union-attr]
                "obstacles": [] if unchanged else verdict.messages,
                "standing": standings[item.snapshot_key, item.pk],
            }
        )
    return rows, reasons


def _page_rows(issue: Issue, pages: Sequence[Page], by_page: dict[int, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """A row for each page. One query, for the findings."""
    doubts: dict[int, int] = dict(
        Finding.objects.filter(page__issue=issue, state=FindingState.OPEN)
        .order_by()
        .values_list("page")
        .annotate(n=Count("pk"))
    )
    rows = []
    for page in pages:
        items = by_page.get(page.pk, [])
        rows.append(
            {
                "page": page,
                "items": items,
                "articles": sum(1 for row in items if row["is_article"]),
                "notices": sum(1 for row in items if not row["is_article"]),
                "live": sum(1 for row in items if row["item"].is_live),
                "ready": sum(1 for row in items if row["is_ready"]),
                "held": sum(1 for row in items if row["obstacles"]),
                "doubts": doubts.get(page.pk, 0),
                "unplaced": len(page.unplaced),
            }
        )
    return rows


def _strays(issue: Issue, missing: Sequence[int]) -> list[dict[str, Any]]:
    """Pages nobody has dated that may belong to this issue: proposed for its day, or of no later news than it and
    with a number it lacks. The likeliest first; a bounded number, by two indexes."""
    assert issue.date is not None  # noqa: S101 - it is confirmed
    undated = Page.objects.exclude(issue__date_state=DateState.CONFIRMED).select_related("issue__newspaper")
    ours = Q(issue__newspaper=issue.newspaper_id) | Q(issue__newspaper__isnull=True)
    proposed = undated.filter(ours, issue__date=issue.date)
    early = undated.filter(ours, issue__date__isnull=True, issue__date_not_before__lte=issue.date, number__in=missing)
    found = [(page, "入库时推断是这一天") for page in proposed.order_by("number", "pk")[:STRAYS]]
    found += [
        (page, f"缺这一版，文中最晚提到 {page.issue.date_not_before:%Y-%m-%d}")
        for page in early.order_by("-issue__date_not_before", "pk")[: STRAYS - len(found)]
    ]
    return [{"page": page, "why": why} for page, why in found]


def _edit(model_admin: IssueAdmin, request: HttpRequest, issue: Issue) -> HttpResponse | None:
    form = IssueForm(request.POST, instance=Issue.objects.get(pk=issue.pk), label_suffix="")
    if not form.is_valid():
        return _show(model_admin, request, issue, form=form)
    edit_issue(issue=issue, values=form.cleaned_data, actor=person(request))
    messages.success(request, "已保存。")
    return None


def _move(model_admin: IssueAdmin, request: HttpRequest, issue: Issue) -> HttpResponse | None:
    form = MoveForm(request.POST, label_suffix="")
    if not form.is_valid():
        return _show(model_admin, request, issue, move=form)
    data = form.cleaned_data
    user = person(request)
    demand(not data["with_published"] or bool(_publishable_kinds(request)))
    places = typed_places(request, issue.pages.order_by("number", "pk"))
    placed = placing.place_pages(
        places=places,
        newspaper=data["newspaper"],
        date=data["date"],
        actor=user,
        reason=data["reason"],
        with_published=data["with_published"],
    )
    target = placed[0].issue
    messages.success(request, f"{len(placed)} 个版已归入 {target}。")
    return HttpResponseRedirect(_address(target))


def _take(model_admin: IssueAdmin, request: HttpRequest, issue: Issue) -> HttpResponse | None:
    """Take an undated page into this issue."""
    undated = Page.objects.exclude(issue__date_state=DateState.CONFIRMED)
    page = undated.filter(pk=whole_number(request.POST.get("page")) or 0).first()
    if page is None or issue.newspaper is None or issue.date is None:
        raise ActionRefused("这一版已经定了日期，请刷新页面。")
    place = Place(page, page.number, page.section)
    placing.place_pages(
        places=[place],
        newspaper=issue.newspaper,
        date=issue.date,
        actor=person(request),
        reason="从“可能属于这一期”归入",
    )
    messages.success(request, f"{page.label}已归入本期。")
    return None


def _jump(model_admin: IssueAdmin, request: HttpRequest, issue: Issue) -> HttpResponse | None:
    mine = Article.objects.filter(page__issue=issue).select_related("page")
    both = [mine.filter(pk=whole_number(request.POST.get(name)) or 0).first() for name in ("origin", "target")]
    origin, target = both
    if origin is None or target is None:
        raise ActionRefused("请写这一期里两篇稿件的编号。")
    if "_part" in request.POST:
        part_jump(origin=origin, target=target, actor=person(request))
        messages.success(request, f"“{origin}”与“{target}”不再相连。")
    else:
        link_jump(origin=origin, target=target, actor=person(request))
        messages.success(request, f"“{origin}”已连到“{target}”，读者从哪一边都能到另一边。")
    return None


_DOINGS: dict[str, Doing[Issue]] = {
    "edit": ("articles.change_issue", _edit),
    "move": ("articles.place_issue", _move),
    "take": ("articles.place_issue", _take),
    "jump": ("articles.change_jump", _jump),
}
