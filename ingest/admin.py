"""What came in, in the admin: the source beside the work, and the record of every import."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from import_export.fields import Field

from articles.admin.base import GuardedAdmin, ReadOnlyAdmin, count_of
from articles.admin.beside import Beside
from articles.admin.exports import CheckedField, SafeExportMixin, SafeImportMixin, SafeImportResource, YesNo
from articles.admin.items import ArticleAdmin, NoticeAdmin
from articles.admin.notice_unmasking import sees_source
from articles.admin.pages import PageAdmin
from articles.models import AnyItem, Article, Notice, Page
from articles.people import display_name
from ingest.beside import beside_item, beside_page
from ingest.desk import replace_views as replacing
from ingest.desk import views as desk
from ingest.models import ImportOutcome, ImportRun, OutcomeKind, ProtectedName, Source

# The newspaper's own admin knows no sources: here its screens get them.
for model in (Article, Notice, Page):
    admin.site.unregister(model)


@admin.register(Article)
class SourcedArticleAdmin(ArticleAdmin):
    def beside(self, item: AnyItem) -> Beside | None:
        return beside_item(item)


@admin.register(Notice)
class SourcedNoticeAdmin(NoticeAdmin):
    def beside(self, item: AnyItem) -> Beside | None:
        return beside_item(item)


@admin.register(Page)
class SourcedPageAdmin(PageAdmin):
    def beside(self, page: Page, items: Sequence[AnyItem]) -> Beside | None:
        return beside_page(page, items)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("replace/", view(replacing.screen), name="articles_page_replace"),
            path("replace/<int:number>/", view(replacing.result), name="articles_page_replaced"),
            path("queue/", view(desk.queue), name="articles_page_queue"),
            path("<path:object_id>/desk/claim/", view(desk.claiming), name="articles_page_desk_claim"),
            path("<path:object_id>/desk/", view(desk.screen), name="articles_page_desk"),
            path("<path:object_id>/desk/state/", view(desk.current), name="articles_page_desk_state"),
            path("<path:object_id>/desk/ask/", view(desk.asking), name="articles_page_desk_ask"),
            path("<path:object_id>/desk/past/", view(desk.past), name="articles_page_desk_past"),
            path("<path:object_id>/desk/decline/", view(desk.declining), name="articles_page_desk_decline"),
            path("<path:object_id>/desk/corrected/", view(desk.corrected), name="articles_page_desk_corrected"),
            path("<path:object_id>/desk/next/", view(desk.following), name="articles_page_desk_next"),
            path("<path:object_id>/desk/presence/", view(desk.present), name="articles_page_desk_presence"),
            path("<path:object_id>/desk/save/", view(desk.saving), name="articles_page_desk_save"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The page screen, with the way to the desk."""
        response = super().change_view(request, object_id, form_url, extra_context)
        if isinstance(response, TemplateResponse) and desk.may_use(request):
            response.template_name = "admin/ingest/desk/page.html"
        return response


