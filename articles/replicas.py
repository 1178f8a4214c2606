"""Public pages read from a copy of the database (`REPLICA_URL`) whenever the copy has all that readers may see.

A copy that PostgreSQL keeps runs behind by moments, or by hours when something is wrong with it. The mark of what is
public (`articles.public_version`) is written in the transaction of every change and so comes with it: while the marks
of both are the same, a page may be made from the copy, and else it is made from the database itself. So the next
request after a publication or withdrawal sees it here too, an editor's own among them. The desk never reads the copy.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DEFAULT_DB_ALIAS
from django.db import Error as DatabaseTrouble
from django.http import HttpRequest, HttpResponse

from articles import public_version

REPLICA: Final = "replica"

_reads_copy: ContextVar[bool] = ContextVar("_reads_copy", default=False)


def reading() -> str:
    """The database to read from, for code that does not go through a queryset."""
    return REPLICA if _reads_copy.get() else DEFAULT_DB_ALIAS


class Router:
    """Reads go where `reading` says, writes never to the copy."""

    def db_for_read(self, model: object, **_: Any) -> str | None:
        return REPLICA if _reads_copy.get() else None

    def db_for_write(self, model: object, **_: Any) -> str | None:
        return DEFAULT_DB_ALIAS if REPLICA in settings.DATABASES else None

    def allow_relation(self, one: object, other: object, **_: Any) -> bool | None:
        return True if REPLICA in settings.DATABASES else None

    def allow_migrate(self, db: str, app_label: str, **_: Any) -> bool | None:
        return False if db == REPLICA else None


class ReplicaMiddleware:
    """Behind the cache of pages: what is kept asks no copy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if REPLICA not in settings.DATABASES:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_public = request.method in ("GET", "HEAD") and not request.path_info.startswith(("/admin/", "/static/"))
        if not is_public or not _is_level():
            return self.get_response(request)
        before = _reads_copy.set(True)
        try:
            return self.get_response(request)
        finally:
            _reads_copy.reset(before)


def _is_level() -> bool:
    """Whether the copy has what the database has. One that is gone has not."""
    try:
        return public_version.token(DEFAULT_DB_ALIAS) == public_version.token(REPLICA)
    except DatabaseTrouble:
        return False
