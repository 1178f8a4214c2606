"""Topic suggestions: which topics an article seems to belong to. An editor decides; readers see nothing before.

The score of a topic for an article is BM25F (Robertson, Zaragoza and Taylor, "Simple BM25 extension to multiple
weighted fields", CIKM 2004; k1 and b as in Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009) with
the topic's clue words as the query:

    tf(w)  = Σ over the parts of the article: weight of the part × times the clue word w stands in it
    sat(w) = tf(w) / (tf(w) + k1 × (1 − b + b × length / usual length))        a tenth mention adds little
    raw(t) = Σ over the clue words of t: rarity(w) / (number of topics that have w) × sat(w)
    score  = raw / (raw + SCALE), from 0 to 1

`rarity` is the inverse document frequency of jieba's table. A clue word is looked for in the text itself, the longest
first and each character once (主题教育 is not 教育, 主题教育 stays whole), so new topics and clue words work without
touching any dictionary; a find that begins and ends inside other words (体育 in 立体育苗) is an accident and left out.

An article without a clue word is held against those already in topics: where the nearest the search index knows are
mostly in one, that topic is suggested. Only such an article is cut into words as a whole, for its keywords; where a
clue word stands, the run of characters around it is.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import compress, repeat
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.text import slugify

from articles.inserting import insert
from articles.models import Article, LinkState, Topic, TopicLink, TopicState
from articles.search import topics_nearby
from articles.tagging import RUN, Ends
from articles.words import clean, rarity, stands_as_word, stop_words, tagged, tagged_keywords, word_ends

KEYWORDS_KEPT: Final = 10
MOST: Final = 3
"""Suggestions per article: more is work for the editor, not help."""

LEAST: Final = 0.35
"""Below this score no initial topic is suggested."""

SHARE: Final = 0.7
"""A further suggestion must reach this share of the best one's score."""

K1: Final = 1.2
B: Final = 0.75
USUAL_LENGTH: Final = 600
"""Characters of a usual article, measured with the weights below."""

TOGETHER: Final = 40
"""Articles whose nearest ones are looked for in one query."""

SCALE: Final = 12.0
"""About the rarity of one clue word: a topic with one strong word comes to 0.5."""

# Weights of the parts. The headline is the editor's own summary; a lead says what the story is.
HEADLINE: Final = 5.0
DECK: Final = 3.0
LEAD: Final = 2.0
BODY: Final = 1.0

# A word of these kinds can name a topic of its own; a place cannot, everything here happens in places.
NAMING_TAGS: Final = frozenset({"n", "nz", "nt", "vn", "l", "j", "an"})
TELLING: Final = 6.0
"""Rarity a name needs: 业务 and 问题 have less, 民宿 and 灯塔 more."""
LONGEST_NAME: Final = 8
NAME_LIMIT: Final = 40  # the column's
CHOICES: Final = 20


@dataclass(frozen=True)
class _Part:
    """A part of an article, spaced-out characters closed up."""

    weight: float
    text: str


@dataclass(frozen=True)
class Reading:
    """What the machine read out of one article: the topics that fit it, by primary keys; its words where none does."""

    article: Article
    fitting: dict[int, float]
    ranked: list[tuple[str, float, str]] = field(default_factory=list)
    plain: frozenset[str] = frozenset()

    @property
    def keywords(self) -> list[str]:
        return [word for word, _, _ in self.ranked[:KEYWORDS_KEPT]]


