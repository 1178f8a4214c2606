"""The names guard: what it queries, what it lets pass, and what it costs."""

from __future__ import annotations

import datetime
import random
import time

import pytest

from articles.names import Held, Register

DAY = datetime.date(2024, 3, 5)


def day(text):
    return datetime.date.fromisoformat(text)


REGISTER = Register.of(
    [
        Held("王平", "青溪市市长", day("2020-01-01"), day("2023-06-30")),
        Held("王平", "青溪市委书记", day("2023-07-01")),
        Held("陈文辉", "青溪市委副书记、市长", day("2023-07-01")),
        Held("林海", "青溪市副市长"),
        Held("周志刚", "市公安局局长"),
        Held("欧阳明", ""),
        Held("李建国", "教育局局长", None, day("2020-12-31")),
    ]
)


def found(text, on=DAY, **more):
    return [(doubt.code, doubt.quote, doubt.fix) for doubt in REGISTER.doubts(text, day=on, **more)]


@pytest.mark.parametrize(
    "text",
    [
        "市委书记王平强调",
        "青溪市委书记王平强调",
        "市委书记王　平强调",
        "市委副书记、市长陈文辉主持",
        "青溪市委副书记、市长陈文辉主持",
        "副市长林海参加",
        "常务副市长林海参加",
        "原市长王平到会",  # he was, and 原 says so
        "时任市长王平到会",
        "王平、陈文辉参加。",
        "记者王平报道",  # no title of office
        "市长王平原谅了他",  # 王平原 may be somebody else
        "局长李建军说",  # a surname and a name of their own: no character commonly mistaken, a short title
        "校长陈文昌说",  # one off, but with a title nobody near has
        "张文辉说",  # another surname
        "欧阳明表示",
        "老师李建国退休",
        "会长李建国致辞",  # nothing on record for that day, and no title of his
    ],
)
def test_what_passes(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("市长王平强调，", ("name-title", "市长王平", "")),  # no longer
        ("副市长陈文辉参加", ("name-title", "副市长陈文辉", "")),
        ("市长林海到会", ("name-title", "市长林海", "")),
        ("市委书记、市长陈文辉", ("name-title", "市委书记陈文辉", "")),
        ("教育局局长李建国介绍", ("name-title", "教育局局长李建国", "")),  # his term is over
        ("市长陈文晖主持", ("name-near", "陈文晖", "陈文辉")),
        ("青溪市委书记王萍强调", ("name-near", "王萍", "王平")),
        ("青溪市委书记王乎强调", ("name-near", "王乎", "王平")),  # with a long title any character may be wrong
        ("市委副书记、市长陈辉文", ("name-near", "陈辉文", "陈文辉")),
        ("昨日，陈文晖来到", ("name-near", "陈文晖", "陈文辉")),
        ("局长周致刚说", ("name-near", "周致刚", "周志刚")),
    ],
)
def test_what_is_queried(text, wanted):
    assert found(text) == [wanted]


def test_a_title_is_right_in_its_time_and_a_text_without_date_is_given_the_benefit():
    assert found("市长王平强调", on=day("2021-05-01")) == []
    assert found("市委书记王平强调", on=day("2021-05-01")) != []
    assert found("市长王平强调", on=None) == []
    assert found("市长王平强调", on=day("2023-06-30")) == []  # the last day is one of them
    assert found("市长王平强调", on=day("2023-07-01")) != []


def test_the_message_says_what_is_on_record():
    [doubt] = REGISTER.doubts("市长王平强调", day=DAY)
    assert doubt.message == "2024-03-05 “王平”在册的职务是青溪市委书记（2023-07-01起），不是“市长”"
    assert doubt.is_blocking
    [doubt] = REGISTER.doubts("教育局局长李建国介绍", day=DAY)
    assert "2020-12-31止" in doubt.message and "已不在任期" in doubt.message
    [doubt] = REGISTER.doubts("昨日，陈文晖来到", day=DAY)
    assert not doubt.is_blocking


def test_who_signed_the_article_is_spelt_right():
    assert found("本报记者陈文晖", known={"陈文晖"}) == []


def test_two_of_one_name_may_bear_what_either_bears():
    both = Register.of([Held("王平", "市长"), Held("王平", "校长")])
    assert not [*both.doubts("校长王平说，市长王平说", day=DAY)]
    assert [*both.doubts("县长王平说", day=DAY)]


def test_an_empty_register_says_nothing():
    assert [*Register.of([]).doubts("市长王平", day=DAY)] == []


def test_the_cost_is_that_of_the_text_alone():
    """Ten times the text takes about ten times as long; a hundred times the people takes hardly longer."""
    pick = random.Random(7)
    surnames, given = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", [chr(0x4E00 + n) for n in range(0, 3000, 3)]

    def register(count):
        people = {pick.choice(surnames) + "".join(pick.choices(given, k=2)) for _ in range(count)}
        return Register.of([Held(name, "市长") for name in people])

    def seconds(who, text):
        best = 9.9
        for _ in range(3):
            start = time.perf_counter()
            list(who.doubts(text, day=DAY))
            best = min(best, time.perf_counter() - start)
        return best

    small, large = register(100), register(10_000)
    text = "".join(pick.choices(given, k=5_000))
    assert seconds(large, text) < seconds(small, text) * 4 + 0.02
    assert seconds(large, text * 10) < seconds(large, text) * 20 + 0.02
