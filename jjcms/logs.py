"""What is logged and how: a line for people, or JSON for machines (`LOG_FORMAT=json`), each with the request's number.

Logs are read by more people than the archive's numbers are meant for: whatever looks like a personal number is masked
in messages and tracebacks, and addresses are logged without what was asked for (`?q=…`).
"""

from __future__ import annotations

import json
import logging
import random
import re
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse

from articles.masking import mask

_number: ContextVar[str] = ContextVar("request_id", default="")

_QUERY = re.compile(r"(?<=[^\s?]\?)[\w.~%+\-\[\]]+=[^\s\"'<>]*")


HEADER: Final = "X-Request-ID"


def new_number() -> str:
    """A number for a request. It stays until the thread's next one: Django tells of a 404 when the middlewares have
    done."""
    _number.set(number := f"{random.getrandbits(64):016x}")
    return number


class RequestIdMiddleware:
    """Gives each request a number, which the answer carries and every line logged on the way: what a reader reports is
    found in the log."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = new_number()
        response = self.get_response(request)
        response[HEADER] = number
        return response


def _is_refusal(record: logging.LogRecord) -> bool:
    """A request that was refused as it should be: its traceback says nothing but that."""
    status = getattr(record, "status_code", 500)
    return isinstance(status, int) and status < 500


def _clean(text: str) -> str:
    return mask(_QUERY.sub("…", text))


class Line(logging.Formatter):
    """`2026-11-22 12:00:00,000 WARNING django.request 5f… Not Found: /x`."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name} {number}{message}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        record.number = f"{number} " if (number := _number.get()) else ""
        return _clean(super().format(record))


class Json(logging.Formatter):
    """One object a line: `at`, `level`, `logger`, `message`, and where there are such `request`, `status`, `trace`."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _clean(record.getMessage()),
        }
        if number := _number.get():
            told["request"] = number
        if isinstance(status := getattr(record, "status_code", None), int):
            told["status"] = status
        if record.exc_info:
            told["trace"] = _clean(self.formatException(record.exc_info))
        return json.dumps(told, ensure_ascii=False)


class WithoutTracesOfRefusals(logging.Filter):
    """A 403 is no accident: it is told in one line."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith(("django.request", "django.security")) and _is_refusal(record):
            record.exc_info = record.exc_text = None
        return True


_FORMATS = {"text": Line, "json": Json}


def config(form: str) -> dict[str, Any]:
    """For `logging.config`, Django's setting LOGGING."""
    if form not in _FORMATS:
        raise ImproperlyConfigured(f"环境变量 LOG_FORMAT={form!r} 看不懂：请写 text 或 json。")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"told": {"()": _FORMATS[form]}},
        "filters": {"refusals": {"()": WithoutTracesOfRefusals}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "told", "filters": ["refusals"]}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        # Django's own handlers would say everything twice; so would gunicorn's.
        "loggers": {
            "django": {"handlers": [], "level": "WARNING"},
            "gunicorn.error": {"handlers": [], "level": "WARNING", "propagate": True},
        },
    }
