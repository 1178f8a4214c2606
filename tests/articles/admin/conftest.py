"""Clients and forms for the admin's tests."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import factories


def client_for(role):
    client = Client()
    client.force_login(factories.user(role=role))
    return client


@pytest.fixture
def as_editor(db):
    return client_for("编辑")


@pytest.fixture
def as_corrector(db):
    return client_for("录入校对")
