"""Other stories about the same: with a topic in common, or two rare words of the headline. And what they tell of a new
one: its topics are likely theirs."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from django.urls import reverse

from articles import words
from articles.models import Article, Snapshot
from articles.prepared import Rows
from articles.search import keys, tokens
from articles.search.conditions import Conditions, Sought, Token
from articles.search.engine import Step
from articles.search.engines import engine
from articles.search.folding import BREAK, fold
from articles.search.types import Kind, Scope

_WORDS: Final = 5
"""Rare words looked for: every two of them are a condition."""
_CANDIDATES: Final = 60
_BY_WORDS: Final = 30
"""Of them at most; the others share a topic."""
_COMMON: Final = 4.0
"""Below this rarity a word says nothing about a story."""
_TOPIC: Final = 6.0
"""What a topic in common weighs, in the measure of the rarity of words."""
_NEAR: Final = 20.0
"""From here on an article is near enough to tell of another's topics: two rare words in the headlines of both."""
_VOTERS: Final = 5


@dataclass(frozen=True, slots=True)
class Related:
    """A live article, as a list beside another shows it."""

    pk: int
    title: str
    newspaper: str
    """Its name."""
    date: datetime.date

    @property
    def url(self) -> str:
        return reverse("article", args=[self.pk])


@dataclass(frozen=True, slots=True)
class Question:
    """What makes an article near to another one, as it is asked for and as it is weighed."""

    article: int
    topics: frozenset[int]
    rare: Mapping[str, float]
    steps: tuple[Step, ...]


def question(snapshot: Snapshot, topics: Iterable[int]) -> Question | None:
    """Of an article with these topics, by primary keys; None where nothing tells it from others."""
    rare, among = _rare_words(snapshot.title, snapshot.content.get("deck", ())), frozenset(topics)
    steps = tuple(_steps(among, rare))
    if snapshot.article_id is None or not steps:
        return None
    return Question(snapshot.article_id, among, rare, steps)


def _steps(topics: frozenset[int], rare: Mapping[str, float]) -> Iterator[Step]:
    """The rarest two words first: in a large archive thousands of articles have the commonest two, the newest of which
    say little, and PostgreSQL would have to put all in order."""
    asked = list(_asked(rare))
    for some in (asked[:1], asked[1:3], asked[3:]):
        if some:
            yield Step(_articles_with(some), _BY_WORDS)
    if topics:
        yield Step(topics, _CANDIDATES)


def candidates(asked: Question | None, *, using: str = "") -> Rows:
    """Live articles that may be near, as the database gives them. One query, or none."""
    if asked is None:
        return ()
    return tuple(engine(Scope.PUBLIC, using).newest_told(("item_id", *_READ), asked.steps))


def nearest(asked: Question | None, found: Rows, *, size: int = 6) -> list[Related]:
    """The nearest of these candidates: topics, names and rare words in common. No query."""
    if asked is None:
        return []
    scored = []
    for key, pk, listed, headline, deck, body, title, newspaper, date in found:
        if pk == asked.article:
            continue
        score = _TOPIC * len(asked.topics & _numbers(listed)) + _closeness(asked.rare, headline, deck, body)
        scored.append((score, key, Related(pk, title, newspaper, _day(date))))
    scored.sort(key=lambda one: (-one[0], -one[1]))
    return [one for _, _, one in scored[:size]]


def _day(value: datetime.date | str) -> datetime.date:
    """SQLite gives dates as text."""
    return datetime.date.fromisoformat(value) if isinstance(value, str) else value


def topics_nearby(articles: Sequence[Article], topics: Iterable[int]) -> dict[int, int]:
    """For articles that have near ones, the topic that most of these are in, by primary keys: of the nearest five at
    least two and more than half, confirmed by editors, drafts among them. Only these topics. One query, or none."""
    rare = {article.pk: _rare_words(article.headline, article.deck) for article in articles}
    asked = [sought for found in rare.values() for sought in _asked(found)]
    within = [Sought("", None, (Token(f"{tokens.TOPIC}{topic}"),), True) for topic in sorted(topics)]
    if not asked or not within:
        return {}
    limit = _CANDIDATES * len(articles)
    rows = engine(Scope.DRAFTS).newest(("item_id", *_READ), _articles_with(asked, within), limit, by_tokens_only=True)
    best = {}
    for pk, found in rare.items():
        near = [(_closeness(found, *row[3:]), row[0], _numbers(row[2])) for row in rows if row[1] != pk]
        nearest = sorted((each for each in near if each[0] >= _NEAR), reverse=True)[:_VOTERS]
        votes = Counter(topic for _, _, theirs in nearest for topic in theirs)
        for topic, count in votes.most_common(1):
            if count >= 2 and count * 2 > len(nearest):
                best[pk] = topic
    return best


_READ: Final = ("topics", "headline", "deck", "body")


def _articles_with(*groups: Sequence[Sought]) -> Conditions:
    article = Token(f"{tokens.KIND}{tokens.KINDS[Kind.ARTICLE]}")
    return Conditions(tuple(map(tuple, groups)), (), (article,), (), 0, keys.PLACE + 1)


def _numbers(listed: str) -> set[int]:
    return {int(number) for number in listed.split(",") if number}


def _closeness(rare: Mapping[str, float], headline: str, deck: str, body: str) -> float:
    return sum(
        rarity * (2.0 if word in headline else 1.5 if word in deck else 1.0 if word in body else 0.0)
        for word, rarity in rare.items()
    )


def _rare_words(title: str, deck: Iterable[str]) -> dict[str, float]:
    """The rarest words of headline and deck, and how rare."""
    lines = [title, *deck]
    found = {word for line in lines for run in fold(line).split(BREAK) for word in words.words(run)}
    rarities = {word: words.rarity(word) for word in found if len(word) > 1 and word not in words.stop_words()}
    rarest = sorted(rarities.items(), key=lambda one: (-one[1], one[0]))
    return dict([(word, rarity) for word, rarity in rarest if rarity >= _COMMON][:_WORDS])


def _asked(rare: Mapping[str, float]) -> Iterator[Sought]:
    """Two of the words, the rarest two first."""
    for two in sorted(combinations(rare, 2), key=lambda two: -rare[two[0]] - rare[two[1]]):
        pairs = sorted({pair for word in two for pair in tokens.pairs(word) if len(pair) == 2})
        if pairs:
            yield Sought("", None, tuple(map(Token, pairs)), True)
