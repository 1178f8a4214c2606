"""Many files over several workers: what one process would have made, whatever happens on the way."""

from __future__ import annotations

import contextlib
import fcntl
import json
import signal
import subprocess
import time

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from articles.models import Issue, Page
from ingest import claims
from ingest.account import progress
from ingest.models import ImportOutcome, ImportRun, Source
from tests.ingest.conftest import every_row
from tests.ingest.test_command import ingest
from tests.ingest.test_concurrency import SEEDS, start

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = "春耕全面展开\n本报讯（记者 王小明）各乡镇备足种子化肥，确保农时。\n"


@pytest.fixture
def pages(tmp_path):
    """Thirty pages of five days in two folders, one of them unreadable, one there twice."""
    made = tmp_path / "pages"
    rows = ["file,newspaper,date,page,section"]
    for number in range(30):
        name = f"{'ab'[number % 2]}/{number:02}.txt"
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text(TEXT + f"第{number}号" * 3 + "。\n", "utf-8")
        rows.append(f"{name},青溪日报,2024-03-{number // 6 + 1:02},{number % 6 + 1},")
    (made / "c.txt").write_bytes(b"%PDF-1.7 not text")
    (made / "b" / "zz.txt").write_bytes((made / "a" / "00.txt").read_bytes())
    (made / "manifest.csv").write_text("\n".join(rows) + "\n", "utf-8")
    return made


def contents():
    """What is there, without the numbers and times that rows happen to get."""
    rows = every_row()
    places = {page.pk: (str(page.issue.newspaper), page.issue.date, page.number) for page in Page.objects.all()}
    return {
        "items": sorted(
            (places[row["page_id"]], row["position"], row["content_hash"], row["version"], row.get("headline"))
            for kind in ("articles.Article", "articles.Notice")
            for row in rows[kind]
        ),
        "sources": sorted((row["sha256"], row["name"], row["read_with"]) for row in rows["ingest.Source"]),
        "issues": sorted((str(row["date"]), row["date_state"]) for row in rows["articles.Issue"]),
        "provenance": sorted((row["item_key"], str(row["pieces"])) for row in rows["ingest.Provenance"]),
        "outcomes": sorted((row["name"], row["kind"], row["reason"]) for row in rows["ingest.ImportOutcome"]),
        "findings": sorted((row["key"], row["message"]) for row in rows["articles.Finding"]),
        "people": sorted(row["name"] for row in rows["articles.Contributor"]),
        "acts": sorted((row["target"], row["act"], row["reason"]) for row in rows["articles.HistoryEntry"]),
    }


def test_two_workers_make_what_one_makes_and_report_in_the_order_of_the_files(pages, tmp_path):
    report = tmp_path / "report.jsonl"
    status, out, _ = ingest(pages, workers=2, report=report)
    assert status == 1  # the PDF
    lines = [json.loads(line) for line in report.read_text("utf-8").splitlines()]
    names = [line["file"] for line in lines[:-1]]
    assert names == [str(pages / name) for name in ("c.txt", *sorted(_names(pages)))]
    assert {line["outcome"] for line in lines[1:-1]} == {"created", "unchanged"}
    assert lines[-1]["total"] == 32 and lines[-1]["outcomes"]["failed"] == 1 and lines[-1]["outcomes"]["created"] == 30
    assert all(len(line["sha256"]) == 64 for line in lines[1:-1]) and "PDF" in lines[0]["reason"]
    assert "共 32 个文件：新建 30，更新 0，未变 1，冲突 0，失败 1" in out
    assert ImportRun.objects.count() == 1 and ImportRun.objects.get().finished_at is not None
    assert ImportOutcome.objects.count() == 31
    assert Source.objects.count() == Page.objects.count() == 30
    assert Issue.objects.count() == 5
    before = every_row()
    assert ingest(pages, workers=2)[0] == 1
    assert every_row() == before  # an empty run leaves nothing behind


