"""Jumps: what is proposed, what people say of it, and what readers see."""

from __future__ import annotations

import pytest
from django.urls import reverse

from articles import history, jumps
from articles.actions.jumps import link_jump, part_jump
from articles.errors import ActionRefused
from articles.jumps import Part, propose
from articles.models import Act, Jump, JumpState, Snapshot
from tests import factories

BRIDGE = "青溪大桥昨日合龙，工程指挥部介绍，大桥主跨四百二十米，两岸引桥同步推进"
BRIDGE_MORE = "大桥主跨合龙之后，指挥部将转入桥面铺装，引桥工程年内完成"
SCHOOL = "新学期开学，城关小学启用新食堂，家长代表试吃了第一顿午餐"
MARKET = "早市搬进大棚，菜农不再占道，摊位按月公示"


def part(pk, page, title, text, on="", back=""):
    return Part(pk=pk, page=page, title=title, text=text, continued_on=on, continued_from=back)


def pairs(parts, **more):
    return [(each.origin.pk, each.target.pk) for each in propose(parts, **more)]


@pytest.mark.parametrize(
    ("parts", "wanted"),
    [
        pytest.param(
            [part(1, 1, "大桥合龙", BRIDGE, on="第四版"), part(2, 4, "", BRIDGE_MORE, back="第一版")],
            [(1, 2)],
            id="both lines",
        ),
        pytest.param(
            [
                part(1, 1, "大桥合龙", BRIDGE, on="第四版"),
                part(2, 1, "食堂启用", SCHOOL, on="第四版"),
                part(3, 4, "", "家长代表对小学食堂的午餐表示满意，开学首周供应如常", back="第一版"),
                part(4, 4, "", BRIDGE_MORE, back="上接第一版"),
            ],
            [(1, 4), (2, 3)],
            id="two stories jump to one page: the words decide",
        ),
        pytest.param(
            [part(1, 1, "大桥合龙", BRIDGE + "，建设者", on="第四版"), part(2, 4, "大桥合龙之后", BRIDGE_MORE)],
            [(1, 2)],
            id="the other line was lost: title and words make up for it",
        ),
        pytest.param(
            [part(1, 1, "大桥合龙", BRIDGE, on="第四版"), part(2, 4, "早市进棚", MARKET)],
            [],
            id="one line and nothing in common",
        ),
        pytest.param(
            [part(1, 1, "大桥合龙", BRIDGE), part(2, 4, "大桥合龙之后", BRIDGE_MORE)], [], id="no line at all"
        ),
        pytest.param(
            [part(1, 1, "大桥合龙", BRIDGE, on="第三版"), part(2, 4, "大桥合龙", BRIDGE_MORE, back="第一版")],
            [],
            id="a line that names another page speaks against it",
        ),
        pytest.param(
            [
                part(1, 1, "大桥合龙", BRIDGE, on="第二版"),
                part(2, 2, "", BRIDGE_MORE, on="第三版", back="第一版"),
                part(3, 3, "", BRIDGE_MORE, back="第二版"),
            ],
            [(1, 2), (2, 3)],
            id="a story over three pages",
        ),
    ],
)
def test_what_is_proposed(parts, wanted):
    assert sorted(pairs(parts)) == wanted


def test_what_people_said_is_not_proposed_again_and_leaves_room_for_the_next_likely():
    parts = [
        part(1, 1, "大桥合龙", BRIDGE, on="第四版"),
        part(2, 4, "大桥合龙", BRIDGE_MORE, back="第一版"),
        part(3, 4, "", BRIDGE_MORE, back="第一版"),
    ]
    assert pairs(parts) == [(1, 2)]
    assert pairs(parts, rejected=[(1, 2)]) == [(1, 3)]
    assert pairs(parts, linked=[(1, 2)]) == []


def test_the_order_the_articles_come_in_makes_no_difference():
    parts = [part(n, 1, f"标题{n}", BRIDGE[n:], on="第二版") for n in range(1, 6)]
    parts += [part(n, 2, "", BRIDGE_MORE[n - 10 :], back="第一版") for n in range(10, 15)]
    assert sorted(pairs(parts)) == sorted(pairs(parts[::-1]))


@pytest.fixture
def story(db):
    """The two halves, on two pages of one issue."""
    first, last = factories.page(number=1), factories.page(number=4, section="综合")
    return (
        factories.article(on=first, headline="大桥合龙", text=BRIDGE, continued_on="第四版"),
        factories.article(on=last, headline="大桥合龙（续）", text=BRIDGE_MORE, continued_from="第一版"),
    )


def shown(article):
    found = Snapshot.objects.live().get(article=article)
    return {key: value for key, value in found.content.items() if key.startswith("jump")}


