"""What people type, and what it means."""

from __future__ import annotations

import contextlib
import datetime
import re
import time

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from articles.search.query import LENGTH_LIMIT, TERMS_LIMIT, Narrowing, QueryRefused, read_query, spelled
from articles.search.types import Field, Kind, Query, Term


def word(text, field=None):
    return (Term(text, field),)


def phrase(text):
    return (Term(text, is_phrase=True),)


def day(text):
    return datetime.date.fromisoformat(text)


WORDS = [
    # One word, several, whatever the space between them.
    ("长护险", Query(all_of=(word("长护险"),))),
    ("长护险 晋江", Query(all_of=(word("长护险"), word("晋江")))),
    ("　长护险　晋江\t\n", Query(all_of=(word("长护险"), word("晋江")))),
    ("长护险 AND 晋江", Query(all_of=(word("长护险"), word("晋江")))),
    # Phrases in every kind of quotes; input methods hand out the halves in any order; a quote ends a word.
    ('"长护险 试点"', Query(all_of=(phrase("长护险 试点"),))),
    ("“长护险 试点”", Query(all_of=(phrase("长护险 试点"),))),
    ("”长护险 试点“", Query(all_of=(phrase("长护险 试点"),))),
    ("＂长护险 试点＂", Query(all_of=(phrase("长护险 试点"),))),
    ("「长护险 试点」", Query(all_of=(phrase("长护险 试点"),))),
    ("『长护险 试点』", Query(all_of=(phrase("长护险 试点"),))),
    ("「他说“好”」", Query(all_of=(phrase("他说“好”"),))),
    ("晋江“五店市”灯会", Query(all_of=(word("晋江"), phrase("五店市"), word("灯会")))),
    # Ruled out.
    ("台风 -水库", Query(all_of=(word("台风"),), none_of=word("水库"))),
    ("台风 －水库", Query(all_of=(word("台风"),), none_of=word("水库"))),
    ("-“水库 放水” 台风", Query(all_of=(word("台风"),), none_of=phrase("水库 放水"))),
    ("台风 -标题:水库", Query(all_of=(word("台风"),), none_of=word("水库", Field.HEADLINE))),
    ("KN-95", Query(all_of=(word("KN-95"),))),
    ("台风 - 水库", Query(all_of=(word("台风"), word("水库")))),  # a dash
    # Either.
    ("台风 OR 暴雨", Query(all_of=((Term("台风"), Term("暴雨")),))),
    ("台风 或 暴雨", Query(all_of=((Term("台风"), Term("暴雨")),))),
    ("台风|暴雨｜洪水", Query(all_of=((Term("台风"), Term("暴雨"), Term("洪水")),))),
    ("晋江 台风 ＯＲ “大暴雨” 水库",
     Query(all_of=(word("晋江"), (Term("台风"), Term("大暴雨", is_phrase=True)), word("水库")))),
    ("标题:台风 或 暴雨", Query(all_of=((Term("台风", Field.HEADLINE), Term("暴雨")),))),
    ("或", Query(all_of=(word("或"),))),  # nothing to choose between
    ("“或” 许", Query(all_of=(phrase("或"), word("许")))),
    ("或许 for", Query(all_of=(word("或许"), word("for")))),
    # Fields, in both languages, with both colons, with or without a space behind.
    ("标题:长护险", Query(all_of=(word("长护险", Field.HEADLINE),))),
    ("标题：长护险", Query(all_of=(word("长护险", Field.HEADLINE),))),
    ("標題： 长护险", Query(all_of=(word("长护险", Field.HEADLINE),))),
    ("Title:“长护险 试点”", Query(all_of=((Term("长护险 试点", Field.HEADLINE, is_phrase=True),),))),
    ("栏目:市长专线", Query(all_of=(word("市长专线", Field.COLUMN),))),
    ("署名:通讯员", Query(all_of=(word("通讯员", Field.BYLINE),))),
    ("版面:要闻", Query(all_of=(word("要闻", Field.SECTION),))),
    ("新标题:晋江", Query(all_of=(word("新标题:晋江"),))),  # no prefix of ours: text
    ("TITLE:大桥", Query(all_of=(word("大桥", Field.HEADLINE),))),
    ("ſection:大桥 kınd:公告", Query(all_of=(word("ſection:大桥"), word("kınd:公告")))),  # letters that only look so
    ("10:30 http://x", Query(all_of=(word("10:30"), word("http://x")))),
    # Narrowings.
    ("作者:王小明", Query(contributor="王小明")),
    ("记者：王小明 大桥", Query(contributor="王小明", all_of=(word("大桥"),))),
    ("专题:跨江大桥 报纸:青溪日报", Query(topic="跨江大桥", newspaper="青溪日报")),
    ('newspaper:"A B"', Query(newspaper="A B")),
    ("版面:3", Query(page=3)),
    ("版面:第四版", Query(page=4)),
    ("page:A04版", Query(page=4)),
    ("类型:公告", Query(kind=Kind.NOTICE)),
    ("kind:Article 台风", Query(kind=Kind.ARTICLE, all_of=(word("台风"),))),
    ("类型:公告 -遗失", Query(kind=Kind.NOTICE, none_of=word("遗失"))),
    # Days of printing.
    ("2021", Query(first_day=day("2021-01-01"), last_day=day("2021-12-31"))),
    ("2021年", Query(first_day=day("2021-01-01"), last_day=day("2021-12-31"))),
    ("２０２１－１２", Query(first_day=day("2021-12-01"), last_day=day("2021-12-31"))),
    ("2024年2月 大桥", Query(first_day=day("2024-02-01"), last_day=day("2024-02-29"), all_of=(word("大桥"),))),
    ("2021-12-01", Query(first_day=day("2021-12-01"), last_day=day("2021-12-01"))),
    ("2021/12/1", Query(first_day=day("2021-12-01"), last_day=day("2021-12-01"))),
    ("2021年12月1日", Query(first_day=day("2021-12-01"), last_day=day("2021-12-01"))),
    ("2021-12-01..2022-03-31", Query(first_day=day("2021-12-01"), last_day=day("2022-03-31"))),
    ("2021年12月至2022年", Query(first_day=day("2021-12-01"), last_day=day("2022-12-31"))),
    ("日期:2021..2022-02", Query(first_day=day("2021-01-01"), last_day=day("2022-02-28"))),
    ("2021..", Query(first_day=day("2021-01-01"))),
    ("..2021", Query(last_day=day("2021-12-31"))),
    ("“2021”", Query(all_of=(phrase("2021"),))),
    ("2021年高考 12345 1314", Query(all_of=(word("2021年高考"), word("12345"), word("1314")))),
    # Signs alone between words say nothing.
    ("晋江 —— 泉州 ！", Query(all_of=(word("晋江"), word("泉州")))),
    ("（记者 王小明） 大桥", Query(all_of=(word("（记者"), word("王小明）"), word("大桥")))),
]  # fmt: skip


