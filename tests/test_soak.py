"""The endurance test of `benchmarks.soak`, short: a server, readers, editors and an import, all real processes."""

from __future__ import annotations

import subprocess
import sys

import pytest
from django.db import connection

from tests.ingest.test_concurrency import ROOT, environment

pytestmark = pytest.mark.django_db(transaction=True)


def test_readers_editors_and_an_import_at_once_leave_nothing_wrong(tmp_path):
    options = "--seconds 15 --pages 8 --teams 2 --readers 2 --imported 24 --kills 1"
    connection.close()  # the database is theirs now
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.soak", *options.split()],
        env={**environment(tmp_path), "SERVE_HTTP": "1"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    lines = (line.rsplit(maxsplit=1) for line in done.stdout.splitlines() if len(line.split()) > 1)
    counts = {name.strip(): int(number) for name, number in lines if number.isdigit()}
    # That it ran at all: with nothing done, nothing is wrong either.
    assert (
        counts["saved"] and counts["signed"] and counts["published"] and counts["marks seen"] and counts["reader 2xx"]
    )
