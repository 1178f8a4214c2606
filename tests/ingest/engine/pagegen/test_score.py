"""The measures: what one fault of a rebuilt page costs."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.ingest.engine.pagegen.score import faults, measures, norm, score_page

ONE = "昨日上午，县里召开会议，部署秋冬农田水利建设工作。"
TWO = "会议要求，各乡镇要抓紧清淤疏浚，确保明年春灌用水。"
THREE = "据了解，今年全县计划整治渠道一百二十公里。"
OTHER = "本报讯 一头野猪闯进果园，村民报警后民警赶来驱离。"


def article(headline: str, *texts: str, **more: Any) -> dict[str, Any]:
    body = [{"role": "paragraph", "text": text} for text in texts]
    return {"type": "article", "headline": headline, "deck": [], "authors": [], "captions": [], "body": body, **more}


GOLD = {
    "items": [
        article("秋冬水利建设开工", ONE, TWO, THREE, captions=["清淤现场。"], authors=["王一"]),
        article("野猪进果园", OTHER),
    ]
}


def joined(page):
    body = page["items"][0]["body"]
    body[0]["text"] += body.pop(1)["text"]


def split(page):
    body = page["items"][0]["body"]
    text = body[1]["text"]
    body[1]["text"] = text[:12]
    body.insert(2, {"role": "paragraph", "text": text[12:]})


def moved(page):
    page["items"][1]["body"].append(page["items"][0]["body"].pop())


def disordered(page):
    body = page["items"][0]["body"]
    body.append(body.pop(0))


def wrong_title(page):
    page["items"][0]["headline"], page["items"][1]["headline"] = "野猪进果园", "秋冬水利建设开工"


def no_caption(page):
    page["items"][0]["captions"] = []


def wrong_author(page):
    page["items"][0]["authors"] = ["王二"]


@pytest.mark.parametrize(
    ("fault", "edits", "exact"),
    [
        (joined, 1, 0.5),
        (split, 1, 0.5),
        (moved, 1, 0.0),
        (disordered, 1, 0.5),
        (wrong_title, 2, 0.0),
        (no_caption, 1, 0.5),
        (wrong_author, 0, 1.0),  # authors have a measure of their own
    ],
)
def test_the_price_of_one_fault(fault, edits, exact):
    page = copy.deepcopy(GOLD)
    fault(page)
    found = measures(score_page(GOLD, page))
    assert (found["edits"], found["items"]) == (edits, exact)
    assert faults(GOLD, page)


def test_text_is_compared_without_its_setting():
    assert norm(" 共 3 个,其中(一)…… ") == norm("共3个，其中（一）")
    assert norm("他说:'好'") == norm("他说：‘好’")


def test_characters_lost_and_added_are_counted():
    page = copy.deepcopy(GOLD)
    page["items"][0]["body"][0]["text"] = ONE[:-2] + "啊"
    source = "".join(["秋冬水利建设开工野猪进果园清淤现场。", ONE, TWO, THREE, OTHER])
    found = measures(score_page(GOLD, page, source))
    assert (found["lost"], found["added"]) == (2, 1)
