"""Publication: what readers may see, from when, until when."""

from __future__ import annotations

import pytest

from articles.actions import items, publishing
from articles.errors import NotPublishable
from articles.models import Snapshot, WorkState
from tests import factories

pytestmark = pytest.mark.django_db


def test_an_uncorrected_article_is_refused_with_the_rule_it_breaks(chief):
    article = factories.article()
    with pytest.raises(NotPublishable) as refusal:
        publishing.publish(item=article, actor=chief)
    assert refusal.value.problems == ["还没有校毕"]
    assert not Snapshot.objects.exists()


def test_readers_keep_the_published_text_while_an_article_is_corrected_again(chief):
    article = factories.article(headline="旧标题")
    factories.published(article)
    article.refresh_from_db()
    edited = items.edit_item(
        item=article, content={**article.content, "headline": "新标题"}, base_version=article.version, actor=chief
    )
    assert edited.work_state == WorkState.IMPORTED
    assert [s.title for s in Snapshot.objects.live()] == ["旧标题"]
