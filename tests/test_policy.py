"""The Content-Security-Policy allows nothing inline, and no page of the site needs it to."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.articles.public.conftest import Edition, edition  # noqa: F401 - a fixture
from tests.test_every_address import SESSION, desk_addresses, routes, samples, world  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db

DATA = {"application/json", "application/ld+json"}


class Inline(HTMLParser):
    """Collects what the policy would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "style" or (tag == "script" and "src" not in given and given.get("type") not in DATA):
            self.found.append(f"<{tag}>")
        for name, value in given.items():
            if name.startswith("on") or name == "style" or value.strip().lower().startswith("javascript:"):
                self.found.append(f"{tag} {name}={value[:40]}")
            # Links may lead anywhere; what is loaded is ours.
            if (
                name == "src" or (tag == "link" and given.get("rel") in {"stylesheet", "icon"} and name == "href")
            ) and (urlsplit(value).netloc or (urlsplit(value).scheme and not value.startswith("data:image/"))):
                self.found.append(f"{tag} {name}={value[:40]}")


def problems(response: Any) -> list[str]:
    policy = response.headers.get("Content-Security-Policy", "")
    found = (
        [] if "default-src 'self'" in policy and "unsafe" not in policy and "*" not in policy else [policy or "none"]
    )
    if response.headers.get("Content-Type", "").startswith("text/html") and not response.streaming:
        parser = Inline()
        parser.feed(response.content.decode())
        found += parser.found
    return found


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


def test_the_search_for_what_is_inline_finds_it() -> None:
    parser = Inline()
    parser.feed(
        "<style></style><script>x</script><p style='a' onclick=x><a href=' JavaScript:x'><script src='//cdn/x'>"
    )
    assert len(parser.found) == 6


def test_every_screen_of_the_desk_keeps_to_the_policy(world: Edition, root: Client) -> None:  # noqa: F811
    wrong, pages = {}, 0
    for address, _ in list(desk_addresses()):
        if address in SESSION:
            continue
        response = root.get(address)
        pages += response.headers.get("Content-Type", "").startswith("text/html") and response.status_code == 200
        if found := problems(response):
            wrong[address] = found
    assert wrong == {}
    assert pages > 60


def test_every_public_page_keeps_to_the_policy(world: Edition) -> None:  # noqa: F811
    reader = Client(raise_request_exception=False)
    known = samples(world)
    wrong = {}
    for route in routes():
        if route.is_desk:
            continue
        for place in (0, -1):  # what is there, and what is not
            address = route.filled({name: values[place] for name, values in known.items()})
            if found := problems(reader.get(address)):
                wrong[address] = found
    assert wrong == {}


def test_importing_keeps_to_the_policy_at_each_step(root: Client) -> None:
    for text in ("名称\n文旅\n", "nothing\nof,use\n"):
        file = SimpleUploadedFile("t.csv", text.encode("utf-8-sig"))
        response = root.post("/admin/articles/topic/import/", {"import_file": file, "format": "0"})
        assert response.status_code == 200
        assert problems(response) == []


@pytest.mark.parametrize("address", ["/admin/login/", "/admin/logout/", "/search/?q=%00", "/admin/no/such/"])
def test_errors_and_the_way_in_keep_to_the_policy(address: str) -> None:
    assert problems(Client(raise_request_exception=False).get(address)) == []
