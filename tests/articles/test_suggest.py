"""Topic suggestions: right to an editor's eye, steady, cheap, and never against what an editor decided."""

from __future__ import annotations

import re
import threading
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, connections
from hypothesis import given
from hypothesis import strategies as st

from articles.actions import topics as deciding
from articles.initial_topics import ensure_topics, rows
from articles.models import Article, HistoryEntry, LinkState, Snapshot, Topic, TopicLink, TopicState
from articles.suggest import Clues, _Edges, suggest_topics
from articles.words import clean, tagged
from tests import factories

_FEW = st.text("主题教育 ", max_size=4)


@given(st.lists(_FEW.filter(bool), max_size=8), st.lists(_FEW, max_size=12).map("".join))
def test_of_clue_words_the_longest_counts_and_each_character_once(listed, text):
    longest_first = sorted({*listed}, key=lambda word: (-len(word), word))
    expected = [found.span() for found in re.finditer("|".join(longest_first), text)] if listed else []
    assert list(Clues([(1, tuple(listed))])._places(text)) == expected


@pytest.fixture
def initial(db):
    """The initial topics, also after a flush."""
    ensure_topics(apps)


def article(headline: str, text: str, **more: Any) -> Article:
    page = factories.undated_page()
    return factories.article(on=page, headline=headline, text=text, **more)


def suggested(of: Article) -> list[str]:
    links = TopicLink.objects.filter(article=of, state=LinkState.SUGGESTED).order_by("-score", "topic__name")
    return [link.topic.name for link in links.select_related("topic")]


