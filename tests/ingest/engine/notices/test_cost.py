"""The cost grows with the text, not with its square: no pattern looks far back or tries many ways."""

from __future__ import annotations

import time

import pytest

from ingest.engine.notices import find_notices
from tests.ingest.engine.notices.cases import all_cases
from tests.ingest.engine.notices.page import lines_of

SECONDS_FOR_A_LONG_PAGE = 10.0
"""Of the processor, not of the clock: sixty thousand characters, ten pages' worth, take one or two."""
LONG = 60_000

HARD = {
    "figures": "1234567890" * 10,
    "spaces": "遗 失 " * 10,
    "brackets": "(((((《《《《" * 10,
    "commas": "张三遗失,声明,作废," * 10,
    "no stop": "晋江市某某鞋业有限公司遗失公章一枚声明作废" * 10,
    "letters": "ABCDEFGH" * 10,
    "dates": "2025年12月20日至" * 10,
    "short lines": "公告\n" * 10,
    "narrow": "晋江市某某鞋业有限公司\n" * 10,
    "phones": "电话:0595-85661234、" * 10,
    "money": "壹佰贰拾叁万" * 10,
}


def seconds(source: str) -> float:
    lines = lines_of(source)
    start = time.process_time()
    find_notices(source, lines, printed_date=None)
    return time.process_time() - start


@pytest.mark.parametrize("name", sorted(HARD))
def test_a_long_page_of_one_thing(name: str) -> None:
    """Such a run stands under a heading, so that all of it is read as a notice."""
    text = "遗失声明\n张三遗失身份证,声明作废。" + HARD[name] * (LONG // len(HARD[name]))
    assert seconds(text) < SECONDS_FOR_A_LONG_PAGE


def test_a_page_of_many_notices() -> None:
    whole = "\n".join(case.source for case in all_cases())
    assert seconds((whole * (LONG // len(whole) + 1))[:LONG]) < SECONDS_FOR_A_LONG_PAGE
