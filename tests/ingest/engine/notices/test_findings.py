"""Numbers and dates that cannot be right are queried, with a proposal where only one is possible."""

from __future__ import annotations

import pytest

from ingest.engine.notices import checks
from tests.ingest.engine.notices.page import find

LOST = "遗失声明\n晋江市某某鞋业有限公司遗失公章一枚,{},声明作废。\n"

# what is printed, the kind of finding, the text it stands at, the proposal
QUERIED = [
    ("统一社会信用代码:9135O582MA302DD27K", "uscc-check", "9135O582MA302DD27K", "91350582MA302DD27K"),  # O for 0
    ("统一社会信用代码:91350582MA3O2DD27K", "uscc-check", "91350582MA3O2DD27K", "91350582MA302DD27K"),
    ("统一社会信用代码:91350S82MA302DD27K", "uscc-check", "91350S82MA302DD27K", "91350582MA302DD27K"),  # S for 5
    ("统一社会信用代码:91350582MA302DD27A", "uscc-check", "91350582MA302DD27A", None),  # no confusable sign helps
    ("统一社会信用代码:91350582MA302DD2", "uscc-length", "91350582MA302DD2", None),
    ("法人身份证号:35058219941O166744", "id-check", "35058219941O166744", "350582199410166744"),
    ("法人身份证号:350582199410166745", "id-check", "350582199410166745", None),
    ("法人身份证号:35058219941016674", "id-length", "35058219941016674", None),
    ("电话:1396555913", "phone", "1396555913", None),  # ten figures
    ("电话:1396555913O", "phone", "1396555913O", "13965559130"),
    ("电话:0595-8566123", "phone", "0595-8566123", None),
    ("电话:025-8452123", "phone", "025-8452123", None),
    ("电话:0513-8511234", "phone", "0513-8511234", None),
    ("于2025年11月31日遗失", "date", "2025年11月31日", None),
    ("于2025年11月3O日遗失", "date", "2025年11月3O日", "2025年11月30日"),
]

FINE = [
    "统一社会信用代码:91350582MA302DD27K",
    "注册号:350582600123456",
    "法人身份证号:350582199410166744",
    "电话:0595-85661234",
    "电话:010-65661234",
    "电话:02584521234",
    "电话:0592-5061234",  # seven are right there
    "电话:400-888-1234",
    "电话:13965559130",
    "电话:95598",
    "残疾证号:35058219580412920743",  # longer than an identity card and none
    "于2024年2月29日遗失",
]


@pytest.mark.parametrize(("said", "kind", "at", "fix"), QUERIED)
def test_what_cannot_be_right_is_queried(said: str, kind: str, at: str, fix: str | None) -> None:
    source = LOST.format(said)
    findings = [each for each in find(source).findings if each.kind == kind]
    assert [(source[slice(*each.where)], each.fix) for each in findings] == [(at, fix)]
    assert at in findings[0].message


@pytest.mark.parametrize("said", FINE)
def test_what_can_be_right_is_left_alone(said: str) -> None:
    assert find(LOST.format(said)).findings == ()


def test_the_check_signs() -> None:
    assert checks.is_uscc("91350582MA302DD27K")
    assert not checks.is_uscc("91350582MA302DD27I")
    assert checks.is_id_number("350583198904260217") is (
        "10X98765432"[sum(int(c) * w for c, w in zip("35058319890426021", checks._ID_WEIGHTS, strict=True)) % 11] == "7"
    )
    assert not checks.is_id_number("350582199402306740")  # no 30 February


def test_a_fix_that_two_readings_share_is_not_proposed() -> None:
    two = checks.proposals("OO", lambda code: code in {"0O", "O0"})
    assert two == ["0O", "O0"]