class Clues:
    """The clue words of the topics in use, looked for together."""

    def __init__(self, of_topic: Iterable[tuple[int, tuple[str, ...]]]) -> None:
        self.of_topic = dict(of_topic)
        shared = Counter(word for words in self.of_topic.values() for word in words)
        self.worth = {word: rarity(word) / topics_with_it for word, topics_with_it in shared.items()}
        self.topics_with: dict[str, list[int]] = {word: [] for word in shared}
        for pk, words in self.of_topic.items():
            for word in words:
                self.topics_with[word].append(pk)
        # By their first two characters, the longest first: of thousands of words few are tried at each place of a text.
        self._by_pair: dict[int, list[str]] = {}
        for word in sorted(shared, key=lambda word: (-len(word), word)):
            if len(word) > 1:
                self._by_pair.setdefault(_pairs(word)[0][0], []).append(word)
        self._single = re.compile("|".join(re.escape(word) for word in shared if len(word) == 1) or "(?!)")

    def count(self, text: str) -> Counter[str]:
        edges = _Edges(text)
        return Counter(text[start:end] for start, end in self._places(text) if edges.meet(start, end))

    def _places(self, text: str) -> Iterator[tuple[int, int]]:
        """Where clue words stand: at each place the longest, and no character in two."""
        free = 0
        tried: dict[int, Sequence[str]] = {single.start(): () for single in self._single.finditer(text)}
        for first, pairs in enumerate(_pairs(text)):
            longer = list(map(self._by_pair.get, pairs))
            tried.update(compress(zip(range(first, len(text), 2), longer, strict=True), longer))  # type: ignore[arg-type]
        for start in sorted(tried):
            if start >= free:
                for word in (*tried[start], text[start]):
                    if word in self.worth and text.startswith(word, start):
                        free = start + len(word)
                        yield start, free
                        break

    def scores(self, parts: Sequence[_Part]) -> dict[int, float]:
        """The score of every topic that has a clue word in the article, by its primary key."""
        frequency: dict[str, float] = {}
        length = 0.0
        for part in parts:
            if not part.text:
                continue
            length += part.weight * len(part.text)
            for word, times in self.count(part.text).items():
                frequency[word] = frequency.get(word, 0.0) + part.weight * times
        damping = K1 * (1 - B + B * length / USUAL_LENGTH)
        gain = {word: self.worth[word] * tf / (tf + damping) for word, tf in frequency.items()}
        touched = {pk for word in gain for pk in self.topics_with[word]}
        raw = {pk: sum(map(gain.get, self.of_topic[pk], repeat(0.0))) for pk in touched}
        return {pk: round(value / (value + SCALE), 4) for pk, value in raw.items() if value > 0}


def _pairs(text: str) -> tuple[memoryview, memoryview]:
    """Each character with the next as one number, those from even places and those from odd ones: they are looked up in
    a third of the time that strings take."""
    codes = memoryview((text + " ").encode("utf-32-le", "surrogatepass"))
    even, odd = (len(text) + 1) // 2, len(text) // 2
    return codes[: 8 * even].cast("Q"), codes[4 : 4 + 8 * odd].cast("Q")


class _Edges:
    """Where words of a text begin or end. Only runs that are asked about are cut."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.borders = [border for run in RUN.finditer(text) for border in run.span()]
        self.known: dict[int, Ends] = {}

    def meet(self, start: int, end: int) -> bool:
        """Whether either of two places is one."""
        first, last = self._run(start)
        if start == first or end == last or first == last:
            return True
        return (end < last and stands_as_word(self.text, first, start, end)) or start in self or end in self

    def __contains__(self, place: int) -> bool:
        first, last = self._run(place)
        if place == first:
            return True
        if first not in self.known:
            self.known[first] = word_ends(self.text[first:last])
        return place - first in self.known[first]

    def _run(self, place: int) -> tuple[int, int]:
        """The run in which the place is, or begins; without any the place itself."""
        after = bisect_right(self.borders, place)
        return (self.borders[after - 1], self.borders[after]) if after % 2 else (place, place)


@lru_cache(1)  # a mass import asks for the same topics page after page
def _clues(of_topic: tuple[tuple[int, tuple[str, ...]], ...]) -> Clues:
    return Clues(of_topic)


def _words(topic: Topic) -> tuple[str, ...]:
    """The topic's name is a clue as well. What an editor typed may be anything: only words count."""
    typed = [word.strip() for word in topic.words if isinstance(word, str)] if isinstance(topic.words, list) else []
    return tuple(dict.fromkeys(word for word in (topic.name, *typed) if word))


