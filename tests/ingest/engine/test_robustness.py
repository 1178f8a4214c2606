"""Whatever a page is made of, the engine answers, soon, and always the same.

Growth is measured by counting function calls, which no busy machine disturbs; patterns, whose work no count shows, are
held against hostile strings by processor time with a bound a hundred times what they need.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import re
import subprocess
import sys
import time
from cProfile import Profile
from pathlib import Path

import pytest

import ingest.engine
from ingest.engine import check, layout_to_json, read_page
from ingest.engine.findings.known import known
from ingest.engine.fluency import model
from tests.ingest.engine.pagegen import make_page

ROOT = Path(__file__).parents[3]
SENTENCE = "市民在公园里散步，"
ENDLESS = {
    "one line": SENTENCE,
    "one line of sentences": "市民在公园里散步。",
    "one character": "中",
    "one-character lines": "中\n",
    "punctuation": "，。、；：",
    "lines of punctuation": "，。、；：\n",
    "opening quotes": "“",
    "closing quotes": "”",
    "empty quotes": "“”",
    "digits": "1234567890",
    "lines of digits": "12\n",
    "line ends": "\n",
    "blanks": " \u3000",
    "headlines": "全市安全生产工作会议召开\n",
    "headlines apart": "全市安全生产工作会议召开\n\n",
    "bylines": "本报记者 张三 李四\n",
    "datelines": "本报讯（记者 张三）昨日，市里开会。\n\n",
    "open ends": "市民在公园里散步，\n\n",
    "notices": "遗失声明\n张三遗失身份证，声明作废。\n\n",
    "spaced out": "晋 江 市 ",
    "Latin words": "abc ",
    "addresses": "www.a",
    "dots": ".",
    "replacement characters": "\ufffd",
}
# Pages of this many characters and of twice as many: linear work is twice as much, quadratic four times.
SMALL = 4000
MOST_GROWTH = 2.6


def calls_of(text: str) -> int:
    """How many function calls, Python's and C's, reading the text takes."""
    profile = Profile()
    profile.runcall(read_page, text)
    return sum(entry.callcount for entry in profile.getstats())


@pytest.fixture(autouse=True, scope="module")
def _warm() -> None:
    """What is read once per process, and what is cached, is no part of a page's cost."""
    model(), known()
    read_page(make_page(2, "city").text)


