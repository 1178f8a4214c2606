"""Personal numbers never reach readers; other figures do."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.masking import MASK, mask
from articles.notice_masking import mask_notice

# A pattern per row: “#” stands for a digit or sign that is masked.
MASKED = [
    ("身份证350582199001010011", "身份证##################", "identity card, nothing between it and Chinese"),
    ("身份证号：35058219900101001X。", "身份证号：##################。", "check digit X"),
    ("(35058219900101001x)", "(##################)", "small x"),
    ("３５０５８２１９９００１０１００１Ｘ", "##################", "full width"),
    ("350582 19900101 0011", "####################", "set in groups"),
    ("350582-1990-0101-0011", "#####################", "with hyphens"),
    ("350582600123456", "###############", "the old card of 15 digits"),
    ("No350582199001010011", "No##################", "No. is no part of it"),
    ("ID350582199001010011", "ID##################", "nor is ID"),
    ("纳税人识别号350582196501010011L0", "纳税人识别号####################", "a one-man business's tax number"),
    ("信用代码或身份证号：350582199001010011", "信用代码或身份证号：##################", "called both"),
    ("13900000000", "139########", "a mobile, the whole text"),
    ("电话13900000000、13800000000", "电话139########、138########", "two, with Chinese around"),
    ("139 0000 0000", "139##########", "groups with spaces"),
    ("139-0000-0000", "139##########", "groups with hyphens"),
    ("139–0000—0000", "139##########", "groups with dashes"),
    ("139　0000　0000", "139##########", "ideographic spaces"),
    ("1390 000 0000", "139##########", "groups of four, three, four"),
    ("13900-000000", "139#########", "groups of five and six"),
    ("139.0000.0000", "139##########", "groups with points"),
    ("1 3 9 0 0 0 0 0 0 0 0", "#####################", "spaced out like a headline"),
    ("１３９００００００００", "１３９########", "full width"),
    ("联系人王某.13900000000.", "联系人王某.139########.", "an ASCII full stop on both sides"),
    ("No.13900000000", "No.139########", "after an abbreviation"),
    ("TEL13900000000", "TEL139########", "glued to its label"),
    ("vx13900000000", "vx139########", "a name in a messenger"),
    ("+8613900000000", "+86139########", "the country before it"),
    ("(+86)139-0000-0000", "(+86)139##########", "in brackets"),
    ("013900000000", "0139########", "the old trunk 0"),
    ("13900000000 13800000000", "139######## 138########", "two with a space"),
    ("13900000000/13800000000", "139########/138########", "two with a stroke"),
    ("1390000000013800000000", "139###################", "two that lost the sign between them"),
    ("13900000000（微信同号）", "139########（微信同号）", "full-width bracket"),
    ("账号：3500 1234 5678 9012 345", "账号：#######################", "an account in groups"),
    ("账号35001234567890123", "账号#################", "no colon"),
    ("帐户为（建行）35001234567890", "帐户为（建行）##############", "the bank between"),
    ("6222 0212 3456 7890 123", "#######################", "a bank card by itself"),
    ("6222021234567890", "################", "a bank card of 16 digits"),
]

KEPT = [
    ("95519", "a service number"),
    ("拨打12345热线", "a hotline"),
    ("400-123-4567", "a 400 number"),
    ("4001234567", "a 400 number in one run"),
    ("0595-85612345", "a landline"),
    ("059585612345", "a landline in one run"),
    ("电话号码：059585612345", "a landline that is called a number"),
    ("010-82345678", "a landline with three digits in front"),
    ("账户注销公告 0595-85612345", "an account, but the number is not its"),
    ("10779亿元", "a sum"),
    ("2025年12月20日", "a date"),
    ("2025-12-20 08:30-17:00", "a date and times"),
    ("15000.123456万元", "capital with six decimals"),
    ("减少至15000000000元", "capital of eleven digits"),
    ("18812345678.90元", "with decimals"),
    ("15000123456股", "shares"),
    ("0.13900000000", "a decimal"),
    ("统一社会信用代码：91350582MA2XY0001X", "a credit code"),
    ("统一社会信用代码：913505820000000000", "a credit code of digits"),
    ("信用代码350582199001010011", "one that looks like a card"),
    ("注册号350582100012345", "a registration number that looks like an old card"),
    ("ISBN 978-7-5399-1234-5", "a book"),
    ("9787539912345", "a book in one run"),
    ("订单202513900000000", "a mobile's digits inside a longer number"),
    ("A13900000000B", "inside letters"),
    ("FJ350582199001010011", "inside letters"),
    ("3505821990130100112", "nineteen digits"),
    ("350582199013010011", "no thirteenth month"),
    ("12900000000", "no mobile begins with 12"),
    ("邮编362200", "a postcode"),
    ("闽C13900", "a number plate"),
    ("", "nothing"),
]


@pytest.mark.parametrize(("text", "pattern", "why"), MASKED, ids=[row[2] for row in MASKED])
def test_personal_numbers_are_masked(text, pattern, why):
    assert mask(text) == pattern.replace("#", MASK)
    for before, after in (("，", "。"), ("电话", "（王）"), ("\n", "\n"), ("“", "”"), (" ", " ")):
        if not text.startswith(("账", "帐")):
            assert mask(before + text + after) == before + pattern.replace("#", MASK) + after


@pytest.mark.parametrize(("text", "why"), KEPT, ids=[row[1] for row in KEPT])
def test_other_figures_stay(text, why):
    assert mask(text) == text


_near = st.text(
    st.sampled_from("0123456789139138350582 -–.　０１３９Ｘx账号卡：:,，、LABx元+()MASK＊身份信用代码男"), max_size=60
)


@settings(deadline=None, max_examples=400)
@given(_near | st.text(max_size=80))
def test_masking_keeps_the_length_and_twice_is_once(text):
    once = mask(text)
    assert len(once) == len(text)
    assert mask(once) == once
    assert all(a == b or b == MASK for a, b in zip(text, once, strict=True))


@settings(deadline=None, max_examples=200)
@given(
    st.text(st.sampled_from("王电话，。、（）：“”\n"), max_size=5),
    st.text(st.sampled_from("王电话，。、（）：“”\n"), max_size=5),
    st.integers(13_000_000_000, 19_999_999_999),
    st.sampled_from(["", " ", "-", "　", "－"]),
)
def test_a_mobile_is_never_left_readable(before, after, number, gap):
    digits = str(number)
    text = f"{before}{digits[:3]}{gap}{digits[3:7]}{gap}{digits[7:]}{after}"
    assert digits[-4:] not in mask(text)


@pytest.mark.parametrize("unit", ["1", "139 ", "62220212 ", "账号：", "350582199", "1 ", "账号1 ", "0", "86"])
def test_masking_takes_time_in_proportion_to_the_text(unit):
    def seconds(length):
        text = unit * (length // len(unit))
        start = time.perf_counter()
        mask(text)
        return time.perf_counter() - start

    seconds(1000)
    assert seconds(200_000) < 2


def notice(text="", **fields):
    return {"kind": "遗失声明", "heading": "", "body": [{"role": "paragraph", "text": text}], "fields": fields}


def test_numbers_read_as_fields_are_masked_wherever_the_text_repeats_them():
    masked = mask_notice(
        notice("遗失证书，编号J3910012345601和Ｊ３９１ ００１２３４５６０１。", numbers=["J3910012345601"])
    )
    assert masked["fields"]["numbers"] == ["J3" + MASK * 12]
    assert masked["body"][0]["text"] == f"遗失证书，编号J3{MASK * 12}和Ｊ３{MASK * 13}。"


def test_a_short_number_does_not_eat_other_figures():
    content = notice(
        "编号2025遗失，2025121号不在内",
        declarant="青溪造纸厂",
        numbers=["2025"],
        date="2025-12-20",
        deadline="2025-12-31",
    )
    masked = mask_notice(content)
    assert masked["body"][0]["text"] == f"编号20{MASK * 2}遗失，2025121号不在内"
    assert (masked["fields"]["date"], masked["fields"]["deadline"]) == ("2025-12-20", "2025-12-31")


def test_the_credit_code_stays_in_fields_and_text():
    code = "91350582MA2XY0001X"
    content = notice(f"信用代码{code}", uscc=code, numbers=[code, "35058200123"])
    masked = mask_notice(content)
    assert masked["fields"]["uscc"] == code
    assert masked["fields"]["numbers"][0] == code
    assert code in masked["body"][0]["text"]
    assert "00123" not in masked["fields"]["numbers"][1]


def test_a_single_number_that_is_no_list_is_masked_too():
    assert mask_notice(notice("编号123456", numbers="123456"))["body"][0]["text"] == "编号12" + MASK * 4


@pytest.mark.parametrize("numbers", [None, [], [""], ["-"], ["a|b"], ["(("], [123456]])
def test_odd_number_fields_do_no_harm(numbers):
    mask_notice(notice("文字", numbers=numbers))


def test_masking_a_notice_leaves_the_given_content_alone():
    content = notice("13900000000", numbers=["123456"])
    mask_notice(content)
    assert content == notice("13900000000", numbers=["123456"])
