"""Settings from the environment: what is meant is taken, what is unclear is refused."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from jjcms import env

HERE = Path("/srv/default.sqlite3")


@pytest.mark.parametrize(
    ("value", "default", "flag"),
    [
        (None, False, False),
        (None, True, True),
        ("1", False, True),
        ("TRUE", False, True),
        (" yes ", False, True),
        ("on", False, True),
        ("0", True, False),
        ("False", True, False),
        ("no", True, False),
        ("off", True, False),
        ("", True, False),
    ],
)
def test_flags(monkeypatch, value, default, flag):
    monkeypatch.delenv("FLAG", raising=False)
    if value is not None:
        monkeypatch.setenv("FLAG", value)
    assert env.flag("FLAG", default) is flag


@pytest.mark.parametrize("value", ["ture", "2", "y", "是", "enabled", "None"])
def test_a_flag_with_a_typo_is_refused_by_name(monkeypatch, value):
    monkeypatch.setenv("FLAG", value)
    with pytest.raises(ImproperlyConfigured, match="FLAG"):
        env.flag("FLAG")


def test_words(monkeypatch):
    monkeypatch.setenv("WORDS", " a.cn, b.cn ,,")
    assert env.words("WORDS") == ["a.cn", "b.cn"]
    monkeypatch.setenv("WORDS", "")
    assert env.words("WORDS", "default") == []
    monkeypatch.delenv("WORDS")
    assert env.words("WORDS", "x,y") == ["x", "y"]


def test_a_line_is_short_and_one(monkeypatch):
    monkeypatch.delenv("LINE", raising=False)
    assert env.line("LINE", "数字报") == "数字报"
    for given, meant in ((" 泉州数字报 ", "泉州数字报"), (" ", "数字报")):
        monkeypatch.setenv("LINE", given)
        assert env.line("LINE", "数字报") == meant
    for given in ("报" * 41, "一行\n两行", "a\x1b[0m"):
        monkeypatch.setenv("LINE", given)
        with pytest.raises(ImproperlyConfigured, match="LINE"):
            env.line("LINE", "数字报")


def pg(**more):
    given = {"NAME": "jjcms", "USER": "", "PASSWORD": "", "HOST": "", "PORT": "", "OPTIONS": {}}
    return {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True} | given | more


@pytest.mark.parametrize(
    ("url", "settings"),
    [
        ("postgres://localhost/jjcms", pg(HOST="localhost")),
        ("postgresql://localhost/jjcms", pg(HOST="localhost")),
        ("postgres://u:p@db.cn:5433/jjcms", pg(USER="u", PASSWORD="p", HOST="db.cn", PORT="5433")),
        ("postgres://u%40x:p%2F%23%3A%25@h/jjcms", pg(USER="u@x", PASSWORD="p/#:%", HOST="h")),
        ("postgres://u:p+q@h/%E6%8A%A5", pg(USER="u", PASSWORD="p+q", HOST="h", NAME="报")),
        ("postgres://u@[::1]:5432/jjcms", pg(USER="u", HOST="::1", PORT="5432")),
        ("postgres://[2001:db8::1]/jjcms", pg(HOST="2001:db8::1")),
        ("postgres:///jjcms", pg()),
        ("postgresql://postgres:@/jjcms?host=/tmp/Some-Dir", pg(USER="postgres", HOST="/tmp/Some-Dir")),
        ("postgres:///jjcms?host=%2Ftmp%2Fa%20b&port=6000", pg(HOST="/tmp/a b", PORT="6000")),
        ("postgres://%2FVar%2Frun%2FPG/jjcms", pg(HOST="/Var/run/PG")),
        ("postgres://h/jjcms?sslmode=require", pg(HOST="h", OPTIONS={"sslmode": "require"})),
        ("postgres:///?service=paper", pg(NAME="", OPTIONS={"service": "paper"})),
    ],
)  # fmt: skip
def test_addresses_of_postgresql(url, settings):
    assert env.database(url, default_path=HERE) == settings


@pytest.mark.parametrize(
    ("url", "below"),
    [
        ("sqlite:///{tmp}/a.sqlite3", "a.sqlite3"),
        ("sqlite:///{tmp}/deep/er/a.sqlite3", "deep/er/a.sqlite3"),
        ("sqlite:///{tmp}/a%20b%23.sqlite3", "a b#.sqlite3"),
        ("sqlite:///here.sqlite3", "here.sqlite3"),
        ("sqlite:///deep/here.sqlite3", "deep/here.sqlite3"),
        ("", "default dir?/#.sqlite3"),
    ],
)
def test_addresses_of_sqlite(url, below, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = env.database(url.format(tmp=tmp_path), default_path=tmp_path / "default dir?/#.sqlite3")
    assert made["NAME"] == tmp_path / below
    assert made["NAME"].parent.is_dir()
    assert made["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


@pytest.mark.parametrize(
    "url",
    [
        "mysql://h/jjcms",
        "jjcms.sqlite3",
        "sqlite://",
        "sqlite:///",
        "sqlite://var/db.sqlite3",
        "sqlite://:memory:",
        "postgres://h",
        "postgres://h/",
        "postgres://u:secret@h:port/jjcms",
        "postgres://u:secret@h:99999/jjcms",
        "postgres://u:sec[ret@h/jjcms",
        "postgres://u:p#secret@h/jjcms",
        "postgres://h/jjcms#secret",
    ],
)
def test_what_is_no_address_is_refused_without_repeating_it(url):
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL") as refusal:
        env.database(url, default_path=HERE)
    assert "secret" not in str(refusal.value)


def test_a_mistake_in_the_settings_is_told_in_one_line():
    root = Path(__file__).resolve().parents[2]
    for command in ("check", "ingest"):
        told = subprocess.run(
            [sys.executable, "manage.py", command],
            cwd=root,
            env={**os.environ, "DATABASE_URL": "mysql://h/jjcms", "DJANGO_SETTINGS_MODULE": "jjcms.settings"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert told.returncode == 1 and told.stderr.startswith("设置有误：DATABASE_URL"), told.stderr
        assert len(told.stderr.splitlines()) == 1


def test_the_key_is_made_once_for_the_owner_alone(tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    path = tmp_path / "deep" / "secret_key"
    key = env.secret_key(path)
    assert len(key) >= 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert env.secret_key(path) == key
    assert os.listdir(path.parent) == ["secret_key"]  # noqa: PTH208


def test_a_given_key_is_used_and_an_empty_one_is_none(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "given")
    assert env.secret_key(tmp_path / "key") == "given"
    assert not (tmp_path / "key").exists()
    monkeypatch.setenv("SECRET_KEY", " ")
    assert len(env.secret_key(tmp_path / "key")) >= 50


def test_an_empty_key_file_and_one_that_cannot_be_read_are_refused(tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    path = tmp_path / "key"
    path.write_text(" \n")
    with pytest.raises(ImproperlyConfigured, match="是空的"):
        env.secret_key(path)
    with pytest.raises(ImproperlyConfigured, match="读写不了"):
        env.secret_key(path / "below a file")
    with pytest.raises(ImproperlyConfigured, match="读写不了"):
        env.secret_key(tmp_path)


def test_threads_that_start_at_once_use_one_key(tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    with ThreadPoolExecutor(8) as pool:
        for round_ in range(20):
            path = tmp_path / f"key{round_}"
            assert len(set(pool.map(lambda _, path=path: env.secret_key(path), range(8)))) == 1


def test_processes_that_start_at_once_use_one_key(tmp_path):
    code = "import sys, pathlib; from jjcms import env; print(env.secret_key(pathlib.Path(sys.argv[1])))"
    clean = {name: value for name, value in os.environ.items() if name != "SECRET_KEY"}
    command = [sys.executable, "-c", code, str(tmp_path / "key")]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, env=clean) for _ in range(3)]
    keys = {process.communicate()[0] for process in running}
    assert len(keys) == 1
    assert len(keys.pop().strip()) >= 50


@pytest.mark.parametrize(
    ("url", "backend", "location"),
    [
        ("", "PageMemory", "pages"),
        ("file:///srv/my%20cache", "FileBasedCache", "/srv/my cache/pages"),
        ("redis://cache:6379/1", "RedisCache", "redis://cache:6379/1"),
    ],
)
def test_the_cache_of_pages(url, backend, location, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: object())
    made = env.cache(url, "pages")
    assert made != env.cache(url, "limits")
    assert made["BACKEND"].endswith(backend) and made["LOCATION"] == location


@pytest.mark.parametrize("url", ["memcached://x", "file://host/x", "file:///", "redis", "http://[", "localhost:6379"])
def test_a_wrong_cache_is_refused(url):
    with pytest.raises(ImproperlyConfigured, match="CACHE_URL"):
        env.cache(url, "pages")


def test_redis_without_its_library_says_what_to_install(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ImproperlyConfigured, match="pip install redis"):
        env.cache("redis://cache/1", "pages")
