"""Correction and SignOff in the admin: what was said and signed, to be read; a correction can be taken back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles.actions.correcting import retract_correction
from articles.admin.base import ReadOnlyAdmin, demand, person, whole_number
from articles.errors import ActionRefused
from articles.models import AnyItem, Correction, SignOff
from articles.models.corrections import WITHDRAWN_WHY_LIMIT
from articles.people import display_name


def item_link(item: AnyItem) -> SafeString:
    """The item's own screen, under its title."""
    href = reverse(f"admin:articles_{item.snapshot_key}_change", args=[item.pk])
    return format_html('<a href="{}">{}</a>', href, item.title)


class StandsFilter(admin.SimpleListFilter):
    title = "状态"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [("in_force", "读者看得到"), ("withdrawn", "已撤回")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "in_force":
            return queryset.in_force()  # type: ignore[attr-defined,no-any-return]
        if self.value() == "withdrawn":
            return queryset.filter(withdrawn_at__lte=timezone.now())
        return queryset.none() if self.value() else queryset


class RetractForm(forms.Form):
    reason = forms.CharField(
        label="理由",
        max_length=WITHDRAWN_WHY_LIMIT,
        help_text="读者看不到；记入历史。",
        error_messages={
            "required": "请写明为什么撤回。",
            "max_length": f"理由不超过 {WITHDRAWN_WHY_LIMIT} 字。",
        },
    )


@admin.register(Correction)
class CorrectionAdmin(ReadOnlyAdmin[Correction]):
    """Corrections are made on the item's own screen (发更正)."""

    empty_note = "在见报稿件的页面上发的更正、澄清、道歉列在这里，读者也看得到。"
    change_form_template = "admin/articles/correction.html"
    list_display = ("at", "kind", "text", "who", "state")
    list_filter = (StandsFilter, "kind")
    list_select_related = ("by",)
    ordering = ("-pk",)
    sortable_by = ()
    fields = ("kind", "text", "items", "at", "who", "withdrawn_at", "withdrawn_by", "withdrawn_why")
    readonly_fields = ("items", "who")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<path:object_id>/retract/", view(self.retract_view), name="articles_correction_retract"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        extra = {**(extra_context or {}), "may_retract": person(request).has_perm("articles.issue_correction")}
        return super().change_view(request, object_id, form_url, extra)

    def retract_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Confirm on GET, take back on POST."""
        demand(self.has_view_permission(request) and person(request).has_perm("articles.issue_correction"))
        correction = Correction.objects.filter(pk=whole_number(object_id) or 0).first()
        if correction is None:
            raise Http404("没有这条更正。")
        back = reverse("admin:articles_correction_change", args=[correction.pk])
        form = RetractForm(request.POST if request.method == "POST" else None, label_suffix="")
        if request.method == "POST" and form.is_valid():
            try:
                retract_correction(correction=correction, actor=person(request), reason=form.cleaned_data["reason"])
            except ActionRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, "已撤回：读者不再看到，编辑部里留底。")
                return HttpResponseRedirect(back)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"撤回{correction.get_kind_display()}",
            "correction": correction,
            "form": form,
            "back": back,
        }
        return TemplateResponse(request, "admin/articles/retract.html", context)

    @admin.display(description="谁")
    def who(self, correction: Correction) -> str:
        return display_name(correction.by)

    @admin.display(description="状态")
    def state(self, correction: Correction) -> SafeString:
        if correction.withdrawn_at is None:
            return format_html('<span class="badge badge-live">{}</span>', "读者看得到")
        return format_html('<span class="badge badge-plain">{}</span>', "已撤回")

    @admin.display(description="关于")
    def items(self, correction: Correction) -> SafeString:
        subjects = correction.subjects.select_related("article", "notice")
        found = [subject.article or subject.notice for subject in subjects]
        return format_html_join("　", "{}", ((item_link(item),) for item in found if item is not None))


@admin.register(SignOff)
class SignOffAdmin(ReadOnlyAdmin[SignOff]):
    empty_note = "每一次签审、退回都列在这里。"
    list_display = ("at", "who", "stage_name", "outcome", "item", "version", "errors", "note")
    list_filter = ("outcome", "stage__kind")
    list_select_related = ("by", "article", "notice")
    ordering = ("-pk",)
    sortable_by = ()
    fields = (
        "item",
        "stage_name",
        "outcome",
        "round",
        "version",
        "hash",
        "place",
        "who",
        "at",
        "errors",
        "error_basis",
        "characters",
        "note",
    )
    readonly_fields = ("item", "who", "place")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SignOff]:
        return super().get_queryset(request).select_related("by", "article", "notice")

    @admin.display(description="谁")
    def who(self, row: SignOff) -> str:
        return display_name(row.by)

    @admin.display(description="条目")
    def item(self, row: SignOff) -> SafeString:
        found = row.article or row.notice
        assert found is not None  # noqa: S101 - the database holds exactly one
        return item_link(found)

    @admin.display(description="位置")
    def place(self, row: SignOff) -> str:
        return str(row.stood.get("place", ""))
