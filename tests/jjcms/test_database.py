"""The connection is set up as the settings say."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

pytestmark = pytest.mark.django_db


def value(pragma):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}")
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("pragma", "expected"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 1),
        ("foreign_keys", 1),
        ("recursive_triggers", 1),
        ("cache_size", -64000),
        ("temp_store", 2),
        ("busy_timeout", 20_000),
    ],
)
def test_pragmas_of_sqlite(pragma, expected):
    if connection.vendor != "sqlite":
        pytest.skip("not SQLite")
    assert value(pragma) == expected


def test_transactions_begin_as_writers_on_sqlite():
    """Two that both read first and write later would otherwise lock each other out at once."""
    if connection.vendor != "sqlite":
        pytest.skip("not SQLite")
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_times_are_kept_in_utc_and_text_in_full():
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT %s", ["𠮷野家，龘㐂🎉"])
        assert cursor.fetchone()[0] == "𠮷野家，龘㐂🎉"
