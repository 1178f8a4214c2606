"""Headers that every answer carries."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from jjcms import urls
from jjcms.security import ContentSecurityPolicyMiddleware
from jjcms.urls import handler400, handler403, handler404, handler500  # noqa: F401


def crash(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("on purpose")


urlpatterns = [path("crash/", crash), *urls.urlpatterns]

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'"
)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status"),
    [("/", 200), ("/admin/login/", 200), ("/admin/", 302), ("/no/such/page/", 404), ("/crash/", 500)],
)
@override_settings(ROOT_URLCONF=__name__)
def test_every_answer_carries_the_policy(address, status):
    answer = Client(raise_request_exception=False).get(address)
    assert answer.status_code == status
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.django_db
def test_the_wrong_host_is_refused_with_the_policy():
    with override_settings(ALLOWED_HOSTS=["paper.cn"]):
        answer = Client().get("/", headers={"host": "evil.cn"})
    assert answer.status_code == 400
    assert answer.headers["Content-Security-Policy"] == POLICY


@pytest.mark.django_db
@override_settings(WHITENOISE_USE_FINDERS=True)
def test_static_files_carry_the_policy():
    answer = Client().get("/static/admin/css/base.css")
    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"] == POLICY
    answer.close()


def test_a_policy_of_its_own_is_left_alone():
    own = ContentSecurityPolicyMiddleware(lambda request: HttpResponse(headers={"Content-Security-Policy": "x"}))
    assert own(HttpRequest()).headers["Content-Security-Policy"] == "x"


@pytest.mark.django_db
@override_settings(
    SECURE_SSL_REDIRECT=True,
    SECURE_HSTS_SECONDS=31_536_000,
    SECURE_HSTS_INCLUDE_SUBDOMAINS=True,
    SECURE_HSTS_PRELOAD=True,
    SESSION_COOKIE_SECURE=True,
    CSRF_COOKIE_SECURE=True,
)
def test_in_production_http_goes_to_https_and_https_stays(admin_user):
    client = Client()
    answer = client.get("/admin/login/")
    assert (answer.status_code, answer.headers["Location"]) == (301, "https://testserver/admin/login/")
    assert answer.headers["Content-Security-Policy"] == POLICY
    answer = client.get("/admin/login/", secure=True)
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert answer.cookies["csrftoken"]["secure"]
    answer = client.post("/admin/login/", {"username": "root", "password": "root"}, secure=True)
    assert answer.cookies["sessionid"]["secure"]
    assert answer.cookies["sessionid"]["httponly"]
    assert answer.cookies["sessionid"]["samesite"] == "Lax"
