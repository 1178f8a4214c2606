"""Rows made once for all tests in a row that ask for them, in a transaction around that of each test.

`kept` makes a fixture of a function that makes rows and takes nothing. Tests that ask for it stand together
(`in_a_row`); before the first of them the rows are made, each begins with them as they were made, and before the next
other test they are gone. A test with real transactions has them made for itself.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest
from django.db import connection, transaction

_makers: dict[str, Callable[[], Any]] = {}


def kept(make: Callable[[], Any]) -> Any:
    """The fixture, called as the function is; no other may be called so."""
    name = make.__name__
    assert _makers.setdefault(name, make) is make, name

    @pytest.fixture(name=name)
    def of_the_test(db: None) -> Any:
        return copy.deepcopy(_around.made) if _around.name == name else make()

    return of_the_test


def in_a_row(items: list[pytest.Item]) -> None:
    """Put tests that ask for the same rows together, before all others."""
    places = {name: place for place, name in enumerate(sorted(_makers))}
    items.sort(key=lambda item: places.get(_wanted(item), len(places)))


def _wanted(item: pytest.Item) -> str:
    names = getattr(item, "fixturenames", ())
    marker = item.get_closest_marker("django_db")
    if "live_server" in names or "transactional_db" in names or (marker and marker.kwargs.get("transaction")):
        return ""
    return next((name for name in names if name in _makers), "")


class _Around:
    """The transaction around tests, and what was made in it."""

    def __init__(self) -> None:
        self.blocker: Any = None
        """Of pytest-django, once there is a database."""
        self.name = ""
        self.made: Any = None
        self._open = ExitStack()

    def ready_for(self, item: pytest.Item) -> None:
        name = _wanted(item)
        if self.blocker is None or (name == self.name and (not name or self._is_sound())):
            return
        self.end()
        if name:
            with self.blocker.unblock(), ExitStack() as opened:
                opened.enter_context(transaction.atomic())
                opened.callback(transaction.set_rollback, True)
                self.made = _makers[name]()
                self._open, self.name = opened.pop_all(), name

    def _is_sound(self) -> bool:
        """Whether the test before did not close the connection."""
        return connection.in_atomic_block and not connection.closed_in_transaction

    def end(self) -> None:
        if self.name:
            self.name, self.made = "", None
            with self.blocker.unblock():
                self._open.close()


_around = _Around()
ready_for = _around.ready_for


def begin(blocker: Any) -> None:
    """There is a database now."""
    _around.blocker = blocker


def end() -> None:
    _around.end()
