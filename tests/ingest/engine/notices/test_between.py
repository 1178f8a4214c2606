"""What stands between a notice's text and the next heading is the notice's: contacts, signatures, its last part."""

from __future__ import annotations

import pytest

from tests.ingest.engine.notices.page import find

LOST = "遗失声明\n\n张明遗失学生证,学号:2021104137,特此声明作废。\n"
SHOP = "转让\n\n因店主回乡照顾老人,店面低价转让,面积六十平方米,桌椅齐全,接手即可营业。\n\n电话:13205550101 林女士\n"
POWER = "停电公告\n\n因线路检修需要,6月11日6时至18时,城西线停电,影响范围为湖东街道。敬请谅解。\n"
AUCTION = (
    "拍卖公告\n\n受某某银行的委托,定于12月29日上午9时30分在本公司五楼会议厅公开拍卖下列资产:机床两台,起拍价4.6万元。\n"
)
TENDER_REST = "工程已由县发展和改革委员会批准,项目资金已经落实,现公开招标,投标人须于12月30日前购买招标文件。\n"
DEATH = "讣告\n\n某某中学退休教师吴明先生,因病逝世,享年九十一岁。定于12月16日在殡仪馆举行告别仪式。\n"
PUBLIC = "公示\n\n幼儿园项目的规划设计方案已经编制完成,现进行公示,公示期为十日。\n\n某某市规划局 2025年12月20日\n"


def page(*notices: str) -> str:
    return "\n".join(notices)


@pytest.mark.parametrize(
    ("notice", "last"),
    [
        pytest.param(POWER + "\n东山供电公司 咨询电话:95598\n", "东山供电公司 咨询电话:95598", id="whose number"),
        pytest.param(
            POWER + "\n办公地点:永明路4号 电话:85556182 联系人:黄永祥\n",
            "办公地点:永明路4号 电话:85556182 联系人:黄永祥",
            id="an office's address",
        ),
        pytest.param(DEATH + "\n家属泣告\n", "家属泣告", id="a family signs"),
        pytest.param(
            DEATH + "\n孝男吴建国、吴建军 孝女吴丽 泣告\n", "孝男吴建国、吴建军 孝女吴丽 泣告", id="who mourns signs"
        ),
        pytest.param(
            DEATH + "\n孝男蒯建国 孝女蒯丽 泣告\n", "孝男蒯建国 孝女蒯丽 泣告", id="who mourns, of a rare surname"
        ),
    ],
)
@pytest.mark.parametrize("following", [PUBLIC, LOST])
def test_a_line_before_the_next_heading_is_the_last_of_its_notice(notice: str, last: str, following: str) -> None:
    found = find(page(notice, following)).notices
    assert len(found) == 2
    assert found[0].body[-1].text == last
    assert found[1].heading is not None
    assert found[1].heading.text == following.split("\n")[0]


def test_the_mourners_sign_above_the_line_of_the_papers_makers() -> None:
    source = page(DEATH + "\n孝男吴建国 孝女吴丽 泣告\n", "\n值班主任 林 划 编辑 章 程 校对 方 圆\n")
    (found,) = find(source).notices
    assert [block.text for block in found.body][1:] == ["孝男吴建国 孝女吴丽 泣告"]


def test_sons_and_daughters_sign_in_a_line_each() -> None:
    (found,) = find(page(DEATH.rstrip("\n"), "孤子:吴建国 吴建军\n孤女:吴丽芬 泣告\n")).notices
    assert [block.text for block in found.body][1:] == ["孤子:吴建国 吴建军", "孤女:吴丽芬 泣告"]


@pytest.mark.parametrize(
    "further",
    [
        "有意竞买者,请于28日前携带身份证明到本公司办理手续,过期不再受理。",
        "标的自即日起在原地展示,拍卖不成交的,于五个工作日内全额无息退还。",
        "展示时间为27日至28日。",
    ],
)
def test_a_further_paragraph_and_the_lines_below_it_are_the_notices(further: str) -> None:
    below = ["东山拍卖有限公司西湖办事处", "电话:85565873 13905554432 覃小姐"]
    found = find(page(AUCTION, further, "", below[0], "", below[1], "", SHOP)).notices
    assert len(found) == 2
    assert [block.text for block in found[0].body][1:] == [further, *below]


def test_below_its_heading_a_line_of_words_is_the_beginning_of_the_text() -> None:
    source = f"招标公告\n\n某某县牧民定居点人畜饮水管网\n\n{TENDER_REST}"
    (found,) = find(source).notices
    assert [block.text for block in found.body] == ["某某县牧民定居点人畜饮水管网" + TENDER_REST.strip()]


def test_a_formula_in_the_line_of_the_signature_is_no_paragraph() -> None:
    body = "减资公告\n\n东山禽业有限公司拟将注册资本由30万元减少至12万元,债权人可自公告之日起45日内要求清偿。\n"
    (found,) = find(page(body, "特此公告 东山禽业有限公司 2025年12月20日\n")).notices
    assert found.body[-1].text == "特此公告 东山禽业有限公司 2025年12月20日"
    assert found.fields.signatory == "东山禽业有限公司"
    assert found.fields.date == "2025-12-20"


@pytest.mark.parametrize("heading", ["鱼塘转让", "果园出租", "养殖场转让", "茶座转让"])
def test_whatever_may_be_let_is_a_heading(heading: str) -> None:
    text = "崇湖附近有六十亩,剩余年限十一年,有管理房三间,电路和道路已经到边,价格面谈。\n\n电话:13205550111\n"
    (found, _) = find(page("分类广告 2025年12月20日\n", heading, "", text, LOST)).notices
    assert found.kind == "转让出租"
    assert len(found.body) == 2


@pytest.mark.parametrize(
    "head",
    [
        "东山日报 2025年12月20日 星期六 第七版 广告",
        "东山晚报 2025年12月20日 星期六 A15版 信息超市",
        "便民公告 2025年12月20日 星期六",
        "2025年12月20日 星期六 第7版 分类广告",
    ],
)
def test_the_head_of_a_classified_page_names_its_section(head: str) -> None:
    renamed = "更名启事\n\n经核准,“东山实业开发公司”更名为“东山投资有限公司”,原公章同时废止。\n\n东山投资有限公司\n"
    found = find(page(head, "", renamed, LOST))
    assert [block.text for block in found.furniture] == [head]
    assert [notice.kind for notice in found.notices] == ["更名公告", "遗失声明"]


def test_without_its_date_the_name_of_a_paper_before_it_makes_no_head() -> None:
    assert not find(page("东山日报 广告", "", LOST)).furniture


def test_a_new_name_is_evidence_and_a_quoted_name_no_speech() -> None:
    renamed = "更名启事\n\n经核准,“东山实业开发公司”更名为“东山投资有限公司”,原公章同时废止。\n"
    assert [notice.kind for notice in find(renamed).notices] == ["更名公告"]


def test_water_that_is_held_back_is_a_notice() -> None:
    text = "停水通知\n\n因加压站改造,12月29日22时至30日8时暂停供水,影响江北片区用户。\n\n清源水务集团有限公司\n"
    assert [notice.kind for notice in find(text).notices] == ["停水通知"]
