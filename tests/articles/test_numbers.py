"""How numbers are compared, found and asked for; who is an organisation; when two notices are one."""

# ruff: noqa: E501 - tables read best a row a line
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.identity import is_credit_code, is_identity, looks_like_identity
from articles.notice_masking import mask_notice
from articles.numbers import NumberKind, NumberRefused, asked_for, normalise, numbers_of, values_of
from articles.organisations import is_organisation
from articles.repeats import repeat_keys

IDENTITY = "11010519491231002X"  # the standard's own example
CODE = "91350100M000100Y43"  # an example with a right check sign


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("T 350-012 345", "T350012345"),
        ("ｔ３５００１２３４５", "T350012345"),
        ("35058219900101001x", "35058219900101001X"),
        ("6228–4800—1234‐5678−9", "6228480012345678" + "9"),
        ("0595一85661234", "059585661234"),
        ("闽（2019）晋江市不动产权第 0012345 号", "闽2019晋江市不动产权第0012345号"),
        ("（2025）闽0582民初1234号", "2025闽0582民初1234号"),
        ("No.00123456", "NO00123456"),
        ("", ""),
    ],
)
def test_numbers_are_compared_without_what_setting_changes(printed, value):
    assert normalise(printed) == value


@given(st.text(st.sampled_from("0123456789ABCabc -－—（）()【】　Ｘｘ０９第号闽"), max_size=30))
def test_normalising_twice_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize(
    ("printed", "kind", "values"),
    [
        ("J3910012345601", NumberKind.CERTIFICATE, {"J3910012345601", "3910012345601"}),
        ("闽(2019)晋江市不动产权第0012345号", NumberKind.CERTIFICATE, {"0012345"}),
        ("晋房权证青阳字第123456号", NumberKind.CERTIFICATE, {"123456"}),
        ("0595-85661234", NumberKind.PHONE, {"059585661234", "85661234"}),
        ("0595-85661234转801", NumberKind.PHONE, {"059585661234", "85661234"}),
        ("+86 139-0595-1234", NumberKind.PHONE, {"13905951234"}),
        ("350582********0011", NumberKind.IDENTITY, set()),
        ("350582XXXXXXXX0011", NumberKind.IDENTITY, set()),
    ],
)
def test_a_printed_number_is_found_under_its_usual_values(printed, kind, values):
    found = values_of(printed, kind)
    assert values <= set(found) and (values or not found)


@pytest.mark.parametrize(
    "typed", ["12345", "王小明王小明", "111111", "123456", "0123456789", "35**1234", "ABCDEFG1", "9" * 81]
)
def test_what_is_too_short_or_common_is_refused(typed):
    with pytest.raises(NumberRefused):
        asked_for(typed)


@pytest.mark.parametrize("typed", ["MSKU 1234567", "闽C·TR856", "豫P3G86挂", "儋房权证那大字第5678号"])
def test_figures_that_count_up_are_common_only_by_themselves(typed):
    assert asked_for(typed)[0] == normalise(typed)


def test_check_digits():
    assert is_identity(IDENTITY) and not is_identity("110105194912310021") and not is_identity("110105194913310021")
    assert looks_like_identity("110105194912310021") and not looks_like_identity("110105194913310021")
    assert is_credit_code(CODE) and not is_credit_code("91350100M000100Y44") and not is_credit_code(IDENTITY)


def notice(text="", kind="遗失声明", **fields):
    return {"kind": kind, "heading": kind, "body": [{"id": "s1", "role": "paragraph", "text": text}], "fields": fields}


def test_each_credit_code_of_the_text_is_found():
    """Two companies merge, the fields hold the code of one."""
    found = {number.value: number.kind for number in numbers_of(notice(f"甲公司（{CODE}）吸收合并乙公司"))}
    assert found[CODE] is NumberKind.CREDIT_CODE


