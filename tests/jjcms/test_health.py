"""Probes: alive, ready, and nothing told."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client


@pytest.mark.django_db
def test_alive_and_ready_for_any_host_without_cookies():
    for path in ("/healthz", "/readyz"):
        answer = Client(headers={"host": "10.1.2.3:8000"}).get(path)
        assert (answer.status_code, answer.content) == (200, b"ok\n")
        assert answer["Cache-Control"] == "no-store" and not answer.cookies


def test_alive_without_a_database_but_not_ready(monkeypatch, caplog):
    def gone(*_, **__):
        raise OperationalError("could not connect to secret-host")

    monkeypatch.setattr(connection, "cursor", gone)
    monkeypatch.setattr(connection, "ensure_connection", gone)
    assert Client().get("/healthz").status_code == 200
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"database\n")
    assert "secret-host" in caplog.text


@pytest.mark.django_db
def test_not_ready_before_the_last_migration(monkeypatch):
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda *_: [("some", False)])
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"migrations\n")


@pytest.mark.django_db
def test_once_ready_a_probe_is_one_query(django_assert_num_queries):
    client = Client()
    client.get("/readyz")
    with django_assert_num_queries(1):
        client.get("/readyz")
