"""The topics a site starts with, from `articles/data/topics.csv`."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "data" / "topics.csv"


def rows() -> list[dict[str, Any]]:
    """Fields of each topic; `words` is a list."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return [{**row, "words": row["words"].split()} for row in csv.DictReader(file)]


def ensure_topics(apps: Any) -> None:
    """Add the initial topics that are missing; migrations call it.

    A topic is there already when its address or its name is: an editor who renamed it, changed its clue words or
    retired it keeps the change.
    """
    topic_model = apps.get_model("articles", "Topic")
    known = topic_model.objects.values_list("name", "slug")
    names, slugs = {name for name, _ in known}, {slug for _, slug in known}
    topic_model.objects.bulk_create(
        [topic_model(**row) for row in rows() if row["name"] not in names and row["slug"] not in slugs],
        ignore_conflicts=True,
    )
