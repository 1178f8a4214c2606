"""A page of a newspaper that is put together wrongly, and what it should be."""

from __future__ import annotations

from typing import Any

from articles.models import Article, Notice, Page
from ingest.models import Provenance, Source
from tests import factories

LINES = {
    "bridge-title": "青溪大桥建成通车",
    "bridge-1": "本报讯 昨日，青溪大桥建成通车，两岸居民往来只要五分钟。",
    "bridge-2": "大桥长三百米，历时三年建成。",
    "bridge-3": "通车当天，上千名居民步行过桥。",
    "park-title": "南山公园免费开放",
    "park-1": "本报讯 南山公园今起免费开放，园内新种樱花五百株。",
    "park-2": "公园每天早上六点开门，晚上十点关门。",
    "park-3": "游客可乘坐五路公交车前往。",
    "lost-title": "遗失声明",
    "lost-1": "王小明不慎遗失身份证一张，声明作废。",
}
TEXT = "\n".join(LINES.values())
BRIDGE = ["bridge-1", "bridge-2", "bridge-3"]
PARK = ["park-1", "park-2", "park-3"]


def piece(name: str) -> dict[str, str]:
    return {"id": f"s{TEXT.index(LINES[name])}", "role": "paragraph", "text": LINES[name]}


def scrambled_page() -> Page:
    """Headlines on the wrong bodies, two columns interleaved, one notice inside an article."""
    page = factories.page()
    source = Source.objects.create(
        sha256=f"{page.pk:064}", name="001.txt", raw=TEXT.encode(), encoding="utf-8", text=TEXT, page=page
    )
    bodies = {
        "park-title": ["bridge-1", "park-1", "bridge-2"],
        "bridge-title": ["park-2", "bridge-3", "lost-title", "lost-1", "park-3"],
    }
    for title, names in bodies.items():
        article = factories.article(on=page, headline=LINES[title], body=[piece(name) for name in names])
        origins = {"headline": title, **dict(zip(names, names, strict=True))}
        pieces: dict[str, Any] = {}
        for role, name in origins.items():
            start = TEXT.index(LINES[name])
            pieces[f"s{start}"] = {
                "role": "headline" if role == "headline" else "paragraph",
                "spans": [[start, start + len(LINES[name])]],
                "reason": "试",
                "confidence": 0.9,
            }
        Provenance.objects.create(source=source, item_key=f"s{article.pk}", article=article, pieces=pieces)
    return page


def is_repaired(page: Page) -> bool:
    articles = {a.headline: [p["text"] for p in a.body] for a in Article.objects.filter(page=page)}
    notices = [(n.heading, [p["text"] for p in n.body]) for n in Notice.objects.filter(page=page)]
    return articles == {
        LINES["bridge-title"]: [LINES[name] for name in BRIDGE],
        LINES["park-title"]: [LINES[name] for name in PARK],
    } and notices == [(LINES["lost-title"], [LINES["lost-1"]])]
