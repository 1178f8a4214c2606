"""Schemathesis asks the interface whatever its description allows and forbids, and holds each answer against it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.articles.public.conftest import Edition


@pytest.fixture
def interface(edition: Edition) -> Iterator[Any]:
    """The whole site as a server has it, but for the end of the connection that the test's rows are in."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield get_wsgi_application()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_every_answer_is_one_that_was_described(interface: Any, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", interface)
    asked = []
    described: list[Any] = list(schema.get_all_operations())
    for found in described:
        strategy = found.ok().as_strategy(generation_mode=mode)

        @settings(max_examples=20, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=strategy)
        def answered_as_described(case: Any) -> None:
            asked.append(case.path)
            # That a place to go on from is ours is more than a pattern can say.
            case.call_and_validate(excluded_checks=[positive_data_acceptance])

        try:
            answered_as_described()
        except Unsatisfiable:
            assert mode is GenerationMode.NEGATIVE  # there is nothing one could say wrongly
    assert len(set(asked)) > 5
