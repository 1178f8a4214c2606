"""Whatever stands in a public address, the answer is no failure and tells nothing that is not public."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.articles.public.conftest import Edition, edition  # noqa: F401 - a fixture
from tests.test_every_address import leaks, routes, samples, world  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db

NAMES = ["q", "sort", "after", "before", "kind", "newspaper", "since", "until", "text", "limit", "number", "utm_x", "x"]
HOSTILE = [
    b"",
    b"\x00",
    b"\xed\xa0\x80",  # a lone surrogate
    b"\xff\xfe%",
    b"9" * 30,
    b"-1",
    b"0",
    b"1e999",
    b"2024-02-30",
    b"0001-01-01",
    b"9999-12-31",
    b"2024-03-05.1",
    b"' OR 1=1 --",
    b"../../etc/passwd",
    b"<script>",
    b"\r\nSet-Cookie: x=1",
    b"%" * 50,
    b"(" * 190,
    b'"' * 99,
    b"-" * 150,
    b"* OR *",
    "\u202e\ufeff\u2028".encode(),
    "٣３²".encode(),
    "𠮷" .encode() * 120,
    "é" .encode() * 3000,
    "标题:草稿 作者:".encode(),
    "草稿".encode(),
    b"date",
]  # fmt: skip
VALUES = st.one_of(
    st.sampled_from(HOSTILE), st.binary(max_size=12), st.text(max_size=12).map(lambda t: t.encode("utf-8", "replace"))
)
QUERIES = st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=3)
PUBLIC = [route for route in routes() if not route.is_desk]
# The database of a test is the same for all examples, and none of them writes.
ASKING = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def check(method: str, address: str, query: list[tuple[str, bytes]], body: dict[str, str] | None = None) -> None:
    asked = "&".join(f"{name}={quote(value, safe='')}" for name, value in query)
    reader = Client(raise_request_exception=False)
    response = getattr(reader, method)(f"{address}?{asked}" if asked else address, body or {})
    assert response.status_code < 500, (address, asked)
    assert not response.cookies or address.startswith("/admin/")
    assert leaks(response) == []


@ASKING
@given(data=st.data())
def test_hostile_parameters_in_the_path(world: Edition, data: st.DataObject) -> None:  # noqa: F811
    route = data.draw(st.sampled_from([route for route in PUBLIC if route.parameters]))
    address = "/" + route.pattern
    for name in route.parameters:
        value = data.draw(VALUES)
        start = address.index("<", 0)
        end = address.index(">", start) + 1
        assert name in address[start:end]
        address = address[:start] + quote(value, safe="") + address[end:]
    check(data.draw(st.sampled_from(["get", "head", "post"])), address, data.draw(QUERIES))


@ASKING
@given(data=st.data())
def test_hostile_parameters_in_the_query(world: Edition, data: st.DataObject) -> None:  # noqa: F811
    """At addresses that are there, the interface included: with one parameter that is known, or several."""
    route = data.draw(st.sampled_from(PUBLIC))
    address = route.filled({name: values[0] for name, values in samples(world).items()})
    check(data.draw(st.sampled_from(["get", "head"])), address, data.draw(QUERIES))


@ASKING
@given(name=st.sampled_from(["q"]), value=VALUES, kind=st.sampled_from(["", "feed.xml", "complete.json"]))
def test_hostile_searches(world: Edition, name: str, value: bytes, kind: str) -> None:  # noqa: F811
    check("get", f"/search/{kind}", [(name, value)])


@ASKING
@given(path=VALUES, more=VALUES)
def test_hostile_addresses(world: Edition, path: bytes, more: bytes) -> None:  # noqa: F811
    """Also those that old addresses are looked up for."""
    check("get", f"/{quote(path, safe='/')}/{quote(more)}", [])


@ASKING
@given(number=st.one_of(st.text(max_size=30), st.sampled_from([v.decode("utf-8", "replace") for v in HOSTILE])))
def test_hostile_numbers_looked_up(world: Edition, number: str) -> None:  # noqa: F811
    number = number.encode("utf-8", "replace").decode()
    check("post", "/notices/lookup/", [], {"number": number})


HEADERS = ["HOST", "IF_NONE_MATCH", "IF_MODIFIED_SINCE", "ACCEPT_ENCODING", "COOKIE", "X_FORWARDED_FOR", "RANGE"]


@pytest.mark.parametrize("header", HEADERS)
def test_hostile_headers(world: Edition, header: str) -> None:  # noqa: F811
    for value in HOSTILE:
        reader = Client(raise_request_exception=False)
        response = reader.get(f"/a/{world.lead.pk}/", **{f"HTTP_{header}": value.decode("latin-1")})  # type: ignore[arg-type]
        assert response.status_code < 500, (header, value)
        assert leaks(response) == []