# Texts of the kind a local paper prints, written for this test: expected first suggestion, headline, body.
STORIES = [
    (
        "安全生产",
        "紧盯加油站开展节前检查",
        "昨日，市应急管理局检查组来到城区三家加油站，查看油罐区、卸油口，询问值班人员处置办法，对两处未及时消除的安全隐患要求当场整改。",
    ),
    (
        "消防应急",
        "凌晨仓库起火 九十分钟扑灭",
        "凌晨一时许，城西一处纸箱仓库起火，浓烟滚滚。消防救援站出动五辆消防车，九十分钟后明火被扑灭，无人受伤。",
    ),
    (
        "医疗养老",
        "长者食堂开到家门口",
        "一荤两素一汤，八元一份。老人们在新开的长者食堂里边吃边聊。民政局说，今年还将新增十二家助餐点。",
    ),
    (
        "卫生健康",
        "专家义诊进渔村",
        "市医院组织心内科、眼科医生到渔村义诊，为患者量血压、查视力，并把两位病人接回医院就诊。",
    ),
    (
        "教育",
        "新学年公办小学新增学位一千八百个",
        "市教育局公布秋季招生方案：三所新建小学投入使用，适龄儿童按片区入学，家长可在网上报名。",
    ),
    (
        "就业社保",
        "招聘会送来三千个岗位",
        "四十家企业参加昨日的专场招聘会，提供岗位三千个。返乡的青年带着简历前来求职，人社局现场解答社保问题。",
    ),
    (
        "社区治理",
        "楼道里的议事会",
        "停车怎么停、垃圾桶放哪里，小区居民坐下来商量。网格员记下十二条意见，物业当场答复八条。",
    ),
    (
        "项目建设",
        "跨江通道主塔封顶",
        "昨日，总投资二十亿元的重点项目主塔封顶。建设单位说，全线计划明年竣工，目前工期快于计划。",
    ),
    (
        "招商引资",
        "春季招商推介会签约二十个项目",
        "推介会上，二十个项目签约，意向投资八十亿元。招商小分队说，以商招商带来了其中的六个。",
    ),
    (
        "民营经济",
        "老鞋企的新订单",
        "外贸订单回来了。这家民营企业的负责人说，今年出口同比增长两成，品牌门店也开到了海外。",
    ),
    (
        "营商环境",
        "开办企业一次就办成",
        "从提交材料到拿到营业执照，只用了半天。行政服务中心设立专窗，把五个部门的审批合并办理。",
    ),
    (
        "科技创新",
        "实验室里走出的新材料",
        "研究院的团队用三年时间研发出一种可降解材料，已获四项专利，今年在两家企业中试，推动科技成果转化。",
    ),
    ("能源电力", "海上风电首批机组并网", "首批十台海上风电机组昨日并网发电，全部投运后每年可发电十亿千瓦时。"),
    (
        "交通出行",
        "三条公交线路下周调整",
        "因道路施工，下周起三条公交线路临时改道，取消五个站点。公交公司提醒市民提前安排出行。",
    ),
    (
        "城市更新",
        "老旧小区换上新管网",
        "改造工程进入第二个月，施工队为老旧小区更换雨水管和污水管，路面也将重新铺设，加装电梯同时进行。",
    ),
    ("乡村振兴", "古村的民宿旺季", "驻村第一书记带着村民把闲置的石头房改成民宿，村集体一年增收三十万元。"),
    ("农业渔业", "早稻开镰", "千亩高标准农田里，收割机来回穿梭。农户说，今年早稻长势好，亩产比去年高。"),
    ("生态环境", "一条内河的变清", "截污、清淤、补水，三年治理之后，河道水质稳定在三类以上。河长每周巡河两次。"),
    ("气象防灾", "冷空气今夜到", "气象台预计，今天夜里到明天，受冷空气影响，气温下降六到八度，沿海阵风八级。"),
    ("水利防汛", "水库提前腾出库容", "汛期到来之前，水利局调度三座水库泄洪腾库，检查海堤和水闸，备足防汛物资。"),
    ("文化遗产", "百年古厝修缮完工", "文物保护单位百年古厝历时两年修缮完工，传承人现场演示了木雕技艺。"),
    ("文旅活动", "元宵灯会迎客", "城隍庙前的灯会吸引数万游客打卡，民俗踩街、音乐会轮番登场，夜市摊位一直开到凌晨。"),
    ("体育", "县域篮球联赛决赛今晚打响", "经过四十场比赛，两支球队会师决赛。主教练说，队员状态正好，目标是冠军。"),
    ("党建", "支部建在产业链上", "龙头企业牵头，上下游八家企业的党支部结成联盟，党员带头解决用工和物流难题。"),
    ("主题教育", "理论学习中心组专题学习", "市委理论学习中心组举行专题学习，围绕学习贯彻党的二十大精神交流体会。"),
    (
        "金融公积金",
        "公积金贷款额度提高",
        "住房公积金管理中心发布通知，双缴存职工家庭最高可贷一百万元，银行网点即日起受理。",
    ),
    (
        "食品药品",
        "校园周边食品抽检结果公布",
        "市场监管局抽检两百批次食品，三批不合格，涉及过期和添加剂超标，已立案查处。",
    ),
    (
        "法治平安",
        "民警三小时追回被骗钱款",
        "接到报警后，派出所民警联系反诈中心紧急止付，三小时内为老人追回被诈骗的九万元。",
    ),
    ("慈善公益", "爱心义卖筹得善款", "一场义卖筹得善款十二万元，全部交给慈善总会，用于资助困难家庭的孩子上学。"),
    ("残疾人事业", "轮椅上的羽毛球课", "助残日当天，残联为二十名肢体残疾的学员开设羽毛球课，并送去新的轮椅和辅具。"),
    ("侨务台港澳", "旅菲乡亲回乡谒祖", "八十多名旅菲华侨昨日回到祖籍地谒祖，参观侨批馆，与同乡会代表座谈。"),
    ("人物风采", "三十年守着一座灯塔", "他在岛上坚守三十年，被评为身边好人。儿子说，父亲的事迹就是每天把灯点亮。"),
    ("妇女儿童", "托育园开进工业区", "妇联牵头，工业区里开了第一家托育园，八十个托位，双职工家庭的孩子有了去处。"),
    (
        "副刊文艺",
        "母亲的缝纫机",
        "小时候，母亲的缝纫机响到深夜。奶奶说，那声音像雨。如今回忆起来，故乡的岁月都在那针脚里。",
    ),
]


