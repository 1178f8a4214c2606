"""The day's work, for the admin's landing page."""

from __future__ import annotations

from typing import Any

from django import template
from django.contrib.auth.models import User

from articles.admin.work import queues
from articles.people import display_name

register = template.Library()


@register.simple_tag(takes_context=True)
def todays_work(context: Any) -> Any:
    user = context["request"].user
    return queues(user) if isinstance(user, User) else []


@register.filter
def person_name(user: User) -> str:
    return display_name(user)
