"""Assignments and comments on the screens, and the lists behind the landing page."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.actions.teamwork import assign, comment
from articles.models import Assignment, Comment, Mention
from articles.roles import ROLES, permissions_of
from tests import factories
from tests.articles.admin.conftest import client_for

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"admin:articles_{name}", args=args)


def change(subject):
    return url(f"{subject._meta.model_name}_change", subject.pk)


def write(client, subject, text="查一下", **more):
    data = {"subject": f"{subject._meta.model_name}:{subject.pk}", "text": text, **more}
    return client.post(url("comment_write"), data)


def give(client, subject, assignee, **more):
    data = {"subject": f"{subject._meta.model_name}:{subject.pk}", "assignee": assignee.pk, **more}
    return client.post(url("assignment_give"), data)


@pytest.fixture
def subjects(db):
    article = factories.article()
    return [article, factories.notice(on=article.page), article.page]


def test_a_comment_is_written_seen_and_resolved_where_it_belongs(as_corrector, subjects):
    for subject in subjects:
        answer = write(as_corrector, subject, "这里\n要查<b>")
        assert answer.url == change(subject) + "#teamwork"
        text = as_corrector.get(change(subject)).content.decode()
        assert "这里<br>要查&lt;b&gt;" in text and "1 条批注没有解决" in text
        row = Comment.objects.latest("pk")
        as_corrector.post(url("comment_resolve", row.pk))
        text = as_corrector.get(change(subject)).content.decode()
        assert "已解决" in text and "条批注没有解决" not in text


def test_a_comment_on_a_piece_leads_to_it(as_corrector, subjects):
    article = subjects[0]
    write(as_corrector, article, piece="s1")
    text = as_corrector.get(change(article)).content.decode()
    assert '<a href="#b-s1">第 1 段</a>' in text and "<blockquote>本报讯 昨日" in text
    answer = as_corrector.post(
        url("comment_write"), {"subject": f"article:{article.pk}", "text": "x", "piece": "s9"}, follow=True
    )
    assert "已经不在这里" in answer.content.decode()


def test_who_is_named_is_told_and_finds_it_in_the_list(as_corrector, subjects, editor):
    answer = as_corrector.post(
        url("comment_write"), {"subject": f"article:{subjects[0].pk}", "text": f"@{editor.username} 看看"}, follow=True
    )
    assert "bianji会在今日工作里看到" in answer.content.decode()
    client = Client()
    client.force_login(editor)
    mine = url("comment_changelist") + "?mine=mentioned"
    assert client.get(mine).context["cl"].result_count == 1
    client.post(mine, {"action": "see_selected", "_selected_action": [Comment.objects.get().pk]})
    assert client.get(mine).context["cl"].result_count == 0
    assert not Mention.objects.filter(seen_at=None).exists()


def test_numbers_in_comments_are_masked(as_corrector, subjects):
    write(as_corrector, subjects[1], "身份证 350582199001011234 核过", piece="s1")
    for address in (change(subjects[1]), url("comment_changelist")):
        assert "350582199001011234" not in as_corrector.get(address).content.decode()
    assert Comment.objects.get().quote == ""


def test_work_is_given_and_closed(as_editor, as_corrector, subjects):
    colleague = factories.user("lin", role="录入校对")
    for subject in subjects:
        give(as_editor, subject, colleague, note="先看", due_on="2020-01-01")
        text = as_corrector.get(change(subject)).content.decode()
        assert "先看" in text and "已过" in text
        row = Assignment.objects.latest("pk")
        assert "只有接的人" in as_corrector.post(url("assignment_close", row.pk), follow=True).content.decode()
        as_editor.post(url("assignment_close", row.pk))
        row.refresh_from_db()
        assert row.closed_by is not None
    listed = as_editor.get(url("assignment_changelist") + "?open=no")
    assert listed.context["cl"].result_count == 3


@pytest.mark.parametrize(
    ("change_of", "words"),
    [({"assignee": ""}, "请选交给谁"), ({"assignee": "99999"}, "没有这位同事"), ({"due_on": "明天"}, "期限请写成")],
)
def test_a_wrong_form_says_so(as_editor, subjects, change_of, words):
    data = {"subject": f"article:{subjects[0].pk}", "assignee": factories.user(role="编辑").pk, **change_of}
    assert words in as_editor.post(url("assignment_give"), data, follow=True).content.decode()
    assert not Assignment.objects.exists()


@pytest.mark.parametrize("bad", ["", "article", "article:x", "page:99999", "user:1"])
def test_an_unknown_subject_changes_nothing(as_editor, bad):
    assert as_editor.post(url("comment_write"), {"subject": bad, "text": "x"}).status_code == 302
    assert as_editor.post(url("assignment_give"), {"subject": bad}).status_code == 302
    assert not Comment.objects.exists()


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_what_its_permissions_say(role, subjects, editor):
    client, held = client_for(role), set(permissions_of(role))
    row = comment(subject=subjects[0], author=editor, text="查")
    text = client.get(change(subjects[0])).content.decode()
    assert ('id="comment-text"' in text) == ("articles.add_comment" in held)
    assert ('id="assignee"' in text) == ("articles.add_assignment" in held)
    may_write, may_give = "articles.add_comment" in held, "articles.add_assignment" in held
    assert write(client, subjects[0]).status_code == (302 if may_write else 403)
    assert client.post(url("comment_resolve", row.pk)).status_code == (302 if may_write else 403)
    assert give(client, subjects[0], editor).status_code == (302 if may_give else 403)


def test_nothing_is_done_by_opening_an_address(as_editor, subjects, editor):
    row = comment(subject=subjects[0], author=editor, text="查")
    given = assign(subject=subjects[0], assignee=editor, actor=editor)
    for address in (
        url("comment_resolve", row.pk), url("assignment_close", given.pk), url("comment_write"), url("assignment_give"),
    ):  # fmt: skip
        assert as_editor.get(address).status_code == 302
    row.refresh_from_db()
    given.refresh_from_db()
    assert (row.resolved_at, given.closed_at) == (None, None)


def test_many_comments_ask_no_more_questions(as_chief, subjects, editor):
    article = subjects[0]

    def count():
        as_chief.get(change(article))
        with CaptureQueriesContext(connection) as seen:
            as_chief.get(change(article))
        return len(seen)

    comment(subject=article, author=editor, text="一", piece="s1")
    assign(subject=article, assignee=editor, actor=editor)
    before = count()
    for _ in range(10):
        comment(subject=article, author=factories.user(role="编辑"), text="又")
        assign(subject=article, assignee=factories.user(role="编辑"), actor=editor, due_on=datetime.date(2030, 1, 1))
    assert count() == before
