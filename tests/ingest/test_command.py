"""`manage.py ingest`: every option is seen to act, the report and the exit status say what happened."""

from __future__ import annotations

import datetime
import io
import json
import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from articles.models import DateState, Issue, Page
from ingest.models import ImportOutcome, ImportRun, Source
from tests.ingest.conftest import every_row
from tests.ingest.layouts import PAGE, recut, usual

pytestmark = pytest.mark.django_db

DAY = datetime.date(2024, 3, 5)


@pytest.fixture
def folder(tmp_path, engine_says):
    """Three pages, one of them in a folder below, and what is no page."""
    engine_says(usual)
    made = tmp_path / "pages"
    (made / "b").mkdir(parents=True)
    for number, name in enumerate(["a2.txt", "a1.TXT", "b/c.txt"]):
        (made / name).write_text(PAGE + " " * number, "utf-8")
    (made / "readme.md").write_text("不是版面", "utf-8")
    (made / "._a1.txt").write_bytes(b"\x00\x05\x16\x07")  # what a Mac leaves behind
    return made


def ingest(*arguments, **options):
    """(exit status, standard output, standard error)"""
    out, err = io.StringIO(), io.StringIO()
    words = [str(argument) for argument in arguments]
    for name, value in options.items():
        words += [f"--{name.replace('_', '-')}", *([] if value is True else [str(value)])]
    try:
        call_command("ingest", *words, stdout=out, stderr=err)
    except CommandError as error:
        return error.returncode, out.getvalue(), err.getvalue() + str(error)
    return 0, out.getvalue(), err.getvalue()


def test_a_folder_goes_in_with_the_folders_below_it_in_order(folder):
    status, out, _ = ingest(folder)
    lines = out.splitlines()
    assert status == 0
    assert [Path(line.split("：")[0]).name for line in lines[:3]] == ["a1.TXT", "a2.txt", "c.txt"]
    assert all(line.startswith("新建") and "稿件 2，公告 1" in line for line in lines[:3])
    assert lines[3] == "共 3 个文件：新建 3，更新 0，未变 0，冲突 0，失败 0"
    assert sorted(Source.objects.values_list("name", flat=True)) == ["a1.TXT", "a2.txt", "b/c.txt"]
    run = ImportRun.objects.get()
    assert run.options == {"paths": [str(folder)]} and run.finished_at is not None


def test_files_can_be_given_by_name(folder):
    assert ingest(folder / "a2.txt", folder / "b")[0] == 0
    assert sorted(Source.objects.values_list("name", flat=True)) == ["a2.txt", "c.txt"]


def test_three_runs_leave_every_table_as_after_the_first(folder):
    ingest(folder, date="2024-03-05", newspaper="青溪日报")
    first = every_row()
    for _ in range(2):
        status, out, _ = ingest(folder, date="2024-03-05", newspaper="青溪日报")
        assert status == 0 and "未变 3" in out
    assert every_row() == first


def test_dry_run_writes_nothing_and_foresees_what_the_real_run_reports(folder, engine_says, django_assert_num_queries):
    for version, reader in (("v1", usual), ("v2", recut), ("v3", recut)):
        engine_says(reader, version)
        before = every_row()
        status, foreseen, _ = ingest(folder, dry_run=True)
        assert status == 0 and every_row() == before
        _, out, _ = ingest(folder)
        assert foreseen.replace("（试运行，什么都没写）", "") == out


def test_dry_run_foresees_a_clash(folder):
    page = {"newspaper": "青溪日报", "date": "2024-03-05", "page": "1"}
    assert ingest(folder / "a1.TXT", **page)[0] == 0
    before = every_row()
    status, out, _ = ingest(folder / "a2.txt", dry_run=True, **page)
    assert status == 3 and out.startswith("冲突")
    assert every_row() == before


