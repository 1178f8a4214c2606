"""Several new pages written together: the same as one by one, and one by one when together fails."""

from __future__ import annotations

import contextlib
import datetime

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from articles.models import Issue, Page
from articles.people import engine_user
from ingest import arriving
from ingest.engine import Hints
from ingest.importing import Importer
from ingest.models import ImportOutcome, Source
from ingest.walking import Found

pytestmark = pytest.mark.django_db

NEWS = "春耕全面展开\n本报讯（记者 王小明）各乡镇备足种子化肥，确保农时。\n"


def parcel(folder, *pages):
    """Files of the given texts and page numbers, for the engine itself."""
    found = []
    for number, (text, page) in enumerate(pages):
        path = folder / f"{number}-{page}.txt"
        path.write_text(NEWS + text, "utf-8")
        hints = Hints(newspaper="青溪日报", date=datetime.date(2024, 3, 5), date_basis="manifest", page=page)
        found.append(Found(path, path.name, path.name, hints))
    return found


def test_a_parcel_becomes_what_its_files_would_become_one_by_one(tmp_path):
    found = parcel(tmp_path, ("甲。", 1), ("乙。", 2), ("甲。", 1), ("丙。", 1), ("丁。", 4))
    found.insert(2, Found(tmp_path / "gone.txt", "gone.txt", "gone.txt"))
    reports = Importer(actor=engine_user()).take_many(found)
    # The same bytes again, and another text for the first page, are judged by what is there.
    assert [report and report.kind for report in reports] == [
        "created", "created", "failed", "unchanged", "clash", "created"
    ]  # fmt: skip
    assert Source.objects.count() == Page.objects.count() == 3
    assert Issue.objects.count() == 1
    assert ImportOutcome.objects.count() == 5


def test_a_parcel_that_cannot_be_written_goes_in_page_by_page(tmp_path, monkeypatch):
    written, really = [], arriving.write

    def write(arrivals, *, actor):
        written.append(len(arrivals))
        really(arrivals, actor=actor)
        if len(arrivals) > 1:
            raise IntegrityError("somebody else was faster")

    monkeypatch.setattr("ingest.arriving.write", write)
    importer = Importer(actor=engine_user())
    reports = importer.take_many(parcel(tmp_path, ("甲。", 1), ("乙。", 2), ("丙。", 3)))
    assert [report and report.kind for report in reports] == ["created"] * 3
    assert written == [3, 1, 1, 1]
    assert Source.objects.count() == 3
    assert ImportOutcome.objects.filter(run=importer.run).count() == 3


def test_a_file_by_itself_takes_its_turn_at_writing_as_a_parcel_does(tmp_path, monkeypatch):
    turns, depth = [], len(connection.savepoint_ids)

    @contextlib.contextmanager
    def turn(file):
        assert len(connection.savepoint_ids) == depth, "before the transaction, which takes the database"
        turns.append(file)
        yield

    monkeypatch.setattr("ingest.importing.in_turn", turn)
    with (tmp_path / "turn").open("w+b") as file:
        importer = Importer(actor=engine_user(), turn=file)
        one, clash = parcel(tmp_path, ("甲。", 1), ("乙。", 1))
        assert importer.take(one).kind == "created" and turns == [file]
        assert importer.take(clash).kind == "clash" and turns[1:] and set(turns) == {file}


def test_a_larger_parcel_asks_no_more(tmp_path):
    importer = Importer(actor=engine_user())
    importer.take_many(parcel(tmp_path, ("一。", 1), ("二。", 2)))
    with CaptureQueriesContext(connection) as few:
        importer.take_many(parcel(tmp_path, ("三。", 3), ("四。", 4)))
    with CaptureQueriesContext(connection) as many:
        importer.take_many(parcel(tmp_path, *((f"第{number}。", number) for number in range(5, 13))))
    assert len(many) == len(few)
    assert Page.objects.count() == 12
