"""Chinese words: the site's one door to jieba.

jieba is loaded on first use, once a process, under a lock, into a tokenizer of our own: nothing here touches jieba's
global one. Cutting text takes a second and 60 MB to load, rarities 50 MB, parts of speech and keywords 130 MB. The
cache lies in `DATA_DIR/jieba`, readable by the owner only: jieba unmarshals whatever it finds there, and by default
looks in the shared temporary folder, where anybody may have put a file.

The dictionary is jieba's, the site words of `articles/data/site_words.txt`, and those of an optional file named by
the environment variable `JJCMS_SITE_WORDS`: UTF-8, one word a line, then if wanted its frequency and its part of
speech, separated by spaces (``桥南社区 800 ns``); lines starting with # are comments. Restart after changing it.
"""

from __future__ import annotations

import contextlib
import copy
import logging
import os
import re
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from articles.tagging import Ends, tagger_class, tokenizer_class

DATA: Final = Path(__file__).parent / "data"

TITLE_WEIGHT: Final = 3
"""How often the title counts against the body once: a headline is the editor's own summary."""

# What can be a keyword, by jieba's tags: nouns, places, institutions, terms, activities, abbreviations, set phrases.
# No persons (nr): jieba takes many a strange word for a name, and a private person's name is no keyword.
KEYWORD_TAGS: Final = frozenset({"n", "ns", "nt", "nz", "ng", "vn", "an", "j", "l", "i", "eng"})

_LINE = re.compile(r"^(?P<word>\S+)(?: +(?P<count>\d+))?(?: +(?P<tag>[a-z]+))?$")
# 晋 江 市 池 峰 路, 王 明: single characters set apart; in 调度晋 江 市 池 the first sticks to another word, so three
# must follow. A space between words (记者 王小明) stays.
_HAN = "[\u3400-\u9fff]"
_GAP = "[ \\t\u3000\u00a0]+"
_SPACED = re.compile(rf"(?:{_HAN}(?=(?:{_GAP}{_HAN}){{3}})|(?<!{_HAN}){_HAN})(?:{_GAP}{_HAN}(?!{_HAN}))+")
_BLANK = re.compile(_GAP)


class Tagged(NamedTuple):
    """A word of the text with its part of speech, in jieba's tags. jieba's extractors read these two names."""

    word: str
    flag: str


@dataclass(frozen=True)
class _Extractors:
    """jieba's objects, which have no types."""

    tagger: Any
    tfidf: Any
    textrank: type


_lock = threading.RLock()


