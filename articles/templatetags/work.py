"""The day's work, for the admin's landing page."""

from __future__ import annotations

from typing import Any

from django import template
from django.apps import apps
from django.contrib.auth.models import User
from django.db.models import Q
from django.urls import reverse

from articles.admin.teamwork import panel
from articles.admin.work import queues
from articles.models import AnyItem, Article, Jump, JumpState, Page
from articles.people import display_name

register = template.Library()


@register.simple_tag(takes_context=True)
def todays_work(context: Any) -> Any:
    user = context["request"].user
    return queues(user) if isinstance(user, User) else []


# Another app adds lists of its own by `admin_places` on its AppConfig, in the same form.
PLACES = (
    ("期", "articles_issue_changelist", ("articles.view_issue",)),
    ("版", "articles_page_changelist", ("articles.view_page",)),
    ("稿件", "articles_article_changelist", ("articles.view_article",)),
    ("公告", "articles_notice_changelist", ("articles.view_notice",)),
    ("疑点", "articles_finding_changelist", ("articles.view_finding",)),
    ("专题", "articles_topic_changelist", ("articles.view_topic",)),
    ("任职", "articles_office_changelist", ("articles.view_office",)),
    ("见报稿", "articles_snapshot_changelist", ("articles.view_snapshot",)),
    ("历史", "articles_historyentry_changelist", ("articles.view_historyentry",)),
)


@register.simple_tag(takes_context=True)
def places(context: Any) -> list[tuple[str, str, bool]]:
    """The lists a person may see, in the order of the work; the one they are in is marked."""
    request = context.get("request")
    if request is None or not isinstance(request.user, User) or not request.user.is_staff:
        return []
    found = [("今日工作", reverse("admin:index"), request.path == reverse("admin:index"))]
    added = [place for config in apps.get_app_configs() for place in getattr(config, "admin_places", ())]
    for label, name, permissions in (*PLACES[:-1], *added, PLACES[-1]):
        if request.user.has_perms(permissions):
            href = reverse(f"admin:{name}")
            found.append((label, href, request.path.startswith(href)))
    # A list that stands below another's address is the one they are in.
    innermost = max((href for _, href, is_here in found if is_here), key=len, default="")
    return [(label, href, href == innermost) for label, href, _ in found]


@register.simple_tag(takes_context=True)
def teamwork(context: Any, subject: AnyItem | Page) -> dict[str, Any]:
    """Comments and assignments of an item or a page, for ``admin/articles/_teamwork.html``."""
    return panel(context["request"].user, subject)


@register.simple_tag
def jumps_of(article: Article) -> list[tuple[str, Article]]:
    """Where an editor linked the article: 上接 and 下转, with the other half. One query."""
    linked = Jump.objects.filter(Q(origin=article) | Q(target=article), state=JumpState.LINKED)
    rows = linked.select_related("origin__page", "target__page").order_by("pk")
    return [("下转", row.target) if row.origin_id == article.pk else ("上接", row.origin) for row in rows]


@register.filter
def person_name(user: User) -> str:
    return display_name(user)
