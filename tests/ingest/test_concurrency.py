"""Several processes at once, and a process killed in the middle: real ones, on the database of the tests."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.db import connection

from articles import inserting
from articles.actions import items
from articles.models import Article, Contributor, Credit, Issue, Newspaper, Page
from articles.people import engine_user
from ingest.credits import known_beforehand
from ingest.engine import Hints
from ingest.importing import Importer
from ingest.models import ImportOutcome, ImportRun, Source
from ingest.walking import Found
from tests import factories
from tests.ingest.conftest import every_row
from tests.ingest.layouts import PAGE, recut

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds"


def environment(tmp_path: Path) -> dict[str, str]:
    """What another process needs to find the database of this test."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{settings['NAME']}"
    else:
        login = quote(settings["USER"] or "") + (f":{quote(settings['PASSWORD'])}" if settings["PASSWORD"] else "")
        host = settings["HOST"] or ""
        if host.startswith("/"):  # a socket folder
            url = f"postgres://{login}@/{settings['NAME']}?host={quote(host)}"
        else:
            url = f"postgres://{login}@{host}:{settings['PORT']}/{settings['NAME']}"
    return {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "jjcms.settings",
        "JJCMS_DATA_DIR": str(tmp_path / "data"),
        "PYTHONPATH": str(ROOT),
    }


def start(tmp_path: Path, *code: str, **more: object) -> subprocess.Popen[str]:
    process: subprocess.Popen[str] = subprocess.Popen(
        [sys.executable, *code],
        env=environment(tmp_path),
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **more,  # type: ignore[call-overload]
    )
    return process


def test_two_processes_over_one_folder_end_with_each_page_once(tmp_path):
    pages = tmp_path / "pages"
    pages.mkdir()
    text = "春耕全面展开\n本报讯（记者 王小明）各乡镇备足种子化肥，确保农时。\n"
    for number in range(12):
        (pages / f"{number:02}.txt").write_text(text + "又" * number, "utf-8")
    command = ["manage.py", "ingest", str(pages), "--newspaper", "青溪日报", "--date", "2024-03-05"]
    processes = [start(tmp_path, *command) for _ in range(3)]
    counts: Counter[str] = Counter()
    for process in processes:
        out, err = process.communicate(timeout=120)
        assert (process.returncode, err) == (0, "")
        counts.update(line.split("  ")[0] for line in out.splitlines() if "  " in line)
    assert counts == {"新建": 12, "未变": 24}
    assert Source.objects.count() == Page.objects.count() == 12
    assert Newspaper.objects.count() == Issue.objects.count() == 1
    assert Contributor.objects.filter(name="王小明").count() <= 1
    assert ImportOutcome.objects.count() == 12
    assert not ImportRun.objects.filter(outcomes__isnull=True).exists()


def test_threads_bringing_the_same_file_make_one_page(tmp_path, engine_says):
    """All pass the first look, before any of them has written."""
    path = tmp_path / "001.txt"
    path.write_text(PAGE, "utf-8")
    together = threading.Barrier(4)

    def reader(text, /, **known):
        together.wait(timeout=20)
        return recut(text, **known)

    engine_says(reader)
    reports = []

    def work():
        try:
            importer = Importer(actor=engine_user())
            hints = Hints(newspaper="青溪日报", page=1)
            reports.append(importer.take(Found(path, "001.txt", "001.txt", hints)).kind)
            importer.finish()
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert Counter(reports) == {"created": 1, "unchanged": 3}
    assert Source.objects.count() == Page.objects.count() == Newspaper.objects.count() == 1


HALF_WAY = """
import sys, time
import django
django.setup()
import ingest.arriving
def half_way(*args, **more):
    print("half way", flush=True)
    time.sleep(60)
ingest.arriving.check_rows = half_way
from django.core.management import call_command
call_command("ingest", sys.argv[1])
"""


def test_a_process_killed_in_the_middle_leaves_nothing_half_written(tmp_path):
    """On PostgreSQL but the names of people, so that nobody else who has the same new ones waits for the whole parcel.
    The run that goes on needs them."""
    before = every_row()
    process = start(tmp_path, "-c", HALF_WAY, str(SEEDS))
    try:
        assert process.stdout is not None and process.stdout.readline() == "half way\n"
    finally:
        process.kill()
        process.communicate()
    there = without_people()
    for _ in range(100):  # until the server has noticed
        if there == before:
            break
        time.sleep(0.1)
        there = without_people()
    assert there == before
    names = set(Contributor.objects.values_list("name", flat=True))
    assert bool(names) == (connection.vendor == "postgresql")
    call_command("ingest", str(SEEDS), verbosity=0)
    assert Source.objects.count() == 5
    assert not Contributor.objects.filter(credits=None).exists() and Contributor.objects.count() >= len(names)


def without_people():
    return {**every_row(), "articles.Contributor": []}


def test_names_made_beforehand_go_again_with_what_they_were_made_for(monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite names are made with the pages")
    Contributor.objects.create(name="蔡斯洵")
    article = factories.article()
    with pytest.raises(ZeroDivisionError), known_beforehand(["蔡斯洵", "王小明", "李大海"]):
        assert Contributor.objects.count() == 3
        raise ZeroDivisionError
    assert [each.name for each in Contributor.objects.all()] == ["蔡斯洵"]
    with pytest.raises(ZeroDivisionError), known_beforehand(["王小明", "李大海"]):
        Credit.objects.create(article=article, contributor=Contributor.objects.get(name="王小明"))  # somebody else
        raise ZeroDivisionError
    assert {each.name for each in Contributor.objects.all()} == {"蔡斯洵", "王小明"}

    def meanwhile(rows):
        Contributor.objects.create(name="李大海")  # by an editor
        inserting.number(rows)

    monkeypatch.setattr("ingest.credits.number", meanwhile)
    with pytest.raises(ZeroDivisionError), known_beforehand(["李大海", "赵一"]):
        raise ZeroDivisionError
    assert {each.name for each in Contributor.objects.all()} == {"蔡斯洵", "王小明", "李大海"}


def test_an_edit_made_while_the_engine_reads_is_respected(tmp_path, engine_says, editor):
    """The comparison happens under a lock, after the reading: it sees what was saved meanwhile."""
    path = tmp_path / "001.txt"
    path.write_text(PAGE, "utf-8")
    found = Found(path, "001.txt", "001.txt")
    engine_says(recut)
    Importer(actor=engine_user()).take(found)

    def slow(text, /, **known):
        article = Article.objects.get(position=2)
        content = {**article.content, "headline": "春耕忙"}
        items.edit_item(item=article, content=content, base_version=article.version, actor=editor)
        return recut(text, **known)

    engine_says(slow, "v2")
    Importer(actor=engine_user()).take(found)
    assert Article.objects.get(position=2).headline == "春耕忙"
