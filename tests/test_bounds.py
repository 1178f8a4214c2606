"""Whatever is sent to the desk is taken or refused: no address of it fails."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from ingest.desk.sent import DEPTH
from tests.articles.public.conftest import Edition, edition  # noqa: F401 - a fixture
from tests.ingest.desk.makers import page_with_source
from tests.test_every_address import SESSION, desk_addresses, world  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db

ODD = ["\x00", "9" * 40, "-1", "\ufffe\u202e𠮷" * 400]


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def root(admin_user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(admin_user)
    return client


def screens() -> list[str]:
    return [address for address, _ in desk_addresses() if address not in SESSION]


def test_odd_values_in_every_field_of_every_form(world: Edition, root: Client) -> None:  # noqa: F811
    """The fields are those that the screen itself shows; addresses that only take forms get the usual ones."""
    usual = ["base", "key", "tab", "act", "page", "action", "_selected_action", "index", "reason", "version", "hit"]
    failed = []
    for address in screens():
        shown = root.get(address)
        text = "" if shown.streaming else shown.content.decode(errors="replace")
        names = {*re.findall(r'<(?:input|select|textarea|button)[^>]* name="([^"]+)"', text), *usual}
        for value in ODD:
            status = root.post(address, dict.fromkeys(names, value)).status_code
            failed += [(address, value[:3], status)] if status >= 500 else []
    assert failed == []


def test_bodies_that_are_too_large_are_refused_everywhere(world: Edition, root: Client, settings: Any) -> None:  # noqa: F811
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.cookies = root.cookies
    strict.cookies["csrftoken"] = "a" * 32  # without a cookie nothing is read
    addresses = screens()
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE, settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000, 20
    large = [{"x": "字" * 1000}, {f"f{n}": "" for n in range(30)}]
    statuses = {strict.post(address, body).status_code for address in addresses for body in large}
    assert statuses <= {403, 404, 405, 413} and 413 in statuses
    told = strict.post(addresses[0], large[0]).content.decode()
    assert "什么也没有改动" in told


def deep(levels: int) -> str:
    return "[" * levels + "]" * levels


ODD_JSON: list[Any] = [
    None,
    [],
    {},
    -1,
    10**30,
    1.5,
    "\x00",
    "\ud800",
    "x" * 10_000,
    [[[[]]]],
    [{"op": {}}],
    True,
]
JSON = [
    b"",
    b"nothing",
    b"[]",
    b"null",
    b"\xff\xfe",
    b'{"base": NaN}',
    deep(100_000).encode(),
    *(
        json.dumps({"base": odd, "key": odd, "steps": odd, "blocks": odd, "how": odd, "reading": odd, "keys": odd}
                   | {"moment": odd, "after": odd}).encode()
        for odd in ODD_JSON
    ),
    b'{"base": "x", "key": "kkkkkkkk", "steps": 1e999, "reading": 1e999, "moment": 1e999, "after": 1e999}',
    ('{"base": "x", "key": "kkkkkkkk", "steps": ' + deep(DEPTH + 1) + "}").encode(),
]  # fmt: skip


@pytest.mark.parametrize("name", ["save", "ask", "decline", "past"])
def test_whatever_the_desk_is_sent_as_json_it_answers_in_its_own_form(root: Client, name: str) -> None:
    page = page_with_source()
    for body in JSON:
        answer = root.post(f"/admin/articles/page/{page.pk}/desk/{name}/", body, content_type="application/json")
        assert answer.status_code in (400, 409, 422), (body[:80], answer.status_code)
        assert answer.json()["reason"]


def test_json_that_is_too_large_is_refused_in_its_own_form(root: Client, settings: Any) -> None:
    page = page_with_source()
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = root.post(f"/admin/articles/page/{page.pk}/desk/save/", b" " * 2000, content_type="application/json")
    assert answer.status_code == 413 and "太多" in answer.json()["reason"]
