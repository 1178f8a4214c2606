"""Saying of several pages at once which newspaper's which day they are, each with its number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from articles.actions import placing
from articles.actions.placing import Place
from articles.admin.base import demand, person, whole_number
from articles.admin.page_forms import NewspaperField, newspaper_names
from articles.errors import ActionRefused
from articles.models import DateState, Page

if TYPE_CHECKING:
    from articles.admin.pages import PageAdmin

PLACED = 100
"""How many pages are dated at once: more than any issue has."""


class MoveForm(forms.Form):
    """Where the ticked pages go."""

    newspaper = NewspaperField()
    date = forms.DateField(
        label="日期",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请填写日期。", "invalid": "日期请写成 2026-01-31。"},
    )
    reason = forms.CharField(
        label="理由", max_length=300, required=False, help_text="记入历史；已经见报的版移动时必须写。"
    )
    with_published = forms.BooleanField(
        label="已经见报的也随版移动",
        required=False,
        help_text="文字和网址不变，读者看到的日期和版次立即改。",
    )


def typed_places(request: HttpRequest, pages: QuerySet[Page]) -> list[Place]:
    """The ticked ones of these pages, with the numbers and sections that were typed for them."""
    ticked = [pk for text in request.POST.getlist("page")[:PLACED] if (pk := whole_number(text)) is not None]
    places = []
    for page in pages.filter(pk__in=ticked):
        typed = request.POST.get(f"number-{page.pk}", "").strip()
        number = whole_number(typed)
        if typed and number is None:
            raise ActionRefused(f"{page.label}：版次请写数字。")
        places.append(Place(page, number, request.POST.get(f"section-{page.pk}", page.section)))
    if not places:
        raise ActionRefused("先勾选要定日期或移动的版。")
    return places


@admin.action(description="定日期……（先列出，再确认）", permissions=["place"])
def place_selected(model_admin: PageAdmin, request: HttpRequest, queryset: QuerySet[Page]) -> HttpResponse:
    picked = list(queryset.values_list("pk", flat=True)[: PLACED + 1])
    if len(picked) > PLACED:
        messages.warning(request, f"一次最多 {PLACED} 个版：下面是前 {PLACED} 个，其余请再来一次。")
    listed = ",".join(str(pk) for pk in picked[:PLACED])
    return HttpResponseRedirect(f"{reverse('admin:articles_page_place')}?pages={listed}")


def place_screen(model_admin: PageAdmin, request: HttpRequest) -> HttpResponse:
    """List the pages named in the address; on POST put the ticked ones into one issue."""
    demand(model_admin.has_view_permission(request) and model_admin.has_place_permission(request))
    named = [pk for text in request.GET.get("pages", "").split(",")[:PLACED] if (pk := whole_number(text)) is not None]
    pages = Page.objects.filter(pk__in=named).select_related("issue__newspaper").order_by("number", "pk")
    form = MoveForm(request.POST if request.method == "POST" else None, initial=_likely(pages), label_suffix="")
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            placed = placing.place_pages(
                places=typed_places(request, pages),
                newspaper=data["newspaper"],
                date=data["date"],
                actor=person(request),
                reason=data["reason"],
            )
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{len(placed)} 个版已归入 {placed[0].issue}。")
            return HttpResponseRedirect(reverse("admin:articles_issue_change", args=[placed[0].issue_id]))
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": "定日期",
        "rows": [_row(page, request) for page in pages],
        "form": form,
        "newspapers": newspaper_names(),
    }
    return TemplateResponse(request, "admin/articles/page_place.html", context)


def _row(page: Page, request: HttpRequest) -> dict[str, Any]:
    """The page with what was typed for it, so that a refusal loses nothing."""
    sent = request.method == "POST"
    return {
        "page": page,
        "number": request.POST.get(f"number-{page.pk}", page.number or ""),
        "section": request.POST.get(f"section-{page.pk}", page.section),
        "is_ticked": str(page.pk) in request.POST.getlist("page") if sent else True,
        "is_dated": page.issue.date_state == DateState.CONFIRMED,
    }


def _likely(pages: QuerySet[Page]) -> dict[str, Any]:
    """What the import proposed for any of them."""
    issues = [page.issue for page in pages]
    return {
        "newspaper": next((issue.newspaper.name for issue in issues if issue.newspaper), ""),
        "date": next((issue.date for issue in issues if issue.date), None),
    }
