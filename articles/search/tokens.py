"""What stands in the inverted index: pairs of neighbouring characters, and marks for everything else that is asked for.

Of every run of the folded text each pair of neighbours is a token, and its last character alone. So every string of
two characters is one token exactly, every single character is the beginning of one, and no dictionary is needed. Pairs
in the headline, byline, column and section are there a second time with a mark before them; kind, newspaper, page,
topics and contributors are tokens as well, so that one look into the index answers all conditions together. The marks
are private characters, which no folded text holds. PostgreSQL makes the same tokens: see `schema`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from operator import add
from typing import Any, Final

from articles.search.folding import BREAK
from articles.search.types import Field, Kind

FIELD_MARKS: Final = {Field.HEADLINE: "\ue010", Field.BYLINE: "\ue011", Field.COLUMN: "\ue012", Field.SECTION: "\ue013"}
ALL, KIND, NEWSPAPER, PAGE, TOPIC, CONTRIBUTOR = "\ue020", "\ue021", "\ue022", "\ue023", "\ue024", "\ue025"
KINDS: Final = {Kind.ARTICLE: 1, Kind.NOTICE: 2}

EDITION: Final = 1
"""To be raised when a row gets other tokens than before: `migrate` then makes the inverted index anew."""


def pairs(text: str, mark: str = "") -> set[str]:
    """The tokens of a folded text."""
    found: set[str] = set()
    for run in text.split(BREAK):
        if run:
            found.update(map(add, run, run[1:]))
            found.add(run[-1])
    return {mark + pair for pair in found} if mark else found


def contributor_token(name: str) -> str:
    return CONTRIBUTOR + hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()[:16]


PLACES: Final = 5
"""How many values of `tokens` come before its texts."""


def tokens(*row: Any) -> str:
    """All tokens of a row of `SearchDoc`, parted by spaces: its `watched.TOKEN_COLUMNS`."""
    return f"{of_place(*row[:PLACES])} {of_texts(*row[PLACES:])}"


def of_place(kind: int, newspaper: int | None, page: int | None, topics: str, contributors: str) -> str:
    """The tokens that are no part of a text."""
    found = {ALL, f"{KIND}{kind}"}
    if newspaper is not None:
        found.add(f"{NEWSPAPER}{newspaper}")
    if page is not None:
        found.add(f"{PAGE}{page}")
    found.update(f"{TOPIC}{number}" for number in _parts(topics, ","))
    found.update(contributor_token(name) for name in _parts(contributors, "\n"))
    return " ".join(found)


def of_texts(headline: str, deck: str, byline: str, column: str, section: str, body: str, captions: str) -> str:
    """The tokens of the folded texts of a row."""
    found: set[str] = set()
    for text in (headline, deck, byline, column, body, captions):
        found |= pairs(text)
    named = {Field.HEADLINE: headline, Field.BYLINE: byline, Field.COLUMN: column, Field.SECTION: section}
    for field, text in named.items():
        found |= pairs(text, FIELD_MARKS[field])
    return " ".join(found)


def _parts(text: str, sign: str) -> Iterable[str]:
    return (part for part in text.split(sign) if part)