def clues_in_use() -> Clues:
    """One query."""
    topics = Topic.objects.filter(state=TopicState.ACTIVE).order_by("pk").only("name", "words")
    return _clues(tuple((topic.pk, _words(topic)) for topic in topics))


def read(article: Article, clues: Clues) -> Reading:
    """The slow part, without the database: the article need not be saved yet."""
    paragraphs = [piece["text"] for piece in article.body]
    title, lead = article.headline, paragraphs[0] if paragraphs else ""
    rest = "\n".join([*paragraphs[1:], *(piece["text"] for piece in article.captions)])
    deck = "\n".join([article.column, article.kicker, *article.deck])
    weighed = ((HEADLINE, title), (DECK, deck), (LEAD, lead), (BODY, rest))
    parts = [_Part(weight, clean(text)) for weight, text in weighed]
    ranked = sorted(clues.scores(parts).items(), key=lambda one: (-one[1], one[0]))[:MOST]
    least = max(LEAST, SHARE * ranked[0][1]) if ranked else LEAST
    if fitting := {topic: score for topic, score in ranked if score >= least}:
        return Reading(article, fitting)
    titled, body = tagged(title), tagged("\n".join([deck, lead, rest]))
    plain = frozenset(pair.word for pair in (*titled, *body) if any(map(str.isalnum, pair.word)))
    return Reading(article, {}, tagged_keywords(body, titled), plain)


def suggest_topics(articles: Sequence[Article]) -> None:
    """Write the suggested topics of these articles, keywords where none in use fits, in a bounded number of queries.

    Suggestions of an earlier reading are brought up to date; what an editor confirmed or rejected is never touched,
    and a topic rejected for an article is not suggested for it again. The same text leaves every row as it is.
    An article that no topic fits gets its best keyword, as a topic in the state "proposed", unless an editor has
    decided on its topics before; only one without a single word is left without.

    Call it once in a transaction: it adds proposed topics in one order, so that two imports cannot wait for each other.
    """
    if articles:
        clues = clues_in_use()
        suggest_from([read(article, clues) for article in articles], clues)


def suggest_from(readings: Sequence[Reading], clues: Clues) -> None:
    """`suggest_topics` for articles that have been read already, with these clues, and are saved by now."""
    if not readings:
        return
    with transaction.atomic():
        _save_keywords(readings)
        links: dict[int, dict[int, TopicLink]] = {reading.article.pk: {} for reading in readings}
        for link in TopicLink.objects.filter(article__in=list(links)):
            links[link.article_id][link.topic_id] = link
        wanted = {reading.article.pk: dict(reading.fitting) for reading in readings}
        _ask_the_nearest(readings, list(clues.of_topic), wanted, links)
        lost = [r for r in readings if not wanted[r.article.pk] and not _settled(links[r.article.pk])]
        for article, topic, weight in _own_topics(lost):
            wanted[article] = {topic: round(weight * LEAST, 4)}
        _write(wanted, links)


def _save_keywords(readings: Sequence[Reading]) -> None:
    changed = []
    for reading in readings:
        if reading.article.keywords != reading.keywords:
            reading.article.keywords = reading.keywords
            changed.append(reading.article)
    # Named fields only: neither `updated_at` nor the version moves, nobody has edited the text.
    Article.objects.bulk_update(changed, ["keywords"])


def _ask_the_nearest(
    readings: Sequence[Reading],
    active: Sequence[int],
    wanted: Mapping[int, dict[int, float]],
    links: Mapping[int, Mapping[int, TopicLink]],
) -> None:
    """Give those that no clue word fits the topic of the articles nearest to them: one that an article is in."""
    lost = [r.article for r in readings if not wanted[r.article.pk] and not _settled(links[r.article.pk])]
    if lost:
        members = TopicLink.objects.filter(topic=OuterRef("pk"), state=LinkState.CONFIRMED)
        active = list(Topic.objects.filter(Exists(members), pk__in=active).values_list("pk", flat=True))
    for start in range(0, len(lost), TOGETHER):
        for article, topic in topics_nearby(lost[start : start + TOGETHER], active).items():
            wanted[article][topic] = LEAST


