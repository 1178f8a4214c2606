"""Article and Notice in the admin: lists that stay quick, and screens whose every write is an action."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles.admin import bulk, item_acts, item_screen, review_form
from articles.admin.acts import publication_label
from articles.admin.base import GuardedAdmin, whole_number
from articles.admin.beside import Beside
from articles.admin.exports import SafeExportMixin, SafeImportMixin
from articles.admin.filters import DateFilter, DoubtFilter, DueFilter, NewspaperFilter, PublicationFilter
from articles.admin.item_sheets import ArticleResource, NoticeResource
from articles.admin.notice_lists import DeadlineFilter, with_number
from articles.admin.notice_series import series_screen
from articles.admin.notice_unmasking import may_unmask, unmask_screen
from articles.admin.searching import MOST, ItemsFound, find_items
from articles.models import AnyItem, Article, Finding, FindingState, LinkState, Notice, TopicLink, WorkState
from articles.models.items import Probe
from articles.search.query import QueryRefused
from articles.search.types import Kind

I = TypeVar("I", Article, Notice)  # noqa: E741 - the items

_CUT = f"找到的太多，只列出日期最近的 {MOST} 条以内。请加词，或者加上日期、报纸等条件。"
_SEARCH_HELP = (
    "全文里的字、词、人名，草稿也在内，写法同网站的搜索：“连在一起的字”、-排除、标题:、作者:、报纸:、2021-12；或编号。"
)


class ItemAdmin(SafeImportMixin, SafeExportMixin, GuardedAdmin[I]):
    empty_note = "导入版面文本之后列在这里；也可以在版的页面上新建。"
    import_export_change_list_template = "admin/articles/item_list.html"
    list_select_related = ("page__issue__newspaper",)
    ordering = ("-updated_at", "-pk")
    sortable_by = ()
    search_fields = ("pk",)  # the box is there; what it finds is `get_search_results`
    search_help_text = _SEARCH_HELP
    actions = (bulk.publish_selected, bulk.withdraw_selected)

    def get_queryset(self, request: HttpRequest) -> QuerySet[I]:
        open_findings = Finding.objects.filter(state=FindingState.OPEN, **{self.model.snapshot_key: OuterRef("pk")})
        queryset = super().get_queryset(request).with_publication()  # type: ignore[attr-defined]
        found: QuerySet[I] = queryset.annotate(has_doubt=Probe(open_findings))
        if request.GET.get("work_state__exact") != WorkState.DISSOLVED:
            found = found.exclude(work_state=WorkState.DISSOLVED)  # empty rows, listed for those who ask for them
        return found

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[I], search_term: str
    ) -> tuple[QuerySet[I], bool]:
        """By the index of all texts; or by number. A query that is none finds nothing, and the list says why."""
        term = search_term.strip()
        if not term:
            return queryset, False
        number = whole_number(term)
        try:
            found: ItemsFound = find_items(term, Kind(self.model.snapshot_key), in_clear=may_unmask(request))
        except QueryRefused as refused:
            request.search_says = refused.message  # type: ignore[attr-defined]
            return queryset.none(), False
        if found.is_cut:
            request.search_says = _CUT  # type: ignore[attr-defined]
        pks = [*found.pks, number] if number is not None else found.pks
        return queryset.filter(pk__in=pks), False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        says = getattr(request, "search_says", "")
        if says:
            self.message_user(request, says, messages.WARNING)
        return response

    # Tables

    import_help = (
        "按“编号”对应；“版本”要和导出时一样，导出之后被改过的行不导入。只导入文字各列，其余各列只供对照。"
        "正文、图片说明一段一行，段数不变。没有编号的行新建在“报纸、日期、版次”那一版上。改过的条目回到待校。"
    )

    def get_export_resource_kwargs(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        return {"root": request.build_absolute_uri("/")}

    # Permissions

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """Asked for by the bulk actions."""
        return request.user.has_perm(f"articles.publish_{self.model.snapshot_key}")

    # Screens

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        name = f"articles_{self.model.snapshot_key}"
        return [
            path("bulk/<str:act>/", view(self.bulk_view), name=f"{name}_bulk"),
            path("<path:object_id>/do/<str:act>/", view(self.act_view), name=f"{name}_act"),
            path("<path:object_id>/form/", view(self.form_view), name=f"{name}_form"),
            path("<path:object_id>/restore/<int:version>/", view(self.restore_view), name=f"{name}_restore"),
            *super().get_urls(),
        ]

    def address(self, screen: str, *args: Any) -> str:
        return reverse(f"admin:articles_{self.model.snapshot_key}_{screen}", args=args)

    def beside(self, item: AnyItem) -> Beside | None:
        """The source text beside the item, from whoever knows it."""
        return None

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return item_screen.change_screen(self, request, object_id)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return item_screen.add_screen(self, request)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return item_acts.history_screen(self, request, object_id)

    def act_view(self, request: HttpRequest, object_id: str, act: str) -> HttpResponse:
        return item_acts.act_screen(self, request, object_id, act)

    def form_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return review_form.item_form(self, request, object_id)

    def restore_view(self, request: HttpRequest, object_id: str, version: int) -> HttpResponse:
        return item_acts.restore_screen(self, request, object_id, version)

    def bulk_view(self, request: HttpRequest, act: str) -> HttpResponse:
        return bulk.bulk_screen(self, request, act)

    def save_model(self, *args: Any, **kwargs: Any) -> None:
        raise NotImplementedError("articles and notices are written by articles.actions only")

    # Columns

    @admin.display(description="标题")
    def headed(self, item: I) -> str:
        return item.title

    @admin.display(description="报纸 · 日期 · 版")
    def where(self, item: I) -> SafeString:
        href = reverse("admin:articles_page_change", args=[item.page_id])
        return format_html('<a href="{}">{}</a>', href, item.page)

    @admin.display(description="校对")
    def work(self, item: I) -> SafeString:
        tone = "done" if item.work_state == WorkState.CORRECTED else "todo"
        return format_html('<span class="badge badge-{}">{}</span>', tone, item.get_work_state_display())

    @admin.display(description="见报")
    def publication(self, item: I) -> SafeString:
        tone = "live" if item.is_live else "plain"  # type: ignore[attr-defined]
        return format_html('<span class="badge badge-{}">{}</span>', tone, publication_label(item))

    @admin.display(description="疑点")
    def doubt(self, item: I) -> str:
        return "有" if item.has_doubt else ""  # type: ignore[attr-defined]


class TopicsFilter(admin.SimpleListFilter):
    title = "专题"
    parameter_name = "topics"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [("suggested", "有待确认的推荐"), ("none", "还没有确认的专题")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        links = TopicLink.objects.filter(article=OuterRef("pk"))
        if self.value() == "suggested":
            return queryset.filter(Exists(links.filter(state=LinkState.SUGGESTED)))
        if self.value() == "none":
            return queryset.filter(~Exists(links.filter(state=LinkState.CONFIRMED)))
        return queryset.none() if self.value() else queryset


@admin.register(Article)
class ArticleAdmin(ItemAdmin[Article]):
    list_display = ("headed", "where", "work", "publication", "doubt", "updated_at")
    list_filter = ("work_state", PublicationFilter, DueFilter, DateFilter, NewspaperFilter, DoubtFilter, TopicsFilter)
    resource_classes = (ArticleResource,)


@admin.register(Notice)
class NoticeAdmin(ItemAdmin[Notice]):
    list_display = ("headed", "kind", "ends", "where", "work", "publication", "doubt", "updated_at")
    list_filter = (
        "work_state",
        PublicationFilter,
        DueFilter,
        DeadlineFilter,
        DateFilter,
        NewspaperFilter,
        DoubtFilter,
        "kind",
    )
    search_help_text = f"完整的证件、执照、账号或电话号码，怎样写都行；或{_SEARCH_HELP}"
    resource_classes = (NoticeResource,)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Notice], search_term: str
    ) -> tuple[QuerySet[Notice], bool]:
        """Besides words: whoever carries exactly this number, found by its index in the whole archive."""
        carriers = with_number(search_term)
        if carriers is not None and carriers.exists():
            return queryset.filter(pk__in=carriers.values("pk")), False
        return super().get_search_results(request, queryset, search_term)

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """What ends first stands first where periods are asked for."""
        if request.GET.get(DeadlineFilter.parameter_name) in ("week", "open"):
            return ("deadline_on", "pk")
        return super().get_ordering(request)  # type: ignore[return-value]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<path:object_id>/unmask/", view(self.unmask_view), name="articles_notice_unmask"),
            path("<path:object_id>/series/", view(self.series_view), name="articles_notice_series"),
            *super().get_urls(),
        ]

    def unmask_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return unmask_screen(self, request, object_id)

    def series_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return series_screen(self, request, object_id)

    @admin.display(description="截止")
    def ends(self, notice: Notice) -> str:
        return notice.deadline_on.isoformat() if notice.deadline_on else ""
