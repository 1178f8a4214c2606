"""Office in the admin: the record that the names guard goes by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from articles import history
from articles.actions.editing import save_office
from articles.admin.base import GuardedAdmin, demand, person
from articles.admin.exports import OfficeResource, SafeExportMixin, SafeImportMixin
from articles.admin.records import history_page
from articles.models import Office


class TermFilter(admin.SimpleListFilter):
    title = "任期"
    parameter_name = "term"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [("now", "在任"), ("past", "已离任"), ("name", "只看名字")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        today = timezone.localdate()
        ended = Q(until__lt=today)
        if self.value() == "now":
            return queryset.exclude(title="").exclude(ended).exclude(since__gt=today)
        if self.value() == "past":
            return queryset.filter(ended)
        if self.value() == "name":
            return queryset.filter(title="")
        return queryset.none() if self.value() else queryset


@admin.register(Office)
class OfficeAdmin(SafeImportMixin, SafeExportMixin, GuardedAdmin[Office]):
    import_export_change_list_template = "admin/articles/office_list.html"
    import_help = "按“姓名、区别、职务、起”对应：已有的更新“止”，没有的新建。日期写成 2024-03-05；不知道就留空。"
    list_display = ("name", "note", "title", "since", "until")
    list_filter = (TermFilter,)
    ordering = ("name", "note", "since", "pk")
    sortable_by = ()
    search_fields = ("name__startswith", "title")
    search_help_text = "姓名的开头，或职务中的字。"
    fields = ("name", "note", "title", "since", "until")
    resource_classes = (OfficeResource,)

    def save_model(self, request: HttpRequest, obj: Office, form: forms.ModelForm[Office], change: bool) -> None:
        saved = save_office(office=obj, values=form.cleaned_data, actor=person(request))
        obj.pk = saved.pk

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        demand(self.has_view_permission(request))
        office = self.get_object(request, object_id)
        if office is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[no-any-return]
        return history_page(self, request, office, history.of(office))