def test_an_issue_tells_its_jumps(story, editor, django_assert_num_queries):
    origin, target = story
    stray = factories.article(on=origin.page, headline="早市进棚", text=MARKET, continued_on="第八版")
    articles = [origin, target, stray]
    with django_assert_num_queries(1):
        found = jumps.of_issue(articles)
    assert [(each.origin.pk, each.target.pk) for each in found.proposed] == [(origin.pk, target.pk)]
    assert "两边都印着版次" in found.proposed[0].evidence
    assert found.loose == ((stray, "下转 第八版"),)
    link_jump(origin=origin, target=target, actor=editor)
    found = jumps.of_issue(articles)
    assert ([row.origin for row in found.linked], found.proposed) == ([origin], ())
    part_jump(origin=origin, target=target, actor=editor)
    found = jumps.of_issue(articles)
    assert (found.linked, found.proposed, len(found.loose)) == ((), (), 3)


def test_linking_is_in_the_history_of_both_and_saying_it_twice_changes_nothing(story, editor):
    origin, target = story
    link_jump(origin=origin, target=target, actor=editor)
    link_jump(origin=origin, target=target, actor=editor)
    for article in story:
        assert [e.act for e in history.of(article)].count(Act.JOINED) == 1
    part_jump(origin=origin, target=target, actor=editor)
    assert history.of(target)[0].act == Act.PARTED
    assert history.of(target)[0].before == {"jump": JumpState.LINKED}
    assert Jump.objects.get().state == JumpState.REJECTED


def test_linking_does_not_touch_the_text(story, editor):
    origin, target = story
    before = (origin.content_hash, origin.version)
    link_jump(origin=origin, target=target, actor=editor)
    origin.refresh_from_db()
    assert (origin.content_hash, origin.version) == before


def test_a_story_goes_on_in_one_article_and_comes_from_one(story, editor):
    origin, target = story
    other = factories.article(on=target.page, headline="另一篇")
    link_jump(origin=origin, target=target, actor=editor)
    with pytest.raises(ActionRefused, match="先断开"):
        link_jump(origin=origin, target=other, actor=editor)
    third = factories.article(on=factories.page(number=2), headline="二版")
    with pytest.raises(ActionRefused, match="先断开"):
        link_jump(origin=third, target=target, actor=editor)
    part_jump(origin=origin, target=target, actor=editor)
    link_jump(origin=origin, target=other, actor=editor)


def test_only_pages_of_one_issue_are_linked(story, editor):
    origin, _ = story
    beside = factories.article(on=origin.page, headline="同版")
    with pytest.raises(ActionRefused, match="同一期"):
        link_jump(origin=origin, target=beside, actor=editor)
    elsewhere = factories.article(on=factories.undated_page(), headline="别处")
    with pytest.raises(ActionRefused, match="同一期"):
        link_jump(origin=origin, target=elsewhere, actor=editor)
    with pytest.raises(ActionRefused, match="它自己"):
        link_jump(origin=origin, target=origin, actor=editor)


def test_readers_are_led_on_at_once_and_no_longer_when_it_is_parted(story, editor, client):
    origin, target = story
    first = factories.published(origin)
    factories.published(target)
    assert shown(origin) == {}
    link_jump(origin=origin, target=target, actor=editor)
    assert (shown(origin), shown(target)) == ({"jump_to": target.pk}, {"jump_from": origin.pk})
    second = Snapshot.objects.live().get(article=origin)
    assert (second.number, second.published_at, second.source_hash) == (2, first.published_at, first.source_hash)
    text = client.get(reverse("article", args=[origin.pk])).content.decode()
    assert f'<a href="{reverse("article", args=[target.pk])}">下转第四版</a>' in text
    part_jump(origin=origin, target=target, actor=editor)
    assert (shown(origin), shown(target)) == ({}, {})


def test_a_linked_article_without_a_printed_line_says_where_the_story_is(story, editor, client):
    origin, _ = story
    plain = factories.article(on=factories.page(number=3, section="城事"), headline="无转版行", text=BRIDGE_MORE)
    link_jump(origin=origin, target=plain, actor=editor)
    factories.published(origin)
    factories.published(plain)
    text = client.get(reverse("article", args=[plain.pk])).content.decode()
    assert f'<a href="{reverse("article", args=[origin.pk])}">上接第1版</a>' in text


def test_nothing_leads_to_an_article_readers_cannot_see(story, editor, client):
    origin, target = story
    link_jump(origin=origin, target=target, actor=editor)
    factories.published(origin)
    text = client.get(reverse("article", args=[origin.pk])).content.decode()
    assert "下转第四版" in text and reverse("article", args=[target.pk]) not in text
