"""Shared fixtures. Factories are plain functions in `tests.factories`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management.commands import flush
from django.db import connections
from django.test import Client

from articles.append_only import AppendOnly, create_statements, drop_statements
from tests import factories, kept
from tests.browsing import browser_page, chromium  # noqa: F401 - fixtures for all tests

_NEEDS_A_DATABASE = {"db", "transactional_db", "django_db_reset_sequences", "django_db_setup", "live_server"}


@pytest.hookimpl(tryfirst=True)  # before tests are chosen by their marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that does not ask for the database says nothing new on a second one."""
    for item in items:
        if item.get_closest_marker("django_db") is None and _NEEDS_A_DATABASE.isdisjoint(
            getattr(item, "fixturenames", ())
        ):
            item.add_marker("once")
    kept.in_a_row(items)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    kept.ready_for(item)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    kept.begin(django_db_blocker)
    yield
    kept.end()


def guarded_tables() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every table that a migration of ours made append-only."""
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(None)
    for (label, _), migration in sorted(loader.disk_migrations.items()):
        if label in {"articles", "ingest"}:
            for operation in migration.operations:
                if isinstance(operation, AppendOnly):
                    yield operation.table, operation.columns


@pytest.fixture(autouse=True, scope="session")
def _flush_may_empty_append_only_tables() -> Iterator[None]:
    """Tests with real transactions end in a flush, which the triggers rightly refuse: lift them for it, and only it."""
    original = flush.Command.handle

    def handle(self: flush.Command, **options: Any) -> None:
        connection = connections[options["database"]]
        tables = list(guarded_tables())
        with connection.cursor() as cursor:
            for table, _ in tables:
                for statement in drop_statements(connection.vendor, table):
                    cursor.execute(statement)
        original(self, **options)
        # The flush takes what migrations wrote as well.
        from articles import roles
        from articles.initial_topics import ensure_topics
        from ingest.setup import ensure_engine_user

        roles.apply(apps)
        ensure_engine_user(apps)
        ensure_topics(apps)
        with connection.cursor() as cursor:
            for table, columns in tables:
                for statement in create_statements(connection.vendor, table, columns):
                    cursor.execute(statement)

    flush.Command.handle = handle  # type: ignore[method-assign]
    yield
    flush.Command.handle = original  # type: ignore[method-assign]


@pytest.fixture
def editor(db: None) -> User:
    return factories.user("bianji", role="编辑")


@pytest.fixture
def chief(db: None) -> User:
    return factories.user("zhubian", role="主编")


@pytest.fixture
def bare_staff(db: None) -> User:
    """A staff account without any role."""
    return factories.user("bare")


@pytest.fixture
def admin_user(db: None) -> User:
    return User.objects.create_superuser("root", password="root")


@pytest.fixture
def as_chief(chief: User) -> Client:
    client = Client()
    client.force_login(chief)
    return client
