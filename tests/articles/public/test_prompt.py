"""Kept pages are answered before Django: the same answer, and nothing that the rest of the site would not give."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, connection
from django.utils import timezone

from articles.actions import publishing
from articles.people import engine_user
from articles.public import cache
from articles.public_version import Mark
from jjcms import wsgi
from tests.articles.public.test_cache import address, article, kept, publish_again  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)


class Answer(NamedTuple):
    status: str
    headers: dict[str, str]
    body: bytes


class Server:
    """The site as gunicorn has it, and whether Django was asked."""

    def __init__(self) -> None:
        django = get_wsgi_application()
        self.asked = 0

        def behind(environ: dict[str, Any], start_response: Any) -> Any:
            self.asked += 1
            return django(environ, start_response)

        self.application = wsgi.prompt(behind)

    def __call__(self, path: str, *, method: str = "GET", query: str = "", **headers: str) -> Answer:
        told: list[Any] = []
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "HTTP_ACCEPT_ENCODING": "gzip, br",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
            **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
        }
        answer = self.application(environ, lambda status, given: told.extend((status, given)))
        body = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        return Answer(told[0], dict(told[1]), body)


@pytest.fixture
def server(kept: None) -> Iterator[Server]:  # noqa: F811
    yield Server()
    connection.close()  # Django's signals, which tests do without, ended the connection they look at


def test_the_second_reader_gets_the_same_without_django(server, article):  # noqa: F811
    first, again = server(address(article)), server(address(article))
    assert server.asked == 1
    for answer in (first, again):
        assert len(answer.headers.pop("X-Request-ID")) == 16
        answer.headers.pop("Last-Modified", None)  # not in the first seconds
    assert again == first and first.status == "200 OK" and first.headers["Content-Encoding"] == "gzip"
    assert {"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "ETag"} <= first.headers.keys()
    assert first.headers["Content-Length"] == str(len(first.body))


def test_every_answer_has_a_number_of_its_own(server, article):  # noqa: F811
    assert len({server(address(article)).headers["X-Request-ID"] for _ in range(5)}) == 5


def test_a_head_has_the_headers_only(server, article):  # noqa: F811
    whole, head = server(address(article)), server(address(article), method="HEAD")
    assert server.asked == 1 and head.body == b"" and head.headers["Content-Length"] == whole.headers["Content-Length"]


@pytest.mark.parametrize(
    "how",
    [{"query": "x=1"}, {"method": "POST"}, {"accept_encoding": ""}, {"host": "127.0.0.1"}, {"if_none_match": '"a"'}],
    ids=lambda how: next(iter(how)),
)
def test_whatever_is_special_goes_to_django(server, article, how):  # noqa: F811
    server(address(article))
    server(address(article), **how)
    assert server.asked == 2


def test_who_has_it_already_hears_so(server, article):  # noqa: F811
    etag = server(address(article)).headers["ETag"]
    answer = server(address(article), if_none_match=etag)
    assert answer.status == "304 Not Modified" and answer.body == b""


def test_the_scheme_that_a_trusted_proxy_names_is_part_of_the_page(server, article, settings):  # noqa: F811
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_HSTS_SECONDS = 60
    server = Server()
    for _ in range(2):
        assert "Strict-Transport-Security" not in server(address(article)).headers
        assert "Strict-Transport-Security" in server(address(article), x_forwarded_proto="https").headers
    assert server.asked == 2


def test_the_date_comes_as_soon_as_it_is_sure(server, article, monkeypatch):  # noqa: F811
    server(address(article))
    now = timezone.now()
    monkeypatch.setattr("django.utils.timezone.now", lambda: now + timedelta(seconds=5))
    assert "Last-Modified" in server(address(article)).headers and server.asked == 1


def test_the_very_next_request_sees_a_change(server, article):  # noqa: F811
    server(address(article))
    publish_again(article)
    assert "大桥昨日通车" in server(address(article), accept_encoding="").body.decode()
    publishing.withdraw(item=article, actor=engine_user(), reason="失实")
    assert server(address(article)).status == "410 Gone"
    assert server(address(article)).status == "410 Gone"


def test_a_page_ends_at_its_time(server, article, monkeypatch):  # noqa: F811
    server(address(article))
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: tomorrow)
    server(address(article))
    assert server.asked == 2


def test_the_mark_is_looked_at_once_a_request(server, article, monkeypatch):  # noqa: F811
    looks: list[datetime] = []
    real = cache._mark

    def look(now: datetime) -> Mark:
        looks.append(now)
        return real(now)

    monkeypatch.setattr(cache, "_mark", look)
    server(address(article))
    server(address(article))
    assert len(looks) == 2 and server.asked == 1


def test_probes_and_editors_cost_no_look(server, monkeypatch):
    monkeypatch.setattr(cache, "_mark", lambda now: pytest.fail("the mark was looked at"))
    for path in ("/healthz", "/readyz", "/admin/login/", "/static/none.css"):
        server(path)


def test_without_a_database_django_says_so(server, article, monkeypatch):  # noqa: F811
    server(address(article))

    def gone(*_: object, **__: object) -> None:
        raise OperationalError("secret-host")

    connection.close()
    with monkeypatch.context() as off:
        off.setattr(connection, "connect", gone)
        answer = server(address(article))
        assert answer.status.startswith("503") and b"secret-host" not in answer.body
    assert server(address(article)).status == "200 OK" and server.asked == 2


def test_a_connection_that_broke_is_made_anew(server, article):  # noqa: F811
    if connection.vendor == "sqlite":
        pytest.skip("a file does not hang up")
    server(address(article))
    connection.connection.close()
    assert [server(address(article)).status for _ in range(2)] == ["200 OK", "200 OK"]
    assert server.asked == 2  # only while it was broken


def test_without_a_cache_all_goes_to_django(settings):
    settings.CACHES = {**settings.CACHES, "pages": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        return []

    assert wsgi.prompt(application) is application
