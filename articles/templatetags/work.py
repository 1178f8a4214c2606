"""The day's work, for the admin's landing page."""

from __future__ import annotations

from typing import Any

from django import template
from django.contrib.auth.models import User
from django.urls import NoReverseMatch, reverse

from articles.admin.work import queues
from articles.people import display_name

register = template.Library()


@register.simple_tag(takes_context=True)
def todays_work(context: Any) -> Any:
    user = context["request"].user
    return queues(user) if isinstance(user, User) else []


PLACES = (
    ("期", "articles_issue", "articles.view_issue"),
    ("版", "articles_page", "articles.view_page"),
    ("稿件", "articles_article", "articles.view_article"),
    ("公告", "articles_notice", "articles.view_notice"),
    ("疑点", "articles_finding", "articles.view_finding"),
    ("专题", "articles_topic", "articles.view_topic"),
    ("见报稿", "articles_snapshot", "articles.view_snapshot"),
    ("入库", "ingest_importrun", "ingest.view_importrun"),
    ("历史", "articles_historyentry", "articles.view_historyentry"),
)


@register.simple_tag(takes_context=True)
def places(context: Any) -> list[tuple[str, str, bool]]:
    """The lists a person may see, in the order of the work; the one they are in is marked."""
    request = context.get("request")
    if request is None or not isinstance(request.user, User) or not request.user.is_staff:
        return []
    found = [("今日工作", reverse("admin:index"), request.path == reverse("admin:index"))]
    for label, name, permission in PLACES:
        if request.user.has_perm(permission):
            try:
                href = reverse(f"admin:{name}_changelist")
            except NoReverseMatch:  # the site may run without what brings pages in
                continue
            found.append((label, href, request.path.startswith(href)))
    return found


@register.filter
def person_name(user: User) -> str:
    return display_name(user)