@admin.register(Source)
class SourceAdmin(ReadOnlyAdmin[Source]):
    empty_note = "导入的文本原样存在这里。"
    list_display = ("name", "encoding", "where", "received_at")
    list_filter = ("encoding",)
    list_select_related = ("page__issue__newspaper",)
    ordering = ("-pk",)
    sortable_by = ()
    search_fields = ("name__startswith", "=sha256")
    search_help_text = "文件名的开头，或完整的 SHA-256。"
    fields = ("name", "encoding", "sha256", "where", "received_at", "read_with", "text")
    readonly_fields = ("where",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        return super().get_queryset(request).defer("raw", "text").select_related("page__issue__newspaper")

    def get_fields(self, request: HttpRequest, obj: Source | None = None) -> tuple[str, ...]:
        """The text holds the numbers of the page's notices in clear."""
        sees = obj is not None and sees_source(request, obj.page)
        return tuple(name for name in self.fields or () if sees or name != "text")

    @admin.display(description="版")
    def where(self, source: Source) -> SafeString:
        href = reverse("admin:articles_page_change", args=[source.page_id])
        return format_html('<a href="{}">{}</a>', href, source.page)


class FailedFilter(admin.SimpleListFilter):
    title = "结果"
    parameter_name = "result"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [("trouble", "有失败或冲突"), ("open", "没有做完")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "trouble":
            return queryset.filter(Q(failed__gt=0) | Q(clashed__gt=0))
        if self.value() == "open":
            return queryset.filter(finished_at__isnull=True)
        return queryset.none() if self.value() else queryset


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnlyAdmin[ImportRun]):
    empty_note = "每次导入的经过列在这里。"
    list_display = ("number", "started_at", "finished_at", "who", "created", "updated", "clashed_files", "failed_files")
    list_filter = (FailedFilter,)
    list_select_related = ("by",)
    ordering = ("-pk",)
    sortable_by = ()
    fields = ("started_at", "finished_at", "who", "options", "results")
    readonly_fields = ("who", "results")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportRun]:
        def of(kind: OutcomeKind) -> Coalesce:
            return count_of(ImportOutcome.objects.filter(kind=kind), "run")

        return (
            super()
            .get_queryset(request)
            .select_related("by")
            .annotate(
                made=of(OutcomeKind.CREATED),
                changed=of(OutcomeKind.UPDATED),
                clashed=of(OutcomeKind.CLASH),
                failed=of(OutcomeKind.FAILED),
            )
        )

    @admin.display(description="批次")
    def number(self, run: ImportRun) -> str:
        return str(run)

    @admin.display(description="谁")
    def who(self, run: ImportRun) -> str:
        return display_name(run.by)

    @admin.display(description="新建")
    def created(self, run: ImportRun) -> int:
        return int(run.made)  # type: ignore[attr-defined]

    @admin.display(description="更新")
    def updated(self, run: ImportRun) -> int:
        return int(run.changed)  # type: ignore[attr-defined]

    @admin.display(description="冲突")
    def clashed_files(self, run: ImportRun) -> SafeString:
        return self._link(run, OutcomeKind.CLASH, run.clashed)  # type: ignore[attr-defined]

    @admin.display(description="失败")
    def failed_files(self, run: ImportRun) -> SafeString:
        return self._link(run, OutcomeKind.FAILED, run.failed)  # type: ignore[attr-defined]

    @admin.display(description="各文件")
    def results(self, run: ImportRun) -> SafeString:
        href = f"{reverse('admin:ingest_importoutcome_changelist')}?run__id__exact={run.pk}"
        return format_html('<a href="{}">看各文件的结果</a>', href)

    @staticmethod
    def _link(run: ImportRun, kind: OutcomeKind, count: int) -> SafeString:
        if not count:
            return format_html("{}", 0)
        address = reverse("admin:ingest_importoutcome_changelist")
        return format_html('<a href="{}?run__id__exact={}&amp;kind__exact={}">{}</a>', address, run.pk, kind, count)


@admin.register(ImportOutcome)
class ImportOutcomeAdmin(ReadOnlyAdmin[ImportOutcome]):
    empty_note = "导入时每个文件的结果列在这里。"
    list_display = ("name", "kind", "reason", "run", "received")
    list_filter = ("kind",)
    list_select_related = ("run", "source")
    ordering = ("-pk",)
    sortable_by = ()
    search_fields = ("name__startswith",)
    search_help_text = "文件名的开头。"
    fields = ("run", "name", "kind", "reason", "sha256", "received")
    readonly_fields = ("received",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportOutcome]:
        queryset = super().get_queryset(request).select_related("run", "source")
        return queryset.defer("source__raw", "source__text")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return lookup == "run__id__exact" or super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]

    @admin.display(description="来源")
    def received(self, outcome: ImportOutcome) -> SafeString | str:
        if outcome.source is None:
            return ""
        href = reverse("admin:ingest_source_change", args=[outcome.source.pk])
        return format_html('<a href="{}">{}</a>', href, outcome.source.name)


class ProtectedNameResource(SafeImportResource):
    name = Field(attribute="name", column_name="名称")
    note = Field(attribute="note", column_name="说明")
    is_active = CheckedField(attribute="is_active", column_name="有效", widget=YesNo())

    class Meta:
        model = ProtectedName
        fields = ("name", "note", "is_active")
        import_id_fields = ("name",)
        skip_unchanged = True
        clean_model_instances = True


@admin.register(ProtectedName)
class ProtectedNameAdmin(SafeImportMixin, SafeExportMixin, GuardedAdmin[ProtectedName]):
    """Names that find-and-replace leaves alone."""

    import_export_change_list_template = "admin/articles/sheet_list.html"
    import_help = "按“名称”对应：已有的更新“说明”和“有效”，没有的新建。“有效”写“是”或“否”。"
    resource_classes = (ProtectedNameResource,)
    empty_note = "登记人名、地名、机构名，查找替换就碰不到其中的字。"
    list_display = ("name", "note", "is_active")
    list_filter = ("is_active",)
    ordering = ("name",)
    sortable_by = ()
    search_fields = ("name__startswith",)
    search_help_text = "名称的开头。"
    fields = ("name", "note", "is_active")
