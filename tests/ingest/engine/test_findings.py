"""What a proofreader queries, and what he leaves alone. Each row is a paragraph; the comment says why."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.engine import ArticleItem, Block, Hints, PageLayout, Role, read_page
from ingest.engine.findings import MOST_OF_A_KIND, find
from tests.ingest.engine.laid_out import found_in, mended

TUESDAY = date(2025, 12, 16)

QUERIED = [
    # Quotes and brackets
    ("unpaired", "他说：“今年的收成比去年好。", "他说：“今年的收成比去年好。”"),  # the mark is missing at the end
    (
        "unpaired",
        "村里办起“两会”课堂，“两会围绕民生展开。",
        "村里办起“两会”课堂，“两会”围绕民生展开。",
    ),  # a term seen whole
    ("unpaired", "市民参观了古物藏珍”图片展，反响热烈。", None),  # nobody can say where it opens
    ("unpaired", "会议通过了《办法，要求各单位认真落实。", None),
    ("unpaired", "总投资（含配套12万元，明年完工。", None),
    ("quote-direction", "这里被称为“口袋公园“，市民常来。", "这里被称为“口袋公园”，市民常来。"),
    ("quote-direction", "这里被称为”口袋公园”，市民常来。", "这里被称为“口袋公园”，市民常来。"),
    ("straight-quote", '这里被称为"口袋公园"，市民常来。', "这里被称为“口袋公园”，市民常来。"),
    # Marks
    ("half-width", "昨日,记者来到现场，看到工程进展顺利。", "昨日，记者来到现场，看到工程进展顺利。"),
    ("half-width", "本报讯（记者 张三)昨日，工程开工。", "本报讯（记者 张三）昨日，工程开工。"),
    ("half-width", "工程昨日开工.预计明年完工。", "工程昨日开工。预计明年完工。"),
    ("half-width", "他的话--也是大家的话，很实在。", "他的话——也是大家的话，很实在。"),
    ("doubled-mark", "工程昨日开工，，预计明年完工。", "工程昨日开工，预计明年完工。"),
    ("doubled-mark", "工程昨日开工、，预计明年完工。", None),  # which of the two is the printer's, the paper knows
    ("doubled-mark", "他说：“工程开工了。”。", "他说：“工程开工了。”"),
    ("dots", "他想说什么...又没有说。", "他想说什么……又没有说。"),
    # Words
    ("doubled", "这是群众的的心声，要认真听取。", "这是群众的心声，要认真听取。"),
    ("doubled", "各部门要进行进行检查，消除隐患。", "各部门要进行检查，消除隐患。"),
    ("doubled", "学校新建了实验验室，花了不少钱。", "学校新建了实验室，花了不少钱。"),
    ("doubled", "让群众足不出户就能享受服务享受服务，十分方便。", "让群众足不出户就能享受服务，十分方便。"),
    ("misread", "工程己经完工，群众十分满意。", "工程已经完工，群众十分满意。"),
    ("misread", "演出将在12月20曰举行。", "演出将在12月20日举行。"),
    ("split-word", "这项改 造工程明年完工。", "这项改造工程明年完工。"),
    ("traditional", "這项工程明年完工。", "这项工程明年完工。"),
    ("traditional", "走进エ厂，机器轰鸣。", "走进工厂，机器轰鸣。"),  # katakana for 工
    # Signs
    ("unreadable", "村民王\ue123说，今年收成不错。", None),
    ("unreadable", "村民王□说，今年收成不错。", None),
    ("mojibake", "村民锟斤拷说，今年收成不错。", None),
    ("odd-code", "村里的⽔渠修好了。", "村里的水渠修好了。"),  # U+2F54, a radical
    # Figures and dates
    ("letter-in-number", "全年销售额达1O0万元。", "全年销售额达100万元。"),
    ("letter-in-number", "工程于2O23年完工。", "工程于2023年完工。"),
    ("letter-in-number", "时间是二O二五年春天。", "时间是二〇二五年春天。"),
    ("doubled-unit", "增长12%%，超过预期。", "增长12%，超过预期。"),
    ("doubled-unit", "投资30万元元，明年完工。", "投资30万元，明年完工。"),
    ("odd-number", "增长3..5个百分点。", "增长3.5个百分点。"),
    ("odd-number", "居家护理占比达945%，居首位。", None),
    ("impossible-date", "会议定于2月30日召开。", None),
    ("impossible-date", "2025年2月29日，工程完工。", None),  # no leap year
    ("impossible-date", "2025年13月，工程完工。", None),
    ("impossible-date", "活动在12月20日25时结束。", None),
    ("impossible-date", "展期为12月20日至15日。", None),
    ("weekday", "2025年12月20日（星期五），工程完工。", "2025年12月20日（星期六），工程完工。"),
    ("weekday", "12月20日（周日），工程完工。", "12月20日（周六），工程完工。"),  # read against the day of the page
    # Ends
    ("no-end-mark", "工程昨日开工，预计明年年底全部完工", "工程昨日开工，预计明年年底全部完工。"),
    ("cut-off", "工程昨日开工，预计明年，", None),
    ("cut-off-start", "，预计明年完工。", None),
]

LEFT_ALONE = [
    "他说：“这叫‘口袋公园’，很方便。”",
    "It’s OK，他说，’90年代就有了。",
    "要做好三件事：1)修路；2)架桥；3)种树。",
    "1）修路，这是头一件。",
    "比分是3:1，时间是10:30，他用的是A, B两种方案。",
    "每斤1,200元，涨了3.5%。",
    "爸爸妈妈常常慢慢走，天天看看报，试试手气。",
    "一幅幅画、一个个故事，处处红彤彤，人人高高兴兴。",
    "请大家了解了解情况，商量商量办法。",
    "为了了解情况，他坐我的的士去，发展和和谐都要。",  # the second one opens a word
    "镇长说，双庙镇镇长、文物所所长、市市场监督管理局都来了。",
    "记者黄芊芊、曾莉莉报道，安踏、盼盼等企业参加。",
    "他数着数着就睡着了，一步一步往前走。",
    "群众积极参与与实践，效果很好。",
    "面向“十五五”，要走好每一步。",
    "她考了3D打印和5G课程，玩O2O和B2B，查了CO2和PM2.5。",
    "占地2万亩，亩产1000斤，年年丰收，岁岁平安。",
    "农历二月三十日那天……不，是农历正月三十日。",
    "活动12月30日至1月3日举行，共5天。",
    "2025年12月20日（星期六），工程完工。",
    "请在24时前到达，每天工作8小时，骑行36小时。",
    "记者 李 明 王 强 说，今天有雨。",
    "红旗 飘飘，歌声 嘹亮。",  # blanks between clauses and whole words
    "王□",
    "乾隆年间，于右任题字，瞭望塔著称。",
    "他感慨：“真好啊！”",
    "他问：真的吗？！",
    "故事要从头说起——",
    "名单如下：",
]


@pytest.mark.parametrize(("kind", "text", "fixed"), QUERIED)
def test_is_queried_once_with_the_likely_fix(kind: str, text: str, fixed: str | None) -> None:
    found = found_in(text, day=TUESDAY)
    assert [f.kind for f in found] == [kind]
    assert mended(text, TUESDAY) == (fixed if fixed is not None else text)


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_is_left_alone(text: str) -> None:
    assert found_in(text, day=TUESDAY) == []


def test_a_speech_over_several_paragraphs_opens_each_and_closes_the_last() -> None:
    assert found_in("“我们村修了路。", "“我们村还架了桥。”") == []
    assert found_in("他说：“我们村修了路。", "我们村还架了桥。”") == []


def test_a_habit_of_half_width_marks_is_one_finding() -> None:
    (found,) = found_in("昨日,记者来到现场,看到工程进展顺利,群众满意,干部放心,(东区)也快了:明年完工,后年通车。")
    assert found.kind == "half-width-page"
    assert "9 处" in found.message


def test_a_name_with_two_offices_is_queried_where_the_second_stands() -> None:
    (found,) = found_in("县长王建国说，要抓紧。", "副县长王建国表示，要落实。")
    assert (found.kind, "县长" in found.message) == ("two-titles", True)
    assert found_in("晋江市委书记王建国说，要抓紧。", "池店镇党委副书记王建国表示，要落实。") == []


def test_a_name_in_two_spellings_is_queried_at_the_rarer_one() -> None:
    (found,) = found_in("局长柯荣锐说，要抓紧。", "柯荣悦表示，要落实。")
    assert (found.kind, found.fix) == ("two-spellings", "柯荣锐")


def test_a_traditional_page_is_not_queried_character_by_character() -> None:
    assert found_in("這個時候，國家對學會開會說明，為發過實進點經長現動種應問間員。") == []


def test_what_an_item_lacks_is_queried() -> None:
    body = "工程昨日开工，预计明年年底全部完工。" * 5
    assert [f.kind for f in found_in(body, headline="")] == ["no-headline"]
    assert [f.kind for f in found_in()] == ["no-body"]


def test_a_doubtful_match_and_a_doubtful_seam_are_queried() -> None:
    source = "标题在这里\n\n第一行文字到这里\n\n别的标题\n\n接着写完。"
    head = Block(Role.HEADLINE, "标题在这里", ((0, 5),), "")
    body = Block(Role.PARAGRAPH, "第一行文字到这里接着写完。", ((7, 15), (23, 28)), "", 0.5)
    rest = Block(Role.FURNITURE, "别的标题", ((17, 21),), "")
    layout = PageLayout((ArticleItem((body,), headline=head, confidence=0.4),), (rest,))
    found = find(source, layout)
    assert [(f.kind, source[slice(*f.where)]) for f in found] == [
        ("doubtful-match", "标题在这里"),
        ("doubtful-seam", "接着写完。"),
    ]


def test_a_fix_keeps_line_ends_and_never_reaches_into_other_text() -> None:
    source = "群众的\n的心声，要听。\n他人\n的话。"
    first = Block(Role.PARAGRAPH, "群众的的心声，要听。", ((0, 3), (4, 11)), "")
    torn = Block(Role.PARAGRAPH, "他人的的话。", ((12, 14), (2, 3)), "")
    (finding,) = [f for f in find(source, PageLayout((ArticleItem((first,)),))) if f.kind == "doubled"]
    assert finding.where == (2, 5)
    assert finding.fix == "的\n"
    assert all(f.where[0] < f.where[1] for f in find(source, PageLayout((ArticleItem((torn,)),))))


def test_a_kind_that_comes_up_everywhere_is_capped_and_says_so() -> None:
    found = found_in(*["群众的的心声。"] * (MOST_OF_A_KIND + 5))
    assert len(found) == MOST_OF_A_KIND
    assert "还有 5 处" in found[-1].message


def test_the_folio_is_held_against_the_day_of_the_page() -> None:
    text = "晋江经济报  2025年12月20日  星期五\n\n工程开工\n\n本报讯（记者 张三）工程昨日开工，预计明年年底全部完工。\n"
    assert [f.kind for f in read_page(text).findings] == ["weekday"]
    assert [f.kind for f in read_page("星期五\n\n" + text[24:], hints=Hints(date=date(2025, 12, 20))).findings] != []


def test_read_page_hands_on_the_findings_in_the_order_of_the_source() -> None:
    text = "工程开工\n\n本报讯（记者 张三）这是群众的的心声，2月30日完工，，好。\n"
    found = read_page(text).findings
    assert [f.kind for f in found] == ["doubled", "impossible-date", "doubled-mark"]
    assert [text[slice(*f.where)] for f in found] == ["的的", "2月30日", "，，"]
