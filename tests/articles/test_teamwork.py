"""Assignments, what is returned, comments and mentions."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from articles import history
from articles.actions import items
from articles.actions.signing import send_back
from articles.actions.teamwork import assign, close_assignment, comment, mentioned, resolve_comment, see_mentions
from articles.errors import ActionRefused
from articles.models import Act, Assignment, AssignmentKind, Comment, Mention
from articles.people import engine_user
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def corrector(db):
    made = factories.user("xiaowang", role="录入校对")
    made.last_name, made.first_name = "王", "小明"
    made.save()
    return made


def waiting(user):
    return list(Assignment.objects.filter(assignee=user, closed_at=None))


def test_an_item_or_a_page_is_given_to_somebody(editor, corrector):
    article = factories.article()
    notice = factories.notice(on=article.page)
    for subject in (article, notice, article.page):
        made = assign(subject=subject, assignee=corrector, actor=editor, note="先看这一条")
        assert made.subject == subject
        entry = history.of(subject)[0]
        assert (entry.act, entry.reason) == (Act.ASSIGNED, "交给王小明：先看这一条")
    assert len(waiting(corrector)) == 3
    with pytest.raises(ActionRefused, match="已经交给"):
        assign(subject=article, assignee=corrector, actor=editor)


def test_work_is_not_given_to_who_may_not_do_it(editor, bare_staff):
    article = factories.article()
    with pytest.raises(ActionRefused, match="另选一位"):
        assign(subject=article, assignee=bare_staff, actor=editor)
    gone = factories.user(role="编辑")
    gone.is_active = False
    gone.save()
    with pytest.raises(ActionRefused, match="另选一位"):
        assign(subject=article.page, assignee=gone, actor=editor)


@pytest.mark.parametrize(("who", "may"), [("assignee", True), ("giver", True), ("editor", True), ("another", False)])
def test_who_may_close_an_assignment(who, may, editor, corrector):
    chief = factories.user(role="主编")
    made = assign(subject=factories.article(), assignee=corrector, actor=chief)
    actor = {
        "assignee": corrector, "giver": chief, "editor": editor, "another": factories.user(role="录入校对"),
    }[who]  # fmt: skip
    if not may:
        with pytest.raises(ActionRefused, match="只有"):
            close_assignment(assignment=made, actor=actor)
        return
    close_assignment(assignment=made, actor=actor)
    assert waiting(corrector) == []
    with pytest.raises(ActionRefused, match="已经了结"):
        close_assignment(assignment=made, actor=actor)


def test_passing_a_text_closes_what_was_asked_of_this_person_only(editor, corrector):
    article = factories.article()
    assign(subject=article, assignee=corrector, actor=editor)
    assign(subject=article, assignee=editor, actor=editor)
    assign(subject=article.page, assignee=corrector, actor=editor)
    items.mark_corrected(item=article, base_version=article.version, actor=corrector)
    assert [each.subject for each in waiting(corrector)] == [article.page]
    assert len(waiting(editor)) == 1


def test_what_is_sent_back_waits_for_the_person_who_passed_it(editor, corrector):
    article = factories.article()
    items.mark_corrected(item=article, base_version=article.version, actor=corrector)
    send_back(item=article, actor=editor, reason="导语的日期不对")
    [made] = waiting(corrector)
    assert (made.kind, made.note, made.by) == (AssignmentKind.RETURNED, "导语的日期不对", editor)
    items.mark_corrected(item=article, base_version=article.version, actor=editor)  # whoever does it, it is done
    assert waiting(corrector) == []


def test_nothing_is_returned_to_the_import_or_to_oneself(editor):
    article = factories.article(corrected=True)
    send_back(item=article, actor=editor, reason="重看")
    items.mark_corrected(item=article, base_version=article.version, actor=editor)
    send_back(item=article, actor=editor, reason="再看")
    assert not Assignment.objects.exists()


def test_a_comment_is_on_a_piece_of_a_version(editor):
    article = factories.article()
    made = comment(subject=article, author=editor, text="这个数字要核\r\n请查", piece="s1")
    assert (made.quote, made.version, made.text) == ("本报讯 昨日，青溪大桥建成通车。", 1, "这个数字要核\n请查")
    assert history.of(article)[0].act == Act.COMMENTED
    assert comment(subject=article.page, author=editor, text="整版").article is None
    for wrong in ({"text": " "}, {"text": "长" * 1001}, {"text": "a\0b"}, {"text": "x", "piece": "s9"}):
        with pytest.raises(ActionRefused):
            comment(subject=article, author=editor, **wrong)


def test_a_comment_does_not_touch_the_text(editor):
    article = factories.article(corrected=True)
    comment(subject=article, author=editor, text="可以")
    article.refresh_from_db()
    assert (article.version, article.work_state) == (1, "corrected")


def test_names_after_an_at_sign_are_found_without_spaces(corrector, editor):
    assert mentioned("请@王小明看一下，＠bianji也看") == [corrector, editor]
    assert mentioned("@王小明@王小明") == [corrector]
    assert mentioned("写信到 a@example.com，@张三") == []
    longer = factories.user("xiaowang2", role="编辑")
    assert mentioned("@xiaowang2") == [longer]
    engine = engine_user()
    assert mentioned(f"@{engine.username}") == []


def test_who_is_named_finds_it_until_it_is_seen_or_resolved(corrector, editor):
    article = factories.article()
    first = comment(subject=article, author=editor, text="@王小明 查一下 @bianji")
    second = comment(subject=article, author=editor, text="@王小明 还有这里")
    assert Mention.objects.filter(user=corrector, seen_at=None).count() == 2
    assert not Mention.objects.filter(user=editor).exists()  # nobody has to be told what they wrote
    assert see_mentions(user=corrector, comments=[second.pk]) == 1
    resolve_comment(comment=first, actor=corrector)
    assert not Mention.objects.filter(seen_at=None).exists()
    assert see_mentions(user=editor) == 0


def test_a_comment_is_resolved_once(corrector, editor):
    made = comment(subject=factories.article(), author=editor, text="查")
    once = resolve_comment(comment=made, actor=corrector)
    again = resolve_comment(comment=made, actor=editor)
    assert again.resolved_by == corrector and again.resolved_at == once.resolved_at


@pytest.mark.parametrize("column", ["text", "quote", "piece", "version", "author_id", "page_id", "article_id", "at"])
def test_the_database_keeps_what_was_said(column, editor):
    made = comment(subject=factories.article(), author=editor, text="查")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE articles_comment SET {column} = {column} WHERE id = %s", [made.pk])
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM articles_comment")
    assert Comment.objects.get(pk=made.pk).text == "查"
