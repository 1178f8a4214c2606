"""Questions with articles graded by how well they answer, and the measure: nDCG (Järvelin and Kekäläinen, 2002).

The articles of the five sample pages, judged by hand: 3 is about it, 2 in part, 1 names it. And generated ones: for
each subject two stories about it (3), one with it in the deck (2), two long ones and a caption that mention it (1), and
one that has its words apart (0); besides some where the characters stand across the borders of other words.
"""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from articles import words

_GOLDEN = Path(__file__).parents[2] / "ingest/engine/golden"

SEED_QUESTIONS: dict[str, dict[str, int]] = {
    "长护险": {"2/1": 3, "3/2": 3},
    "长期护理保险": {"2/1": 3, "3/2": 3},
    "桥南社区": {"1/5": 3, "0/1": 3},
    "医养结合": {"0/2": 3},
    "安全生产": {"0/0": 3, "0/4": 3, "4/0": 3},
    "百日攻坚": {"0/0": 3, "0/4": 2},
    "张文贤": {"0/0": 3, "0/1": 3},
    "老旧小区改造": {"3/3": 3},
    "公积金": {"3/1": 3},
    "热电厂": {"0/5": 3},
    "意外险": {"0/6": 3},
    "零碳园区": {"1/3": 3},
    "文化特派员": {"1/4": 3},
    "汤圆": {"1/2": 3},
    "气温": {"0/3": 3},
    "医疗互助": {"1/0": 3},
    "池店镇": {"0/1": 3, "1/2": 2, "1/4": 2, "1/5": 3},
    "评残": {"2/2": 3},
    "晋江 试点": {"3/2": 3, "2/1": 3},
    "社区 党建": {"0/1": 3, "1/2": 2, "1/5": 2},
}
"""What holds the string and is not named here is graded 1."""

SUBJECTS = """
五店市灯会 龙山寺修缮 深沪湾渔港 内坑物流园 陈埭鞋业 磁灶陶瓷 数宫灯 围头村研学 紫帽山步道 校园食堂 网红墙 灵源药饼
永和石材 英林泳装 海鲜节 亚运场馆 新塘电商 罗裳山公园 吴志朴 许连捷 无人机巡河 智慧停车 老年食堂 夜间经济 防御台风 京东
""".split()  # noqa: SIM905 - a list would take a word a line
_FILLER = """
记者 昨日 介绍 群众 工作 项目 推进 服务 企业 干部 建设 提升 举行 活动 居民 开展 情况 有关 部门 表示 进一步 加强 落实
组织 参与 北 南 的 和 了 在 与 将 为 全市 今年 以来 取得 成效 发展 生活 环境 品质 方面 问题 措施 安排 时间 现场
""".split()  # noqa: SIM905 - a list would take a word a line


@dataclass(frozen=True)
class Page:
    """An article of the judged set."""

    key: str
    headline: str
    body: tuple[str, ...]
    deck: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    grades: dict[str, int] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return "\n".join((self.headline, *self.deck, *self.body, *self.captions))


def pages() -> list[Page]:
    return [*_of_seeds(), *_generated()]


def _of_seeds() -> Iterator[Page]:
    for number, path in enumerate(sorted(_GOLDEN.glob("*/layout.json"))):
        layout: dict[str, Any] = json.loads(path.read_text("utf-8"))
        for place, item in enumerate(layout["items"]):
            if item["type"] != "article":
                continue
            key, body = f"{number}/{place}", tuple(piece["text"] for piece in item["body"])
            page = Page(key, item["headline"], body, tuple(item["deck"]), tuple(item["captions"]))
            for question, judged in SEED_QUESTIONS.items():
                mentions = all(word in page.text.replace("“", "").replace("”", "") for word in question.split())
                page.grades[question] = judged.get(key, 1 if mentions else 0)
            yield page


def _generated() -> Iterator[Page]:
    chance = random.Random(8)

    def filler(length: int) -> str:
        made = "".join(chance.choice(_FILLER) + chance.choice(("", "", "", "", "，", "。")) for _ in range(length // 2))
        return f"{made}。"

    for subject in SUBJECTS:
        half = len(subject) // 2
        for number in range(2):
            body = tuple(f"{filler(60)}{subject}{filler(40)}" for _ in range(2 + number))
            yield Page(f"{subject}/about{number}", f"{chance.choice(_FILLER)}{subject}{chance.choice(_FILLER)}", body,
                       grades={subject: 3})  # fmt: skip
        yield Page(f"{subject}/deck", filler(12), (f"{subject}{filler(80)}", filler(90)), (f"走近{subject}",),
                   grades={subject: 2})  # fmt: skip
        for number in range(2):
            yield Page(f"{subject}/names{number}", filler(14), (filler(300), f"{filler(200)}{subject}{filler(300)}"),
                       grades={subject: 1})  # fmt: skip
        yield Page(
            f"{subject}/picture", filler(14), (filler(150),), captions=(f"图为{subject}。",), grades={subject: 1}
        )
        apart = tuple(f"{subject[:half]}{filler(30)}{subject[half:]}{filler(30)}" for _ in range(3))
        yield Page(f"{subject}/apart", f"{filler(8)}{subject[half:]}", apart)
    for number in range(4):  # 京东 in 北京东路
        yield Page(f"across{number}", "北京东路改造", (f"{filler(40)}北京东路{filler(60)}东路北京东路。",))


def questions() -> list[str]:
    return [*SEED_QUESTIONS, *SUBJECTS]


def ndcg(found: Sequence[str], grades: dict[str, int], depth: int = 10) -> float:
    def gain(values: Sequence[int]) -> float:
        return sum(((1 << value) - 1) / math.log2(place + 2) for place, value in enumerate(values[:depth]))

    best = gain(sorted(grades.values(), reverse=True))
    return gain([grades.get(key, 0) for key in found]) / best if best else 1.0


class PlainBm25:
    """What ours is held against: BM25 (k1 1.2, b 0.75) over jieba's words, all parts of an article alike."""

    def __init__(self, articles: Sequence[Page]) -> None:
        self.counts = {page.key: Counter(self._cut(page.text)) for page in articles}
        self.held = Counter(word for counts in self.counts.values() for word in counts)
        self.usual = sum(counts.total() for counts in self.counts.values()) / len(self.counts)

    @staticmethod
    def _cut(text: str) -> list[str]:
        return [word for word in words.words(text) if any(sign.isalnum() for sign in word)]

    def search(self, question: str) -> list[str]:
        scores = {}
        for key, counts in self.counts.items():
            norm = 1.2 * (0.25 + 0.75 * counts.total() / self.usual)
            score = 0.0
            for word in self._cut(question):
                if counts[word]:
                    held = self.held[word]
                    rarity = math.log(1 + (len(self.counts) - held + 0.5) / (held + 0.5))
                    score += rarity * counts[word] * 2.2 / (counts[word] + norm)
            if score:
                scores[key] = score
        return sorted(scores, key=lambda key: (-scores[key], key))
