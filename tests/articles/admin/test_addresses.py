"""Old addresses in the admin: pasted in pairs, refused by the line, dropped from the list."""

from __future__ import annotations

import pytest
from django.urls import reverse

from articles.admin.addresses import thing_at
from articles.models import OldAddress
from tests import factories
from tests.articles.admin.conftest import client_for

pytestmark = pytest.mark.django_db

ADD = "admin:articles_oldaddress_add"
LIST = "admin:articles_oldaddress_changelist"


def test_pairs_are_pasted(as_chief):
    article = factories.article()
    lines = f"http://old.example/1.htm /a/{article.pk}/\n\n/2.htm https://new.example/p/qingxi/2024-03-05/1/"
    assert as_chief.post(reverse(ADD), {"lines": lines}).url == reverse(LIST)
    assert {old.path: old.target for old in OldAddress.objects.all()} == {"/1.htm": article, "/2.htm": article.page}
    text = as_chief.get(reverse(LIST), {"q": "/1"}).content.decode()
    assert "/1.htm" in text and "/2.htm" not in text
    old = OldAddress.objects.get(path="/1.htm")
    assert as_chief.get(reverse("admin:articles_oldaddress_change", args=[old.pk])).status_code == 200


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("", "至少写一行"),
        ("/1.htm", "第 1 行：须是两个网址"),
        ("/1.htm /a/999999/", "第 1 行：“/a/999999/”不是本站"),
        ("/1.htm http://elsewhere.example/x", "不是本站"),
        ("/1.htm /about/", "不是本站"),
        ("1.htm /p/qingxi/", "看不懂这个旧网址"),
    ],
)
def test_what_is_wrong_is_said_by_the_line_and_nothing_is_kept(as_chief, lines, says):
    factories.article()
    response = as_chief.post(reverse(ADD), {"lines": f"/good.htm /p/qingxi/\n{lines}" if "看不懂" in says else lines})
    assert response.status_code == 200 and says in response.content.decode()
    assert not OldAddress.objects.exists()


def test_our_addresses_are_read_back():
    article, notice = factories.article(), factories.notice(on=factories.page(number=2))
    assert thing_at(article.get_absolute_url()) == article
    assert thing_at(notice.get_absolute_url()) == notice
    assert thing_at("/p/qingxi/") == article.page.issue.newspaper
    assert thing_at("/p/qingxi/2024-03-05/") == article.page.issue
    assert thing_at("/p/qingxi/2024-03-05/2/") == notice.page
    for other in ("/p/qingxi/2024-03-05/9/", "/p/qingxi/1999-01-01/", "/p/none/", "/", "http://[", "/admin/"):
        assert thing_at(other) is None


def test_chosen_ones_are_dropped(as_chief):
    article = factories.article()
    as_chief.post(reverse(ADD), {"lines": f"/1.htm /a/{article.pk}/\n/2.htm /a/{article.pk}/"})
    old = OldAddress.objects.get(path="/1.htm")
    as_chief.post(reverse(LIST), {"action": "drop_selected", "_selected_action": [old.pk]})
    assert [each.path for each in OldAddress.objects.all()] == ["/2.htm"]


@pytest.mark.parametrize(
    ("role", "status"), [("录入校对", 403), ("编辑", 403), ("签审", 403), ("主编", 200), ("管理员", 200)]
)
def test_who_may(role, status):
    assert client_for(role).get(reverse(ADD)).status_code == status
    assert client_for(role).get(reverse(LIST)).status_code == 200
