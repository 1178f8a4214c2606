"""Benchmarks are run by hand, so nothing else would say that one asks for what is no longer there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
APART = {"__init__", "floor", "floor_settings"}
"""A web application with settings of its own: gunicorn loads it."""


def test_every_benchmark_finds_what_it_asks_for():
    names = sorted(path.stem for path in (ROOT / "benchmarks").glob("*.py") if path.stem not in APART)
    imports = "; ".join(f"import benchmarks.{name}" for name in names)
    done = subprocess.run([sys.executable, "-c", imports], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(names) > 10
