"""The account of an import as people and programs read it: a line a file, the totals, progress on a terminal."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import OutputWrapper

from ingest.importing import Report
from ingest.models import OutcomeKind
from ingest.running import Taken

SHOWN_AGAIN = 200  # failures listed at the end; every file has had its line before


def _plain(text: str) -> str:
    return text


def _line(report: Report) -> str:
    reason = report.reason.removeprefix(f"{report.shown}：").removeprefix(f"{Path(report.shown).name}：")
    return f"{report.kind.label}  {report.shown}" + (f"：{reason}" if reason else "")


def _write_line(out: TextIO | OutputWrapper, said: dict[str, Any]) -> None:
    out.write(json.dumps(said, ensure_ascii=False) + "\n")
    out.flush()


class Account:
    """What became of the files, told as it happens and summed up at the end."""

    def __init__(
        self,
        out: OutputWrapper,
        json_out: TextIO | OutputWrapper | None,
        report_out: TextIO | OutputWrapper | None,
        progress: Progress,
        verbosity: int,
    ) -> None:
        self.out, self.json_out, self.report_out = out, json_out, report_out
        self.progress, self.verbosity = progress, verbosity
        self.counts: Counter[OutcomeKind] = Counter()
        self.bad: list[Report] = []
        self.begun = time.monotonic()

    def add(self, taken: Taken) -> None:
        report = taken.report
        self.counts[report.kind] += 1
        if self.json_out is not None:
            for layout in taken.layouts:
                _write_line(self.json_out, layout)
        if self.report_out is not None:
            _write_line(self.report_out, _as_json(report))
        if self.verbosity > 0:
            self.progress.clear()
            self.out.write(_line(report), _plain)
        if report.kind in (OutcomeKind.FAILED, OutcomeKind.CLASH) and len(self.bad) < SHOWN_AGAIN:
            self.bad.append(report)
        self.progress.show(sum(self.counts.values()), report.shown)

    def close(self, *, dry_run: bool) -> None:
        self.progress.clear()
        total = sum(self.counts.values())
        if not total:
            self.out.write("没有找到 .txt 文件。", _plain)
        will = "（试运行，什么都没写）" if dry_run else ""
        totals = "，".join(f"{kind.label} {self.counts[kind]}" for kind in OutcomeKind)
        self.out.write(f"共 {total} 个文件：{totals}{will}", _plain)
        if self.verbosity > 0 and self.bad and total > len(self.bad):
            self.out.write("需要处理的：", _plain)
            for report in self.bad:
                self.out.write(_line(report), _plain)
        if self.report_out is not None:
            seconds = round(time.monotonic() - self.begun, 3)
            counts = {kind.value: self.counts[kind] for kind in OutcomeKind}
            _write_line(self.report_out, {"total": total, "outcomes": counts, "seconds": seconds, "dry_run": dry_run})


def _as_json(report: Report) -> dict[str, Any]:
    return {"file": report.shown, "sha256": report.sha256, "outcome": report.kind.value, "reason": report.reason}


class Progress:
    """One line that is written over, on a terminal only: how many, how fast, and how long it will take."""

    def __init__(self, err: OutputWrapper, total: int | None) -> None:
        self.err, self.total = err, total
        self.is_on = bool(getattr(err, "isatty", bool)()) and sys.stderr.isatty()
        self.begun = time.monotonic()

    def show(self, done: int, name: str) -> None:
        if self.is_on:
            said = progress(done, self.total, time.monotonic() - self.begun)
            self.err.write(f"\r\x1b[K{said}  {name[-40:]}", _plain, ending="")
            self.err.flush()

    def clear(self) -> None:
        if self.is_on:
            self.err.write("\r\x1b[K", _plain, ending="")
            self.err.flush()


def progress(done: int, total: int | None, seconds: float) -> str:
    """How far, how fast, how long still: from the rate so far."""
    rate = done / seconds if seconds > 0 else 0.0
    said = f"{done}" if total is None else f"{done}/{total}"
    said += f"  每秒 {rate:.1f} 版"
    if total is not None and rate > 0:
        minutes, rest = divmod(round(max(0, total - done) / rate), 60)
        hours, minutes = divmod(minutes, 60)
        left = f"{hours} 小时 {minutes} 分" if hours else f"{minutes} 分 {rest} 秒" if minutes else f"{rest} 秒"
        said += f"  还要 {left}"
    return said
