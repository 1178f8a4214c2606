"""Words and parts of speech as jieba gives them, several times as fast.

jieba lists all words that stand in a text before it looks for the likeliest row of them; here both is one pass.

jieba finds the words its dictionary lacks with a hidden Markov model whose search (`jieba.posseg.viterbi`) tries every
pair of states, most of which cannot follow one another. Here only those that can are tried, and the same few
characters, a name that comes again in every paragraph, are looked at once. The answers are the same to the last tag; a
test compares them.
"""

from __future__ import annotations

import marshal
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import accumulate
from math import log
from pathlib import Path
from typing import Any, BinaryIO, Final

REMEMBERED: Final = 50_000
"""Runs of characters whose words are kept: about 20 MB when full."""

_LEAST: Final = -3.14e100  # jieba's logarithm of "never seen"

RUN: Final = re.compile(r"[\u4e00-\u9fd5a-zA-Z0-9+#&._]+")
"""What jieba's tagger reads together: every other character is a word of its own, and no word reaches beyond it."""

State = tuple[str, str]
"""A character's place in its word (B, M, E or S), and the word's part of speech."""


class Model:
    """The tables of jieba's model, by state and character, as logarithms of probabilities."""

    def __init__(self, starts: Any, moves: Any, emits: Any, may_be: Any) -> None:
        self.starts: dict[State, float] = starts
        self.moves: dict[State, dict[State, float]] = moves
        self.emits: dict[State, dict[str, float]] = emits
        self.may_be: dict[str, tuple[State, ...]] = may_be

    def best_path(self, text: str) -> list[State] | None:
        """The likeliest states of the characters; None where the tables leave none, which jieba treats specially."""
        every = tuple(self.moves)
        states = self.may_be.get(text[0], every)
        scores = [(state, self.starts[state] + self.emits[state].get(text[0], _LEAST)) for state in states]
        before: list[dict[State, State]] = []
        for char in text[1:]:
            former = [(state, score, self.moves[state]) for state, score in scores if self.moves[state]]
            scores, chosen = [], {}
            for state in self.may_be.get(char, every):
                emitted = self.emits[state].get(char, _LEAST)
                best: tuple[float, State] | None = None
                for last, score, nexts in former:
                    if state in nexts:
                        total = score + nexts[state] + emitted
                        if best is None or total > best[0] or (total == best[0] and last > best[1]):
                            best = total, last
                if best is not None:
                    scores.append((state, best[0]))
                    chosen[state] = best[1]
            if not scores:
                return None
            before.append(chosen)
        state = max((score, state) for state, score in scores)[1]
        path = [state]
        for chosen in reversed(before):
            path.append(chosen[path[-1]])
        return path[::-1]


@cache
def tokenizer_class() -> type:
    """jieba's tokenizer with its search for the likeliest row of words replaced."""
    import jieba

    class Tokenizer(jieba.Tokenizer):  # type: ignore[misc]
        def initialize(self, dictionary: Any = None) -> None:
            """jieba takes its cache from the file word by word, which takes three times as long."""
            try:
                cache = Path(self.tmp_dir, self.cache_file).read_bytes()
                self.FREQ, self.total = marshal.loads(cache)  # noqa: S302 (a folder of our own: see `words`)
                self.initialized = True
            except (OSError, EOFError, TypeError, ValueError):  # whatever is wrong with it: then it is made
                super().initialize(dictionary)

        def get_DAG(self, sentence: str) -> dict[int, list[int]]:
            self.check_initialized()
            return {}  # `calc` looks words up itself

        def calc(self, sentence: str, DAG: Any, route: dict[int, tuple[float, int]]) -> None:
            scores, lasts = self.likeliest(sentence)
            route.update(enumerate(zip(scores, lasts, strict=True)))

        def likeliest(self, text: str) -> tuple[list[float], list[int]]:
            """From each place on: how likely the likeliest row of words is, and the last character of its first."""
            count_of, total, size = self.FREQ.get, log(self.total), len(text)
            scores, lasts = [0.0] * (size + 1), [0] * (size + 1)
            for start in range(size - 1, -1, -1):
                best, last, end = 0.0, -1, start + 1
                count = count_of(text[start])
                while count is not None:
                    if count:  # 0: only the beginning of words
                        score = log(count) - total + scores[end]
                        if last < 0 or score >= best:
                            best, last = score, end - 1
                    if end == size:
                        break
                    end += 1
                    count = count_of(text[start:end])
                scores[start], lasts[start] = (best, last) if last >= 0 else (-total + scores[start + 1], start)
            return scores, lasts

        def stands(self, text: str, first: int, start: int, end: int) -> bool:
            """Whether a word of the likeliest row surely stands from `start` to `end`, in a text from `first` on: it is
            no row of shorter words, and no other word of the dictionary reaches over its borders. Where that is not so,
            the row itself has to be asked."""
            known = self.FREQ.keys()
            return self._is_one_word(text[start:end]) and all(
                known.isdisjoint([text[before : border + 1] for before in range(first, border)])
                for border in (start, end)
            )

        @cache  # noqa: B019 (of the clue words of topics, and there is one tokenizer)
        def _is_one_word(self, text: str) -> bool:
            return len(text) > 1 and bool(self.likeliest(text)[1][0] == len(text) - 1)

    return Tokenizer


