"""What is worked out ahead of a transaction is what the index then asks for, and is forgotten afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from articles.models import AnyItem, SearchDoc
from articles.search import ahead, folding, tokens, upkeep
from tests import factories

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="of SQLite's triggers"),
]

ARTICLE: dict[str, Any] = {
    "column": "市长专线",
    "kicker": "两会聚焦",
    "headline": "臺海大桥通车",
    "deck": ["全长33公里", "今日起试运行"],
    "byline": "本报记者 王小明",
    "body": [
        {"id": "s1", "role": "paragraph", "text": "大桥今日通车。"},
        {"id": "s2", "role": "subhead", "text": "一桥飞架"},
        {"id": "s3", "role": "paragraph", "text": "3.5万人到场。"},
        {"id": "s4", "role": "subhead", "text": "两岸通途"},
    ],
    "captions": [{"id": "s5", "text": "图为通车仪式。"}, {"id": "s6", "text": "图为大桥。"}],
}


@pytest.mark.parametrize("declarant", ["王小明", ["王小明", "李红"], "", None])
def test_the_index_asks_for_nothing_else(monkeypatch, declarant):
    page = factories.page(section="要闻")
    fields = {} if declarant is None else {"declarant": declarant}
    items: list[AnyItem] = [factories.article(on=page, **ARTICLE), factories.notice(on=page, fields=fields, heading="")]
    asked = []

    def made_anew(*texts):
        asked.append(texts)
        return ""

    with ahead.worked_out([(item, "要闻") for item in items]):
        monkeypatch.setattr(folding, "fold", made_anew)
        monkeypatch.setattr(tokens, "of_texts", made_anew)
        for item in items:
            item.pk = None
            item.save(force_insert=True)
    assert asked == []
    monkeypatch.undo()
    assert not ahead._folded and not ahead._tokens
    assert SearchDoc.objects.count() == 4
    assert upkeep.check().is_right


def test_something_else_is_worked_out_when_it_is_asked_for():
    page = factories.page()
    with ahead.worked_out([(factories.article(on=page, headline="大桥通车"), "")]):
        factories.article(on=page, headline="隧道贯通")
    assert SearchDoc.objects.filter(headline="隧道贯通").exists()
    assert upkeep.check().is_right
