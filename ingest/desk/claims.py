"""Taking a page on, giving it back, and taking it over: always said, never silent, and never a lock."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from articles.actions.locks import locked_page
from articles.models import Page
from articles.people import display_name
from ingest.desk.layout import Refusal
from ingest.models import DeskClaim


@transaction.atomic
def claim(*, page: Page, user: User, takes_over: bool = False) -> DeskClaim:
    """The page is this person's from now on. Another's only with `takes_over`; that it was is remembered."""
    locked_page(page.pk)  # two who claim at once: the second is told of the first
    former = DeskClaim.objects.select_related("user").filter(page=page).first()
    if former is not None and former.user_id == user.pk:
        return former
    if former is not None and not takes_over:
        raise Refusal(f"{display_name(former.user)}已经认领了这一版。要接手，请明说。")
    values = {"user": user, "at": timezone.now(), "taken_from": former.user if former else None}
    return DeskClaim.objects.update_or_create(page=page, defaults=values)[0]


@transaction.atomic
def release(*, page: Page, user: User) -> bool:
    """Give one's own page back. False if it is somebody else's, or nobody's."""
    locked_page(page.pk)
    return DeskClaim.objects.filter(page=page, user=user).delete()[0] > 0


def claim_of(page: Page) -> DeskClaim | None:
    return DeskClaim.objects.select_related("user", "taken_from").filter(page=page).first()


def claims_on(pages: Collection[int]) -> dict[int, DeskClaim]:
    return {row.page_id: row for row in DeskClaim.objects.filter(page__in=pages).select_related("user")}
