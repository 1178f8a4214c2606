"""What to offer a reader who found nothing: another word, or the words one by one. Only what finds something public."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from articles.public.contributors import recent_contributors
from articles.public.searching import snapshots_of, sorted_url
from articles.public.topics import topics_in_motion
from articles.search import search
from articles.search.folding import fold
from articles.search.query import Reading, Typed
from articles.search.suggestions import guesses
from articles.search.types import Query, Scope, Term

WORDS = 4
"""Words of a query that are looked at."""
_LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class Advice:
    """Another way to ask."""

    text: str
    url: str


def did_you_mean(reading: Reading) -> Advice | None:
    """The query with a word in it replaced, if that finds something: at most nine queries to the index and the rest."""
    words = reading.typed
    is_sure = len(words) == 1 and not reading.narrowed  # else it may stand elsewhere
    missing = [one for one in words[:WORDS] if is_sure or not _is_somewhere(one.term)]
    if not missing:
        return None
    names = known_names()
    for one in missing[:2]:
        word = _present(reading, one, guesses(one.term.text, names))
        if word:
            text = reading.reworded(one, word)
            return Advice(text, sorted_url(text, ""))
    return None


def known_names() -> list[str]:
    """Names of public topics and of people who signed lately: two queries."""
    return [*(topic.name for topic in topics_in_motion()), *(person.name for person in recent_contributors())]


def _is_somewhere(term: Term) -> bool:
    return bool(search(Query(all_of=((term,),)), scope=Scope.PUBLIC, size=1).hits)


def _present(reading: Reading, one: Typed, words: Sequence[str]) -> str | None:
    """The first of the words that together with the rest of the query finds something.

    One query to the index asks for any of them; which it was is read from the newest results.
    """
    if not words:
        return None
    others = tuple(replace(one.term, text=word) for word in words)
    rest = tuple(group for group in reading.query.all_of if one.term not in group)
    hits = search(replace(reading.query, all_of=(*rest, others)), scope=Scope.PUBLIC, size=_LOOKED_AT).hits
    if not hits:
        return None
    texts = [_text(content) for content in snapshots_of(hits).values_list("content", flat=True)]
    return next((word for word in words if any(fold(word) in text for text in texts)), None)


def _text(content: dict[str, object]) -> str:
    return fold("\n".join(_strings(content.values())))


def _strings(values: Iterable[object]) -> Iterable[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from _strings(value)
        elif isinstance(value, dict):
            yield from _strings(value.values())


_NUMBER = re.compile(r"[0-9x]{6}")


def has_number(reading: Reading) -> bool:
    """Whether somebody's number is asked for: those are masked, and looked up elsewhere."""
    return bool(_NUMBER.search("".join(fold(one.term.text).replace(" ", "") for one in reading.typed)))


def wider(reading: Reading) -> list[Advice]:
    """Less to ask for: the words without what narrows them, else the words one by one, as far as they find something.
    At most five queries to the index."""
    query = reading.query
    if reading.narrowed and query.all_of:
        anywhere = Query(all_of=query.all_of, none_of=query.none_of)
        if search(anywhere, scope=Scope.PUBLIC, size=1).hits:
            return [Advice(reading.wide, sorted_url(reading.wide, ""))]
    if len(reading.typed) < 2:
        return []
    found = (one.term for one in reading.typed[:WORDS] if _is_somewhere(one.term))
    return [Advice(term.text, sorted_url(term.text, "")) for term in found]
