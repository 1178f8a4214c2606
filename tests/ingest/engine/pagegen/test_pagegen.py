"""The generator itself: same arguments same page, no character out of nowhere, every damage acts."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.ingest.engine.pagegen import DAMAGES, KINDS, corpus, make_page
from tests.ingest.engine.pagegen.remix import sectioned
from tests.ingest.engine.pagegen.score import faults, measures, score_page, text_of

SEEDS = range(40)
WRITTEN = Path(__file__).parents[1]


def characters(text: str) -> Counter[str]:
    return Counter("".join(text.split()))


@pytest.mark.parametrize("kind", [*KINDS, None])
def test_the_truth_has_the_characters_of_the_page(kind):
    for seed in SEEDS:
        page = make_page(seed, kind)
        assert characters(page.text) == characters(text_of(page.gold)), f"seed {seed}"


@pytest.mark.parametrize("kind", KINDS)
def test_an_undamaged_page_says_each_block_in_one_piece(kind):
    """Without damage a block is broken by lines and columns only: dropping white space, it stands on the page."""
    for seed in SEEDS:
        page = make_page(seed, kind, damage=0.0)
        flat = "".join(page.text.split())
        for item in page.gold["items"]:
            for block in item["body"]:
                assert "".join(block["text"].split()) in flat, f"seed {seed}: {block['text'][:20]}"


def test_the_same_arguments_give_the_same_page_in_another_process():
    program = (
        "import hashlib; from tests.ingest.engine.pagegen import make_page;"
        "print(hashlib.sha256(''.join(repr(make_page(s)) for s in range(30)).encode()).hexdigest())"
    )
    seen = set()
    for hash_seed in ("0", "1"):
        done = subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": hash_seed, "PYTHONPATH": "."},
            capture_output=True,
            check=True,
            text=True,
        )
        seen.add(done.stdout)
    assert len(seen) == 1


@pytest.mark.parametrize("name", DAMAGES)
def test_every_damage_acts(name):
    """Alone and at full rate, a damage changes some page of some kind, and says so."""
    for seed in range(80):
        for kind in ("front", "city", "feature", "mixed"):
            rates = {name: 1.0, "heap_at_end": 1.0} if name in {"heap_order_lost", "lines_interleaved"} else {name: 1.0}
            before = make_page(seed, kind, 0.0, {other: 1.0 for other in rates if other != name})
            after = make_page(seed, kind, 0.0, rates)
            if name in after.gold["damages"] and after.text != before.text:
                return
    pytest.fail(f"{name} never acted")


def test_the_truth_scores_full_marks():
    for seed in SEEDS:
        gold = make_page(seed).gold
        system = {**gold, "items": [dict(item) for item in gold["items"]]}
        for item in system["items"]:
            if isinstance(item.get("kind"), list):
                item["kind"] = item["kind"][0]
        found = measures(score_page(gold, system))
        for key in ("para", "order", "titles", "authors", "caps", "kinds", "fields", "items"):
            assert found[key] == 1.0, f"seed {seed}: {key}"
        assert found["edits"] == 0
        assert faults(gold, gold) == []


def test_the_corpus_fills_without_leftovers():
    """No slot or bracket of the template language reaches a page."""
    for seed in range(200):
        for item in make_page(seed, damage=0.0).gold["items"]:
            for text in (*item.get("deck", []), item.get("headline", ""), *(block["text"] for block in item["body"])):
                assert not set("{}[]|#") & set(text), text


def test_the_corpus_is_varied():
    names = [template.name for template in corpus.templates()]
    assert len(names) == len(set(names))


def test_a_page_in_sections_holds_its_articles_once() -> None:
    golds = [json.loads(path.read_text("utf-8")) for path in sorted(WRITTEN.glob("fourth/3[1-4]*/gold.json"))]
    made = sectioned(golds, 1)
    body = [block["text"] for item in made.gold["items"] for block in item["body"]]
    flat = "".join(made.text.split())
    assert len(body) > 20
    for text in body:
        head = "".join(text.split())[:6]
        assert flat.count(head) == 1, text
