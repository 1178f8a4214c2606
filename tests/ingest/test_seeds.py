"""The five real pages, from the command line to the rows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from articles.models import Article, Notice, Page
from ingest.engine import LedgerError
from ingest.models import Provenance, Source
from ingest.standing import check_rows
from tests.ingest.conftest import every_row

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds"


@pytest.mark.django_db
def test_the_seeds_go_in_whole_and_three_runs_leave_what_the_first_wrote(capsys):
    call_command("ingest", str(SEEDS))
    assert "新建 5" in capsys.readouterr().out
    assert Source.objects.count() == Page.objects.count() == 5
    assert Article.objects.count() >= 5
    assert Provenance.objects.count() == Article.objects.count() + Notice.objects.count()
    first = every_row()
    for source in Source.objects.all():
        assert bytes(source.raw) == (SEEDS / source.name).read_bytes()
        check_rows({source.pk: source.text})
    for _ in range(2):
        call_command("ingest", str(SEEDS))
        assert "未变 5" in capsys.readouterr().out
    assert every_row() == first


@pytest.mark.django_db
def test_the_check_of_the_rows_sees_a_single_lost_character(capsys):
    call_command("ingest", str(SEEDS), verbosity=0)
    provenance = Provenance.objects.filter(article__isnull=False).exclude(article__body=[])[0]
    source, article = provenance.source, provenance.article
    assert article is not None
    piece = article.body[0]["id"]
    provenance.pieces[piece]["spans"][0][0] += 1
    provenance.save()
    with pytest.raises(LedgerError):
        check_rows({source.pk: source.text})


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
@pytest.mark.django_db
def test_a_seed_in_another_encoding_reads_the_same(tmp_path, encoding, capsys):
    seed = next(SEEDS.glob("000_*"))
    (tmp_path / "a.txt").write_bytes(seed.read_bytes().decode().encode(encoding))
    call_command("ingest", str(tmp_path), verbosity=0)
    assert Source.objects.get().text == seed.read_bytes().decode()


def test_a_dry_run_needs_no_database(tmp_path):
    """As in a fresh clone: nothing is migrated, and nothing is made."""
    given = {"JJCMS_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "jjcms.settings", "DATABASE_URL": ""}
    ran = subprocess.run(
        [sys.executable, "manage.py", "ingest", "seeds/", "--dry-run", "--json", "-"],
        cwd=ROOT,
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        check=True,
    )
    pages = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [page["source"] for page in pages] == sorted(path.name for path in SEEDS.glob("*.txt"))
    assert "新建 5" in ran.stderr
    assert not list(tmp_path.glob("*.sqlite3"))


def test_an_unmigrated_database_is_named_as_the_reason(tmp_path):
    environment = {**os.environ, "JJCMS_DATA_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/new.sqlite3"}
    ran = subprocess.run(
        [sys.executable, "manage.py", "ingest", "seeds/"],
        cwd=ROOT,
        env={**environment, "DJANGO_SETTINGS_MODULE": "jjcms.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2 and "migrate" in ran.stderr and "Traceback" not in ran.stderr


@pytest.mark.django_db
def test_the_text_of_a_source_is_still_guarded_after_all_migrations(capsys):
    """SQLite loses triggers when a migration rebuilds the table."""
    call_command("ingest", str(next(SEEDS.glob("004_*"))), verbosity=0)
    for column in ("sha256", "raw", "encoding", "text", "received_at"):
        with pytest.raises(Exception, match="append-only"), connection.cursor() as cursor:
            cursor.execute("SAVEPOINT before_change")
            try:
                cursor.execute(f"UPDATE ingest_source SET {column} = {column}")
            finally:
                cursor.execute("ROLLBACK TO SAVEPOINT before_change")