@pytest.mark.parametrize(("topic", "headline", "text"), STORIES)
def test_the_first_suggestion_is_the_one_an_editor_would_take(initial, topic, headline, text):
    one = article(headline, text)
    suggest_topics([one])
    assert suggested(one)[0] == topic
    assert len(suggested(one)) <= 3


def test_words_begin_and_end_where_they_do_in_the_whole_text():
    texts = [text for _, _, text in STORIES]
    texts += [path.read_text("utf-8") for path in sorted(Path("seeds").rglob("*.txt"))]
    assert len(texts) > len(STORIES)
    for text in map(clean, texts):
        edges = _Edges(text)
        whole = set(accumulate((len(word.word) for word in tagged(text)), initial=0))
        assert {place for place in range(len(text) + 1) if place in edges} == whole
        for start, end in ((start, start + size) for size in (1, 2, 3, 4) for start in range(len(text) - size + 1)):
            assert edges.meet(start, end) is (start in whole or end in whole)


def test_every_initial_topic_has_such_a_story(initial):
    assert {topic for topic, _, _ in STORIES} == {row["name"] for row in rows()}


def test_suggestions_are_written_and_the_article_is_not_edited(initial):
    one = article("水库提前腾出库容", "汛期到来之前，水利局调度三座水库泄洪腾库，检查海堤和水闸，备足防汛物资。")
    before = Article.objects.values("updated_at", "version", "content_hash").get(pk=one.pk)
    entries = HistoryEntry.objects.count()
    suggest_topics([one])
    one.refresh_from_db()
    assert one.keywords == [], "they only name a topic where none fits"
    assert Article.objects.values("updated_at", "version", "content_hash").get(pk=one.pk) == before
    assert HistoryEntry.objects.count() == entries
    link = TopicLink.objects.get(article=one)
    assert (link.topic.name, link.state) == ("水利防汛", LinkState.SUGGESTED)
    assert 0.35 <= link.score < 1


def _links() -> list[tuple[Any, ...]]:
    return list(TopicLink.objects.order_by("pk").values_list("pk", "article", "topic", "state", "score"))


