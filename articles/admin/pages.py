"""Page in the admin: the list and the screen in the centre of the work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles import history
from articles.admin import page_placing, page_screen, review_form, sign_many
from articles.admin.base import GuardedAdmin, count_of, demand, whole_number
from articles.admin.beside import Beside
from articles.admin.filters import PageDateFilter, PageNewspaperFilter
from articles.admin.notice_unmasking import sees_source
from articles.admin.records import history_page
from articles.models import AnyItem, Article, DateState, Finding, FindingState, Notice, Page, WorkState


class DatedFilter(admin.SimpleListFilter):
    title = "日期状态"
    parameter_name = "dated"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [("no", "日期未确认"), ("yes", "日期已确认")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "no":
            return queryset.exclude(issue__date_state=DateState.CONFIRMED)
        if self.value() == "yes":
            return queryset.filter(issue__date_state=DateState.CONFIRMED)
        return queryset.none() if self.value() else queryset


class UnplacedFilter(admin.SimpleListFilter):
    title = "未归位文字"
    parameter_name = "unplaced"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [("yes", "有"), ("no", "没有")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "yes":
            return queryset.exclude(unplaced=[])
        if self.value() == "no":
            return queryset.filter(unplaced=[])
        return queryset.none() if self.value() else queryset


@admin.register(Page)
class PageAdmin(GuardedAdmin[Page]):
    empty_note = "导入版面文本之后列在这里；没有文本的版可以新建。"
    list_display = ("headed", "date_state", "items_there", "to_correct", "doubts", "unplaced_there")
    list_filter = (DatedFilter, UnplacedFilter, PageDateFilter, PageNewspaperFilter)
    list_select_related = ("issue__newspaper",)
    ordering = ("-issue_id", "number", "pk")
    sortable_by = ()
    search_fields = ("section",)
    search_help_text = "版名，例如：要闻。"
    actions = (page_placing.place_selected,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Page]:
        counts = {
            "article_count": count_of(Article.objects.all(), "page"),
            "notice_count": count_of(Notice.objects.all(), "page"),
            "imported_articles": count_of(Article.objects.filter(work_state=WorkState.IMPORTED), "page"),
            "imported_notices": count_of(Notice.objects.filter(work_state=WorkState.IMPORTED), "page"),
            "doubt_count": count_of(Finding.objects.filter(state=FindingState.OPEN), "page"),
        }
        return super().get_queryset(request).annotate(**counts)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Page], search_term: str
    ) -> tuple[QuerySet[Page], bool]:
        """A page has no words of its own but its section: prefix only."""
        term = search_term.strip()
        if not term:
            return queryset, False
        number = whole_number(term)
        matches = queryset.filter(section__startswith=term)
        return (matches | queryset.filter(pk=number) if number is not None else matches), False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("place/", view(self.place_view), name="articles_page_place"),
            path("<path:object_id>/sign/", view(self.sign_view), name="articles_page_sign"),
            path("<path:object_id>/form/", view(self.form_view), name="articles_page_form"),
            path("<path:object_id>/publish/", view(self.publish_view), name="articles_page_publish"),
            *super().get_urls(),
        ]

    def has_place_permission(self, request: HttpRequest) -> bool:
        """Asked for by the bulk action."""
        return request.user.has_perm("articles.place_issue")

    def place_view(self, request: HttpRequest) -> HttpResponse:
        return page_placing.place_screen(self, request)

    def beside(self, page: Page, items: Sequence[AnyItem]) -> Beside | None:
        """The source text beside the page, from whoever knows it."""
        return None

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return page_screen.change_screen(self, request, object_id)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return page_screen.add_screen(self, request)

    def publish_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return page_screen.publish_screen(self, request, object_id)

    def sign_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        demand(self.has_view_permission(request))
        page = page_screen.get_page(object_id)
        return sign_many.screen(
            self,
            request,
            page,
            items=sign_many.items_of_pages(Page.objects.filter(pk=page.pk)),
            address=reverse("admin:articles_page_sign", args=[page.pk]),
            back=reverse("admin:articles_page_change", args=[page.pk]),
        )

    def form_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        demand(self.has_view_permission(request))
        page = page_screen.get_page(object_id)
        found = sign_many.items_of_pages(Page.objects.filter(pk=page.pk))
        back = reverse("admin:articles_page_change", args=[page.pk])
        return review_form.page_form(self, request, page, items=found, back=back)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        demand(self.has_view_permission(request))
        page = page_screen.get_page(object_id)
        return history_page(self, request, page, history.of(page), is_veiled=not sees_source(request, page))

    def save_model(self, *args: Any, **kwargs: Any) -> None:
        raise NotImplementedError("pages are written by articles.actions only")

    @admin.display(description="版")
    def headed(self, page: Page) -> str:
        return str(page)

    @admin.display(description="日期")
    def date_state(self, page: Page) -> SafeString:
        tone = "done" if page.issue.date_state == DateState.CONFIRMED else "todo"
        return format_html('<span class="badge badge-{}">{}</span>', tone, page.issue.get_date_state_display())

    @admin.display(description="稿件 / 公告")
    def items_there(self, page: Page) -> str:
        return f"{page.article_count} / {page.notice_count}"  # type: ignore[attr-defined]

    @admin.display(description="待校")
    def to_correct(self, page: Page) -> int:
        return int(page.imported_articles + page.imported_notices)  # type: ignore[attr-defined]

    @admin.display(description="疑点")
    def doubts(self, page: Page) -> int:
        return int(page.doubt_count)  # type: ignore[attr-defined]

    @admin.display(description="未归位")
    def unplaced_there(self, page: Page) -> str:
        return f"{len(page.unplaced)} 段" if page.unplaced else ""
