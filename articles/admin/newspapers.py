"""Newspaper and Issue in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, F, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles import history
from articles.actions.editing import edit_issue
from articles.admin.base import GuardedAdmin, count_of, demand, person, whole_number
from articles.admin.filters import CompletenessFilter, IssueDateFilter, NewspaperFilter, span
from articles.admin.records import history_page
from articles.models import DateState, FindingState, Issue, Newspaper, Page, Snapshot


@admin.register(Newspaper)
class NewspaperAdmin(GuardedAdmin[Newspaper]):
    list_display = ("name", "slug", "expected_pages", "issue_list")
    search_fields = ("name",)
    fields = ("name", "slug", "description", "expected_pages")

    def get_readonly_fields(self, request: HttpRequest, obj: Newspaper | None = None) -> tuple[str, ...]:
        """Addresses are permanent: the part of them that names the newspaper is fixed once readers have them."""
        is_public = obj is not None and Snapshot.objects.filter(newspaper=obj).exists()
        return ("slug",) if is_public else ()

    @admin.display(description="各期")
    def issue_list(self, newspaper: Newspaper) -> SafeString:
        href = f"{reverse('admin:articles_issue_changelist')}?newspaper={newspaper.pk}"
        return format_html('<a href="{}">各期</a>', href)


class IssueNewspaperFilter(NewspaperFilter):
    path = "newspaper"


@admin.register(Issue)
class IssueAdmin(GuardedAdmin[Issue]):
    """Issues come from placing pages: nobody adds an empty one, and the date is changed on the page."""

    change_form_template = "admin/articles/issue.html"
    list_display = ("headed", "state", "complete", "page_links")
    list_filter = ("date_state", CompletenessFilter, IssueDateFilter, IssueNewspaperFilter)
    list_select_related = ("newspaper",)
    ordering = (F("date").desc(nulls_first=True), "-pk")
    sortable_by = ()
    search_fields = ("number",)
    search_help_text = "期号，或日期如 2025-12-20。"
    fields = ("newspaper", "date", "date_state", "date_basis", "date_not_before", "number", "expected_pages")
    readonly_fields = ("newspaper", "date", "date_state", "date_basis", "date_not_before")

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

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        demand(self.has_view_or_change_permission(request))
        pk = whole_number(object_id)
        issue = Issue.objects.select_related("newspaper").filter(pk=pk).first() if pk is not None else None
        extra = {**(extra_context or {}), **(issue_context(issue) if issue else {})}
        if issue is not None:
            extra |= {"title": str(issue), "subtitle": None}
        return super().change_view(request, object_id, form_url, extra)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        demand(self.has_view_permission(request))
        issue = self.get_object(request, object_id)
        if issue is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined,no-any-return]
        return history_page(self, request, issue, history.of(issue))

    def save_model(self, request: HttpRequest, obj: Issue, form: ModelForm[Issue], change: bool) -> None:
        edit_issue(issue=obj, values=form.cleaned_data, actor=person(request))

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


def issue_context(issue: Issue) -> dict[str, Any]:
    """The issue's pages with their counts, and the numbers that are missing. Four queries whatever the number."""
    pages = list(issue.pages.order_by("number", "pk"))

    def counts(name: str, **conditions: Any) -> dict[int, int]:
        rows = issue.pages.filter(**conditions).order_by().values_list("pk").annotate(n=Count(name))
        return dict(rows.values_list("pk", "n"))

    articles, notices = counts("articles"), counts("notices")
    doubts = counts("findings", findings__state=FindingState.OPEN)
    rows = [
        {
            "page": page,
            "articles": articles.get(page.pk, 0),
            "notices": notices.get(page.pk, 0),
            "doubts": doubts.get(page.pk, 0),
            "unplaced": len(page.unplaced),
        }
        for page in pages
    ]
    numbers = {page.number for page in pages}
    expected = issue.expected_pages or 0
    return {
        "page_rows": rows,
        "missing": [number for number in range(1, expected + 1) if number not in numbers],
        "unnumbered": sum(1 for page in pages if page.number is None),
    }
