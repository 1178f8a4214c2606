"""How near the generated prose comes to that of newspapers: ``python -m benchmarks.prose [FILE …]``.

For the archive of `benchmarks.archive`, and for files of articles (UTF-8, one a line), after so many characters: how
many different pairs of neighbouring characters there were, how many entries of the index a character makes, and what
share of those the commonest pairs have. The size of an index hangs on all three.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.notices import set_up

_MARKS = (20_000, 100_000, 300_000, 1_000_000, 3_000_000)
_COMMON = (1_000, 10_000, 100_000)


def counted(texts: Iterable[str]) -> Iterator[str]:
    """Rows of the table, at the marks and at the end."""
    from articles.search.folding import fold
    from articles.search.tokens import pairs

    seen: Counter[str] = Counter()
    marks, length, entries = list(_MARKS), 0, 0

    def row() -> str:
        best = sorted(seen.values(), reverse=True)
        shares = " | ".join(f"{sum(best[:most]) / entries:.2f}" for most in _COMMON)
        return f"{length} | {len(seen)} | {entries / length:.2f} | {shares} |"

    for text in texts:
        folded = fold(text)
        found = pairs(folded)
        seen.update(found)
        length, entries = length + len(folded), entries + len(found)
        if marks and length >= marks[0]:
            marks.pop(0)
            yield row()
    if length:
        yield row()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--count", type=int, default=6_000, help="generated articles")
    given = parser.parse_args()
    set_up()
    from benchmarks.archive import Writer

    print(
        "| | characters | pairs | entries each | of the first 1,000 | 10,000 | 100,000 |\n|---|---|---|---|---|---|---|"
    )
    items = Writer(1).items(given.count)
    for row in counted(f"{head}\n{byline}\n{text}" for _, is_notice, head, byline, text in items if not is_notice):
        print(f"| generated | {row}")
    for path in given.files:
        for row in counted(path.read_text("utf-8").splitlines()):
            print(f"| {path.name} | {row}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