def _names(pages):
    return [path.relative_to(pages).as_posix() for path in pages.rglob("*.txt") if path.parent != pages]


def test_workers_dry_run_and_json_as_alone(pages):
    alone = ingest(pages, dry_run=True, json="-")
    together = ingest(pages, dry_run=True, json="-", workers=3)
    assert together == alone
    assert not Source.objects.exists() and not ImportRun.objects.exists()


@pytest.mark.parametrize("workers", ["0", "-1", "65", "two", "²"])
def test_a_wrong_number_of_workers_is_refused(workers, pages, capsys):
    with pytest.raises(CommandError, match="进程数应是 1 到 64 的整数"):
        call_command("ingest", str(pages), f"--workers={workers}")


def test_only_what_failed_is_taken_again(pages, monkeypatch):
    ingest(pages)
    (pages / "c.txt").write_text(TEXT + "补上了。\n", "utf-8")
    (pages / "e.txt").write_text(TEXT + "新来的。\n", "utf-8")
    status, out, _ = ingest(pages, retry_failed=True)
    assert status == 0 and "共 1 个文件：新建 1" in out and "c.txt" in out
    assert ingest(pages, retry_failed=True)[1].startswith("没有找到 .txt 文件。")


def test_killed_again_and_again_it_ends_as_if_it_had_not_been(pages):
    """The parent is killed with everything it started: `kill -9` on the whole group, at different moments."""
    import os

    def run():
        command = ["manage.py", "ingest", str(pages), "--workers", "2"]
        return start(pages.parent, *command, start_new_session=True)

    for seen in (1, 4, 9, 15):
        process = run()
        assert process.stdout is not None
        for _ in range(seen):
            process.stdout.readline()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    _wait_until_quiet()
    process = run()
    process.communicate(timeout=120)
    assert process.returncode == 1
    interrupted = contents()
    call_command("flush", interactive=False, verbosity=0)
    ingest(pages)
    assert interrupted == contents()


def _wait_until_quiet():
    """PostgreSQL notices a lost client a moment later; until then its transaction holds rows."""
    for _ in range(100):
        if connection.vendor != "postgresql":
            return
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            if cursor.fetchone()[0] == 0:
                return
        time.sleep(0.1)


def test_workers_do_not_outlive_a_killed_parent(pages):
    process = start(pages.parent, "manage.py", "ingest", str(pages), "--workers", "2", start_new_session=True)
    assert process.stdout is not None
    process.stdout.readline()
    process.kill()  # the parent alone
    process.communicate(timeout=30)  # ends only when no worker holds the other end of its output


def test_two_runs_with_workers_at_once_do_no_page_twice(pages):
    runs = [start(pages.parent, "manage.py", "ingest", str(pages), "--workers", "2") for _ in range(2)]
    lines: list[str] = []
    for process in runs:
        out, err = process.communicate(timeout=180)
        assert process.returncode == 1, err
        lines += [line for line in out.splitlines() if "  " in line]
    assert sum(line.startswith("新建") for line in lines) == 30
    assert Source.objects.count() == Page.objects.count() == 30 and Issue.objects.count() == 5
    _, out, _ = ingest(pages)
    assert "未变 31" in out


def test_pages_that_print_the_same_date_share_one_issue_whoever_reads_them(tmp_path):
    made = tmp_path / "printed"
    made.mkdir()
    for number in range(1, 9):
        text = f"晋江经济报\n2024年3月5日 星期二 第{number}版\n" + TEXT + f"又{number}。\n"
        (made / f"{number}.txt").write_text(text, "utf-8")
    assert ingest(made, workers=4, newspaper="青溪日报")[0] == 0
    assert Issue.objects.count() == 1 and Page.objects.count() == 8


