"""A page for the tests: its physical lines, its notices, and the promises every result keeps."""

from __future__ import annotations

from datetime import date

from ingest.engine.ledger import without_space
from ingest.engine.notices import NoticesFound, find_notices
from ingest.engine.types import Line
from tests.ingest.engine.notices.cases import PRINTED


def lines_of(source: str) -> tuple[Line, ...]:
    made, position = [], 0
    for number, text in enumerate(source.split("\n"), start=1):
        made.append(Line(number, position, position + len(text), text))
        position += len(text) + 1
    return tuple(made)


def find(source: str, printed: date | None = PRINTED) -> NoticesFound:
    found = find_notices(source, lines_of(source), printed_date=printed)
    assert_promises(source, found)
    return found


def assert_promises(source: str, found: NoticesFound) -> None:
    """Spans never overlap, say what the blocks say, and cover exactly the claimed lines."""
    owner = bytearray(len(source))
    blocks = [*(block for item in found.notices for block in item.blocks), *found.furniture]
    for block in blocks:
        assert block.reason
        assert 0 < block.confidence <= 1
        for start, end in block.spans:
            assert 0 <= start < end <= len(source)
            assert not any(owner[start:end])
            owner[start:end] = b"\x01" * (end - start)
        said = "".join(source[start:end] for start, end in block.spans)
        assert without_space(block.text) == without_space(said)
    for line in lines_of(source):
        for position in range(line.start, line.end):
            if not source[position].isspace():
                assert owner[position] == (line.number in found.used), (line, source[position])
    for finding in found.findings:
        assert 0 <= finding.where[0] < finding.where[1] <= len(source)
