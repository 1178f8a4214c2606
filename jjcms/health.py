"""Two addresses for those who watch the site: `/healthz` says that the process answers, `/readyz` that it can serve.

They are answered before anything else, whatever host is asked for: a prober knows only an IP address. They say nothing
about the site but yes or no; what is wrong stands in the log.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import Error as DatabaseTrouble
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse

log = logging.getLogger(__name__)


class HealthMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.is_migrated = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/healthz":
            return _said("ok", 200)
        if request.path_info == "/readyz":
            trouble = self._trouble()
            return _said(trouble or "ok", 503 if trouble else 200)
        return self.get_response(request)

    def _trouble(self) -> str:
        """Why the site cannot serve, in a word; empty when it can. Migrations are compared until they are all there."""
        try:
            if not self.is_migrated:
                executor = MigrationExecutor(connection)
                self.is_migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
            else:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT 1")
        except DatabaseTrouble as problem:
            log.warning("not ready: %s", problem)
            return "database"
        return "" if self.is_migrated else "migrations"


def _said(word: str, status: int) -> HttpResponse:
    response = HttpResponse(f"{word}\n", status=status, content_type="text/plain")
    response["Cache-Control"] = "no-store"
    return response