def test_a_file_that_another_process_reads_is_put_off_not_read_twice(tmp_path, monkeypatch):
    """On both databases the runner waits for a claimed file; on PostgreSQL the claims themselves are real locks."""
    busy = iter([2, 0])

    @contextlib.contextmanager
    def some(files):
        yield set(list(files)[next(busy, 0) :])

    monkeypatch.setattr("ingest.importing.claims", some)
    status, out, _ = ingest(SEEDS)
    assert status == 0 and "新建 5" in out
    assert [line[4:].split("：")[0].rpartition("/")[2][:3] for line in out.splitlines()[:5]] == [
        "002", "003", "004", "000", "001"
    ]  # fmt: skip


def test_claims_keep_sessions_apart(tmp_path):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no sessions to keep apart")
    script = (
        "import django; django.setup()\nfrom ingest.claims import claims\n"
        "with claims(['ab' * 32, 'cd' * 32]) as ours: print(*sorted(each[:2] for each in ours))"
    )
    with claims.claims(["ab" * 32]) as ours:
        out, err = start(tmp_path, "-c", script).communicate(timeout=60)
    assert ours == {"ab" * 32} and out.split() == ["cd"], err
    out, _ = start(tmp_path, "-c", script).communicate(timeout=60)
    assert out.split() == ["ab", "cd"]


def test_now_and_then_a_turn_is_left_to_those_who_wait_for_sqlite(tmp_path, monkeypatch):
    now = [1000.0]
    slept: list[float] = []
    monkeypatch.setattr("ingest.claims.time.monotonic", lambda: now[0])
    monkeypatch.setattr("ingest.claims.time.sleep", slept.append)
    with (tmp_path / "turn").open("w+b") as file:
        for seconds, pauses in ((0, 0), (claims.EVERY / 2, 0), (claims.EVERY / 2, 1), (claims.EVERY / 2, 1)):
            now[0] += seconds
            with claims.in_turn(file):
                pass
            assert slept == [claims.PAUSE] * pauses
    assert claims.PAUSE > 0.1, "SQLite looks again after so long at most"


def test_a_turn_is_waited_for_and_comes_back_from_a_process_that_is_killed(tmp_path):
    script = (
        "import sys, time; from ingest.claims import in_turn\n"
        "with open(sys.argv[1], 'r+b') as file, in_turn(file): print('mine', flush=True); time.sleep(60)"
    )
    path = tmp_path / "turn"
    path.touch()
    with path.open("r+b") as file:
        with claims.in_turn(file):
            other = start(tmp_path, "-c", script, str(path))
            with pytest.raises(subprocess.TimeoutExpired):
                other.wait(3)
        assert other.stdout is not None and other.stdout.readline() == "mine\n"
        with pytest.raises(BlockingIOError):
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        other.kill()
        with claims.in_turn(file):
            other.communicate()


@pytest.mark.parametrize(
    ("done", "total", "seconds", "said"),
    [
        (0, 10, 0.0, "0/10  每秒 0.0 版"),
        (10, None, 2.0, "10  每秒 5.0 版"),
        (10, 40, 10.0, "10/40  每秒 1.0 版  还要 30 秒"),
        (100, 1000, 50.0, "100/1000  每秒 2.0 版  还要 7 分 30 秒"),
        (10, 90_000, 1.0, "10/90000  每秒 10.0 版  还要 2 小时 29 分"),
        (11, 10, 1.0, "11/10  每秒 11.0 版  还要 0 秒"),
    ],
)
def test_progress_says_rate_and_time_left(done, total, seconds, said):
    assert progress(done, total, seconds) == said


def test_given_layouts_go_in_by_workers_as_alone(pages, tmp_path):
    (pages / "c.txt").unlink()
    layouts = tmp_path / "layouts.jsonl"
    assert ingest(pages, dry_run=True, json=layouts, workers=2)[0] == 0
    assert ingest(pages, layouts=layouts, workers=2)[0] == 0
    assert Source.objects.filter(read_with__startswith="given-").count() == Page.objects.count() == 30
    before = every_row()
    assert ingest(pages, layouts=layouts, workers=2)[0] == 0
    assert every_row() == before
