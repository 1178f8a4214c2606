"""Old addresses: what would be 404 is looked up once, and leads by one redirect to where the thing stands today."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from articles.models import OldAddress, Snapshot, Withdrawal
from articles.models.addresses import PATH_LIMIT

_KEPT = "public, max-age=3600"
"""A redirect that proves wrong must not stay in browsers for ever."""


class OldAddressMiddleware:
    """Asks only when there is nothing at the address: pages that exist cost no query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 404 or request.method not in ("GET", "HEAD"):
            return response
        if request.path.startswith(reverse("admin:index")):
            return response
        address = new_address(request.path, request.META.get("QUERY_STRING", ""))
        if address is None:
            return response
        moved = HttpResponsePermanentRedirect(address)
        moved["Cache-Control"] = _KEPT
        return moved


def new_address(path: str, query: str) -> str | None:
    """Where that leads today; None where it leads nowhere readers may go. With the query as it was asked for, else
    without any."""
    wanted = [each for each in ((f"{path}?{query}" if query else path), unquote(path)) if "\x00" not in each]
    wanted = [each for each in wanted if len(each) <= PATH_LIMIT]
    rows = OldAddress.objects.filter(path__in=wanted).select_related("page__issue__newspaper", "issue__newspaper")
    found = sorted(rows, key=lambda old: wanted.index(old.path))
    return next((address for old in found if (address := _address(old)) is not None and address != path), None)


def _address(old: OldAddress) -> str | None:
    """The public address of what it leads to, if readers have anything there: nothing tells a draft from nothing."""
    live = Snapshot.objects.live()
    for name, pk in (("article", old.article_id), ("notice", old.notice_id)):
        if pk is not None:
            was_there = (
                live.filter(**{name: pk}).exists() or Withdrawal.objects.in_force().filter(**{name: pk}).exists()
            )
            return reverse(name, args=[pk]) if was_there else None
    if old.newspaper is not None:
        seen = live.filter(newspaper=old.newspaper).exists()
        return reverse("newspaper", args=[old.newspaper.slug]) if seen else None
    issue = old.issue or (old.page.issue if old.page else None)
    if issue is None or issue.newspaper is None or issue.date is None:
        return None
    there = live.filter(issue=issue, newspaper=issue.newspaper, date=issue.date)
    if old.page is None:
        return reverse("issue", args=[issue.newspaper.slug, issue.date]) if there.exists() else None
    number = old.page.number
    if number is None or not there.filter(page_number=number).exists():
        return None
    return reverse("page", args=[issue.newspaper.slug, issue.date, number])
