"""Lists narrowed by text: what the index says is what reading every row says."""

from __future__ import annotations

import pytest

from articles.models import Snapshot
from articles.search import holding, narrowing
from articles.search.types import Kind
from tests import factories
from tests.kept import kept

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("six_lost_papers")]


@kept
def six_lost_papers() -> None:
    page = factories.page()
    for number in range(6):
        name = "王小明" if number % 2 else "吴志朴"
        text = f"{name}不慎遗失身份证35058219900101123{number}，电话1390000123{number}，声明作废。"
        factories.published(
            factories.notice(on=page, text=text, fields={"declarant": "五店市商行" if number == 3 else "某"})
        )
    factories.published(factories.article(on=page, headline="王小明", text="王小明。"))
    factories.notice(on=page, text="王小明的草稿。")


@pytest.mark.parametrize("few", [0, 500])  # looked up one by one, or as a condition in the database
@pytest.mark.parametrize(
    "text", ["王小明", "吴 志朴", "声明作废", "作废。", "五店市", "遗失声明", "13900001231", "无此人", "！！"]
)
def test_by_the_text_readers_see(text, few, monkeypatch):
    monkeypatch.setattr(narrowing, "FEW", few)
    wanted = text.replace(" ", "").strip("。！")
    live = Snapshot.objects.live().notices()
    right = {
        each.pk
        for each in live
        if wanted and (wanted in each.title or any(wanted in piece["text"] for piece in each.content["body"]))
    }
    found = {each.pk for each in holding(live, text, Kind.NOTICE)}
    assert found == right
    assert (text in ("13900001231", "无此人", "！！")) == (not found)
