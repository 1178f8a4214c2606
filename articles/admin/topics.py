"""Topic and Contributor in the admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles import history
from articles.actions.editing import save_contributor, save_topic
from articles.admin.base import GuardedAdmin, demand, person
from articles.admin.exports import (
    ContributorResource,
    SafeExportMixin,
    SafeImportMixin,
    SiteWordResource,
    TopicResource,
)
from articles.admin.records import history_page
from articles.models import Contributor, SiteWord, Snapshot, Topic


class TopicForm(forms.ModelForm):  # type: ignore[type-arg]
    words = forms.CharField(
        label="线索词",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="用空格或换行隔开。稿件里出现这些词时推荐本专题；推荐要编辑确认，读者才看得到。",
    )

    class Meta:
        model = Topic
        fields = ("name", "slug", "description", "words", "state")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["words"] = " ".join(self.instance.words)

    def clean_words(self) -> list[str]:
        return list(dict.fromkeys(str(self.cleaned_data["words"]).split()))


@admin.register(Topic)
class TopicAdmin(SafeImportMixin, SafeExportMixin, GuardedAdmin[Topic]):
    empty_note = "先增加专题，再在稿件页上选；引擎也会推荐。"
    form = TopicForm
    import_export_change_list_template = "admin/articles/topic_list.html"
    list_display = ("name", "state", "slug", "article_list")
    list_filter = ("state",)
    ordering = ("name",)
    sortable_by = ()
    search_fields = ("name",)
    resource_classes = (TopicResource,)
    import_help = "按“名称”对应：已有的更新，没有的新建；“状态”不导入。"

    def get_readonly_fields(self, request: HttpRequest, obj: Topic | None = None) -> tuple[str, ...]:
        is_public = obj is not None and Snapshot.objects.filter(topics=obj).exists()
        return ("slug", "slug_is_fixed") if is_public else ()

    def get_fields(self, request: HttpRequest, obj: Topic | None = None) -> Any:
        """Beside what cannot be changed stands why."""
        fields = [*TopicForm.Meta.fields]
        if "slug_is_fixed" in self.get_readonly_fields(request, obj):
            fields.insert(fields.index("slug") + 1, "slug_is_fixed")
        return fields

    @admin.display(description="为何不能改")
    def slug_is_fixed(self, topic: Topic) -> str:
        return "已有读者用这个网址，网址代号不能再改。"

    def save_model(self, request: HttpRequest, obj: Topic, form: forms.ModelForm[Topic], change: bool) -> None:
        saved = save_topic(topic=obj, values=form.cleaned_data, actor=person(request))
        obj.pk = saved.pk

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        demand(self.has_view_permission(request))
        topic = self.get_object(request, object_id)
        if topic is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[no-any-return]
        return history_page(self, request, topic, history.of(topic))

    @admin.display(description="稿件")
    def article_list(self, topic: Topic) -> SafeString:
        href = f"{reverse('admin:articles_article_changelist')}?topics__id__exact={topic.pk}"
        return format_html('<a href="{}">看稿件</a>', href)


@admin.register(Contributor)
class ContributorAdmin(SafeImportMixin, SafeExportMixin, GuardedAdmin[Contributor]):
    import_export_change_list_template = "admin/articles/sheet_list.html"
    import_help = "按“姓名、区别”对应：没有的新建，已有的不变。"
    resource_classes = (ContributorResource,)
    list_display = ("name", "note")
    ordering = ("name", "pk")
    sortable_by = ()
    search_fields = ("name",)
    fields = ("name", "note")

    def save_model(
        self, request: HttpRequest, obj: Contributor, form: forms.ModelForm[Contributor], change: bool
    ) -> None:
        obj.pk = save_contributor(contributor=obj, values=form.cleaned_data, actor=person(request)).pk

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        demand(self.has_view_permission(request))
        contributor = self.get_object(request, object_id)
        if contributor is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[no-any-return]
        return history_page(self, request, contributor, history.of(contributor))


@admin.register(SiteWord)
class SiteWordAdmin(SafeImportMixin, SafeExportMixin, GuardedAdmin[SiteWord]):
    import_export_change_list_template = "admin/articles/sheet_list.html"
    import_help = "按“词”对应：已有的更新“使用”，没有的新建。“使用”写“是”或“否”。"
    resource_classes = (SiteWordResource,)
    list_display = ("word", "is_used")
    list_filter = ("is_used",)
    ordering = ("word",)
    sortable_by = ()
    search_fields = ("word",)
    fields = ("word", "is_used")