def test_a_number_nobody_read_is_hidden_and_found():
    content = notice("遗失某某证，证字甲乙88401277，声明作废。", declarant="王小明")
    assert "88401277" not in mask_notice(content)["body"][0]["text"]
    assert "88401277" in {number.value for number in numbers_of(content)}


def test_what_the_mask_hides_can_be_looked_up_even_if_it_was_read_into_no_field():
    content = notice(f"遗失身份证{IDENTITY}，账号6222021234567890123，电话139 0595 1234。")
    found = {number.value: number.kind for number in numbers_of(content)}
    assert found[IDENTITY] is NumberKind.IDENTITY
    assert found["6222021234567890123"] is NumberKind.ACCOUNT
    assert found["13905951234"] is NumberKind.PHONE


def test_kinds_of_numbers():
    content = notice(
        "账号：3500 1234 5678", numbers=["3500 1234 5678", IDENTITY, "T350012345"], uscc=CODE, phones=["85661234"]
    )
    found = {number.value: number.kind for number in numbers_of(content)}
    assert found["350012345678"] is NumberKind.ACCOUNT and found[IDENTITY] is NumberKind.IDENTITY
    assert found["T350012345"] is NumberKind.CERTIFICATE and found[CODE] is NumberKind.CREDIT_CODE
    assert found["85661234"] is NumberKind.PHONE


@pytest.mark.parametrize("fields", [{}, {"numbers": None}, {"numbers": [None, 3, {}]}, {"uscc": 5}, {"phones": "x"}])
def test_odd_fields_hold_no_numbers_and_do_no_harm(fields):
    assert numbers_of(notice(**fields)) == []
    mask_notice(notice(**fields))
    repeat_keys(notice(**fields))


ORGANISATIONS = [
    "青溪造纸厂", "福建青溪商贸有限公司", "青溪商贸有限公司（清算组）", "晋江市人民法院", "中国农业银行股份有限公司晋江市支行",
    "青溪镇第三幼儿园", "晋江市青阳好再来食杂店", "晋江市住房和城乡建设局", "青溪社区居民委员会", "某某小区业主委员会",
    "青溪公司、白沙印刷厂", "青溪商贸有限公司管理人", "晋江市公证处", "青溪 商贸 有限公司", "青溪（福建）商贸有限公司",
]  # fmt: skip
PERSONS = [
    "王小明", "王小明、李小红", "欧阳小会", "王会", "李园", "陈小店", "青溪商贸有限公司、王小明", "王小明（青溪商贸有限公司员工）",
    "青溪镇海山村施纯得", "王小明家属", "孝男王大明", "", "个体工商户王小明", "本人", "某某公司职工王小明", "上官文会",
]  # fmt: skip


@pytest.mark.parametrize("name", ORGANISATIONS)
def test_organisations(name):
    assert is_organisation(name)


@pytest.mark.parametrize("name", PERSONS)
def test_in_doubt_a_person(name):
    assert not is_organisation(name)


