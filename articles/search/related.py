"""Other stories about the same: with a topic in common, or two rare words of the headline."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from django.urls import reverse

from articles import words
from articles.models import Snapshot
from articles.search import keys, tokens
from articles.search.conditions import Conditions, Sought, Token
from articles.search.engines import engine
from articles.search.folding import BREAK, fold
from articles.search.types import Kind, Scope

_WORDS: Final = 5
"""Rare words looked for: every two of them are a condition."""
_CANDIDATES: Final = 60
_COMMON: Final = 4.0
"""Below this rarity a word says nothing about a story."""
_TOPIC: Final = 6.0
"""What a topic in common weighs, in the measure of the rarity of words."""


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


def related(snapshot: Snapshot, *, topics: Collection[int] | None = None, size: int = 6) -> list[Related]:
    """The live articles nearest to an article: topics, names and rare words in common. One query; two when the numbers
    of the snapshot's topics are not given and have not been read."""
    if snapshot.article_id is None:
        return []
    topics = {topic.pk for topic in snapshot.topics.all()} if topics is None else set(topics)
    rare = _rare_words(snapshot)
    asked = list(_asked(topics, rare))
    if not asked:
        return []
    article = Token(f"{tokens.KIND}{tokens.KINDS[Kind.ARTICLE]}")
    conditions = Conditions((tuple(asked),), (), (article,), (), 0, keys.PLACE + 1)
    found = engine(Scope.PUBLIC, snapshot._state.db or "default").newest_told(
        ("item_id", "topics", "headline", "deck", "body"), conditions, _CANDIDATES
    )
    scored = []
    for key, pk, listed, headline, deck, body, title, newspaper, date in found:
        if pk == snapshot.article_id:
            continue
        score = _TOPIC * len(set(topics) & {int(number) for number in listed.split(",") if number})
        for word, rarity in rare.items():
            score += rarity * (2.0 if word in headline else 1.5 if word in deck else 1.0 if word in body else 0.0)
        scored.append((score, key, Related(pk, title, newspaper, _day(date))))
    scored.sort(key=lambda one: (-one[0], -one[1]))
    return [one for _, _, one in scored[:size]]


def _day(value: datetime.date | str) -> datetime.date:
    """SQLite gives dates as text."""
    return datetime.date.fromisoformat(value) if isinstance(value, str) else value


def _rare_words(snapshot: Snapshot) -> dict[str, float]:
    """The rarest words of headline and deck, and how rare."""
    lines = [snapshot.title, *snapshot.content.get("deck", ())]
    found = {word for line in lines for run in fold(line).split(BREAK) for word in words.words(run)}
    rarities = {word: words.rarity(word) for word in found if len(word) > 1 and word not in words.stop_words()}
    rarest = sorted(rarities.items(), key=lambda one: (-one[1], one[0]))
    return dict([(word, rarity) for word, rarity in rarest if rarity >= _COMMON][:_WORDS])


def _asked(topics: set[int], rare: dict[str, float]) -> Iterator[Sought]:
    for topic in sorted(topics):
        yield Sought("", None, (Token(f"{tokens.TOPIC}{topic}"),), True)
    for two in combinations(rare, 2):
        pairs = sorted({pair for word in two for pair in tokens.pairs(word) if len(pair) == 2})
        if pairs:
            yield Sought("", None, tuple(map(Token, pairs)), True)
