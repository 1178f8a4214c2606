"""Who else is on a page. Nobody is locked out by it: two saves never overwrite each other anyway."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.utils import timezone

from articles.models import Page
from articles.people import display_name
from ingest.models import DeskPresence

HERE = datetime.timedelta(seconds=60)
"""Tabs say that they are open every 20 seconds; one that has missed three times is gone."""
TYPING = datetime.timedelta(seconds=30)
IDLE = datetime.timedelta(minutes=10)
KEPT = datetime.timedelta(hours=1)


@dataclass(frozen=True)
class Other:
    name: str
    state: str
    """``typing``, ``here`` or ``idle``."""


def note(*, page: Page, user: User, tab: str, has_acted: bool) -> None:
    """This tab is open now, and something was changed in it or not."""
    now = timezone.now()
    values = {"seen_at": now, **({"acted_at": now} if has_acted else {})}
    DeskPresence.objects.update_or_create(page=page, user=user, tab=tab, defaults=values)
    DeskPresence.objects.filter(page=page, seen_at__lt=now - KEPT).delete()


def leave(*, page: Page, user: User, tab: str) -> None:
    DeskPresence.objects.filter(page=page, user=user, tab=tab).delete()


def others(*, page: Page, user: User, tab: str) -> list[Other]:
    """The other people on the page, and this person's other tabs."""
    now = timezone.now()
    rows = DeskPresence.objects.filter(page=page, seen_at__gte=now - HERE).select_related("user").order_by("pk")
    found: dict[str, Other] = {}
    for row in rows:
        if row.user_id == user.pk and row.tab == tab:
            continue
        name = "你自己的另一个窗口" if row.user_id == user.pk else display_name(row.user)
        acted = row.acted_at
        state = "typing" if acted and acted >= now - TYPING else "here"
        if not acted or acted < now - IDLE:
            state = "idle" if acted else "here"
        if name not in found or state == "typing":
            found[name] = Other(name, state)
    return list(found.values())
