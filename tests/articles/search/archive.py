"""A small generated archive in the language of local pages: names jieba breaks, figures, Latin, signs, both scripts."""

from __future__ import annotations

import datetime
import random
from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from articles.actions import publishing
from articles.actions.topics import decide_topics
from articles.models import AnyItem, Article, Contributor, Credit, Page, Snapshot, Topic
from articles.people import engine_user
from tests import factories

_WORDS = """
陈埭 五店市 深沪 内坑 池店镇桥南社区 吴志朴 张文贤 蔡斯洵 长护险 长期护理保险 医养结合 晋江 泉州
青溪大桥 安全 生产 安全生产 发展 2025 年 33 万 3.5% 12.6万
5G ＡＩ iPhone 15 Pro WiFi ㎡ 臺灣 長護險 福建省 社区 服务 区服 京东 北京 东路 东 京 海
召开 会议 通车 举行 参加 表示 了解 记者 通讯员 项目 试点 增长 企业 养老 护理 的 和 在 与
""".split()  # noqa: SIM905 - a list would take a word a line
_SIGNS = ("，", "。", "、", "“", "”", "《", "》", " ", "\n", "", "", "", "", "", "", "", "·", "！", ".", "-", "：")


class Maker:
    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def text(self, words: int) -> str:
        return "".join(
            self.chance.choice(_WORDS) + self.chance.choice(_SIGNS) for _ in range(self.chance.randint(1, words))
        ).strip()

    def line(self, words: int) -> str:
        return " ".join(self.text(words).split())[:200]

    def pieces(self, count: int, start: str) -> list[dict[str, str]]:
        made = []
        for number in range(self.chance.randint(1, count)):
            role = "subhead" if self.chance.random() < 0.2 else "paragraph"
            text = self.line(4) if role == "subhead" else self.text(25)
            made.append({"id": f"{start}{number}", "role": role, "text": text or "陈埭"})
        return made


def fill(count: int, *, seed: int = 1) -> None:
    """Articles and notices of four days and two papers: drafts, published, changed since, scheduled, withdrawn."""
    make = Maker(seed)
    papers = [factories.newspaper(), factories.newspaper(name="晋江经济报", slug="jjjjb")]
    pages = [
        factories.page(date=datetime.date(2024, 3, 5) + timedelta(200 * n), number=1 + n % 2, paper=papers[n % 2])
        for n in range(4)
    ]
    topics = [Topic.objects.create(name=f"专题{n}", slug=f"zhuanti{n}") for n in range(2)]
    people = [Contributor.objects.create(name=name) for name in ("蔡斯洵", "Anna Lee", "阿卜杜·拉")]
    for number in range(count):
        item = _item(make, make.chance.choice(pages), topics, people)
        fate = make.chance.randrange(6) if number > 5 else number
        if fate >= 1:
            factories.published(item)
        item.refresh_from_db()
        if fate == 2:
            _change(make, item)
        elif fate == 3:
            publishing.withdraw(item=item, actor=engine_user(), reason="测试")
        elif fate == 4:
            _change(make, item)
            at = timezone.now() + timedelta(days=1)
            publishing.publish(item=item, actor=engine_user(), at=at)
    Article.objects.create(page=factories.undated_page(), body=make.pieces(2, "s"), content_hash="x")


def _item(make: Maker, page: Page, topics: Sequence[Topic], people: Sequence[Contributor]) -> AnyItem:
    if make.chance.random() < 0.25:
        body = [{"id": "s0", "role": "paragraph", "text": make.text(15) + "电话13900001234"}]
        return factories.notice(
            on=page, body=body, fields={"declarant": make.chance.choice(["王小明", ["陈埭", "深沪"], ""])}
        )
    article = factories.article(
        on=page,
        kicker=make.line(3) if make.chance.random() < 0.3 else "",
        headline=make.line(5) or "深沪",
        deck=[line for _ in range(2) if (line := make.line(4))],
        byline=make.line(2),
        column=make.line(1)[:20] if make.chance.random() < 0.3 else "",
        body=make.pieces(4, "s"),
        captions=[{"id": "c1", "text": make.text(8) or "图"}],
    )
    for position, person in enumerate(make.chance.sample(list(people), make.chance.randint(0, 2))):
        Credit.objects.create(article=article, contributor=person, position=position)
    if make.chance.random() < 0.5:
        decide_topics(article=article, confirm=[make.chance.choice(list(topics))], actor=engine_user())
    return article


def _change(make: Maker, item: AnyItem) -> None:
    from articles.actions import items

    body = [*item.body, {"id": "e1", "role": "paragraph", "text": make.text(10) or "内坑"}]
    changed = items.edit_item(
        item=item, content={**item.content, "body": body}, base_version=item.version, actor=engine_user()
    )
    items.mark_corrected(item=changed, base_version=changed.version, actor=engine_user())
    item.refresh_from_db()


def live_texts() -> list[str]:
    return ["\n".join(piece["text"] for piece in each.content["body"]) for each in Snapshot.objects.live()]


def draft_texts() -> list[str]:
    return [f"{each.headline}\n{each.text}" for each in Article.objects.all()]


def substring(chance: random.Random, texts: Sequence[str], longest: int = 12) -> str:
    text = chance.choice([each for each in texts if each])
    start = chance.randrange(len(text))
    return text[start : start + chance.randint(1, longest)]
