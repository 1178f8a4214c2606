"""The landing page: numbers that agree with the rules and with the lists behind them."""

from __future__ import annotations

import itertools

import pytest
from django.urls import reverse

from articles import rules
from articles.admin.work import queues, ready
from articles.models import AnyItem, Article, Finding, Notice, Page
from tests import factories

pytestmark = pytest.mark.django_db


def test_ready_says_the_same_as_the_publish_rules_over_all_states():
    """One rule, two forms: every combination of the facts the rules look at."""
    number = itertools.count(1)
    placed = [factories.page(number=next(number)), factories.page(number=next(number), section="")]
    stuck = factories.page(number=next(number))
    Page.objects.filter(pk=stuck.pk).update(unplaced=[{"id": "s1", "text": "不知哪里的"}])
    unnumbered = factories.page(number=next(number))
    Page.objects.filter(pk=unnumbered.pk).update(number=None)
    pages = [*placed, stuck, unnumbered, factories.undated_page(), factories.undated_page(paper=factories.newspaper())]
    for page, corrected, blocking in itertools.product(pages, [True, False], [None, False, True]):
        made = [
            factories.article(on=page, corrected=corrected),
            factories.article(on=page, corrected=corrected, headline=" 　"),
            factories.article(on=page, corrected=corrected, text=""),
            factories.article(on=page, corrected=corrected, text="", captions=[{"id": "s2", "text": "合影"}]),
            factories.notice(on=page, corrected=corrected),
        ]
        if blocking is not None:
            for item in made:
                Finding.objects.create(
                    page=page, key=f"{item.snapshot_key}{item.pk}", kind="x", message="疑", is_blocking=blocking,
                    **{item.snapshot_key: item},
                )  # fmt: skip
    for model in (Article, Notice):
        items: list[AnyItem] = list(model.objects.with_page())
        verdicts = rules.check(items)
        wanted = {item.pk for item in items if verdicts[item.snapshot_key, item.pk].is_publishable}
        assert wanted
        assert set(ready(model.objects.all()).values_list("pk", flat=True)) == wanted


def test_what_is_public_or_scheduled_with_this_text_is_not_ready(chief):
    article = factories.article()
    factories.published(article)
    assert not ready(Article.objects.all()).exists()


def test_each_number_is_the_length_of_the_list_behind_it(as_chief, chief):
    page = factories.page()
    factories.article(on=page)
    factories.article(on=page, corrected=True)
    factories.notice(on=page, corrected=True)
    factories.undated_page(unplaced=[{"id": "s1", "text": "甲"}])
    Finding.objects.create(page=page, key="k", kind="x", message="疑")
    for _, group in queues(chief):
        for queue in group:
            if "topics" not in queue.href:
                assert as_chief.get(queue.href).context["cl"].result_count == queue.count, queue.label


def test_the_landing_page_shows_the_numbers(as_chief):
    factories.article()
    text = as_chief.get(reverse("admin:index")).content.decode()
    assert "待校稿件" in text and "work_state__exact=imported" in text


@pytest.mark.parametrize("page", ["index", "articles_article_changelist", "articles_historyentry_changelist"])
def test_every_screen_says_whose_time_it_shows(as_chief, page):
    assert "北京时间" in as_chief.get(reverse(f"admin:{page}")).content.decode()


def test_every_list_leads_back_to_the_work_of_the_day(as_chief):
    trail = f'<div class="breadcrumbs"><a href="{reverse("admin:index")}">今日工作</a>'
    lists = ("articles_article_changelist", "articles_topic_changelist", "articles_historyentry_changelist")
    for name in (*lists, "articles_article_export", "articles_topic_import"):
        assert trail in as_chief.get(reverse(f"admin:{name}")).content.decode(), name
    paper = factories.newspaper()
    shown = as_chief.get(reverse("admin:articles_newspaper_change", args=[paper.pk])).content.decode()
    assert trail in shown and f"&rsaquo; {paper}</div>" in shown


def test_who_is_refused_in_the_admin_stays_in_the_admin(as_corrector):
    missing = as_corrector.get(reverse("admin:articles_article_change", args=[404]))
    refused = as_corrector.get(reverse("admin:articles_article_add"))
    assert (missing.status_code, refused.status_code) == (404, 403)
    for response in (missing, refused):
        assert f'<a href="{reverse("admin:index")}">回到今日工作</a>' in response.content.decode()
    assert "回到首页" in as_corrector.get("/a/404/").content.decode()
