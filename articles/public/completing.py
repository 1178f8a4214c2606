"""What the words begun may become: public topics, people who signed, headlines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from articles.models import Contributor
from articles.public.contributors import public_contributors, recent_contributors
from articles.public.searching import snapshots_of
from articles.public.topics import topics_in_motion
from articles.search import search
from articles.search.folding import fold
from articles.search.pinyin import begins, is_letters
from articles.search.query import Reading
from articles.search.suggestions import begun_by
from articles.search.types import Field, Query, Scope, Term

TOPICS, PEOPLE, HEADLINES = 3, 3, 5
_FETCHED = 15


@dataclass(frozen=True, slots=True)
class Completion:
    text: str
    what: str
    """专题, 作者, 标题."""
    url: str


def completions(reading: Reading) -> list[Completion]:
    """The queries are as many whatever the archive's size: one for topics, two for people, the index and one for
    headlines."""
    found: list[Completion] = []
    query = reading.query
    if len(reading.typed) == 1 and query.all_of and not reading.narrowed and reading.words[0].field is None:
        word = reading.words[0].text
        found += [*_topics(word), *_people(word)]
    return found + _headlines(reading)


def _fits(name: str, word: str) -> bool:
    return fold(word) in fold(name) or (is_letters(word) and len(word) > 1 and begins(name, word))


def _topics(word: str) -> list[Completion]:
    fitting = [topic for topic in topics_in_motion() if _fits(topic.name, word)]
    return [Completion(topic.name, "专题", topic.get_absolute_url()) for topic in fitting[:TOPICS]]


def _people(word: str) -> list[Completion]:
    """Those who signed lately, by any part of the name or by pinyin; of all others those whose names begin so."""
    lately = [(person.name, person.url) for person in recent_contributors() if _fits(person.name, word)]
    ever = [(one.name, one.get_absolute_url()) for one in _beginning(word)]
    return [Completion(name, "作者", url) for name, url in list(dict.fromkeys(lately + ever))[:PEOPLE]]


def _beginning(word: str) -> Iterator[Contributor]:
    # A range, which the index of names answers on both databases; a LIKE with a parameter is not planned so.
    found = public_contributors().filter(name__gte=word, name__lt=word + "\U0010ffff").order_by("name", "pk")
    yield from found[:PEOPLE]


def _headlines(reading: Reading) -> list[Completion]:
    """Of the newest with the words in the headline; where letters stand in none, with what the letters spell."""
    query = reading.query
    if not query.all_of:
        return []
    found = _titled(replace(query, all_of=tuple(tuple(map(_in_headline, group)) for group in query.all_of)))
    if not found and len(reading.typed) == 1:
        word = reading.words[0]
        spelled = begun_by(word.text) if is_letters(word.text) else []
        if spelled:
            meant = tuple(_in_headline(replace(word, text=text)) for text in spelled)
            found = _titled(replace(query, all_of=(meant,)))
    return found


def _in_headline(term: Term) -> Term:
    return replace(term, field=term.field or Field.HEADLINE)


def _titled(query: Query) -> list[Completion]:
    hits = search(query, scope=Scope.PUBLIC, size=_FETCHED).hits
    rows = {one.pk: one for one in snapshots_of(hits).only("title", "article_id", "notice_id")}
    found: dict[str, Completion] = {}
    for hit in hits:
        if hit.snapshot in rows:
            snapshot = rows[hit.snapshot]
            found.setdefault(snapshot.title, Completion(snapshot.title, "标题", snapshot.get_absolute_url()))
    return list(found.values())[:HEADLINES]
