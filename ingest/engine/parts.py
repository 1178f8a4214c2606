"""How likely one piece of text is to follow another, by parts of speech: 九十一 | 个, not 九十一 | 度.

The model is the one jieba brings for tagging, a hidden Markov model of characters whose states are a place in a word
and a part of speech, learned from a newspaper. Only its three tables are read; the package is not started.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.machinery import SourceFileLoader
from math import exp, log
from operator import itemgetter, mul
from pathlib import Path
from types import ModuleType
from typing import Any

import jieba

State = tuple[str, str]
"""(B, M, E or S, part of speech)"""

# Characters looked at on each side; a mark ends what is looked at.
SEAM = 6
IMPOSSIBLE = -50.0  # the tables write so what never happens
UNHEARD = 1e-9
RARE = 1e-4  # states and characters less likely than this change nothing
# Parts of speech, by the first letter of their names: verb, preposition, adverb; noun, pronoun, figure, place,
# time, and particles (的哥).
_TOLD, _OF = frozenset("vpd"), frozenset("nrmstlju")
_MARK = re.compile(r"[^㐀-鿿]")


@dataclass(frozen=True, slots=True)
class Model:
    first: Mapping[State, float]
    """Where a clause begins."""
    anywhere: Mapping[State, float]
    """In the middle of one."""
    after: Mapping[State, Mapping[State, float]]
    says: Mapping[str, Mapping[State, float]]
    """By character, how likely each state is to give it."""
    numbers: Mapping[State, int]
    odds: Mapping[State, Sequence[float]]
    """The values of a row of `after` …"""
    others: Mapping[State, Callable[[Sequence[float]], Sequence[float]]]
    """… and what takes those at its keys from a list by number, in the same order."""


@cache
def model() -> Model:
    after = {
        state: {other: exp(odds) for other, odds in row.items() if odds > IMPOSSIBLE}
        for state, row in _table("prob_trans").items()
    }
    says: dict[str, dict[State, float]] = {}
    for state, row in _table("prob_emit").items():
        for char, odds in row.items():
            if odds > IMPOSSIBLE:
                says.setdefault(char, {})[state] = exp(odds)
    first = {state: exp(odds) for state, odds in _table("prob_start").items() if odds > IMPOSSIBLE}
    anywhere: Mapping[State, float] = first
    for _ in range(SEAM):
        anywhere = _step(anywhere, after)
    numbers = {state: number for number, state in enumerate(after)}
    return Model(
        first,
        anywhere,
        after,
        says,
        numbers,
        {state: tuple(row.values()) for state, row in after.items()},
        {state: _taker([numbers[other] for other in row]) for state, row in after.items()},
    )


def _taker(places: Sequence[int]) -> Callable[[Sequence[float]], Sequence[float]]:
    """`itemgetter`, but also of one thing or none."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda held: [held[place] for place in places]


def _table(name: str) -> Any:
    """A table of the tagger, without the package around it: that would read the whole word list again."""
    path = Path(jieba.__file__).parent / "posseg" / f"{name}.py"
    module = ModuleType(f"jieba_{name}")
    SourceFileLoader(module.__name__, str(path)).exec_module(module)
    return module.P


def _step(here: Mapping[State, float], after: Mapping[State, Mapping[State, float]]) -> dict[State, float]:
    """Where the next character stands."""
    there: dict[State, float] = {}
    for state, share in here.items():
        if share > RARE:
            for other, odds in after[state].items():
                there[other] = there.get(other, 0.0) + share * odds
    return there


@lru_cache(maxsize=4096)
def _ahead(clause: str) -> Mapping[State, float]:
    """Where the character after these stands."""
    known = model()
    here: Mapping[State, float] = known.first if len(clause) < SEAM else known.anywhere
    for char in clause:
        says = known.says.get(char)
        if says is None:
            here = known.anywhere
            continue
        seen = {state: odds * here.get(state, UNHEARD) for state, odds in says.items()}
        whole = sum(seen.values())
        here = _step({state: share / whole for state, share in seen.items()}, known.after)
    return here


@lru_cache(maxsize=4096)
def _back(clause: str) -> tuple[Mapping[State, float], float]:
    """How likely each state of its first character makes these, and how likely they are in the middle of a clause."""
    known = model()
    ahead: dict[State, float] | None = None
    for char in reversed(clause):
        says = known.says.get(char)
        if says is None:
            ahead = None
            continue
        if ahead is None:
            ahead = dict(says)
        else:
            held = [0.0] * len(known.numbers)
            for state, share in ahead.items():
                held[known.numbers[state]] = share
            ahead = {}
            for state, odds in says.items():
                share = sum(map(mul, known.odds[state], known.others[state](held)))
                if share:
                    ahead[state] = odds * share
        most = max(ahead.values(), default=1.0)
        ahead = {state: share / most for state, share in ahead.items()}
    back = ahead or {}
    return back, sum([share * known.anywhere.get(state, 0.0) for state, share in back.items()])


def follows(left: str, right: str) -> float:
    """Nats by which the right piece is likelier behind the left one than behind any piece cut off in a clause."""
    one, other = _clause_at_end(left), _clause_at_start(right)
    if not one or not other:
        return 0.0
    (back, there), ahead = _back(other), _ahead(one)
    here = sum([share * ahead.get(state, 0.0) for state, share in back.items()])
    return log((here + UNHEARD) / (there + UNHEARD))


def tells(text: str) -> float:
    """Log odds that a clause begins with what is told (改过来了, 可直接结算) rather than with whom it is told of."""
    back, _ = _back(_clause_at_start(text))
    told = of = UNHEARD
    for (place, part), share in back.items():
        share *= model().anywhere.get((place, part), 0.0)
        if part[0] in _TOLD:
            told += share
        elif part[0] in _OF:
            of += share
    return log(told / of)


def _clause_at_end(text: str) -> str:
    return _MARK.split(text[-SEAM:])[-1]


def _clause_at_start(text: str) -> str:
    return _MARK.split(text[:SEAM], maxsplit=1)[0]
