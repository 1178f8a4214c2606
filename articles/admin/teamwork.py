"""Assignments and comments in the admin: their lists, the acts on them, and the panel beside an item or a page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles.actions import teamwork
from articles.admin.base import ReadOnlyAdmin, demand, person, whole_number
from articles.content import pieces_of
from articles.errors import ActionRefused
from articles.masking import mask
from articles.models import AnyItem, Article, Assignment, Comment, Notice, Page
from articles.models.teamwork import COMMENT_LIMIT, NOTE_LIMIT
from articles.people import colleagues, display_name

LISTED = 200
"""Remarks shown beside an item; older ones are in the list."""


class AssignForm(forms.Form):
    assignee = forms.IntegerField(error_messages={"required": "请选交给谁。", "invalid": "请选交给谁。"})
    note = forms.CharField(
        required=False, max_length=NOTE_LIMIT, error_messages={"max_length": f"要做什么不超过 {NOTE_LIMIT} 字。"}
    )
    due_on = forms.DateField(required=False, error_messages={"invalid": "期限请写成 2026-01-31。"})


def subject_of(key: str) -> AnyItem | Page | None:
    """The item or page a form names: ``article:5``."""
    kind, _, number = key.partition(":")
    models: dict[str, type[Article] | type[Notice] | type[Page]] = {"article": Article, "notice": Notice, "page": Page}
    pk = whole_number(number)
    if kind not in models or pk is None:
        return None
    found: AnyItem | Page | None = models[kind]._default_manager.filter(pk=pk).first()
    return found


def key_of(subject: AnyItem | Page) -> str:
    return f"{subject._meta.model_name}:{subject.pk}"


def address_of(subject: AnyItem | Page) -> str:
    return reverse(f"admin:articles_{subject._meta.model_name}_change", args=[subject.pk])


def panel(user: User, subject: AnyItem | Page) -> dict[str, Any]:
    """What the panel beside an item or a page shows. Two queries, a third for those who may assign."""
    name = str(subject._meta.model_name)
    about = Q(**{name: subject.pk})
    if isinstance(subject, Page):
        about &= Q(article=None, notice=None)
    may_comment, may_assign = user.has_perm("articles.add_comment"), user.has_perm("articles.add_assignment")
    numbers: dict[str, int] = {}
    if not isinstance(subject, Page):
        numbers = {piece["id"]: number for number, piece in enumerate(pieces_of(subject.content), 1)}
    comments = list(Comment.objects.filter(about).select_related("author", "resolved_by").order_by("-pk")[:LISTED])
    assignments = Assignment.objects.filter(about, closed_at=None).select_related("assignee", "by").order_by("pk")
    return {
        "subject": subject,
        "key": key_of(subject),
        "is_page": isinstance(subject, Page),
        "comments": [
            {
                "row": each,
                "text": mask(each.text),
                "quote": mask(each.quote),
                "number": numbers.get(each.piece),
            }
            for each in reversed(comments)
        ],
        "open": sum(1 for each in comments if each.resolved_at is None),
        "assignments": [
            {
                "row": each,
                "may_close": may_assign or user.pk in (each.assignee_id, each.by_id),
                "is_late": each.due_on is not None and each.due_on < timezone.localdate(),
            }
            for each in assignments[:LISTED]
        ],
        "pieces": list(numbers.items()) if may_comment else [],
        "people": [(each.pk, display_name(each)) for each in colleagues()] if may_assign else [],
        "may_comment": may_comment,
        "may_assign": may_assign,
        "limit": COMMENT_LIMIT,
    }


class MineFilter(admin.SimpleListFilter):
    title = "与我"
    parameter_name = "mine"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [("given", "交给我的"), ("returned", "退回给我的"), ("by", "我交出去的")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() in ("given", "returned"):
            return queryset.filter(assignee=person(request), kind=self.value(), closed_at=None)
        if self.value() == "by":
            return queryset.filter(by=person(request), closed_at=None)
        return queryset.none() if self.value() else queryset


class OpenFilter(admin.SimpleListFilter):
    title = "了结"
    parameter_name = "open"
    column = "closed_at"
    words = ("还没有了结", "已了结")

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [("yes", self.words[0]), ("no", self.words[1])]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() in ("yes", "no"):
            return queryset.filter(**{f"{self.column}__isnull": self.value() == "yes"})
        return queryset.none() if self.value() else queryset


class ResolvedFilter(OpenFilter):
    title = "解决"
    column = "resolved_at"
    words = ("还没有解决", "已解决")


class MentionedFilter(admin.SimpleListFilter):
    title = "与我"
    parameter_name = "mine"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [("mentioned", "提到我、我还没看的"), ("written", "我写的")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "mentioned":
            return queryset.filter(mentions__user=person(request), mentions__seen_at=None)
        if self.value() == "written":
            return queryset.filter(author=person(request))
        return queryset.none() if self.value() else queryset


def _where(row: Assignment | Comment, anchor: str = "#teamwork") -> SafeString:
    subject = row.subject
    words = f"{row.page}　{subject.title}" if isinstance(subject, Article | Notice) else str(row.page)
    return format_html('<a href="{}{}">{}</a>', address_of(subject), anchor, words)


def _post_only(request: HttpRequest, back: str) -> HttpResponse | None:
    return None if request.method == "POST" else HttpResponseRedirect(back)


@admin.register(Assignment)
class AssignmentAdmin(ReadOnlyAdmin[Assignment]):
    empty_note = "在版、稿件或公告的页面上把活交给谁，就列在这里。"
    list_display = ("where", "kind", "to", "giver", "note", "due", "at", "state")
    list_filter = (MineFilter, OpenFilter, "kind")
    list_select_related = ("page__issue__newspaper", "article", "notice", "assignee", "by", "closed_by")
    ordering = ("-pk",)
    sortable_by = ()
    fields = ("where", "kind", "to", "giver", "note", "due_on", "at", "state")
    readonly_fields = ("where", "to", "giver", "state")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Assignment]:
        return super().get_queryset(request).select_related(*self.list_select_related)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("give/", view(self.give_view), name="articles_assignment_give"),
            path("<path:object_id>/close/", view(self.close_view), name="articles_assignment_close"),
            *super().get_urls(),
        ]

    def give_view(self, request: HttpRequest) -> HttpResponse:
        demand(request.user.has_perm("articles.add_assignment"))
        subject = subject_of(request.POST.get("subject", ""))
        back = reverse("admin:articles_assignment_changelist") if subject is None else address_of(subject)
        if subject is None or request.method != "POST":
            return HttpResponseRedirect(back)
        form = AssignForm(request.POST)
        if not form.is_valid():
            messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
            return HttpResponseRedirect(f"{back}#teamwork")
        data = form.cleaned_data
        assignee = User.objects.filter(pk=data["assignee"]).first()
        try:
            if assignee is None:
                raise ActionRefused("没有这位同事，请重新选。")
            given = {"note": data["note"], "due_on": data["due_on"]}
            teamwork.assign(subject=subject, assignee=assignee, actor=person(request), **given)
        except ActionRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"已交给{display_name(assignee)}。")
        return HttpResponseRedirect(f"{back}#teamwork")

    def close_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        demand(self.has_view_permission(request))
        rows = self.get_queryset(request)
        found = rows.filter(pk=whole_number(object_id) or 0).first()
        back = reverse("admin:articles_assignment_changelist")
        if found is None or request.method != "POST":
            return HttpResponseRedirect(back)
        try:
            teamwork.close_assignment(assignment=found, actor=person(request))
        except ActionRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "这项指派已了结。")
        return HttpResponseRedirect(f"{address_of(found.subject)}#teamwork")

    @admin.display(description="做什么")
    def where(self, assignment: Assignment) -> SafeString:
        return _where(assignment)

    @admin.display(description="交给")
    def to(self, assignment: Assignment) -> str:
        return display_name(assignment.assignee)

    @admin.display(description="谁交的")
    def giver(self, assignment: Assignment) -> str:
        return display_name(assignment.by)

    @admin.display(description="期限")
    def due(self, assignment: Assignment) -> SafeString | str:
        if assignment.due_on is None:
            return ""
        is_late = assignment.closed_at is None and assignment.due_on < timezone.localdate()
        mark = format_html(' <span class="badge badge-todo">{}</span>', "已过") if is_late else ""
        return format_html("{}{}", assignment.due_on.isoformat(), mark)

    @admin.display(description="了结")
    def state(self, assignment: Assignment) -> str:
        return f"已由{display_name(assignment.closed_by)}了结" if assignment.closed_by else "还没有"


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin[Comment]):
    empty_note = "在稿件、公告的页面上写的批注列在这里。"
    list_display = ("said", "where", "writer", "at", "state")
    list_filter = (MentionedFilter, ResolvedFilter)
    list_select_related = ("page__issue__newspaper", "article", "notice", "author", "resolved_by")
    ordering = ("-pk",)
    sortable_by = ()
    actions = ("see_selected",)
    fields = ("where", "said", "quoted", "version", "writer", "at", "state")
    readonly_fields = ("where", "said", "quoted", "writer", "state")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        return super().get_queryset(request).select_related(*self.list_select_related)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("write/", view(self.write_view), name="articles_comment_write"),
            path("<path:object_id>/resolve/", view(self.resolve_view), name="articles_comment_resolve"),
            *super().get_urls(),
        ]

    @admin.action(description="看过了：从“提到我的”里拿掉", permissions=["view"])
    def see_selected(self, request: HttpRequest, queryset: QuerySet[Comment]) -> None:
        picked = list(queryset.values_list("pk", flat=True)[:LISTED])
        seen = teamwork.see_mentions(user=person(request), comments=picked)
        messages.success(request, f"{seen} 条已看过。")

    def write_view(self, request: HttpRequest) -> HttpResponse:
        demand(request.user.has_perm("articles.add_comment"))
        subject = subject_of(request.POST.get("subject", ""))
        back = reverse("admin:articles_comment_changelist") if subject is None else address_of(subject)
        if subject is None or request.method != "POST":
            return HttpResponseRedirect(back)
        text, piece = request.POST.get("text", ""), request.POST.get("piece", "")
        try:
            made = teamwork.comment(subject=subject, author=person(request), text=text, piece=piece)
        except ActionRefused as refusal:
            messages.error(request, str(refusal))
        else:
            named = "、".join(display_name(mention.user) for mention in made.mentions.select_related("user"))
            messages.success(request, f"批注已写下{f'，{named}会在今日工作里看到' if named else ''}。")
        return HttpResponseRedirect(f"{back}#teamwork")

    def resolve_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        demand(request.user.has_perm("articles.add_comment"))
        found = self.get_queryset(request).filter(pk=whole_number(object_id) or 0).first()
        if found is None or request.method != "POST":
            return HttpResponseRedirect(reverse("admin:articles_comment_changelist"))
        teamwork.resolve_comment(comment=found, actor=person(request))
        messages.success(request, "这条批注已解决。")
        return HttpResponseRedirect(f"{address_of(found.subject)}#teamwork")

    @admin.display(description="批注")
    def said(self, comment: Comment) -> str:
        return mask(comment.text)

    @admin.display(description="原文")
    def quoted(self, comment: Comment) -> str:
        return mask(comment.quote)

    @admin.display(description="在哪里")
    def where(self, comment: Comment) -> SafeString:
        return _where(comment)

    @admin.display(description="谁")
    def writer(self, comment: Comment) -> str:
        return display_name(comment.author)

    @admin.display(description="解决")
    def state(self, comment: Comment) -> str:
        return f"已由{display_name(comment.resolved_by)}解决" if comment.resolved_by else "还没有"
