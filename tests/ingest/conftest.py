"""Bringing hand-made layouts in, and looking at every row of the database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from articles.people import engine_user
from ingest.engine import Hints, PageLayout
from ingest.importing import Importer, Report
from ingest.walking import Found
from tests.ingest.layouts import PAGE, usual

Reader = Callable[..., PageLayout]


@pytest.fixture
def engine_says(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Put another engine in place: a layout maker, and the version it calls itself."""

    def put(reader: Reader, version: str = "v1") -> None:
        def read_page(text: str, *, source: str = "", hints: Hints) -> PageLayout:
            known = {
                "newspaper": hints.newspaper,
                "date": hints.date,
                "date_basis": hints.date_basis,
                "page": hints.page,
                "section": hints.section,
            }
            return reader(text, source=source, **{name: value for name, value in known.items() if value is not None})

        monkeypatch.setattr("ingest.engine.read_page", read_page)
        monkeypatch.setattr("ingest.hints.engine_version", lambda: version)

    return put


@pytest.fixture
def bring(tmp_path: Path, engine_says: Any) -> Callable[..., Report]:
    """Write a file and bring it in, by a run of its own; hints are keywords."""
    engine_says(usual)

    def take(text: str = PAGE, *, name: str = "001.txt", dry_run: bool = False, **hints: Any) -> Report:
        path = tmp_path / name
        path.write_text(text, "utf-8", newline="")
        if "date" in hints:
            hints.setdefault("date_basis", "option")
        importer = Importer(actor=engine_user(), dry_run=dry_run)
        report = importer.take(Found(path, name, name, Hints(**hints)))
        importer.finish()
        return report

    return take


def every_row() -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables, every column."""
    models = apps.get_models(include_auto_created=True)
    return {
        model._meta.label: [
            {name: bytes(value) if isinstance(value, memoryview) else value for name, value in row.items()}
            for row in model._base_manager.order_by("pk").values()
        ]
        for model in models
    }
