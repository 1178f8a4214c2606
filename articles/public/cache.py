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
from datetime import datetime, timedelta
from functools import cache as once
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

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

LOOKED: Final = "articles.looked"
"""Where in the WSGI environment a look is left, so that it is not made twice."""

_PASSED_BY: Final = ("/admin/", "/static/", "/healthz", "/readyz")


class Kept(NamedTuple):
    """A page as it is sent to who takes it packed: body, headers, and the time at which it may change by itself."""

    body: bytes
    headers: tuple[tuple[str, str], ...]
    until: float


class Look(NamedTuple):
    """What was found for a request: where its page is kept, under which mark, when that was, and the page if any."""

    key: str
    mark: Mark
    at: datetime
    kept: Kept | None

    @property
    def changed(self) -> int | None:
        """The date for `Last-Modified`. Not at once: another mark may come in its second, or be seen first by a machine
        whose clock is a little behind."""
        since = self.mark.since
        return int(since.timestamp()) if self.at - since >= timedelta(seconds=2) else None


def is_on() -> bool:
    return not isinstance(caches["pages"], DummyCache)


def look(meta: dict[str, Any]) -> Look | None:
    """None where nothing is kept for such a request, or the database is in trouble: the views will say what it is."""
    if (
        meta["REQUEST_METHOD"] not in ("GET", "HEAD")
        or meta.get("QUERY_STRING")  # there is no end of those; few ask for the same twice
        or meta["PATH_INFO"].startswith(_PASSED_BY)
    ):
        return None
    now = timezone.now()
    try:
        mark = _mark(now)
    except DatabaseTrouble:
        return None
    key = _key(meta, mark.token)
    kept = _get(key)
    return Look(key, mark, now, kept if kept is not None and now.timestamp() < kept.until else None)


def prompt(meta: dict[str, Any]) -> tuple[list[tuple[str, str]], bytes] | None:
    """Headers and body for who asks for a kept page, takes it packed and sets no conditions. None for all others; what
    was seen on the way is left for the middleware."""
    found = look(meta)
    if found is None:
        return None
    if (
        found.kept is None
        or "gzip" not in meta.get("HTTP_ACCEPT_ENCODING", "")
        or "HTTP_IF_NONE_MATCH" in meta
        or "HTTP_IF_MODIFIED_SINCE" in meta
    ):
        meta[LOOKED] = found
        return None
    headers = [*found.kept.headers]
    if (changed := found.changed) is not None:
        headers.append(("Last-Modified", _date(changed)))
    return headers, b"" if meta["REQUEST_METHOD"] == "HEAD" else found.kept.body


class PublicPageCacheMiddleware:
    """Outside of all that adds headers: what is kept has them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not is_on():
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.META.setdefault("wsgi.url_scheme", request.scheme)  # an ASGI server says it elsewhere
        found = request.META.pop(LOOKED, None) or look(request.META)
        if found is None:
            return self.get_response(request)
        return _answer(request, found, found.kept) if found.kept is not None else self._made(request, found)

    def _made(self, request: HttpRequest, found: Look) -> HttpResponse:
        # The whole page is wanted, to keep: the client hears afterwards that it has it already.
        conditions = {name: request.META.pop(name, None) for name in ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")}
        response = self.get_response(request)
        request.META.update({name: value for name, value in conditions.items() if value is not None})
        if not _may_be_kept(response):
            return response
        packed = gzip.compress(response.content, 6, mtime=0)
        patch_vary_headers(response, ["Accept-Encoding"])
        # Packed and plain are two byte sequences of one page.
        if (etag := response.get("ETag")) and not etag.startswith("W/"):
            response["ETag"] = f"W/{etag}"
        response["Content-Encoding"], response["Content-Length"] = "gzip", str(len(packed))
        kept = Kept(packed, tuple(response.items()), found.mark.until.timestamp())
        if request.method == "GET" and len(packed) <= LARGEST:
            _set(found.key, kept, seconds=min(LONGEST, kept.until - found.at.timestamp()))
        return _answer(request, found, kept)


def _answer(request: HttpRequest, found: Look, kept: Kept) -> HttpResponse:
    headers = dict(kept.headers)
    body = kept.body
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        body = gzip.decompress(body)
        del headers["Content-Encoding"]
        headers["Content-Length"] = str(len(body))
    response = HttpResponse(body, headers=headers)
    if (changed := found.changed) is not None:
        response["Last-Modified"] = _date(changed)
    answer = get_conditional_response(request, etag=headers.get("ETag"), last_modified=changed, response=response)
    return cast(HttpResponse, answer)


_date = lru_cache(maxsize=4)(http_date)


def _may_be_kept(response: HttpResponse) -> bool:
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "public" in response.get("Cache-Control", "")
        and not response.has_header("Content-Encoding")
        and response.get("Vary", "Accept-Encoding") == "Accept-Encoding"
    )


def _key(meta: dict[str, Any], mark: str) -> str:
    """Addresses in a page are absolute: host and scheme belong to it."""
    trusted = settings.SECURE_PROXY_SSL_HEADER
    said = (
        _build(),
        mark,
        meta["wsgi.url_scheme"],
        meta.get(trusted[0], "") if trusted else "",
        meta.get("HTTP_HOST", ""),
        meta.get("SCRIPT_NAME", ""),
        meta["PATH_INFO"],
    )
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