class Ends:
    """Where the words of a text end. Among characters that the dictionary leaves single stand words it lacks: `inside`
    such a stretch is looked only when somebody asks about a place there."""

    def __init__(
        self, known: Iterable[int], singles: Iterable[tuple[int, int]], inside: Callable[[int, int], Iterable[int]]
    ) -> None:
        self._known = set(known)
        self._singles = [stretch for stretch in singles if stretch[1] - stretch[0] > 1]
        self._inside = inside

    def __contains__(self, place: int) -> bool:
        for stretch in self._singles:
            if stretch[0] < place < stretch[1]:
                self._singles.remove(stretch)
                self._known.update(self._inside(*stretch))
                break
        return place in self._known


@cache
def tagger_class() -> type:
    """jieba's tagger with its search replaced. Imported only when used: jieba is slow to load."""
    from functools import lru_cache

    import jieba.posseg as posseg

    model = Model(posseg.start_P, posseg.trans_P, posseg.emit_P, posseg.char_state_tab_P)

    @lru_cache(REMEMBERED)
    def cut(text: str) -> tuple[Any, ...]:
        path = model.best_path(text)
        if path is None:
            path = posseg.viterbi(text, model.may_be, model.starts, model.moves, model.emits)[1]
        return tuple(_words(text, path, posseg.pair))

    class Tagger(posseg.POSTokenizer):  # type: ignore[misc]
        def load_word_tag(self, file: BinaryIO) -> None:
            """jieba has read its dictionary for a tagger of its own when it was imported: once is enough."""
            file.close()
            self.word_tag_tab = dict(posseg.dt.word_tag_tab)

        # The name that Python gives jieba's own private method.
        def _POSTokenizer__cut(self, text: str) -> Iterator[Any]:
            return iter(cut(text))

        def ends(self, text: str) -> Ends:
            """Where the words end that `cut` gives of a `RUN`, without making them."""
            lasts = self.tokenizer.likeliest(text)[1]
            known: list[int] = [len(text)]
            singles: list[tuple[int, int]] = []
            start = at = 0
            while at < len(text):
                end = lasts[at] + 1
                if end - at > 1:
                    known += (at, end)
                    singles.append((start, at))
                    start = end
                at = end
            singles.append((start, at))
            return Ends(known, singles, lambda start, end: self._ends_of_singles(text[start:end], start))

        def _ends_of_singles(self, text: str, start: int) -> list[int]:
            if self.tokenizer.FREQ.get(text):
                return [*range(start + 1, start + len(text) + 1)]
            return [*accumulate((len(pair.word) for pair in self._POSTokenizer__cut_detail(text)), initial=start)][1:]

    return Tagger


def _words(text: str, path: list[State], pair: Any) -> Iterator[Any]:
    """The words a path says: from each B to its E, and each S. What is left open at the end is a word."""
    begin = end = 0
    for number, (place, tag) in enumerate(path):
        if place == "B":
            begin = number
        elif place in "ES":
            start = begin if place == "E" else number
            yield pair(text[start : number + 1], tag)
            end = number + 1
    if end < len(text):
        yield pair(text[end:], path[end][1])
