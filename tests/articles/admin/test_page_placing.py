"""Dating several pages at once from their list."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from articles.models import Issue
from articles.roles import ROLES, permissions_of
from tests import factories
from tests.articles.admin.conftest import client_for

pytestmark = pytest.mark.django_db

DAY = datetime.date(2024, 3, 5)


def screen(pages):
    return reverse("admin:articles_page_place") + "?pages=" + ",".join(str(page.pk) for page in pages)


def typed(pages, numbers, **more):
    data = {"page": [page.pk for page in pages], "newspaper": "青溪日报", "date": "2024-03-05", **more}
    return data | {f"number-{page.pk}": number for page, number in zip(pages, numbers, strict=True)}


def test_pages_ticked_in_the_list_become_one_issue(as_editor):
    factories.newspaper()
    pages = [factories.undated_page(section="要闻"), factories.undated_page(), factories.undated_page()]
    chosen = {"action": "place_selected", "_selected_action": [page.pk for page in pages[:2]]}
    answer = as_editor.post(reverse("admin:articles_page_changelist"), chosen)
    shown = as_editor.get(answer.url)
    assert [row["page"] for row in shown.context["rows"]] == pages[:2]
    data = typed(pages[:2], ["1", "2"])
    placed = as_editor.post(answer.url, data)
    issue = Issue.objects.get(date=DAY)
    assert placed.url == reverse("admin:articles_issue_change", args=[issue.pk])
    assert [*issue.pages.order_by("number").values_list("number", "section")] == [(1, "要闻"), (2, "")]
    assert Issue.objects.count() == 2


def test_a_refusal_keeps_what_was_typed_and_moves_nothing(as_editor):
    factories.newspaper()
    pages = [factories.undated_page(), factories.undated_page()]
    data = typed(pages, ["1", "1"])
    data[f"section-{pages[0].pk}"] = "副刊"
    text = as_editor.post(screen(pages), data).content.decode()
    assert "同一个版次写了两次" in text and 'value="副刊"' in text
    text = as_editor.post(screen(pages), {**data, "date": "x"}).content.decode()
    assert "日期请写成" in text
    text = as_editor.post(screen(pages), {**data, "page": []}).content.decode()
    assert "先勾选" in text and "checked" not in text
    assert not Issue.objects.exclude(date=None).exists()


def test_what_the_import_proposed_is_filled_in(as_editor):
    page = factories.undated_page(paper=factories.newspaper())
    Issue.objects.filter(pk=page.issue_id).update(date=DAY, date_state="proposed", date_not_before=DAY)
    text = as_editor.get(screen([page])).content.decode()
    assert 'value="2024-03-05"' in text and 'value="青溪日报"' in text and "<td>2024-03-05</td>" in text


@pytest.mark.parametrize("bad", ["", "?pages=", "?pages=x,999999,-1"])
def test_no_pages_no_form(as_editor, bad):
    text = as_editor.get(reverse("admin:articles_page_place") + bad).content.decode()
    assert "没有要定日期的版" in text


@pytest.mark.parametrize("role", ROLES)
def test_who_may(role):
    page = factories.undated_page()
    wanted = 200 if "articles.place_issue" in permissions_of(role) else 403
    assert client_for(role).get(screen([page])).status_code == wanted
