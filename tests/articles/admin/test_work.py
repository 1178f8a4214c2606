"""The landing page: numbers that agree with the rules and with the lists behind them."""

from __future__ import annotations

import datetime
import itertools

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import rules, signoffs
from articles.actions import items
from articles.actions.signing import send_back, sign
from articles.actions.teamwork import assign, comment
from articles.admin.work import due, queues, ready
from articles.models import AnyItem, Article, Finding, Notice, Page, Stage, StageKind
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


def test_three_queries_count_everything(chief, django_assert_num_queries):
    factories.article()
    chief.get_all_permissions()
    with django_assert_num_queries(3):
        assert queues(chief)


def test_numbers_are_counted_no_further_than_the_limit(chief, monkeypatch):
    monkeypatch.setattr("articles.admin.work.COUNTED", 2)
    page = factories.page()
    for _ in range(4):
        factories.article(on=page)
    [waiting] = [queue for _, group in queues(chief) for queue in group if queue.label == "待校稿件"]
    assert (waiting.count, waiting.number) == (3, "2+")


def test_what_is_mine_is_counted_for_me_only(as_chief, chief, editor):
    article = factories.article()
    assign(subject=article, assignee=chief, actor=editor)
    comment(subject=article, author=editor, text="@zhubian 请看")
    items.mark_corrected(item=article, base_version=1, actor=chief)
    send_back(item=article, actor=editor, reason="日期不对")
    mine = {queue.label: queue for name, group in queues(chief) if name == "我的" for queue in group}
    assert {label: queue.count for label, queue in mine.items()} == {"交给我的": 0, "退回给我的": 1, "提到我的批注": 1}
    for queue in mine.values():
        assert as_chief.get(queue.href).context["cl"].result_count == queue.count
    others = {queue.label: queue.count for name, group in queues(editor) if name == "我的" for queue in group}
    assert set(others.values()) == {0}


def test_what_waits_for_a_signature_is_what_the_standing_says(as_chief, chief):
    paper = factories.newspaper()
    assert "签审" not in [name for name, _ in queues(chief)]
    proof = Stage.objects.create(newspaper=paper, name="一校", kind=StageKind.PROOF, position=1)
    Stage.objects.create(newspaper=paper, name="终审", kind=StageKind.FINAL, position=2)
    page = factories.page()
    unsigned, signed, changed = (factories.article(on=page, headline=f"第{n}篇") for n in range(3))
    factories.article(on=page, headline="空", text="")
    factories.article(on=factories.undated_page())
    for article in (signed, changed):
        sign(item=article, stage=proof, actor=chief, base_version=1)
    content = {**changed.content, "headline": "改了"}
    items.edit_item(item=changed, content=content, base_version=1, actor=chief)
    found = {kind: set(due(Article.objects.all(), kind).values_list("pk", flat=True)) for kind in StageKind}
    assert found == {
        StageKind.PROOF: {unsigned.pk, changed.pk}, StageKind.FIRST: set(), StageKind.SECOND: set(),
        StageKind.FINAL: {signed.pk},
    }  # fmt: skip
    for article in Article.objects.with_page().filter(pk__in=[unsigned.pk, signed.pk, changed.pk]):
        stage = signoffs.standing(article).next
        assert stage is not None and article.pk in found[StageKind(stage.kind)]
    listed = {queue.label: queue for name, group in queues(chief) if name == "签审" for queue in group}
    for queue in listed.values():
        assert as_chief.get(queue.href).context["cl"].result_count == queue.count
    assert listed["等校对的稿件"].count == 2
    Article.objects.update(updated_at=timezone.now() - datetime.timedelta(days=91))
    assert not due(Article.objects.all(), StageKind.PROOF).exists()


def test_what_is_ready_is_looked_for_among_what_was_touched_last(monkeypatch):
    page = factories.page()
    old, new = (factories.article(on=page, corrected=True, headline=f"第{n}篇") for n in range(2))
    Article.objects.filter(pk=old.pk).update(updated_at=timezone.now() - datetime.timedelta(days=9))
    assert set(ready(Article.objects.all())) == {old, new}
    monkeypatch.setattr("articles.admin.work.TOUCHED", 1)
    assert set(ready(Article.objects.all())) == {new}
