"""The seeds read as they are known to read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ingest.engine.golden import SEEDS, expected_file, pages, read


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.stem[:3])
def test_seed_gives_its_golden_layout(page: Path) -> None:
    assert read(page) == json.loads(expected_file(page).read_text("utf-8"))


def test_layout_does_not_depend_on_the_hash_seed() -> None:
    page = max(pages(), key=lambda p: p.stat().st_size)
    outputs = {
        subprocess.run(
            [sys.executable, "-m", "ingest.engine", str(page)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=SEEDS.parent,
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "77")
    }
    assert len(outputs) == 1
