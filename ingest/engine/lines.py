"""Split a source into physical lines, each knowing where it stands.

A line ends wherever Unicode says a line ends (CR, LF, CRLF, form feed, U+2028 …): exports mix them freely. All of
these are white space to the ledger, so a line end never has to be accounted for.
"""

from __future__ import annotations

import re

from ingest.engine.types import Line

# CRLF counts once. The rest are the line ends of `str.splitlines`, spelled out so that nobody has to look them up:
# VT, FF, FS, GS, RS, NEL, LINE SEPARATOR, PARAGRAPH SEPARATOR.
LINE_END = re.compile("\r\n|[\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")


def split_lines(source: str) -> tuple[Line, ...]:
    """All lines, blank ones too; joining the texts with their ends gives the source back."""
    lines: list[Line] = []
    start = 0
    for number, end in enumerate(LINE_END.finditer(source), start=1):
        lines.append(Line(number, start, end.start(), source[start : end.start()]))
        start = end.end()
    lines.append(Line(len(lines) + 1, start, len(source), source[start:]))
    return tuple(lines)
