"""Five hundred at once: what can be published is, what cannot is told, each for itself, in bounded work."""

from __future__ import annotations

import resource
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from articles.admin import bulk
from articles.content import content_hash
from articles.models import Article, HistoryEntry, Page, Snapshot, WorkState
from articles.people import engine_user
from tests import factories

pytestmark = pytest.mark.django_db

PAGES = 10


def corrected(count):
    """That many articles ready to be published, on pages of one issue; as the actions would have left them."""
    first = factories.page()
    pages = [
        first,
        *Page.objects.bulk_create(Page(issue=first.issue, number=n + 2, section="综合") for n in range(PAGES - 1)),
    ]
    made = []
    for number in range(count):
        content = factories.article_content(headline=f"第{number}篇", text="本报讯 昨日，青溪大桥建成通车。" * 20)
        article = Article(page=pages[number % PAGES], position=number, work_state=WorkState.CORRECTED)
        article.set_content(content)
        made.append(article)
    Article.objects.bulk_create(made)
    HistoryEntry.objects.bulk_create(
        HistoryEntry(
            target="article", target_id=each.pk, act="created", version=1, actor=engine_user(),
            content_hash=each.content_hash,
        )
        for each in made
    )  # fmt: skip
    return made


def keys(made):
    return [f"article:{each.pk}:{each.version}" for each in made]


def test_of_500_with_3_invalid_497_are_published_and_3_told(as_chief):
    made = corrected(500)
    headless, unread, changed = made[7], made[250], made[499]
    headless.headline = " "
    headless.content_hash = content_hash(headless.content)
    headless.save()
    Article.objects.filter(pk=unread.pk).update(work_state=WorkState.IMPORTED)
    Article.objects.filter(pk=changed.pk).update(version=2)
    url = reverse("admin:articles_article_bulk", args=["publish"])
    statements = Counted()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with connection.execute_wrapper(statements):
        response = as_chief.post(url, {"row": keys(made), "reason": "整期"})
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    text = response.content.decode()
    assert "497 条完成，1 条跳过，2 条没有成" in text  # skipped: changed since it was confirmed
    for why in ("没有主题", "还没有校毕", "在你确认之后又改过"):
        assert text.count(why) == 1, why
    assert Snapshot.objects.live().count() == 497
    assert HistoryEntry.objects.filter(act="published", reason="整期").count() == 497
    assert not Snapshot.objects.filter(article__in=[headless, unread, changed]).exists()
    assert statements.number <= 500 * PER_ITEM
    assert grown < 64 * 1024  # kilobytes


PER_ITEM = 22
"""Statements for one item, those of its transaction among them. Linear, whatever the size of the whole."""


class Counted:
    """Counts statements: Django's own log of them ends at 9,000."""

    number = 0

    def __call__(self, execute: Callable[..., Any], *given: Any) -> Any:
        self.number += 1
        return execute(*given)


def test_more_than_the_limit_is_never_taken_at_once(chief):
    items, changed = bulk.load([f"article:{n}:1" for n in range(1, 5_000)])
    assert len(items) + len(changed) <= bulk.LIMIT * 2


def test_each_item_costs_the_same_in_a_long_list_as_in_a_short_one(chief):
    def cost(count):
        made = corrected_again(count)
        statements = Counted()
        with connection.execute_wrapper(statements):
            results = bulk.publish_rows(keys=keys(made), actor=chief, reason="")
        assert all(result.is_done for result in results)
        return statements.number

    made = corrected(66)

    def corrected_again(count):
        return [made.pop() for _ in range(count)]

    few, many = cost(6), cost(60)
    assert many <= few / 6 * 60
