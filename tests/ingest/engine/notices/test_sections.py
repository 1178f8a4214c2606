"""Sections of several notices among articles: every line of the notices is claimed, none of the articles'."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from ingest.engine.notices import NoticesFound
from ingest.engine.types import Role
from tests.ingest.engine.notices.cases import Case, all_cases
from tests.ingest.engine.notices.page import find
from tests.ingest.engine.notices.settings import SETTINGS
from tests.ingest.engine.notices.test_negatives import articles

SEED = Path(__file__).parents[4] / "seeds" / "001_d7234aef0cfb837d.txt"
PAGES = 60
CASES = [case for case in all_cases() if not case.is_page and "本报讯" not in case.source]

MASTHEADS = ["", "分类广告 2025年12月20日 星期六", "公告栏\n刊登热线:0595-85661122", "【公告·声明】"]

MOST_TORN = {"as printed": 0.02, "narrow": 0.04, "airy": 0.06}
"""The share of pages, each with six lines of thought (two articles, three notices), on which a line may go astray."""


def page_of(chance: random.Random, masthead: str, setting: str) -> tuple[str, set[int]]:
    """Article, section of three notices, article; and the numbers of the section's lines."""
    before, after = (text.strip("\n") for _, text in chance.sample(articles(), 2))
    cases: list[Case] = chance.sample(CASES, 3)
    section = "\n".join([*([masthead] if masthead else []), *(case.source.strip("\n") for case in cases)])
    if setting in SETTINGS:
        before, section, after = (SETTINGS[setting](text, chance) for text in (before, section, after))
    start = before.count("\n") + 3
    lines = {start + index for index, line in enumerate(section.split("\n")) if line.strip()}
    return "\n\n".join((before, section, after)), lines


@pytest.mark.parametrize("setting", sorted(MOST_TORN))
@pytest.mark.parametrize("masthead", MASTHEADS)
def test_a_section_between_articles(masthead: str, setting: str) -> None:
    chance = random.Random(20251220)
    torn = []
    for _ in range(PAGES):
        source, section = page_of(chance, masthead, setting)
        used = find(source).used
        if used != section:
            lines = source.split("\n")
            torn.append([lines[number - 1] for number in sorted(used ^ section)])
    print(*torn, sep="\n")
    assert len(torn) <= MOST_TORN[setting] * PAGES


def test_the_masthead_and_the_hotline_are_furniture() -> None:
    found = find("分类广告 2025年12月20日 星期六\n\n广告热线:0595-85661122\n\n遗失声明\n\n张三遗失身份证,声明作废。\n")
    assert [block.text for block in found.furniture] == ["分类广告 2025年12月20日 星期六", "广告热线:0595-85661122"]
    assert all(block.role is Role.FURNITURE for block in found.furniture)


def test_a_masthead_over_no_notice_is_left_to_the_articles() -> None:
    assert find("公告栏\n\n近年来,村里的公告栏换成了电子屏,村民看公告更方便了。\n").used == frozenset()


def test_the_date_of_the_masthead_serves_when_the_page_gives_none() -> None:
    source = "分类广告 2025年12月20日\n注销公告\n某某鞋业有限公司拟注销,请债权人自见报之日起45日内申报债权。\n"
    assert find(source, printed=None).notices[0].fields.deadline == "2026-02-03"


def test_without_any_date_a_period_has_no_end() -> None:
    source = "注销公告\n晋江某某鞋业有限公司拟注销,请债权人自见报之日起45日内申报债权。\n"
    assert find(source, printed=None).notices[0].fields.deadline == ""


def found_in_the_seed() -> NoticesFound:
    return find(SEED.read_text("utf-8"))


def test_the_seed_has_three_notices() -> None:
    """The paragraphs and fields of the hand-made gold page."""
    lost, permit, debts = found_in_the_seed().notices
    assert [item.kind for item in (lost, permit, debts)] == ["遗失声明", "遗失声明", "债权债务公告"]
    assert [len(item.body) for item in (lost, permit, debts)] == [2, 2, 3]
    assert lost.body[-1].text == "声明人:施辉章 2025年12月20日"
    assert debts.body[1].text.startswith("联系人:林丽平 联系电话:")
    assert (lost.fields.declarant, lost.fields.documents) == ("施辉章", ("晋江市建房动用地申请卷",))
    assert permit.fields.documents == ("中国银行晋江东石支行开户许可证",)
    assert permit.fields.numbers == ("42737678969", "j3972008212901")
    assert (debts.fields.uscc, debts.fields.numbers) == ("52350582MJC269115Q", ())
    assert (debts.fields.date, debts.fields.deadline) == ("2025-12-20", "2026-02-03")
    assert debts.fields.address == "晋江市池店镇唐厝村阳光大厦后原阳光彩印公司1-3层"


def test_the_articles_of_the_seeds_are_left_alone() -> None:
    for path in sorted(SEED.parent.glob("*.txt")):
        source = path.read_text("utf-8")
        first = source.find("分类广告")
        for line in find(source).used:
            assert first >= 0
            assert line > source[:first].count("\n")


def test_a_list_of_losses_goes_on_under_another_heading() -> None:
    source = "减资公告\n◆张三遗失身份证，证号T3500123，声明作废。\n"
    assert find(source).notices[0].kind == "遗失声明"


def test_a_signature_whose_date_is_broken_begins_no_heading() -> None:
    """The column ended inside the date, and the next notice's heading follows."""
    source = """拍卖公告
受委托，公开拍卖旧车一辆，竞买者请报名。电话13800138000
青溪拍卖有限公司 2009
年4月16日

招租公告
门面三间招租，有意者请联系13800138001。
"""
    assert [item.heading and item.heading.text for item in find(source).notices] == ["拍卖公告", "招租公告"]
