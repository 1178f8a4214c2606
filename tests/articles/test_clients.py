"""Who asks is found so that nobody can pretend, and asking is bounded without ever taking the site down."""

from __future__ import annotations

import pytest
from django.core.cache import caches
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse

from articles.clients import COMPLETING, LOOKUP, Limit, address_of, household_of

LOCAL = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "limits-of-tests"}


@pytest.fixture
def counting(settings):
    settings.CACHES = {**settings.CACHES, "limits": LOCAL}
    caches["limits"].clear()
    yield
    caches["limits"].clear()


@pytest.mark.parametrize(
    ("count", "peer", "header", "found"),
    [
        (0, "203.0.113.9", None, "203.0.113.9"),
        (0, "203.0.113.9", "198.51.100.1", "203.0.113.9"),
        (1, "10.0.0.1", "198.51.100.1", "198.51.100.1"),
        (1, "10.0.0.1", "1.2.3.4, 198.51.100.1", "198.51.100.1"),
        (2, "10.0.0.1", "1.2.3.4, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        (2, "10.0.0.1", "198.51.100.1", "10.0.0.1"),
        (1, "10.0.0.1", "not an address", ""),
        (1, "10.0.0.1", None, ""),
        (0, "", None, ""),
        (0, "::ffff:203.0.113.9", None, "203.0.113.9"),
        (0, "2001:db8:1:2::9", None, "2001:db8:1:2::9"),
    ],
)
def test_the_address_is_what_our_own_proxies_say(settings, count, peer, header, found):
    settings.PROXY_COUNT = count
    more = {} if header is None else {"HTTP_X_FORWARDED_FOR": header}
    assert address_of(RequestFactory().get("/", REMOTE_ADDR=peer, **more)) == found


def test_one_household_is_one_client():
    assert household_of("2001:db8:1:2::9") == household_of("2001:db8:1:2:ffff::1") != household_of("2001:db8:1:3::9")
    assert household_of("203.0.113.9") == "203.0.113.9" and household_of("") == ""


def test_counting_begins_anew_with_each_window_and_is_each_clients_own(counting, monkeypatch):
    limit = Limit("test", most=2, seconds=60)
    one, other = (RequestFactory().get("/", REMOTE_ADDR=peer) for peer in ("203.0.113.9", "203.0.113.10"))
    monkeypatch.setattr("articles.clients.time.time", lambda: 6_000_045.0)
    assert [limit.wait(one) for _ in range(4)] == [0, 0, 15, 15]
    assert limit.wait(other) == 0
    monkeypatch.setattr("articles.clients.time.time", lambda: 6_000_060.0)
    assert limit.wait(one) == 0


@pytest.mark.django_db
def test_looking_numbers_up_one_after_the_other_is_stopped(counting):
    address = reverse("notice-lookup")
    reader = Client()
    assert {reader.post(address, {"number": f"350582{n:012}"}).status_code for n in range(LOOKUP.most)} == {200}
    answer = reader.post(address, {"number": "350582000000000001"})
    assert answer.status_code == 429 and answer["Cache-Control"] == "no-store"
    assert 0 < int(answer["Retry-After"]) <= LOOKUP.seconds
    assert "请等" in answer.content.decode() and "350582" not in answer.content.decode()
    assert reader.get(address).status_code == 200
    assert reader.post(address, {"number": "350582000000000001"}, REMOTE_ADDR="203.0.113.7").status_code == 200


@pytest.mark.django_db
def test_completion_is_bounded(counting):
    request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1")
    for _ in range(COMPLETING.most):
        COMPLETING.wait(request)
    assert Client().get(reverse("search-complete"), {"q": "晋江"}).status_code == 429


def test_a_cache_that_fails_stops_nobody(counting, monkeypatch, caplog):
    def gone(*_, **__):
        raise ConnectionError("secret-host")

    monkeypatch.setattr(caches["limits"], "incr", gone)
    view = Limit("test", most=0, seconds=60)(lambda request: HttpResponse("ok"))
    assert view(RequestFactory().get("/")).status_code == 200
    assert "limits does not answer" in caplog.text and "secret-host" not in caplog.text


@override_settings(SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"), PROXY_COUNT=0)
def test_a_proxy_that_is_not_counted_is_warned_of():
    from jjcms.checks import proxies_are_counted

    assert [one.id for one in proxies_are_counted(None)] == ["jjcms.W001"]
    with override_settings(PROXY_COUNT=1):
        assert proxies_are_counted(None) == []
