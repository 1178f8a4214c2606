"""An archive to read: two newspapers, three issues, every kind of item, and everything that must not be seen."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from articles.actions import credits, items, publishing, topics
from articles.actions.credits import Named
from articles.models import Article, Contributor, LinkState, Newspaper, Notice, Topic, TopicLink, TopicState
from articles.people import engine_user
from tests import factories
from tests.kept import kept

DAY = datetime.date(2024, 3, 5)
HIDDEN = "不可见"
"""Stands in every text that readers must not see."""
PHONE = "13905951234"
IDENTITY = "350582199001011234"


@dataclass
class Edition:
    paper: Newspaper
    lead: Article
    second: Article
    jumped: Article
    notice: Notice
    topic: Topic
    author: Contributor
    withdrawn: Article
    withdrawn_notice: Notice
    scheduled: Article
    due: datetime.datetime
    draft: Article
    proposed: Topic


def piece(text: str, role: str = "paragraph", key: str = "s1") -> dict[str, str]:
    return {"id": key, "role": role, "text": text}


def edit(item: Any, **content: Any) -> Any:
    item.refresh_from_db()
    return items.edit_item(
        item=item, content={**item.content, **content}, base_version=item.version, actor=engine_user()
    )


@kept
def edition() -> Edition:
    actor = engine_user()
    paper = factories.newspaper(name="青溪日报", slug="qingxi")
    front = factories.page(paper=paper, date=DAY, number=1, section="要闻")
    fourth = factories.page(paper=paper, date=DAY, number=4, section="分类广告")
    body = [
        piece("本报讯（记者 王小明）昨日，青溪大桥建成通车。" * 4, key="s1"),
        piece("一桥飞架", "subhead", "s2"),
        piece("大桥全长三公里，联系电话" + PHONE + "。", key="s3"),
    ]
    lead = factories.article(
        on=front,
        column="头条",
        kicker="全县瞩目",
        headline="青溪大桥建成通车",
        deck=["两岸车程缩短一小时", "总投资十二亿元"],
        byline="本报记者 王小明 文/图",
        body=body,
        captions=[{"id": "c1", "text": "▲大桥全景。"}],
        continued_on="第四版",
    )
    second = factories.article(on=front, headline="早稻开镰", text="本报讯 早稻开镰收割。")
    jumped = factories.article(on=fourth, headline="青溪大桥建成通车（续）", text="接着说。", continued_from="第一版")
    notice = factories.notice(
        on=fourth,
        text=f"王小明不慎遗失身份证，号码{IDENTITY}，电话{PHONE}，声明作废。",
        fields={"declarant": "王小明", "numbers": [IDENTITY], "phones": [PHONE], "date": "2024-03-04"},
    )
    topic = Topic.objects.create(name="跨江大桥", slug="跨江大桥", description="几座大桥的建设。")
    topics.decide_topics(article=lead, confirm=[topic], actor=actor)
    credits.set_credits(article=lead, credits=[Named("reporter", "王小明")], actor=actor, may_add=True)
    for item in (lead, second, jumped, notice):
        item.refresh_from_db()
        factories.published(item)

    # What readers must not see. First text that was changed after it was published, and text that was replaced.
    edit(second, body=[piece(f"早稻开镰收割。{HIDDEN}的改动。")])
    jumped.refresh_from_db()
    replaced = factories.article(on=fourth, headline=f"错字标题{HIDDEN}", text="说明。")
    factories.published(replaced)
    factories.published(edit(replaced, headline="更正后的标题"))
    draft = factories.article(on=front, headline=f"草稿{HIDDEN}", corrected=True)
    scheduled = factories.article(on=front, headline=f"定时{HIDDEN}", corrected=True)
    unseen_author = [Named("author", f"作者{HIDDEN}")]
    credits.set_credits(article=draft, credits=unseen_author, actor=actor, may_add=True)
    credits.set_credits(article=scheduled, credits=unseen_author, actor=actor, may_add=True)
    scheduled = items.mark_corrected(item=scheduled, base_version=scheduled.version, actor=actor)
    due = timezone.now() + datetime.timedelta(hours=3)
    publishing.publish(item=scheduled, actor=actor, at=due)
    withdrawn = factories.article(on=front, headline=f"撤下{HIDDEN}")
    factories.published(withdrawn)
    publishing.withdraw(item=withdrawn, actor=actor, reason="内容失实，<b>已</b>更正。")
    withdrawn_notice = factories.notice(on=fourth, text=f"撤下的公告{HIDDEN}。", fields={"declarant": HIDDEN})
    factories.published(withdrawn_notice)
    publishing.withdraw(item=withdrawn_notice, actor=actor, reason="声明人撤回。")
    factories.article(on=factories.undated_page(paper=paper), headline=f"无日期{HIDDEN}", corrected=True)
    unseen = factories.newspaper(name=f"{HIDDEN}报", slug="unseen")
    factories.article(on=factories.page(paper=unseen, date=DAY), headline=f"没见报{HIDDEN}")
    factories.article(on=factories.page(paper=paper, date=DAY + datetime.timedelta(7)), headline=f"下期{HIDDEN}")
    proposed = Topic.objects.create(name=f"提议{HIDDEN}", slug="proposed", state=TopicState.PROPOSED)
    suggested = Topic.objects.create(name=f"推荐{HIDDEN}", slug="suggested")
    for unconfirmed in (proposed, suggested):
        TopicLink.objects.create(article=lead, topic=unconfirmed, state=LinkState.SUGGESTED)

    # Another issue before and another newspaper, so that there is something on every side.
    for other, date in (
        (paper, DAY - datetime.timedelta(3)),
        (factories.newspaper(name="白沙晚报", slug="baisha"), DAY),
    ):
        factories.published(factories.article(on=factories.page(paper=other, date=date), headline=f"{other.name}旧闻"))
    author = Contributor.objects.get(name="王小明")
    return Edition(
        paper, lead, second, jumped, notice, topic, author, withdrawn, withdrawn_notice, scheduled, due, draft, proposed
    )


@pytest.fixture
def reader() -> Client:
    return Client()
