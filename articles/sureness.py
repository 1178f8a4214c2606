"""The machine's confidence as editors read it: a word, the figure only on asking. One rule for every screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LOW, HIGH = 0.6, 0.9
"""Below `LOW` an editor is led there; from `HIGH` up most turn out right. Nothing is settled by either."""

_WORDS: Final = {"low": "把握低", "middle": "把握中", "high": "把握高"}


@dataclass(frozen=True, slots=True)
class Sureness:
    level: str
    """low, middle or high."""
    says: str
    figure: str
    """The estimate in words; the ends are no certainties."""


def sureness(confidence: float | None) -> Sureness | None:
    """None where the machine said nothing: what a person entered."""
    if confidence is None:
        return None
    level = "low" if confidence < LOW else "middle" if confidence < HIGH else "high"
    shown = round(confidence * 100)
    share = "不到 1%" if shown < 1 else "99% 以上" if shown > 99 else f"约 {shown}%"
    return Sureness(level, _WORDS[level], f"机器估计自己全对的可能：{share}")
