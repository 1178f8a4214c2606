"""Notices known without a heading, or under one that stands for itself."""

from tests.ingest.engine.notices.page import find


def kinds_of(source: str) -> list[str]:
    return [notice.kind for notice in find(source).notices]


def test_bulleted_losses_are_notices_wherever_their_heading_stands() -> None:
    source = "★青山县供销社果品公司财务专用章丢失。\n★杜桂花房权证丢失,证号:青房字第0400111号。\n"
    assert kinds_of(source) == ["遗失声明", "遗失声明"]


def test_the_same_words_in_running_text_are_none() -> None:
    assert kinds_of("青山县供销社果品公司财务专用章丢失。民警当天就找到了小偷。\n") == []


def test_a_marriage_advertisement_is_a_notice() -> None:
    source = "征婚\n女,36岁,1.62米,丧偶,带一子,在县城开小店,欲寻性情温和的男士为伴。电话:13800000000\n"
    assert kinds_of(source) == ["其他"]
