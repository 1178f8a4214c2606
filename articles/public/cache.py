"""Public pages kept packed and ready: what is asked for again is answered before sessions, views and templates.

A page is kept under the mark of what readers may see (`articles.public_version`), read from the database at every
request: a correction or a withdrawal is seen by the very next one, by all processes and machines that share the
database, whatever cache they use. It is kept no longer than until the next scheduled publication, or midnight. Public
pages are rendered without the request, so one copy is right for everybody; what is kept must say so itself
(`Cache-Control: public`).
"""

from __future__ import annotations

import gzip
import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache as once
from pathlib import Path
from typing import Final, cast

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.dummy import DummyCache
from django.core.exceptions import MiddlewareNotUsed
from django.db import Error as DatabaseTrouble
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date

from articles import public_version
from articles.public_version import Mark

log = logging.getLogger(__name__)

LARGEST: Final = 400_000
"""Bytes of a page as sent, packed. Larger ones are made anew each time: they would push many others out."""

LONGEST: Final = 24 * 3600
"""Seconds in the cache at most; the end of the day comes sooner anyway."""

_PASSED_BY: Final = ("/admin/", "/static/")


@dataclass(frozen=True, slots=True)
class Kept:
    """A page as it was sent: packed body, headers, and the instant at which it may have changed by itself."""

    body: bytes
    headers: dict[str, str]
    until: datetime

    def answer(self, request: HttpRequest, since: datetime | None) -> HttpResponse:
        """`since` is when it last may have changed, if that is known."""
        is_packed = "gzip" in request.headers.get("Accept-Encoding", "")
        response = HttpResponse(self.body if is_packed else gzip.decompress(self.body), headers=self.headers)
        if is_packed:
            response["Content-Encoding"] = "gzip"
        response["Content-Length"] = str(len(response.content))
        changed = None
        if since is not None:
            changed = int(since.timestamp())
            response["Last-Modified"] = http_date(changed)
        etag = self.headers.get("ETag")
        answer = get_conditional_response(request, etag=etag, last_modified=changed, response=response)
        return cast(HttpResponse, answer)


class PublicPageCacheMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if isinstance(caches["pages"], DummyCache):
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            request.method not in ("GET", "HEAD")
            or request.META.get("QUERY_STRING")  # there is no end of those; few ask for the same twice
            or request.path_info.startswith(_PASSED_BY)
        ):
            return self.get_response(request)
        now = timezone.now()
        try:
            mark = _mark(now)
        except DatabaseTrouble:
            return self.get_response(request)  # it will say what is wrong
        key = _key(request, mark.token)
        kept = _get(key)
        if kept is not None and now < kept.until:
            return kept.answer(request, _since(mark, now))
        return self._made(request, key, mark, now)

    def _made(self, request: HttpRequest, key: str, mark: Mark, now: datetime) -> HttpResponse:
        # The whole page is wanted, to keep: the client hears afterwards that it has it already.
        conditions = {name: request.META.pop(name, None) for name in ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")}
        response = self.get_response(request)
        request.META.update({name: value for name, value in conditions.items() if value is not None})
        if not _may_be_kept(response):
            return response
        packed = gzip.compress(response.content, 6, mtime=0)
        patch_vary_headers(response, ["Accept-Encoding"])
        headers = {name: value for name, value in response.items() if name != "Content-Length"}
        # Packed and plain are two byte sequences of one page.
        if (etag := headers.get("ETag")) and not etag.startswith("W/"):
            headers["ETag"] = f"W/{etag}"
        kept = Kept(packed, headers, mark.until)
        if request.method == "GET" and len(packed) <= LARGEST:
            _set(key, kept, seconds=min(LONGEST, (kept.until - now).total_seconds()))
        return kept.answer(request, _since(mark, now))


def _may_be_kept(response: HttpResponse) -> bool:
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "public" in response.get("Cache-Control", "")
        and not response.has_header("Content-Encoding")
        and response.get("Vary", "Accept-Encoding") == "Accept-Encoding"
    )


def _key(request: HttpRequest, mark: str) -> str:
    """Addresses in a page are absolute: host and scheme belong to it."""
    said = [_build(), mark, request.scheme or "", request.META.get("HTTP_HOST", ""), request.path]
    return hashlib.sha256("\n".join(said).encode("utf-8", "surrogatepass")).hexdigest()


@once
def _build() -> str:
    """A fingerprint of what pages are made with: a new version of the program shares no page with an old one."""
    templates = cast(list[Path], settings.TEMPLATES[0]["DIRS"])
    folders = [Path(__file__).parents[1], *templates]
    digest = hashlib.sha256(f"{settings.SITE_NAME}\n{settings.NOTICE_INDEX_YEARS}".encode())
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".py", ".html", ".xml", ".txt", ".css", ".js", ".svg"}:
                digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


_known: Mark | None = None


def _mark(now: datetime) -> Mark:
    """As it stands; remembered, so that the next request need only compare it. Threads may overwrite each other's."""
    global _known
    _known = found = public_version.mark(now, _known)
    return found


def _since(mark: Mark, now: datetime) -> datetime | None:
    """The date for `Last-Modified`. Not at once: another mark may come in its second, or be seen first by a machine
    whose clock is a little behind."""
    return mark.since if now - mark.since >= timedelta(seconds=2) else None


def _get(key: str) -> Kept | None:
    """What is kept; nothing when the cache is gone, and the page is made anew."""
    try:
        found = caches["pages"].get(key)
    except Exception as problem:  # noqa: BLE001 - each cache has its own; none is a reason not to answer
        log.warning("the cache of pages does not answer: %s", type(problem).__name__)
        return None
    return found if isinstance(found, Kept) else None


def _set(key: str, kept: Kept, *, seconds: float) -> None:
    try:
        caches["pages"].set(key, kept, timeout=seconds)
    except Exception as problem:  # noqa: BLE001
        log.warning("the cache of pages takes nothing: %s", type(problem).__name__)