def test_a_second_run_writes_nothing(initial, django_assert_num_queries):
    articles = [article(headline, text) for _, headline, text in STORIES[:5]] + [article("滩涂上的招潮", "招潮蟹。")]
    suggest_topics(articles)
    links, topics = _links(), list(Topic.objects.order_by("pk").values())
    fresh = list(Article.objects.order_by("pk"))
    # Savepoint, links, topics, the nearest articles, own topics, release: no write.
    with django_assert_num_queries(6) as queries:
        suggest_topics(fresh)
    assert not [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert (_links(), list(Topic.objects.order_by("pk").values())) == (links, topics)


def test_a_changed_text_gets_new_suggestions_and_loses_the_old(initial):
    one = article("冷空气今夜到", "气象台预计，今夜气温下降六到八度，沿海阵风八级。")
    suggest_topics([one])
    assert suggested(one) == ["气象防灾"]
    one.headline, one.body = "爱心义卖", [{"id": "s1", "role": "paragraph", "text": "义卖善款全部交给慈善总会。"}]
    suggest_topics([one])
    assert suggested(one) == ["慈善公益"]


def test_what_an_editor_decided_is_never_touched(initial, editor):
    one = article("长者食堂开到家门口", "老人们在新开的长者食堂里吃饭。民政局说，今年新增十二家助餐点。")
    suggest_topics([one])
    sports, care = Topic.objects.get(name="体育"), Topic.objects.get(name="医疗养老")
    deciding.decide_topics(article=one, confirm=[sports], reject=[care], actor=editor)
    decided = _links()
    suggest_topics([one])
    assert _links() == decided
    assert suggested(one) == []


def test_an_article_no_topic_fits_proposes_its_best_keyword(initial, editor):
    one = article("滩涂上的招潮", "招潮蟹举着一只大螯，在滩涂上横行。退潮时，滩涂上满是招潮蟹。")
    suggest_topics([one])
    link = TopicLink.objects.select_related("topic").get(article=one)
    assert link.topic.name == "滩涂"
    assert link.topic.state == TopicState.PROPOSED
    assert link.state == LinkState.SUGGESTED
    assert link.topic.get_absolute_url()
    one.refresh_from_db()
    assert one.keywords[0] == "滩涂"
    assert len(one.keywords) <= 10
    assert 0 < link.score < 0.35 + 1e-9
    other = article("", "夜里的滩涂")
    suggest_topics([other])
    assert suggested(other) == ["滩涂"], "a second article joins the proposed topic"
    assert Topic.objects.filter(name="滩涂").count() == 1


def test_an_editor_who_rejected_a_proposal_is_not_shown_the_next_best_word(initial, editor):
    one = article("滩涂上的招潮", "招潮蟹举着一只大螯，在滩涂上横行。")
    suggest_topics([one])
    deciding.decide_topics(article=one, reject=[TopicLink.objects.get(article=one).topic], actor=editor)
    suggest_topics([one])
    assert suggested(one) == []


def test_a_proposed_topic_whose_address_is_taken_gets_another(initial):
    Topic.objects.create(name="滩涂生态", slug="滩涂")
    one = article("滩涂", "滩涂。")
    suggest_topics([one])
    made = Topic.objects.get(name="滩涂")
    assert made.slug.startswith("滩涂-")
    assert suggested(one) == ["滩涂"]


def test_a_retired_topic_is_never_suggested(initial):
    Topic.objects.filter(name="气象防灾").update(state=TopicState.RETIRED)
    Topic.objects.create(name="阵风", slug="zhenfeng", state=TopicState.RETIRED)
    one = article("阵风八级", "阵风八级，阵风九级，冷空气。")
    suggest_topics([one])
    assert not {"气象防灾", "阵风"} & set(suggested(one))
    assert suggested(one)


@pytest.mark.parametrize("text", ["6月", "A", "的"])
def test_even_a_scrap_of_text_gets_a_suggestion(initial, text):
    one = article("", text)
    suggest_topics([one])
    assert len(suggested(one)) == 1


def test_an_article_without_a_word_gets_none(initial):
    one = article("", "——！")
    suggest_topics([one])
    assert suggested(one) == []


@pytest.mark.parametrize("words", [None, "安全", [None, "", "滩涂", 3, "滩涂"], []])
def test_whatever_an_editor_typed_as_clue_words_does_no_harm(initial, words):
    Topic.objects.create(name="海岸", slug="haian", words=words if words is not None else {})
    one = article("滩涂上", "滩涂。")
    suggest_topics([one])
    assert suggested(one) == (["海岸"] if isinstance(words, list) and words else ["滩涂"])


def test_a_clue_word_inside_a_longer_one_or_across_two_words_is_not_counted(initial):
    one = article("", "本周的主题教育。立体育苗架。")
    suggest_topics([one])
    assert suggested(one) == ["主题教育"]


def test_the_number_of_queries_does_not_depend_on_the_number_of_articles(initial, django_assert_max_num_queries):
    def make(count: int) -> list[Article]:
        made = [article(headline, text) for _, headline, text in (STORIES * 3)[:count]]
        return made + [article("", f"滩涂上的招潮蟹与{word}") for word in ("灯塔", "礁石", "蛏子")[: count // 10 + 1]]

    some, many = make(2), make(60)
    with django_assert_max_num_queries(12) as few:
        suggest_topics(some)
    with django_assert_max_num_queries(12) as more:
        suggest_topics(many)
    assert len(more) <= len(few) + 1, "SQLite takes the rows to insert in parcels"


def test_without_a_clue_word_the_nearest_articles_tell(initial):
    """招潮蟹 is in nobody's list of clue words; two articles about it have a topic, and editors have confirmed it."""
    topic = Topic.objects.get(name=STORIES[0][0])
    for headline in ("滩涂招潮蟹回来了", "招潮蟹与滩涂"):
        TopicLink.objects.create(article=article(headline, "潮间带。"), topic=topic, state=LinkState.CONFIRMED)
    near, far = article("滩涂上又见招潮蟹", "潮间带。"), article("古塔钟声", "古塔。")
    suggest_topics([near, far])
    assert TopicLink.objects.get(article=near).topic == topic
    assert suggested(far) != [topic.name]


def test_one_article_near_or_suggestions_only_tell_nothing(initial):
    topic = Topic.objects.get(name=STORIES[0][0])
    states = (LinkState.CONFIRMED, LinkState.SUGGESTED, LinkState.REJECTED)
    for state in states:
        TopicLink.objects.create(article=article(f"滩涂招潮蟹{state}", "潮间带。"), topic=topic, state=state)
    near = article("滩涂上又见招潮蟹", "潮间带。")
    suggest_topics([near])
    assert suggested(near) != [topic.name]


def test_nothing_to_do_costs_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        suggest_topics([])


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_share_a_proposed_topic():
    """Both propose the same words in one transaction each: neither fails, neither waits for ever."""
    texts = ["滩涂上的招潮蟹。", "礁石上的灯塔。", "滩涂。", "灯塔。"]
    sets = [[article("", text) for text in order] for order in (texts, texts[::-1])]
    barrier = threading.Barrier(2)
    failed: list[BaseException] = []

    def work(articles: list[Article]) -> None:
        try:
            barrier.wait(10)
            suggest_topics(articles)
        except BaseException as error:  # noqa: BLE001 - told to the main thread
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(articles,)) for articles in sets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    assert all(suggested(one) for articles in sets for one in articles)
    names = list(Topic.objects.filter(state=TopicState.PROPOSED).values_list("name", flat=True))
    assert len(names) == len(set(names)) >= 2


def test_a_suggestion_is_not_shown_to_readers(initial):
    one = article("滩涂上的招潮", "招潮蟹。")
    page = factories.page()
    Article.objects.filter(pk=one.pk).update(page=page)
    one.refresh_from_db()
    suggest_topics([one])
    snapshot = factories.published(one)
    assert snapshot.content["topics"] == []
    assert not Snapshot.objects.filter(topics__isnull=False).exists()


def test_initial_topics_come_with_the_migration_and_editors_changes_stay(initial):
    assert 24 <= len(rows()) <= 36
    assert all(len(row["words"]) >= 10 and row["description"] and row["slug"].isascii() for row in rows())
    assert Topic.objects.filter(name__in=[row["name"] for row in rows()]).count() == len(rows())
    Topic.objects.filter(slug="tiyu").update(name="体育新闻", words=["球"], state=TopicState.RETIRED)
    Topic.objects.filter(slug="jiaoyu").update(slug="edu", description="改过")
    before = list(Topic.objects.order_by("pk").values())
    ensure_topics(apps)
    assert list(Topic.objects.order_by("pk").values()) == before


def test_the_command_goes_through_all_articles_in_batches(initial, capsys):
    made = [article(headline, text) for _, headline, text in STORIES[:5]]
    call_command("suggest_topics", "--batch", "2")
    assert all(suggested(one) for one in made)
    assert "5 篇" in capsys.readouterr().out


def test_the_command_can_go_on_from_an_article(initial, capsys):
    first, second = (article(headline, text) for _, headline, text in STORIES[:2])
    call_command("suggest_topics", "--after", str(first.pk))
    assert (suggested(first), bool(suggested(second))) == ([], True)
    assert "1 篇" in capsys.readouterr().out


@pytest.mark.parametrize("size", ["0", "-1", "many"])
def test_the_command_refuses_a_wrong_batch_size(size):
    with pytest.raises(CommandError, match="正整数"):
        call_command("suggest_topics", f"--batch={size}")


def test_a_batch_is_one_query_plan_whatever_the_archive_holds(initial):
    """The walk is by key: it never counts and never skips rows one by one."""
    one = article("滩涂", "滩涂。")
    with connection.execute_wrapper(_refuse_offset):
        call_command("suggest_topics", verbosity=0)
    assert suggested(one)


def _refuse_offset(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    assert "OFFSET" not in sql
    assert "COUNT(" not in sql
    return execute(sql, params, many, context)