@pytest.mark.parametrize("name", ENDLESS)
def test_twice_the_text_is_twice_the_work(name: str) -> None:
    unit = ENDLESS[name]
    once, twice = (unit * (size // len(unit)) for size in (SMALL, 2 * SMALL))
    few, many = calls_of(once), calls_of(twice)
    assert many <= MOST_GROWTH * few + 2000


@pytest.mark.parametrize("name", ["one line", "one character", "digits", "line ends", "blanks", "dots"])
def test_a_line_of_a_million_characters_takes_seconds(name: str) -> None:
    unit = ENDLESS[name]
    text = unit * (1_000_000 // len(unit))
    start = time.process_time()
    check(text, read_page(text))
    assert time.process_time() - start < 60


def test_quotes_nested_without_end_are_no_recursion() -> None:
    text = "（《“‘" * 5000 + "中" + "’”》）" * 5000
    check(text, read_page(text))


ODD = {
    "a byte-order mark": "\ufeff本报讯（记者 张三）昨日，工程开工。",
    "CR": "本报讯（记者 张三）昨\r日，工程开工。\r\r标题",
    "CRLF": "本报讯（记者 张三）昨\r\n日，工程开工。\r\n\r\n标题",
    "LINE SEPARATOR": "本报讯（记者 张三）昨\u2028日，工程开工。\u2029标题",
    "form feed": "本报讯（记者 张三）昨\x0c日，工程开工。\x0c标题",
    "NUL": "本报讯\x00（记者 张三）昨日\x00，工程开工。",
    "lone surrogates": "本报讯（记者 张\ud842）昨日\udfb7，工程开工。",
    "private use": "本报讯（记者 张\ue123）昨日，工程开工\U000f0000。",
    "four-byte characters": "本报讯（记者 𠮷三）昨日，𠮷林工程开工。",
    "emoji": "本报讯（记者 张三）昨日😀👨‍👩‍👧，工程开工。",
    "right to left": "本报讯（记者 张三）昨日\u202eשלום\u202c，مرحبا工程开工。",
    "combining marks": "本报讯（记者 张三）昨日e\u0301\u0301\u0301，工程开工。",
    "nothing": "",
    "one character": "中",
    "one mark": "，",
}


@pytest.mark.parametrize("name", ODD)
def test_odd_characters_are_kept_and_exported(name: str) -> None:
    layout = read_page(ODD[name])
    check(ODD[name], layout)
    json.dumps(layout_to_json(layout))
    for finding in layout.findings:
        assert 0 <= finding.where[0] < finding.where[1] <= len(ODD[name])


def test_the_same_page_reads_the_same_under_any_hash_seed() -> None:
    script = (
        "import json, hashlib\n"
        "from ingest.engine import layout_to_json, read_page\n"
        "from tests.ingest.engine.pagegen import make_page\n"
        "pages = [make_page(seed).text for seed in (2, 4, 6, 8)]\n"
        "found = [json.dumps(layout_to_json(read_page(page))) for page in pages]\n"
        "print(hashlib.sha256('\\n'.join(found).encode()).hexdigest())\n"
    )
    outputs = set()
    for seed in ("0", "1", "4242"):
        run = subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        outputs.add(run.stdout)
    assert len(outputs) == 1


def _patterns() -> dict[str, re.Pattern[str]]:
    """Every compiled pattern the engine's modules hold, by where it is found, and those of the data files."""
    found: dict[str, re.Pattern[str]] = {}

    def walk(value: object, name: str, depth: int) -> None:
        if isinstance(value, re.Pattern):
            found.setdefault(value.pattern, value)
        elif depth and isinstance(value, dict):
            for key, inner in value.items():
                walk(inner, f"{name}[{key!r}]", depth - 1)
        elif depth and isinstance(value, list | tuple | set | frozenset):
            for inner in value:
                walk(inner, name, depth - 1)
        elif depth and hasattr(value, "__dataclass_fields__") and not isinstance(value, type):
            for key in value.__dataclass_fields__:
                walk(getattr(value, key, None), f"{name}.{key}", depth - 1)

    for module in pkgutil.walk_packages(ingest.engine.__path__, "ingest.engine."):
        if not module.name.endswith("__main__"):
            for name, value in vars(importlib.import_module(module.name)).items():
                walk(value, f"{module.name}.{name}", 3)
    walk(importlib.import_module("ingest.engine.knowledge")._patterns(), "patterns.toml", 2)
    return found


UNITS = (
    *("中", "1", "a", " ", "，", "。", "（", "“", "”", "：", "、", "-", ".", "/", "\n", "1 ", "12:", "1,", "A1", "(("),
    *("记者 ", "记者 张三 ", "张三、", "甲 ", "2025年", "12月", "0595-", "（张", "电话：", "张", "摄", "本报"),
    *("的", "一", "份", "…", "——", "、张三"),
)
HEADS_AND_TAILS = (("", ""), ("", "x"), ("（", "中"), ("本报讯（", "。"))


def test_no_pattern_blows_up_on_hostile_strings() -> None:
    slow = []
    for pattern in _patterns().values():
        start = time.process_time()
        for unit in UNITS:
            for head, tail in HEADS_AND_TAILS:
                pattern.search(head + unit * (300 // len(unit)) + tail)
        spent = time.process_time() - start
        if spent > 2.0:
            slow.append((round(spent, 1), pattern.pattern[:80]))
    assert slow == []


def test_twice_the_real_text_is_twice_the_work() -> None:
    pages: list[str] = []
    seed = 2
    while sum(map(len, pages)) < 16_000:
        pages.append(make_page(seed, "city").text)
        seed += 2
    text = "\n\n".join(pages)
    # Against its own halves: how much there is to regroup differs from text to text.
    halves = calls_of(text[:8_000]) + calls_of(text[8_000:16_000])
    assert calls_of(text[:16_000]) <= MOST_GROWTH / 2 * halves