@pytest.mark.parametrize(("text", "query"), WORDS)
def test_what_is_typed_means(text, query):
    assert read_query(text).query == query


WRONG = [
    # what is typed, what the answer names, which part of the text it points at
    ("", "请写上要找的词", ""),
    ("   ", "请写上要找的词", "   "),
    ("！？", "没有可以查找的字", "！？"),
    ("大桥 “ ”", "没有可以查找的字", "“ ”"),
    ("大桥 -！", "没有可以查找的字", "-！"),
    ("大桥 -|x", "没有可以查找的字", "-"),
    ("大桥 “通车", "引号 “ 没有另一半", "“"),
    ("大桥「通车", "引号 「 没有另一半", "「"),
    ("-大桥", "只有排除的词", "-大桥"),
    ("大桥 OR", "“OR”后面没有词", "OR"),
    ("或 大桥", "“或”前面没有词", "或"),
    ("大桥 | | 通车", "“|”前面没有词", "|"),
    ("大桥 OR -通车", "不能是排除的词", "-通车"),
    ("-大桥 OR 通车", "前面没有词", "OR"),
    ("大桥 OR 报纸:青溪日报", "不能连接“报纸”", "报纸:青溪日报"),
    ("2021 OR 2022", "不能连接“日期”", "OR"),
    ("大桥 -报纸:青溪日报", "不能用“-”排除", "-报纸:青溪日报"),
    ("2021 大桥 2022", "“日期”写了两次", "2022"),
    ("报纸:a 报纸:b", "“报纸”写了两次", "报纸:b"),
    ("大桥 标题:", "“标题:”后面没有字", "标题:"),
    ("类型:图片", "没有“图片”这个类型", "类型:图片"),
    ("大桥 2021-13", "没有“2021-13”", "2021-13"),
    ("2021-02-30", "没有“2021-02-30”", "2021-02-30"),
    ("2021-00", "没有“2021-00”", "2021-00"),
    ("2021-12-00", "没有“2021-12-00”", "2021-12-00"),
    ("2020..2021-13", "没有“2021-13”", "2020..2021-13"),
    ("2022..2021", "结束早于开始", "2022..2021"),
    ("日期:昨天", "“昨天”不是日期", "日期:昨天"),
    ("(大桥 通车) OR 隧道", "括号不能", "(大桥"),
    ("隧道 -（大桥 通车）", "括号不能", "-（大桥"),
    ("字" * (LENGTH_LIMIT + 1), "最长", "字"),
    ("字 " * (TERMS_LIMIT + 1), f"最多 {TERMS_LIMIT} 个词", "字"),
]


