"""Newspaper and Issue in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles import history
from articles.actions.editing import save_newspaper
from articles.actions.stages import set_stages
from articles.admin import issue_screen, reports, sign_many
from articles.admin.base import GuardedAdmin, count_of, demand, person
from articles.admin.exports import IssueResource, SafeExportMixin, SafeImportMixin
from articles.admin.filters import CompletenessFilter, IssueDateFilter, NewspaperFilter, span
from articles.admin.newspaper_forms import NewspaperForm
from articles.admin.records import history_page
from articles.models import DateState, Issue, Newspaper, Page, Snapshot, Stage


@admin.register(Newspaper)
class NewspaperAdmin(GuardedAdmin[Newspaper]):
    form = NewspaperForm
    list_display = ("name", "slug", "expected_pages", "issue_list")
    search_fields = ("name",)
    fields = ("name", "slug", "description", "expected_pages", "stage_lines")

    def get_readonly_fields(self, request: HttpRequest, obj: Newspaper | None = None) -> tuple[str, ...]:
        """Addresses are permanent: the part of them that names the newspaper is fixed once readers have them."""
        is_public = obj is not None and Snapshot.objects.filter(newspaper=obj).exists()
        return ("slug", "slug_is_fixed") if is_public else ()

    def get_fields(self, request: HttpRequest, obj: Newspaper | None = None) -> Any:
        readonly = self.get_readonly_fields(request, obj)
        fields = list(self.fields or ())
        if "slug_is_fixed" in readonly:
            fields.insert(fields.index("slug") + 1, "slug_is_fixed")
        return fields

    def save_model(self, request: HttpRequest, obj: Newspaper, form: ModelForm[Newspaper], change: bool) -> None:
        saved = save_newspaper(newspaper=obj, values=form.cleaned_data, actor=person(request))
        set_stages(newspaper=saved, stages=form.cleaned_data["stage_lines"], actor=person(request))
        obj.pk = saved.pk

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        demand(self.has_view_permission(request))
        newspaper = self.get_object(request, object_id)
        if newspaper is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined,no-any-return]
        return history_page(self, request, newspaper, history.of(newspaper))

    @admin.display(description="三校三审")
    def stage_lines(self, newspaper: Newspaper) -> str:
        """For those who may look and not change."""
        stages = Stage.objects.in_use().filter(newspaper=newspaper).values_list("name", flat=True)
        return " → ".join(stages) or "没有设：校毕就可以见报"

    @admin.display(description="为何不能改")
    def slug_is_fixed(self, newspaper: Newspaper) -> str:
        return "已有读者用这个网址，网址代号不能再改。"

    @admin.display(description="各期")
    def issue_list(self, newspaper: Newspaper) -> SafeString:
        href = f"{reverse('admin:articles_issue_changelist')}?newspaper={newspaper.pk}"
        return format_html('<a href="{}">各期</a>', href)


class IssueNewspaperFilter(NewspaperFilter):
    path = "newspaper"


@admin.register(Issue)
class IssueAdmin(SafeImportMixin, SafeExportMixin, GuardedAdmin[Issue]):
    """Issues come from placing pages: nobody adds an empty one, and the date is changed on the page."""

    empty_note = "版面导入之后，同一天的版归成一期。"
    import_export_change_list_template = "admin/articles/sheet_list.html"
    import_help = "按“报纸、日期”对应，只更新“期号”和“应有版数”；只有日期已确认的期才导出、导入。"
    resource_classes = (IssueResource,)

    list_display = ("headed", "state", "complete", "page_links")
    list_filter = ("date_state", CompletenessFilter, IssueDateFilter, IssueNewspaperFilter)
    list_select_related = ("newspaper",)
    ordering = (F("date").desc(nulls_first=True), "-pk")
    sortable_by = ()
    search_fields = ("number",)
    search_help_text = "期号，或日期如 2025-12-20。"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Issue]:
        pages_there = count_of(Page.objects.all(), "issue")
        return super().get_queryset(request).select_related("newspaper").annotate(pages_there=pages_there)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Issue], search_term: str
    ) -> tuple[QuerySet[Issue], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        days = span(term) if "-" in term else None
        if days is not None:
            return queryset.filter(date__gte=days[0], date__lt=days[1]), False
        return queryset.filter(number__startswith=term), False

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The pages of the issues shown, in one query, and no more than a list has use for."""
        changelist = super().get_changelist_instance(request)
        rows: list[Any] = list(changelist.result_list)
        by_issue: dict[int, list[Page]] = {}
        for page in Page.objects.filter(issue__in=[row.pk for row in rows]).order_by("number", "pk"):
            by_issue.setdefault(page.issue_id, []).append(page)
        for row in rows:
            row.pages_shown = by_issue.get(row.pk, [])
        changelist.result_list = rows
        return changelist

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("report/", view(self.report_view), name="articles_issue_report"),
            path("<path:object_id>/publish/", view(self.publish_view), name="articles_issue_publish"),
            path("<path:object_id>/errors/", view(self.errors_view), name="articles_issue_errors"),
            path("<path:object_id>/sign/", view(self.sign_view), name="articles_issue_sign"),
            *super().get_urls(),
        ]

    def sign_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        demand(self.has_view_permission(request))
        issue = issue_screen.get_issue(object_id)
        return sign_many.screen(
            self,
            request,
            issue,
            items=sign_many.items_of_pages(issue.pages.all()),
            address=reverse("admin:articles_issue_sign", args=[issue.pk]),
            back=reverse("admin:articles_issue_change", args=[issue.pk]),
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return issue_screen.change_screen(self, request, object_id)

    def publish_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return issue_screen.publish_screen(self, request, object_id)

    def report_view(self, request: HttpRequest) -> HttpResponse:
        return reports.report_screen(self, request)

    def errors_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        demand(self.has_view_permission(request))
        return reports.issue_report_screen(self, request, issue_screen.get_issue(object_id))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        demand(self.has_view_permission(request))
        issue = self.get_object(request, object_id)
        if issue is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[no-any-return]
        return history_page(self, request, issue, history.of(issue))

    def save_model(self, *args: Any, **kwargs: Any) -> None:
        raise NotImplementedError("issues are written by articles.actions only")

    @admin.display(description="期")
    def headed(self, issue: Issue) -> str:
        return str(issue)

    @admin.display(description="日期")
    def state(self, issue: Issue) -> SafeString:
        tone = "done" if issue.date_state == DateState.CONFIRMED else "todo"
        return format_html('<span class="badge badge-{}">{}</span>', tone, issue.get_date_state_display())

    @admin.display(description="版数")
    def complete(self, issue: Issue) -> str:
        there = issue.pages_there  # type: ignore[attr-defined]
        return f"{there} / {issue.expected_pages}" if issue.expected_pages else str(there)

    @admin.display(description="各版")
    def page_links(self, issue: Issue) -> SafeString:
        pages = issue.pages_shown  # type: ignore[attr-defined]
        links = [(reverse("admin:articles_page_change", args=[page.pk]), page.label) for page in pages[:40]]
        more = format_html(" 等 {} 版", len(pages)) if len(pages) > 40 else ""
        return format_html("{}{}", format_html_join("　", '<a href="{}">{}</a>', links), more)
