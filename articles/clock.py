"""What time it is for reading: now, unless something is read as of another instant."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_said: ContextVar[datetime | None] = ContextVar("_said", default=None)


def now() -> datetime:
    return _said.get() or timezone.now()


@contextmanager
def as_of(at: datetime) -> Iterator[None]:
    """Inside, it is that instant."""
    token = _said.set(at)
    try:
        yield
    finally:
        _said.reset(token)
