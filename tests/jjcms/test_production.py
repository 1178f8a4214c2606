"""The settings as an operator gets them: a process of its own, with nothing in its environment but what is given."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

LOOK = """
import json, django
from django.conf import settings
django.setup()
names = ("DEBUG", "SERVE_HTTP", "ALLOWED_HOSTS", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT",
         "SECURE_HSTS_SECONDS", "SECURE_PROXY_SSL_HEADER", "TIME_ZONE", "LANGUAGE_CODE", "SITE_NAME")
print(json.dumps({name: getattr(settings, name) for name in names}))
"""


def run(tmp_path, *command, **given):
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "JJCMS_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "jjcms.settings",
        **given,
    }
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def seen(tmp_path, **given):
    done = run(tmp_path, "-c", LOOK, **given)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_nothing_set_is_safe(tmp_path):
    found = seen(tmp_path)
    assert found == {
        "DEBUG": False,
        "SERVE_HTTP": False,
        "ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]"],
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_PROXY_SSL_HEADER": None,
        "TIME_ZONE": "Asia/Shanghai",
        "LANGUAGE_CODE": "zh-hans",
        "SITE_NAME": "数字报",
    }


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"DEBUG": "1"}, {"DEBUG": True, "SERVE_HTTP": True, "SECURE_SSL_REDIRECT": False}),
        ({"SERVE_HTTP": "1"}, {"DEBUG": False, "SESSION_COOKIE_SECURE": False, "SECURE_HSTS_SECONDS": 0}),
        ({"DEBUG": "1", "SERVE_HTTP": "0"}, {"DEBUG": True, "SECURE_SSL_REDIRECT": True}),
        ({"ALLOWED_HOSTS": "paper.cn"}, {"ALLOWED_HOSTS": ["paper.cn"]}),
        ({"SITE_NAME": "泉州数字报"}, {"SITE_NAME": "泉州数字报"}),
        ({"BEHIND_PROXY": "1"}, {"SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"]}),
    ],
    ids=str,
)
def test_each_variable_acts(tmp_path, given, expected):
    assert expected.items() <= seen(tmp_path, **given).items()


def test_a_typo_stops_the_start(tmp_path):
    done = run(tmp_path, "-c", LOOK, SERVE_HTTP="ture")
    assert done.returncode != 0
    assert "SERVE_HTTP" in done.stderr


def test_the_deployment_check_is_clean(tmp_path):
    done = run(tmp_path, "-W", "error", "manage.py", "check", "--deploy", "--fail-level", "DEBUG")
    assert done.returncode == 0, done.stderr


def test_with_plain_http_the_check_says_exactly_what_that_costs(tmp_path):
    """No HSTS, no redirect, cookies without their flag: true, and not hidden."""
    done = run(tmp_path, "manage.py", "check", "--deploy", SERVE_HTTP="1")
    assert set(re.findall(r"security\.\w+", done.stderr)) == {
        "security.W004",
        "security.W008",
        "security.W012",
        "security.W016",
    }


PAGES = r"""
import re, django
from pathlib import Path
from django.conf import settings
django.setup()
from django.contrib.auth.models import User
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.test import Client

settings.ALLOWED_HOSTS = ["*"]
call_command("migrate", verbosity=0)
call_command("collectstatic", interactive=False, verbosity=0)
assert "Manifest" in type(staticfiles_storage._wrapped).__name__
templates = "".join(path.read_text("utf-8") for path in Path("templates").rglob("*.html"))
named = set(re.findall(r"[{]% static .(.+?). %[}]", templates))
assert "articles/admin/desk.css" in named, named
found = {staticfiles_storage.url(name) for name in named}
client = Client()
client.force_login(User.objects.create_superuser("root"))
lists = [f"/admin/articles/{name}/" for name in ("article", "issue", "topic")]
for page in ("/", "/notices/", "/no/such/page/", "/admin/", "/admin/auth/user/add/", "/favicon.ico", *lists):
    answer = client.get(page, secure=True)
    text = answer.content.decode() + answer.headers.get("Location", "")
    here = set(re.findall(r"/static/[^\"'\s]+", text))
    assert any("/icon." in address for address in here), page
    found |= here
for address in found:
    assert re.search(r"[.][0-9a-f]{12}[.]", address), address
    assert (settings.STATIC_ROOT / address.removeprefix("/static/")).is_file(), address
print("all there")
"""


@pytest.mark.once
def test_every_static_file_named_by_a_page_is_there_under_its_hashed_name(tmp_path):
    done = run(tmp_path, "-W", "error", "-c", PAGES)
    assert done.returncode == 0, done.stderr
    assert "all there" in done.stdout


@pytest.mark.parametrize("given", [{}, {"DEBUG": "1"}], ids=str)
def test_a_warning_is_told_once(tmp_path, given):
    code = "import django, logging; django.setup(); logging.getLogger('django.request').warning('Not Found: /x')"
    done = run(tmp_path, "-W", "error", "-c", code, **given)
    assert done.stderr.count("Not Found: /x") == 1, done.stderr
