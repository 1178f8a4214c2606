"""The database refuses to change what happened, whoever asks and however."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

from articles import history, public_version
from articles.append_only import AppendOnly, create_statements
from articles.models import Act, HistoryEntry
from articles.search import schema
from tests import factories
from tests.conftest import guarded_tables

TABLE = "articles_historyentry"


@pytest.fixture
def entry(editor):
    return history.record(factories.article(), Act.CORRECTED, actor=editor, reason="原")


def refused(write):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        write()


def sql(statement, *parameters):
    def run():
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)

    return run


@pytest.mark.django_db
def test_the_orm_cannot_change_history(entry):
    entry.reason = "改"
    refused(entry.save)
    refused(entry.delete)
    refused(lambda: HistoryEntry.objects.filter(pk=entry.pk).update(reason="改"))
    refused(lambda: HistoryEntry.objects.all().delete())
    refused(lambda: HistoryEntry.objects.all()._raw_delete("default"))
    refused(lambda: HistoryEntry.objects.bulk_update([entry], ["reason"]))
    entry.refresh_from_db()
    assert entry.reason == "原"


@pytest.mark.django_db
def test_raw_sql_cannot_change_history(entry):
    count = HistoryEntry.objects.count()
    refused(sql(f"UPDATE {TABLE} SET reason = '改' WHERE id = %s", entry.pk))
    refused(sql(f"UPDATE {TABLE} SET reason = reason"))
    refused(sql(f"DELETE FROM {TABLE} WHERE id = %s", entry.pk))
    refused(sql(f"DELETE FROM {TABLE}"))
    if connection.vendor == "postgresql":
        refused(sql(f"INSERT INTO {TABLE} SELECT * FROM {TABLE} ON CONFLICT (id) DO UPDATE SET reason = '改'"))
    else:
        refused(sql(f"REPLACE INTO {TABLE} SELECT * FROM {TABLE}"))
        refused(sql(f"INSERT INTO {TABLE} SELECT * FROM {TABLE} WHERE true ON CONFLICT DO UPDATE SET reason = '改'"))
    entry.refresh_from_db()
    assert (entry.reason, HistoryEntry.objects.count()) == ("原", count)


@pytest.mark.django_db(transaction=True)
def test_history_cannot_be_truncated():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    history.record(factories.article(), Act.CORRECTED, actor=factories.user())
    refused(sql(f"TRUNCATE {TABLE}"))
    refused(sql(f"TRUNCATE {TABLE} CASCADE"))


@pytest.mark.django_db
def test_history_outlives_what_it_tells_of(entry):
    count = HistoryEntry.objects.filter(target="article").count()
    from articles.models import Article

    Article.objects.all().delete()
    assert HistoryEntry.objects.filter(target="article").count() == count


@pytest.mark.django_db
def test_people_in_the_history_cannot_be_deleted(entry, editor):
    with pytest.raises(IntegrityError):
        editor.delete()


@pytest.mark.django_db
def test_no_two_entries_tell_of_one_version(editor):
    article = factories.article()
    with pytest.raises(IntegrityError), transaction.atomic():
        history.record(article, Act.EDITED, actor=editor, new_version=True)


@pytest.mark.django_db
def test_every_guarded_table_has_its_triggers_after_all_migrations():
    """A migration that alters a guarded table loses them on SQLite: it must guard it again."""
    tables = {table for table, _ in guarded_tables()}
    assert {"articles_historyentry", "articles_snapshot", "articles_withdrawal", "ingest_source"} <= tables
    assert guards_of(*tables) <= triggers()


def guards_of(*tables):
    kinds = {"no_update", "no_delete", *(["no_truncate"] if connection.vendor == "postgresql" else [])}
    return {f"{table}_{kind}" for table in tables for kind in kinds}


def triggers():
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db
def test_guarded_columns_exist():
    columns = {model._meta.db_table: {f.column for f in model._meta.concrete_fields} for model in apps.get_models()}
    for table, guarded in guarded_tables():
        assert set(guarded) <= columns[table]


@pytest.mark.django_db
def test_every_column_of_a_snapshot_is_guarded_but_its_end():
    from articles.models import Snapshot

    guarded = dict(guarded_tables())["articles_snapshot"]  # the newest migration's word
    assert {f.column for f in Snapshot._meta.concrete_fields} - set(guarded) == {"live_until"}


@pytest.mark.django_db
def test_the_text_of_a_source_is_kept_but_how_it_was_read_may_change():
    source_model = apps.get_model("ingest", "Source")
    source = source_model.objects.create(
        sha256="0" * 64, name="一.txt", raw=b"x", encoding="utf-8", text="x", page=factories.page(), read_with="1"
    )
    for change in ({"text": "y"}, {"raw": b"y"}, {"sha256": "1" * 64}, {"encoding": "big5"}):
        refused(lambda change=change: source_model.objects.update(**change))
    refused(source.delete)
    source_model.objects.update(read_with="2", name="二.txt", page=factories.page(number=2))
    source.refresh_from_db()
    assert (source.text, source.read_with, source.name) == ("x", "2", "二.txt")


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", "--check", "--dry-run", "articles", "ingest", verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_the_guard_goes_with_its_migration_and_comes_back():
    targets = MigrationExecutor(connection).loader.graph.leaf_nodes()
    made = history.record(factories.article(), Act.CORRECTED, actor=factories.user())
    try:
        MigrationExecutor(connection).migrate([("articles", "0005_notices_by_paper")])
        assert guards_of("articles_snapshot") <= triggers()  # it guarded other columns then
        MigrationExecutor(connection).migrate([("articles", "0001_initial"), ("ingest", "0001_initial")])
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {TABLE} SET reason = 'x' WHERE id = %s", [made.pk])
    finally:
        MigrationExecutor(connection).migrate(targets)
        schema.install(connection)  # as the command does after migrating
        public_version.guard("default")
        assert public_version.missing("default") == []
    refused(lambda: HistoryEntry.objects.update(reason="y"))


def test_guarding_twice_is_as_good_as_once(db):
    """A later migration guards a table again after altering it."""
    for _ in range(2):
        with connection.cursor() as cursor:
            for statement in create_statements(connection.vendor, TABLE):
                cursor.execute(statement)
    history.record(factories.article(), Act.CORRECTED, actor=factories.user())
    refused(lambda: HistoryEntry.objects.update(reason="y"))


def test_the_operation_describes_itself():
    operation = AppendOnly("some_table", columns=("a",))
    name, args, kwargs = operation.deconstruct()
    assert name == "AppendOnly"
    assert vars(AppendOnly(*args, **kwargs)) == vars(operation)
    assert "some_table" in operation.describe()
    state = ProjectState()
    operation.state_forwards("articles", state)
    assert not state.models
