"""The search boxes of the lists: every state, the readers' query language, and no way to a masked number."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from articles.actions.credits import Named, set_credits
from articles.admin import searching
from articles.people import engine_user
from tests import factories

pytestmark = pytest.mark.django_db

PHONE = "13905951234"


def listed(client, kind, text):
    response = client.get(reverse(f"admin:articles_{kind}_changelist"), {"q": text})
    assert response.status_code == 200, text
    return [item.pk for item in response.context["cl"].result_list]


def said(client, kind, text):
    response = client.get(reverse(f"admin:articles_{kind}_changelist"), {"q": text})
    return [str(message) for message in get_messages(response.wsgi_request)], response.content.decode()


@pytest.fixture
def texts():
    on = factories.page()
    draft = factories.article(on=on, headline="早稻开镰", text="青溪两岸稻浪翻滚。", column="乡村")
    live = factories.article(on=on, headline="大桥通车", text="长护险也谈到了。")
    factories.published(live)
    undated = factories.article(on=factories.undated_page(), headline="旧闻一则", text="青溪码头旧事。")
    set_credits(article=draft, credits=[Named("reporter", "王小明")], actor=engine_user(), may_add=True)
    notice = factories.notice(on=on, text=f"施辉章不慎遗失建房用地申请卷，联系电话{PHONE}，声明作废。")
    return draft, live, undated, notice


def test_everything_is_found_by_its_text_whatever_its_state(as_editor, texts):
    draft, live, undated, notice = (item.pk for item in texts)
    assert listed(as_editor, "article", "稻浪翻滚") == [draft]
    assert listed(as_editor, "article", "長護險") == [live]
    assert set(listed(as_editor, "article", "青溪")) == {draft, undated}
    assert listed(as_editor, "notice", "施辉章 申请卷") == [notice]
    assert listed(as_editor, "article", "申请卷") == []


def test_the_boxes_speak_the_readers_language(as_editor, texts):
    draft, live, undated, _ = (item.pk for item in texts)
    assert listed(as_editor, "article", "青溪 -码头") == [draft]
    assert set(listed(as_editor, "article", "标题:通车 或 标题:旧闻")) == {live, undated}
    assert set(listed(as_editor, "article", "报纸:青溪日报 2024-03")) == {draft, live}
    assert listed(as_editor, "article", "作者:王小明") == [draft]
    assert listed(as_editor, "article", "栏目:乡村") == [draft]
    assert listed(as_editor, "article", "大桥 类型:公告") == []


def test_numbers_of_items_are_found_too(as_editor, texts):
    assert texts[0].pk in listed(as_editor, "article", str(texts[0].pk))


def test_other_filters_narrow_what_was_found(as_editor, texts):
    url = reverse("admin:articles_article_changelist")
    found = as_editor.get(url, {"q": "青溪", "newspaper": "none"}).context["cl"].result_list
    assert [item.pk for item in found] == [texts[2].pk]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("“青溪", "没有另一半"),
        ("-青溪", "只有排除的词"),
        ("报纸:没有", "没有叫“没有”的报纸"),
        ("！", "没有可以查找的字"),
    ],
)
def test_a_query_that_is_none_lists_nothing_and_says_why(as_editor, texts, text, says):
    assert listed(as_editor, "article", text) == []
    _, html = said(as_editor, "article", text)
    assert says in html


def test_a_list_that_is_cut_says_so(as_editor, texts, monkeypatch):
    monkeypatch.setattr(searching, "MOST", 1)
    assert len(listed(as_editor, "article", "青溪")) == 1
    assert "只列出日期最近的" in said(as_editor, "article", "青溪")[1]
    assert "只列出日期最近的" not in said(as_editor, "article", "稻浪")[1]


def test_who_may_not_see_numbers_cannot_find_them_out_piece_by_piece(as_editor, texts):
    notice = texts[3].pk
    viewer = factories.user()
    viewer.user_permissions.add(Permission.objects.get(codename="view_notice"))
    reader = Client()
    reader.force_login(viewer)
    pieces = {PHONE[start : start + size] for size in (2, 3, 4, 6, 10) for start in range(4, len(PHONE) - size + 1)}
    for piece in sorted(pieces):
        assert listed(as_editor, "notice", f"施辉章 “{piece}”") == [notice], piece
        assert listed(reader, "notice", f"施辉章 “{piece}”") == [], piece
        assert listed(reader, "notice", f"施辉章 -{piece}") == [notice], piece
        assert listed(reader, "notice", f"“{piece}” 或 申请卷") == [notice], piece
    assert listed(reader, "notice", "施辉章 标题:遗失") == [notice]


def test_a_search_asks_the_database_as_often_whatever_it_finds(as_editor, texts, django_assert_max_num_queries):
    for text in ("青溪", "早稻 或 大桥 或 旧闻", "没有这样的字", "报纸:青溪日报 青溪"):
        for kind in ("article", "notice"):
            url = reverse(f"admin:articles_{kind}_changelist")
            with django_assert_max_num_queries(12):
                as_editor.get(url, {"q": text})
