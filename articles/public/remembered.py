"""Pages made before from the same rows, in the memory of one process.

A public page says what the database answered, and beside that depends only on its address, the day and the site's
settings. So when the database, asked as ever, answers with the very rows that a page was made from before, that page is
right, and is sent without being laid out anew. Nothing has to be thrown away when something changes: other rows find
no page. See docs/decisions/0103.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import lru_cache, wraps
from threading import Lock
from typing import Any, Final, NamedTuple, TypeVar

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.http import quote_etag

Rows = tuple[Hashable, ...]
"""All that the database said for a page."""


class Body(NamedTuple):
    """What is sent, and its validator."""

    data: bytes
    etag: str

    @classmethod
    def of(cls, text: str) -> Body:
        data = text.encode()
        return cls(data, quote_etag(hashlib.sha256(data).hexdigest()[:32]))


class Remembered:
    """Pages by what they were made from; those not asked for longest go first. Threads share one."""

    def __init__(self) -> None:
        self._lock: Final = Lock()
        self._pages: OrderedDict[Hashable, Body] = OrderedDict()
        self.size = 0
        """Bytes of pages; what they were made from takes about as much again."""

    def page(self, request: HttpRequest, rows: Rows, make: Callable[[], Body]) -> Body:
        """What `make` gives, or gave before for the same address and rows. Neither may depend on anything else that is
        not the same for a whole day, of the query string and the person asking in particular."""
        if not settings.PAGE_MEMORY or request.META.get("QUERY_STRING"):
            return make()
        key = (
            *(request.scheme, request.get_host(), get_script_prefix(), request.path),
            *(settings.SITE_NAME, settings.NOTICE_INDEX_YEARS, timezone.localdate()),
            rows,
        )
        with self._lock:
            found = self._pages.get(key)
            if found is not None:
                self._pages.move_to_end(key)
                return found
        made = make()
        self._keep(key, made, settings.PAGE_MEMORY * 1_000_000)
        return made

    def _keep(self, key: Hashable, page: Body, limit: int) -> None:
        if len(page.data) * 20 > limit:  # would push many others out
            return
        with self._lock:
            if key not in self._pages:  # by another thread meanwhile
                self._pages[key] = page
                self.size += len(page.data)
            while self.size > limit:
                _, oldest = self._pages.popitem(last=False)
                self.size -= len(oldest.data)

    def forget(self) -> None:
        with self._lock:
            self._pages.clear()
            self.size = 0


pages: Final = Remembered()

R = TypeVar("R")


def read_once(read: Callable[[Any], R]) -> Callable[[Any], R]:
    """What rows say, read once: whoever gets it does not change it."""
    remembered = lru_cache(maxsize=256)(read)

    @wraps(read)
    def reading(rows: Any) -> R:
        return remembered(rows) if settings.PAGE_MEMORY else read(rows)

    return reading