def _entries(path: Path) -> Iterator[tuple[str, int, str]]:
    for number, line in enumerate(path.read_text("utf-8-sig").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.match(line.strip())
        if match is None:
            raise ImproperlyConfigured(f"{path} 第 {number} 行看不懂：应是“词 频率 词性”，后两项可省。")
        yield match["word"], int(match["count"] or 0), match["tag"] or "nz"


def _dictionaries() -> list[Path]:
    extra = os.environ.get("JJCMS_SITE_WORDS", "").strip()
    if extra and not Path(extra).is_file():
        raise ImproperlyConfigured(f"JJCMS_SITE_WORDS 指的文件 {extra} 不存在。")
    return [DATA / "site_words.txt", *([Path(extra)] if extra else [])]


def _private_folder() -> Path:
    folder = Path(settings.DATA_DIR) / "jieba"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


@contextlib.contextmanager
def _importing() -> Iterator[None]:
    with _lock, warnings.catch_warnings():
        # jieba 0.42.1 (2020, its last) has invalid escapes in its patterns (seen when its files are compiled), tries
        # pkg_resources first and leaves idf.txt to the garbage collector. Nobody will mend it, so these warnings, and
        # only while it is imported, say nothing to us.
        for category in (DeprecationWarning, SyntaxWarning, PendingDeprecationWarning, ResourceWarning):
            warnings.simplefilter("ignore", category)
        warnings.filterwarnings("ignore", message="pkg_resources is deprecated", category=UserWarning)
        yield


@cache
def _load_tokenizer() -> Any:
    with _importing():
        import jieba
    # It sets its logger to DEBUG with a handler of its own on stderr: two lines at every start.
    jieba.setLogLevel(logging.WARNING)
    tokenizer = tokenizer_class()()
    tokenizer.cache_file = f"jieba-{jieba.__version__}.cache"
    try:
        folder = _private_folder()
        if not os.access(folder, os.W_OK):
            raise PermissionError(folder)
        tokenizer.tmp_dir = str(folder)
        tokenizer.initialize()
    except OSError:  # a read-only machine: go without a cache, still not through the shared folder
        with tempfile.TemporaryDirectory(prefix="jjcms-jieba-") as temporary:
            tokenizer.tmp_dir = temporary
            tokenizer.initialize()
    for path in _dictionaries():
        for word, count, tag in _entries(path):
            tokenizer.add_word(word, max(count, tokenizer.suggest_freq(word)), tag)
    return tokenizer


@cache
def _load_extractors() -> _Extractors:
    with _importing():
        import jieba.analyse

        tagger = tagger_class()(_load_tokenizer())
    list(tagger.cut("晋江"))  # it takes over the tags of added words at the first cut: do that under our lock
    return _Extractors(tagger, jieba.analyse.default_tfidf, jieba.analyse.TextRank)


def _tokenizer() -> Any:
    with _lock:
        return _load_tokenizer()


def _extractors() -> _Extractors:
    with _lock:
        return _load_extractors()


@cache
def stop_words() -> frozenset[str]:
    """Words that never say what a text is about (`articles/data/stop_words.txt`)."""
    lines = (DATA / "stop_words.txt").read_text("utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def clean(text: str) -> str:
    """The text with spaced-out Chinese closed up; everything else stays."""
    return _SPACED.sub(lambda match: _BLANK.sub("", match.group()), text) if _BLANK.search(text) else text


def words(text: str) -> list[str]:
    """The words of a text in order, punctuation and spaces as they stand: joined, they give the cleaned text."""
    return [str(word) for word in _tokenizer().cut(clean(text))]


def tagged(text: str) -> list[Tagged]:
    """The same with parts of speech. Slower than `words`."""
    return [Tagged(pair.word, pair.flag) for pair in _extractors().tagger.cut(clean(text))]


def word_ends(run: str) -> Ends:
    """Where the words of `tagged` end in a `tagging.RUN` of a cleaned text, without asking what they are."""
    ends: Ends = _extractors().tagger.ends(run)
    return ends


def stands_as_word(text: str, first: int, start: int, end: int) -> bool:
    """Whether from `start` to `end` surely stands a word of `word_ends` for the run that begins at `first`. Quicker."""
    return bool(_tokenizer().stands(text, first, start, end))


class _Cut:
    """Stands in for jieba's tokenizer with a text already cut, so that two extractors share one pass."""

    def __init__(self, pairs: list[Tagged]) -> None:
        self.pairs = pairs

    def cut(self, _: str) -> list[Tagged]:
        return self.pairs


def keywords(text: str, limit: int = 10, *, title: str = "") -> list[tuple[str, float]]:
    """What a text is about: up to `limit` words with weights from 1 down to 0, best first, the title counted more.

    The mean of jieba's two extractors, each scaled to its own best: TF-IDF knows which words are rare in Chinese,
    TextRank (Mihalcea and Tarau, 2004) which hold this text together. Equal weights stand in the order of the words,
    so the same text always gives the same list.
    """
    return [(word, weight) for word, weight, _ in tagged_keywords(tagged(text), tagged(title))[:limit]]


def tagged_keywords(body: list[Tagged], title: Iterable[Tagged] = ()) -> list[tuple[str, float, str]]:
    """The keywords of a text already cut, each with its part of speech."""
    loaded = _extractors()
    pairs = [*[*title, Tagged("\n", "x")] * TITLE_WEIGHT, *body]
    extractors = []
    for extractor in (copy.copy(loaded.tfidf), loaded.textrank()):
        extractor.tokenizer = extractor.postokenizer = _Cut(pairs)
        extractor.stop_words = stop_words()
        extractors.append(extractor.extract_tags)
    total: dict[str, float] = {}
    for extract in extractors:
        found = dict(extract("", topK=None, withWeight=True, allowPOS=tuple(sorted(KEYWORD_TAGS))))
        best = max(found.values(), default=0.0)
        for word, weight in found.items():
            total[word] = total.get(word, 0.0) + weight / best / 2
    tags = {pair.word: pair.flag for pair in reversed(pairs)}
    ranked = sorted(((word, round(weight, 4)) for word, weight in total.items()), key=lambda one: (-one[1], one[0]))
    return [(word, weight, tags[word]) for word, weight in ranked]


@cache
def _load_rarities() -> tuple[dict[str, float], float]:
    """jieba's table of inverse document frequencies, and its median. Read from the file, unless `jieba.analyse` has it
    in memory: that brings the tagger along, a second and 100 MB that search and public pages do without."""
    if analyse := sys.modules.get("jieba.analyse"):
        return analyse.default_tfidf.idf_freq, analyse.default_tfidf.median_idf
    with _importing():
        import jieba
    lines = (Path(jieba.__file__).parent / "analyse" / "idf.txt").read_text("utf-8").splitlines()
    known = {word: float(value) for word, value in (line.split(" ") for line in lines)}
    return known, sorted(known.values())[len(known) // 2]


def rarity(word: str) -> float:
    """The inverse document frequency of a word in jieba's table; a word not in it gets the table's median."""
    with _lock:
        known, median = _load_rarities()
    return known.get(word, median)


def warm_up() -> None:
    """Load what public pages and search ask of words, so that the first reader does not wait for it."""
    words("晋江")
    rarity("晋江")


@cache
def site_words() -> tuple[str, ...]:
    """The words of the site dictionaries, as they stand there."""
    return tuple(word for path in _dictionaries() for word, _, _ in _entries(path))


def frequency(word: str) -> int:
    """How often the dictionary has met the word; 0 for what is no word of it."""
    return int(_tokenizer().FREQ.get(word) or 0)


def begins_word(text: str) -> bool:
    """Whether some word of the dictionary begins with this."""
    return text in _tokenizer().FREQ


def likelihood(text: str) -> float:
    """How much the text looks like words one after another: a logarithm, the larger the likelier. Compares texts of one
    length."""
    tokenizer = _tokenizer()
    route: dict[int, tuple[float, int]] = {}
    tokenizer.calc(text, tokenizer.get_DAG(text), route)
    return route[0][0]
