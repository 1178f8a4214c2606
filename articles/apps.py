from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = "报纸"
    # See articles.archive: its rows are in the archive, and a new database has these before anybody has done anything.
    is_archived = True
    born_with = ("topic", "noticeregister")
    not_archived = ("LoginLock", "PublicVersion", "SearchDoc", "SearchRebuild")

    def ready(self) -> None:
        """What search needs of a database is laid around migrations, not in them: see `articles.search.schema`. So are
        the triggers of `articles.public_version`."""
        connection_created.connect(_prepare, dispatch_uid="articles.search")
        pre_migrate.connect(_before_migrations, sender=self, dispatch_uid="articles.search")
        post_migrate.connect(_after_migrations, sender=self, dispatch_uid="articles.search")


def _prepare(connection: Any, **more: Any) -> None:
    from articles.search import postgresql_schema, sqlite_schema

    if connection.vendor == "sqlite":
        sqlite_schema.register_functions(connection.connection)
    elif connection.vendor == "postgresql":
        postgresql_schema.give_memory(connection.connection)


def _before_migrations(using: str, plan: Any = (), **more: Any) -> None:
    if plan:
        from articles.search.schema import remove

        remove(connections[using])


def _after_migrations(using: str, plan: Any = (), **more: Any) -> None:
    from articles.public_version import guard
    from articles.search import gathering
    from articles.search.schema import install
    from articles.search.upkeep import mend

    guard(using)
    if install(connections[using]) and plan:
        mend(using=using)
    gathering.end(using)