def test_json_to_standard_output_is_all_there_is(folder):
    status, out, err = ingest(folder, dry_run=True, json="-")
    pages = [json.loads(line) for line in out.splitlines()]
    assert status == 0 and [page["source"] for page in pages] == ["a1.TXT", "a2.txt", "b/c.txt"]
    assert pages[0]["items"][0]["headline"] == "青溪大桥建成通车"
    assert "新建 3" in err and not Source.objects.exists()


def test_json_to_a_file(folder, tmp_path):
    target = tmp_path / "out.jsonl"
    for _ in range(2):  # also for pages that are in already
        status, out, _ = ingest(folder, json=str(target))
        assert status == 0 and "共 3 个文件" in out
        assert len(target.read_text("utf-8").splitlines()) == 3


def test_json_to_a_place_that_cannot_be_written_is_refused_before_anything_happens(folder, tmp_path):
    status, _, err = ingest(folder, json=str(tmp_path / "none" / "out.jsonl"))
    assert status == 2 and "写不进去" in err and not Source.objects.exists()


def test_options_place_the_page(folder):
    options = {"newspaper": "青溪日报", "date": "2024-03-05", "page": "3", "section": "社会"}
    assert ingest(folder / "a1.TXT", **options)[0] == 0
    page = Page.objects.get()
    issue = page.issue
    assert issue.newspaper
    assert (issue.newspaper.name, issue.date, issue.date_state, issue.date_basis) == (
        "青溪日报",
        DAY,
        DateState.CONFIRMED,
        "选项",
    )
    assert (page.number, page.section) == (3, "社会")
    assert ImportRun.objects.get().options == {"paths": [str(folder / "a1.TXT")], **options}


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--date", "2024-02-30"),
        ("--date", "昨天"),
        ("--page", "0"),
        ("--page", "A3"),
        ("--section", "长" * 41),
        ("--newspaper", " "),
    ],
)
def test_a_wrong_option_is_refused(folder, option, value):
    status, _, err = ingest(folder, option, value)
    assert status != 0 and option in err and not Source.objects.exists()


def test_one_page_number_is_not_for_several_files(folder):
    status, _, err = ingest(folder, page="1")
    assert status == 2 and "--page" in err and not Source.objects.exists()


def test_a_path_that_does_not_exist_is_refused_before_anything_happens(folder, tmp_path):
    status, _, err = ingest(folder, tmp_path / "gone")
    assert status == 2 and "没有这个文件" in err and not Source.objects.exists()


def test_an_empty_folder_says_so(tmp_path):
    status, out, _ = ingest(tmp_path)
    assert status == 0 and "没有找到 .txt 文件" in out and not ImportRun.objects.exists()


def test_a_manifest_speaks_for_the_files_it_lists_and_the_others_go_in_too(folder):
    (folder / "manifest.csv").write_text(
        "file,newspaper,date,page,section\na1.TXT,青溪日报,2024-03-05,1,要闻\nb/c.txt,青溪日报,2024-03-05,2,\n",
        "utf-8-sig",
    )
    assert ingest(folder)[0] == 0
    placed = Page.objects.filter(issue__date_state=DateState.CONFIRMED).order_by("number")
    assert [(page.number, page.section, page.issue.date_basis) for page in placed] == [
        (1, "要闻", "清单"),
        (2, "", "清单"),
    ]
    assert Issue.objects.undated().count() == 1


def test_a_manifest_speaks_for_a_file_given_by_name_as_well(folder):
    (folder / "manifest.csv").write_text("file,newspaper,date\na1.TXT,青溪日报,2024-03-05\n", "utf-8")
    assert ingest(folder / "a1.TXT")[0] == 0
    assert Page.objects.get().issue.date == DAY