MASKING = [
    # declarant, fields, text, what must not stand there, what must
    ("王小明", {}, "电话0595-85661234", ["85661234"], ["电话"]),
    ("青溪造纸厂", {}, "电话0595-85661234", [], ["0595-85661234"]),
    ("青溪造纸厂", {}, "联系人王小明13905951234", ["05951234"], ["139"]),
    ("王小明", {}, "拨打12345或95598、400-123-4567", [], ["12345", "95598", "400-123-4567"]),
    ("王小明", {}, "2025年12月20日，2025-12-20，2025.12.20", [], ["2025年12月20日", "2025-12-20", "2025.12.20"]),
    ("王小明", {}, "转让费130000元，面积12000平方米", [], ["130000元", "12000平方米"]),
    ("王小明", {}, "驾驶证档案号350500012345", ["0012345"], []),
    ("王小明", {}, "残疾证35058219900101001143", ["19900101"], []),
    ("王小明", {"numbers": ["T350012345"]}, "编号T350\n012\n345", ["012", "345"], []),
    ("青溪造纸厂", {"numbers": ["T350012345"]}, "编号Ｔ（350）012－345", ["012", "345"], []),
    ("青溪造纸厂", {"uscc": CODE}, f"信用代码{CODE}", [], [CODE]),
    ("王小明", {"uscc": CODE}, f"信用代码{CODE}", [], [CODE]),
    ("王小明", {"uscc": IDENTITY}, f"纳税人识别号{IDENTITY}", [IDENTITY[6:]], []),
    ("青溪造纸厂", {"uscc": IDENTITY}, f"信用代码：{IDENTITY}", [IDENTITY[6:]], []),
    ("晋江市人民法院", {"numbers": ["（2025）闽0582民初1234号"]}, "（2025）闽0582民初1234号", [], ["民初1234号"]),
    ("晋江市城管局", {"numbers": ["晋城管罚〔2025〕12号"]}, "晋城管罚〔2025〕12号", [], ["〔2025〕12号"]),
    ("晋江市住建局", {"numbers": ["闽(2019)晋江市不动产权第0012345号"]}, "闽(2019)晋江市不动产权第0012345号", ["0012345"], ["闽(2019)"]),
    ("王小明", {"numbers": ["（2025）闽0582民初1234号"]}, "（2025）闽0582民初1234号", ["1234"], []),
    ("王小明", {}, "微信wx12345678，QQ：123456789", ["345678", "456789"], []),
    ("", {}, "门牌12号，3室2厅，88平", [], ["12号", "3室2厅", "88平"]),
]  # fmt: skip


@pytest.mark.parametrize(("declarant", "fields", "text", "hidden", "kept"), MASKING)
def test_whose_number_it_is_decides_what_is_masked(declarant, fields, text, hidden, kept):
    content = notice(text, declarant=declarant, **fields)
    masked = mask_notice(content)
    said = masked["body"][0]["text"]
    assert len(said) == len(text)
    for part in hidden:
        assert part not in said and part not in str(masked["fields"])
    for part in kept:
        assert part in said
    assert mask_notice(masked) == masked


@given(
    st.text(st.sampled_from("0123456789Tt王厂公司 -\n（）编号年月元.转Ｔ９"), max_size=60),
    st.sampled_from(["王小明", "青溪造纸厂", ""]),
)
def test_masking_keeps_the_length_and_twice_is_once(text, declarant):
    content = notice(text, declarant=declarant, numbers=["T350012345"], phones=["85661234"])
    masked = mask_notice(content)
    assert len(masked["body"][0]["text"]) == len(text)
    assert mask_notice(masked) == masked


def shares(one, two):
    return any(a and a == b for a, b in zip(repeat_keys(one), repeat_keys(two), strict=True))


BASE = notice(
    "青溪造纸厂遗失公章一枚，编号3505820001234，声明作废。",
    declarant="青溪造纸厂",
    documents=["公章"],
    numbers=["3505820001234"],
)


@pytest.mark.parametrize(
    ("other", "is_same"),
    [
        (
            notice(
                "青溪造纸厂不慎遗失公章壹枚。", declarant="青溪 造纸厂", documents=["公章"], numbers=["3505820 001234"]
            ),
            True,
        ),
        (notice("青溪造纸厂遗失公章一枚，编号3505820001234，声明作废。"), True),
        (notice("青溪造纸厂遗失公章一枚, 编号 3505820001234, 声明作废"), True),
        (notice("别的。", declarant="青溪造纸厂", documents=["发票"], numbers=["3505820001234"]), False),
        (notice("别的。", declarant="青溪造纸厂", documents=["公章"], numbers=["3505820009999"]), False),
        (notice("别的。", declarant="别的厂", documents=["公章"], numbers=["3505820001234"]), False),
        (notice("青溪造纸厂遗失公章一枚，编号3505820001234，声明作废。", kind="声明"), False),
        (notice("声明作废。"), False),
    ],
)
def test_when_two_notices_are_one(other, is_same):
    assert shares(BASE, other) is is_same
