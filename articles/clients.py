"""Whom a request comes from, as far as limits need to know, and how often one address may ask."""

from __future__ import annotations

import ipaddress
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.dummy import DummyCache
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

log = logging.getLogger(__name__)


def address_of(request: HttpRequest) -> str:
    """The client's IP address, "" where there is none to be known (a socket).

    Each proxy writes down at the end of `X-Forwarded-For` who asked it; what stands before the entries of our own
    proxies was written by the client, who may write anything. Without `PROXY_COUNT` the header is not looked at.
    """
    peer = str(request.META.get("REMOTE_ADDR", ""))
    if settings.PROXY_COUNT:
        passed = [part.strip() for part in str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")]
        # Fewer entries than proxies: it came past some of them.
        peer = passed[-settings.PROXY_COUNT] if len(passed) >= settings.PROXY_COUNT else peer
    try:
        found = ipaddress.ip_address(peer)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        found = found.ipv4_mapped or found
    return str(found)


def said_in_log(username: str, address: str, *more: object) -> str:
    """How a failed login is told in the log: from where, for a firewall to act on; not who, for people type their
    passwords into the wrong field."""
    return address or "an unknown address"


def household_of(address: str) -> str:
    """What counts as one client: an IPv4 address; the /64 of an IPv6 address, which one household has whole."""
    if ":" not in address:
        return address
    return str(ipaddress.ip_network((address, 64), strict=False))


@dataclass(frozen=True, slots=True)
class Limit:
    """So many requests of one client in so many seconds, counted from fixed points of time.

    Counts stand in the cache `limits`: shared by all processes where `CACHE_URL` is Redis, else each process counts
    its own. Where the cache is gone everybody may ask: a limit must not take the site down. Addresses are not kept,
    only a keyed digest of each, for the seconds of the limit.
    """

    name: str
    most: int
    seconds: int
    method: str = ""
    """Only requests of this method count; all if empty."""

    def wait(self, request: HttpRequest) -> int:
        """Counts the request; the seconds until the client may ask again, 0 if it may now."""
        if self.method and request.method != self.method:
            return 0
        if isinstance(caches["limits"], DummyCache):  # told to count nothing
            return 0
        now = time.time()
        window, passed = divmod(now, self.seconds)
        client = salted_hmac("articles.clients", household_of(address_of(request))).hexdigest()[:24]
        key = f"{self.name}:{client}:{int(window)}"
        try:
            caches["limits"].add(key, 0, timeout=self.seconds)
            count = caches["limits"].incr(key)
        except Exception as problem:  # noqa: BLE001 - each cache has its own; none is a reason not to answer
            log.warning("the cache of limits does not answer: %s", type(problem).__name__)
            return 0
        return 0 if count <= self.most else max(1, round(self.seconds - passed))

    def __call__(self, view: View[P]) -> View[P]:
        """The view behind the limit: 429 with the time to wait when it is passed."""

        @wraps(view)
        def limited(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if seconds := self.wait(request):
                from articles.public.errors import too_many

                return too_many(request, seconds)
            return view(request, *args, **kwargs)

        return limited


# A person who looks up a stack of certificates stays far below; somebody who tries numbers one after the other does
# not get far.
LOOKUP = Limit("lookup", most=30, seconds=300, method="POST")
# A fast typist's browser asks some five times a second at the very most, and not for minutes.
COMPLETING = Limit("completing", most=240, seconds=60)
SEARCHING = Limit("searching", most=120, seconds=60)
# One office behind one address logs in at nine.
LOGGING_IN = Limit("login", most=100, seconds=600, method="POST")
