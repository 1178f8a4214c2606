"""The whole archive out and in again: row for row the same, on either database, or nothing at all."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from articles import archive
from articles.actions import items, publishing
from articles.apps import ArticlesConfig
from articles.archive.tables import tables
from articles.models import Article, HistoryEntry, Newspaper, Snapshot
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).parents[3]
SEEDS = ROOT / "seeds"


@pytest.fixture
def filled(small):
    """What is in `small`, and the seeds brought in."""
    call_command("ingest", str(SEEDS), verbosity=0)
    return small


@pytest.fixture
def small():
    """An article that was edited and published, and accounts of two roles."""
    chief, editor = factories.user("zhubian", role="主编"), factories.user("bianji", role="编辑")
    editor.set_password("secret-word")
    editor.save()
    article = factories.article(headline="晋江新闻", on=factories.page(number=9))
    content = {**article.content, "headline": "改过的“标题”𠀀"}
    items.edit_item(item=article, content=content, base_version=article.version, actor=editor)
    article.refresh_from_db()
    publishing.publish(item=items.mark_corrected(item=article, base_version=article.version, actor=editor), actor=chief)
    return article


def export(path):
    out = io.StringIO()
    call_command("export_archive", str(path), stdout=out)
    return out.getvalue()


def restore(path):
    out = io.StringIO()
    call_command("import_archive", str(path), stdout=out)
    return out.getvalue()


def manage(data, *words):
    """Another site, on SQLite, as a process of its own."""
    env = {**os.environ, "JJCMS_DATA_DIR": str(data), "SERVE_HTTP": "1", "DJANGO_SETTINGS_MODULE": "jjcms.settings"}
    env.pop("DATABASE_URL", None)
    done = subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def empty():
    call_command("flush", interactive=False, verbosity=0)


@pytest.mark.parametrize("name", ["archive.jsonl", "archive.jsonl.gz"])
def test_out_and_in_again_is_the_same_archive(filled, tmp_path, name):
    path = tmp_path / name
    said = export(path)
    before = archive.digest()
    assert before.sha256 in said and before.rows["ingest.source"] == 5 and before.rows["articles.snapshot"] == 1
    empty()
    assert archive.digest() != before
    assert before.sha256 in restore(path)
    assert archive.digest() == before
    assert Article.objects.get(pk=filled.pk).headline == "改过的“标题”𠀀"
    assert Snapshot.objects.live().count() == 1


def test_into_a_database_of_the_other_kind_and_back(filled, tmp_path):
    """From the database of the tests, whichever it is, into SQLite and back."""
    there, back = tmp_path / "there.jsonl.gz", tmp_path / "back.jsonl"
    export(there)
    before = archive.digest()
    manage(tmp_path / "other", "migrate", "--verbosity", "0")
    manage(tmp_path / "other", "import_archive", str(there))
    assert manage(tmp_path / "other", "archive_digest").startswith(before.sha256)
    manage(tmp_path / "other", "export_archive", str(back))
    empty()
    restore(back)
    assert archive.digest() == before


def test_accounts_come_without_passwords_and_with_their_groups(small, tmp_path):
    path = tmp_path / "archive.jsonl"
    export(path)
    assert "secret" not in path.read_text("utf-8") and "md5$" not in path.read_text("utf-8")
    empty()
    restore(path)
    editor = User.objects.get(username="bianji")
    assert not editor.has_usable_password()
    assert [group.name for group in editor.groups.all()] == ["编辑"]
    assert editor.has_perm("articles.change_article") and not editor.has_perm("articles.publish_article")


def test_new_rows_go_on_counting_and_history_is_still_guarded(small, tmp_path):
    path = tmp_path / "archive.jsonl"
    export(path)
    empty()
    restore(path)
    highest = max(Article.objects.values_list("pk", flat=True))
    assert factories.article(headline="新的", on=factories.page(number=8)).pk > highest
    with pytest.raises(DatabaseError), transaction.atomic():
        HistoryEntry.objects.all().delete()


def test_only_an_empty_database_takes_an_archive(small, tmp_path):
    path = tmp_path / "archive.jsonl"
    export(path)
    with pytest.raises(CommandError, match=r"账号“(bianji|zhubian)”"):
        restore(path)
    empty()
    Newspaper.objects.create(name="青溪日报", slug="qingxi")
    with pytest.raises(CommandError, match="数据库不是空的（已有报纸）"):
        restore(path)
    assert Newspaper.objects.count() == 1


def spoil_byte(text):
    return text.replace("改过的", "改国的", 1)


def spoil_end(text):
    return "\n".join(text.split("\n")[:-2]) + "\n"


def spoil_middle(text):
    lines = text.split("\n")
    return "\n".join([*lines[:10], *lines[11:]])


def spoil_swap(text):
    lines = text.split("\n")
    lines[3], lines[4] = lines[4], lines[3]
    return "\n".join(lines)


SPOILT = [
    ("a changed character", spoil_byte, "校验和不对"),
    ("no end", spoil_end, "没有结尾"),
    ("cut in a line", lambda text: text[:-30], "被截断"),
    ("a missing line", spoil_middle, "校验和不对"),
    ("lines exchanged", spoil_swap, "校验和不对"),
    ("something after the end", lambda text: text + '{"table": "auth.user", "row": {}}\n', "在结尾之后"),
    ("no JSON", lambda text: text.replace('{"row"', "{row", 1), "第 2 行不是 JSON"),
    ("deep JSON", lambda text: text.replace('{"row"', "[" * 100_000, 1), "第 2 行不是"),
    ("a list", lambda text: text.replace("\n", "\n[]\n", 1), "第 2 行不是一条记录"),
    (
        "an unknown table",
        lambda text: text.replace('"table":"auth.user"', '"table":"auth.permission"', 1),
        "auth.permission",
    ),
    ("an unknown field", lambda text: text.replace('"username"', '"password"', 1), "不是本版本认得的记录"),
    ("another version", lambda text: text.replace('"version": 1', '"version": 2', 1), "请换用对应版本"),
    ("other migrations", lambda text: text.replace('"auth": "00', '"auth": "99', 1), "另一版本的程序"),
    ("something else", lambda text: "你好\n", "不是 JSON"),
    ("nothing", lambda text: "", "不是 jjcms 的存档"),
]


@pytest.mark.parametrize(("spoil", "said"), [row[1:] for row in SPOILT], ids=[row[0] for row in SPOILT])
def test_a_damaged_file_is_refused_by_name_and_nothing_is_written(small, tmp_path, spoil, said):
    path = tmp_path / "archive.jsonl"
    export(path)
    text = path.read_text("utf-8")
    assert spoil(text) != text
    path.write_text(spoil(text), "utf-8")
    empty()
    before = archive.digest()
    with pytest.raises(CommandError, match=said):
        restore(path)
    assert archive.digest() == before


def test_a_packed_file_that_is_none_and_one_that_is_missing(tmp_path):
    path = tmp_path / "archive.jsonl.gz"
    path.write_text("not packed", "utf-8")
    with pytest.raises(CommandError, match="读不了"):
        restore(path)
    packed = gzip.compress(b"{}\n")
    path.write_bytes(packed[: len(packed) // 2])
    with pytest.raises(CommandError, match="读不了"):
        restore(path)
    with pytest.raises(CommandError, match="读不了"):
        restore(tmp_path / "missing.jsonl")


def test_what_the_database_refuses_leaves_nothing(small, tmp_path):
    """A file whose sums are right and whose rows contradict each other: made by hand, but the database decides."""
    path = tmp_path / "archive.jsonl"
    export(path)
    head, *lines = path.read_text("utf-8").splitlines(keepends=True)
    end = json.loads(lines.pop())["end"]
    lines = [line for line in lines if '"table":"articles.issue"' not in line]
    import hashlib

    end["rows"]["articles.issue"] = 0
    end["sha256"] = hashlib.sha256("".join(lines).encode()).hexdigest()
    path.write_text(head + "".join(lines) + json.dumps({"end": end}) + "\n", "utf-8")
    empty()
    before = archive.digest()
    with pytest.raises(CommandError, match=r"(对不上|不接受)"):
        restore(path)
    assert archive.digest() == before


def test_stopped_in_the_middle_of_restoring_nothing_is_there(small, tmp_path, monkeypatch):
    path = tmp_path / "archive.jsonl"
    export(path)
    empty()
    before = archive.digest()
    monkeypatch.setattr("articles.archive.reading._count_on", lambda made: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        restore(path)
    assert archive.digest() == before


def test_an_existing_file_is_never_overwritten_and_a_failed_export_leaves_none(small, tmp_path, monkeypatch):
    path = tmp_path / "archive.jsonl"
    path.write_text("mine", "utf-8")
    with pytest.raises(CommandError, match="已经存在"):
        export(path)
    assert path.read_text("utf-8") == "mine"
    with pytest.raises(CommandError, match="写不进去"):
        export(tmp_path / "missing" / "archive.jsonl")

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("articles.archive.write", full)
    with pytest.raises(CommandError, match="写不进去"):
        export(tmp_path / "other.jsonl")
    assert [each.name for each in tmp_path.iterdir()] == ["archive.jsonl"]


def test_the_file_is_for_its_owner_only(small, tmp_path):
    export(tmp_path / "archive.jsonl")
    assert (tmp_path / "archive.jsonl").stat().st_mode & 0o077 == 0


def test_every_model_is_in_the_archive_or_named_as_left_out():
    from django.apps import apps

    left = {
        model._meta.model_name
        for label in ("articles", "ingest")
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        if model._meta.label_lower not in tables()
    }
    named = {
        name.lower()
        for label in ("articles", "ingest")
        for name in getattr(apps.get_app_config(label), "not_archived", ())
    }
    assert left == named and ArticlesConfig.is_archived


def test_export_takes_as_many_queries_for_many_rows_as_for_few(django_assert_num_queries):
    def count():
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as seen:
            archive.digest()
        return len(seen)

    factories.article(headline="一")
    few = count()
    page = factories.page(number=2)
    for number in range(30):
        factories.article(headline=f"第{number}", on=page)
    assert count() == few