def _settled(links: Mapping[int, TopicLink]) -> set[int]:
    """The topics an editor has decided on."""
    return {topic for topic, link in links.items() if link.state != LinkState.SUGGESTED}


def _own_topics(readings: Sequence[Reading]) -> list[tuple[int, int, float]]:
    """For each article its best keyword as a topic: article, topic, weight."""
    if not readings:
        return []
    choices = {reading.article.pk: _names_for(reading) for reading in readings}
    names = {name for ranked in choices.values() for name, _ in ranked}
    known = {topic.name: topic for topic in Topic.objects.filter(name__in=names)}
    retired = {name for name, topic in known.items() if topic.state == TopicState.RETIRED}
    best = {}
    for article, ranked in choices.items():
        usable = [choice for choice in ranked if choice[0] not in retired]
        if usable:
            best[article] = usable[0]
    topics = _propose({name for name, _ in best.values()}, known)
    # One that somebody deleted in this moment is missing: the next reading makes it again.
    return [(article, topics[name].pk, weight) for article, (name, weight) in best.items() if name in topics]


def _names_for(reading: Reading) -> list[tuple[str, float]]:
    """Words that can stand for the article, best first: terms, then other keywords, then any word at all."""
    terms: list[tuple[str, float]] = []
    others: list[tuple[str, float]] = []
    for word, weight, tag in reading.ranked:
        is_term = tag in NAMING_TAGS and rarity(word) >= TELLING and len(word) <= LONGEST_NAME
        (terms if is_term else others).append((word, weight))
    rest = sorted(reading.plain, key=lambda word: (word in stop_words(), -len(word), word))
    ranked: dict[str, float] = {}
    for word, weight in [*terms, *others, *((word, 0.0) for word in rest)]:
        if len(word) <= NAME_LIMIT:
            ranked.setdefault(word, weight)
    return list(ranked.items())[:CHOICES]


def _propose(names: set[str], known: Mapping[str, Topic]) -> dict[str, Topic]:
    """The topics of these names, made where they are missing. Another process may be making the same ones."""
    found = {name: known[name] for name in names if name in known}
    for attempt in range(2):
        missing = sorted(names - set(found))
        if not missing:
            break
        # Rows that clash on name or address with somebody's are passed over; the look afterwards tells which.
        Topic.objects.bulk_create(
            [
                Topic(name=name, slug=_slug(name, unique=bool(attempt)), words=[name], state=TopicState.PROPOSED)
                for name in missing
            ],
            ignore_conflicts=True,
        )
        found |= {topic.name: topic for topic in Topic.objects.filter(name__in=missing)}
    return found


def _slug(name: str, *, unique: bool) -> str:
    """The word itself; with a mark made from it when another topic has that address."""
    base = slugify(clean(name), allow_unicode=True)[:40]
    mark = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{base}-{mark}" if unique and base else base or mark


def _write(wanted: Mapping[int, Mapping[int, float]], links: Mapping[int, Mapping[int, TopicLink]]) -> None:
    new, rescored, stale = [], [], []
    for article, scores in wanted.items():
        had = links[article]
        settled = _settled(had)
        for topic, score in scores.items():
            if topic in settled:
                continue
            if topic not in had:
                new.append(TopicLink(article_id=article, topic_id=topic, score=score))
            elif had[topic].score != score:
                had[topic].score = score
                rescored.append(had[topic])
        stale += [link.pk for topic, link in had.items() if topic not in scores and topic not in settled]
    # An editor may decide on a link at this very moment: only what still is a suggestion goes away, and an update of
    # the score leaves the state alone.
    if stale:
        TopicLink.objects.filter(pk__in=stale, state=LinkState.SUGGESTED).delete()
    TopicLink.objects.bulk_update(rescored, ["score"])
    insert(new, unless_there=True)