@pytest.mark.parametrize(("text", "says", "where"), WRONG)
def test_a_wrong_query_is_explained_with_its_place(text, says, where):
    with pytest.raises(QueryRefused) as refused:
        read_query(text)
    assert says in refused.value.message
    assert text[refused.value.start : refused.value.end] == where


def test_narrowings_can_be_taken_out_and_put_in():
    reading = read_query("大桥 报纸：青溪日报 2021 通车")
    assert [(one.by, one.says) for one in reading.narrowed] == [
        (Narrowing.NEWSPAPER, "青溪日报"),
        (Narrowing.DATE, "2021年"),
    ]
    assert reading.without(reading.narrowed[0]) == "大桥 2021 通车"
    assert reading.narrowed_to(Narrowing.DATE, "2022") == "大桥 报纸：青溪日报 通车 2022"
    assert reading.narrowed_to(Narrowing.TOPIC, "医保 养老") == '大桥 报纸：青溪日报 2021 通车 专题:"医保 养老"'
    assert [term.text for term in reading.words] == ["大桥", "通车"]
    assert reading.wide == "大桥 通车" and read_query("2021").wide == ""


def test_a_word_can_be_put_in_anothers_place():
    reading = read_query("标题:“ 常护险 ” 晋江 -x")
    assert reading.reworded(reading.typed[0], "长护险") == "标题:“ 长护险 ” 晋江 -x"
    assert reading.reworded(reading.typed[1], "石狮") == "标题:“ 常护险 ” 石狮 -x"


@pytest.mark.parametrize(
    ("text", "says"),
    [("2021-3..2022", "2021年3月—2022年"), ("2021..", "2021年起"), ("..2021", "截至2021年"), ("版面:四版", "第4版")],
)
def test_narrowings_say_what_they_ask_for(text, says):
    assert read_query(text).narrowed[0].says == says


SIGNS = '"“”「」『』-－|｜:：()（） 　.～—' + "ORANDor或标题报纸日期版面类型作者0129年月日..晋江长a\x01\u0301"


@given(st.text(alphabet=SIGNS, max_size=60) | st.text(max_size=40))
def test_whatever_is_typed_is_read_or_explained(text):
    try:
        reading = read_query(text)
    except QueryRefused as refused:
        assert 0 <= refused.start <= refused.end <= len(text) and refused.message.endswith("。")
        return
    query = reading.query
    assert query.all_of or reading.narrowed
    for group in (*query.all_of, query.none_of):
        assert all(term.text in text for term in group)
    for one in reading.narrowed:
        assert text[one.start : one.end].strip() and one.says
    assert all(text[one.start : one.end] == one.term.text for one in reading.typed)
    assert list(reading.words) == [term for group in query.all_of for term in group]


@given(st.text(alphabet='青溪日报A b"“-:|', min_size=1).filter(str.strip))
def test_a_name_spelled_as_a_narrowing_is_read_as_that_name(name):
    assert read_query(spelled(Narrowing.NEWSPAPER, name)).query == Query(newspaper=name.strip())


@pytest.mark.parametrize("text", ["-" * 200, '"' * 200, "标题:" * 66, "|" * 200, "(" * 200, "2021.." * 33, " " * 200])
def test_no_text_takes_long(text):
    began = time.perf_counter()
    with contextlib.suppress(QueryRefused):
        read_query(text)
    assert time.perf_counter() - began < 0.5


def test_every_example_told_to_people_is_a_query():
    for path in ("docs/searching.md", "templates/public/_search_help.html"):
        text = (settings.BASE_DIR / path).read_text("utf-8")
        rows = [line for line in text.splitlines() if line.startswith("| `")]
        examples = re.findall(r"<kbd>(.+?)</kbd>", text) + [one for row in rows for one in re.findall(r"`(.+?)`", row)]
        assert len(examples) >= 7
        for example in examples:
            if example not in ('"…"', "「…」", "OR"):
                assert read_query(example).text == example