def test_the_nearest_manifest_counts_and_an_option_outranks_it(folder):
    (folder / "manifest.csv").write_text("file,section\nb/c.txt,外\na1.TXT,外\n", "utf-8")
    (folder / "b" / "manifest.csv").write_text("file,section,page\nc.txt,内,7\n", "utf-8")
    ingest(folder)
    sections = {page.sources.get().name: (page.section, page.number) for page in Page.objects.all()}
    assert sections == {"a1.TXT": ("外", None), "a2.txt": ("", None), "b/c.txt": ("内", 7)}
    ingest(folder, section="选")
    assert set(Page.objects.values_list("section", "number")) == {("选", None), ("选", 7)}


def test_a_manifest_with_a_mistake_stops_everything_before_anything_is_written(folder):
    (folder / "b" / "manifest.csv").write_text("file,date\nc.txt,2024-13-01\n", "utf-8")
    status, out, err = ingest(folder)
    assert status == 2 and "第 2 行“date”列" in err and out == ""
    assert not Source.objects.exists() and not ImportRun.objects.exists()


def test_a_bad_file_is_refused_by_name_the_others_go_in_and_the_status_says_so(folder):
    (folder / "a0.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00")
    (folder / "b" / "loop.txt").symlink_to(folder / "b" / "loop.txt")
    (folder / "dir.txt").mkdir()
    (folder / "again").symlink_to(folder)  # a folder that contains itself is not walked
    status, out, _ = ingest(folder)
    assert status == 1 and "新建 3，更新 0，未变 0，冲突 0，失败 2" in out
    assert "失败  " + str(folder / "a0.txt") + "：这是图片" in out
    assert Source.objects.count() == 3
    outcomes = ImportOutcome.objects.filter(kind="failed")
    assert sorted(Path(o.name).name for o in outcomes) == ["a0.txt", "loop.txt"]
    after = every_row()
    assert ingest(folder)[0] == 1
    assert every_row() == after  # the same failures are not recorded again


NAMES = [
    # a name on the disk, the name people see
    ("要闻.txt".encode(), "要闻.txt"),
    ("要闻.txt".encode("gbk"), "要闻.txt"),  # from an old Windows archive
    (b"\xff\xff.txt", "\ufffd\ufffd.txt"),
    ("一\n二.txt".encode(), "一\ufffd二.txt"),  # would break the report's lines
]


@pytest.mark.parametrize(("raw", "shown"), NAMES)
def test_a_strange_file_name_does_no_harm(tmp_path, engine_says, raw, shown):
    engine_says(usual)
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / os.fsdecode(raw)).write_text(PAGE, "utf-8")
    status, out, _ = ingest(pages)
    assert (status, Source.objects.get().name, ImportOutcome.objects.get().name) == (0, shown, str(pages / shown))
    assert out.startswith(f"新建  {pages / shown}：")


def test_a_failure_that_changes_is_recorded_again(folder):
    bad = folder / "a0.txt"
    for raw in (b"", b" ", b""):
        bad.write_bytes(raw)
        ingest(bad)
    assert [o.reason.split("：")[1] for o in ImportOutcome.objects.order_by("pk")] == [
        "是空文件",
        "只有空白，没有文字",
        "是空文件",
    ]


def test_a_clash_has_an_exit_status_of_its_own(folder):
    (folder / "manifest.csv").write_text(
        "file,newspaper,date,page\na1.TXT,青溪日报,2024-03-05,1\na2.txt,青溪日报,2024-03-05,1\n", "utf-8"
    )
    status, out, err = ingest(folder)
    assert status == 3 and "新建 2，更新 0，未变 0，冲突 1，失败 0" in out and "冲突" in err


def test_quiet_leaves_the_totals(folder):
    _, out, _ = ingest(folder, verbosity=0)
    assert out.splitlines() == ["共 3 个文件：新建 3，更新 0，未变 0，冲突 0，失败 0"]


def test_progress_is_for_terminals_only(folder, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    _, _, err = ingest(folder)
    assert err == ""
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    call_command("ingest", str(folder), stdout=io.StringIO(), stderr=terminal)
    assert "3  " in terminal.getvalue() and terminal.getvalue().endswith("\r\x1b[K")
