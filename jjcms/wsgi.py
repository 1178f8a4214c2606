"""Entry point for WSGI servers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jjcms.settings")

from django.core.wsgi import get_wsgi_application

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def prompt(application: Application) -> Application:
    """The application with kept pages answered in front of it: Django's request, response and signals cost several
    times what the page does."""
    from articles.public import cache
    from jjcms.logs import HEADER, new_number

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        ready = cache.prompt(environ)
        if ready is None:
            return application(environ, start_response)
        headers, body = ready
        start_response("200 OK", [*headers, (HEADER, new_number())])
        return [body]

    return answer if cache.is_on() else application


application = prompt(get_wsgi_application())
