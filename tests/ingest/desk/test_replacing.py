"""Find and replace over many pages: seen first, names left alone, page by page, undone as one."""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles import versions
from articles.actions import items
from articles.models import Article, Page
from articles.people import engine_user
from articles.search.query import read_query
from ingest.desk import replacing, saving, scopes
from ingest.desk.layout import DeskLayout, Refusal
from ingest.desk.replacing import Chosen, check_words, chosen_from, guard, hits_in, preview, replace_in, undo
from ingest.desk.rows import load
from ingest.desk.scopes import OfPages, OfQuery, Scope
from ingest.models import DeskSave, ProtectedName, ReplacedPage, Replacement
from tests import factories
from tests.ingest.conftest import every_row
from tests.ingest.desk.pages import article, block, trays

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/articles/page/replace/"


def page_with(number: int, *texts: str, **more: Any) -> Page:
    page = factories.page(number=number, **more)
    body = [{"id": f"e{n}", "role": "paragraph", "text": text} for n, text in enumerate(texts, 1)]
    factories.article(on=page, headline="题目", body=body)
    return page


@pytest.fixture
def pages(db: None) -> list[Page]:
    return [
        page_with(1, "青西大桥通车，青西大桥很长。", "市民走上青西大桥。"),
        page_with(2, "没有要找的字。"),
        page_with(3, "青西大桥边种了树，青西大学也在。"),
    ]


def everything() -> OfPages:
    return OfPages(Page.objects.all())


def answering(text: str) -> OfQuery:
    return OfQuery(read_query(text).query)


def ticked(words: str, scope: Scope | None = None) -> list[Chosen]:
    return [
        Chosen(each.page.pk, each.stamp, frozenset((h.block, h.at) for h in each.hits))
        for each in preview(scope or everything(), words).pages
    ]


def do(words: str, by: str, actor: User, chosen: list[Chosen] | None = None, key: str = "key-00001") -> Replacement:
    chosen = ticked(words) if chosen is None else chosen
    return replace_in(words=words, by=by, chosen=chosen, scope={}, key=key, actor=actor)


def texts() -> list[str]:
    return [a.text for a in Article.objects.order_by("pk")]


def outcome(made: Replacement) -> list[tuple[int, str, int]]:
    return [(row.page.number or 0, row.state, row.hits) for row in made.pages.select_related("page")]


def test_every_hit_is_shown_and_nothing_is_written(pages):
    before = every_row()
    found = preview(everything(), "青西")
    assert [(each.page, [(h.at, h.before, h.after) for h in each.hits]) for each in found.pages] == [
        (
            pages[0],
            [(0, "", "大桥通车，青西大桥很长。"), (7, "青西大桥通车，", "大桥很长。"), (4, "市民走上", "大桥。")],
        ),
        (pages[2], [(0, "", "大桥边种了树，青西大学也"), (9, "青西大桥边种了树，", "大学也在。")]),
    ]
    assert (found.count, found.after, found.scanned) == (5, "", 3)
    assert every_row() == before


def test_page_by_page_and_undone_as_one(pages, editor):
    before = texts()
    made = do("青西", "青溪", editor)
    assert outcome(made) == [(1, "done", 3), (3, "done", 2)]
    assert "\n".join(texts()).count("青溪") == 5
    assert DeskSave.objects.count() == 2
    assert undo(replacement=made, actor=editor)
    assert texts() == before
    assert {row.state for row in made.pages.all()} == {"undone"}
    assert not undo(replacement=made, actor=editor)
    assert all(version.is_intact for each in Article.objects.all() for version in versions.versions(each))


def test_only_what_is_ticked(pages, editor):
    one = ticked("青西")[0]
    made = do("青西", "青溪", editor, [Chosen(one.page, one.stamp, frozenset({("e1", 7)}))])
    assert outcome(made) == [(1, "done", 1)]
    assert texts()[0].splitlines()[0] == "青西大桥通车，青溪大桥很长。"


def test_protected_names_are_shown_and_not_touched(pages, editor):
    ProtectedName.objects.create(name="青西大学")
    ProtectedName.objects.create(name="青西大", is_active=False)
    found = preview(everything(), "青西")
    assert [h.guard for each in found.pages for h in each.hits] == ["", "", "", "", "青西大学"]
    do("青西", "青溪", editor)  # everything is sent as ticked, as a forged form might
    assert texts()[2] == "青溪大桥边种了树，青西大学也在。"


def test_a_page_changed_meanwhile_is_skipped_and_the_others_are_done(pages, editor):
    chosen = ticked("青西")
    one = Article.objects.get(page=pages[0])
    items.edit_item(item=one, content={**one.content, "headline": "新题"}, base_version=1, actor=engine_user())
    made = do("青西", "青溪", editor, chosen)
    assert outcome(made) == [(1, "skipped", 0), (3, "done", 2)]
    assert "改过" in made.pages.order_by("pk")[0].reason


def test_a_page_that_fails_changes_nothing_and_the_others_are_done(pages, editor, monkeypatch):
    chosen, real = ticked("青西"), saving.save

    def failing(**given: Any) -> Any:
        saved = real(**given)
        if given["page_id"] == pages[0].pk:
            raise DatabaseError("gone")
        return saved

    monkeypatch.setattr(replacing, "save", failing)
    made = do("青西", "青溪", editor, chosen)
    assert outcome(made) == [(1, "failed", 0), (3, "done", 2)]
    assert "青溪" not in texts()[0]


def test_the_same_submission_is_done_once(pages, editor):
    chosen = ticked("青西")
    first = do("青西", "青溪", editor, chosen)
    before = every_row()
    assert do("青西", "青溪", editor, chosen) == first
    assert every_row() == before
    with pytest.raises(Refusal, match="已经用过"):
        do("青西", "清溪", editor, chosen)


def test_what_was_changed_since_is_not_undone_and_said(pages, editor):
    made = do("青西", "青溪", editor)
    one = Article.objects.get(page=pages[0])
    body = [{**p, "text": p["text"].replace("青溪", "清溪")} for p in one.body]
    items.edit_item(item=one, content={**one.content, "body": body}, base_version=one.version, actor=engine_user())
    undo(replacement=made, actor=editor)
    assert outcome(made) == [(1, "kept", 3), (3, "undone", 2)]
    assert "清溪大桥" in texts()[0]


def test_the_screens_are_bounded_and_go_on(pages, monkeypatch):
    monkeypatch.setattr(replacing, "PAGES", 1)
    first = preview(everything(), "青西")
    assert [each.page for each in first.pages] == [pages[0]]
    second = preview(everything(), "青西", after=first.after)
    assert [each.page for each in second.pages] == [pages[2]]
    monkeypatch.setattr(scopes, "SCANNED", 2)
    assert preview(everything(), "青西", after=str(pages[0].pk)).after == ""
    assert preview(everything(), "不在").after == str(pages[1].pk)


def test_what_a_query_finds_is_looked_through_to_the_end(pages, monkeypatch):
    monkeypatch.setattr(replacing, "PAGES", 1)
    seen: list[Page] = []
    after = None
    while after != "":
        found = preview(answering("大桥"), "青西", after=after or "")
        seen += [each.page for each in found.pages]
        after = found.after
    assert sorted(page.pk for page in seen) == [pages[0].pk, pages[2].pk]
    monkeypatch.setattr(replacing, "PAGES", 40)
    monkeypatch.setattr(scopes, "SCANNED", 1)
    first = preview(answering("大桥"), "青西")
    second = preview(answering("大桥"), "青西", after=first.after)
    assert {each.page for each in (*first.pages, *second.pages)} == {pages[0], pages[2]}
    assert second.after == ""


def test_only_items_that_answer_the_query_are_shown_and_changed(pages, editor):
    """Not the item beside it, nor what is unplaced."""
    beside = factories.article(on=pages[2], headline="青西的另一篇")
    pages[2].unplaced = [{"id": "e9", "text": "青西"}]
    pages[2].save()
    asked = answering("大学 -通车")
    assert [(each.page, len(each.hits)) for each in preview(asked, "青西").pages] == [(pages[2], 2)]
    made = do("青西", "青溪", editor, ticked("青西", asked))
    assert outcome(made) == [(3, "done", 2)]
    beside.refresh_from_db()
    assert beside.headline == "青西的另一篇" and texts()[2] == "青溪大桥边种了树，青溪大学也在。"
    assert undo(replacement=made, actor=editor)
    assert texts()[2] == "青西大桥边种了树，青西大学也在。"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("甲，乙，丙", "，"),
        ("３．５ 元 和 ABC d", "BC d"),
        ("臺灣“青西”公司", "灣“青"),
        ("第 1 条", " 1 "),
        ("a.b", ".b"),
    ],
)
def test_the_index_loses_no_place_of_the_words(db, text, words):
    """It goes by folded text, the replacement by the characters themselves."""
    page = page_with(1, text)
    assert [each.page for each in preview(answering("题目"), words).pages] == [page]
    assert preview(answering("没有"), words).pages == ()


@pytest.mark.parametrize("scope", [everything(), answering("大桥")])
@pytest.mark.parametrize("after", ["x", "-1", "१", "d1", "r1.2", "9" * 30, "d1.9"])
def test_a_mark_of_another_scope_is_refused(db, scope, after):
    with pytest.raises(Refusal):
        preview(scope, "青西", after=after)


@pytest.mark.parametrize("scope", [everything(), answering("题目")])
@pytest.mark.parametrize("words", ["不在这里", "，"])
def test_what_has_not_the_words_costs_no_query_each(db, scope, words):
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            preview(scope, words)
        return len(captured)

    page_with(1, "甲")
    few = count()
    for number in range(2, 12):
        page_with(number, "乙")
    assert count() == few <= 6


@pytest.mark.parametrize(("words", "by"), [("", "甲"), ("  ", "甲"), ("甲", "甲"), ("甲\n", "乙"), ("甲" * 201, "乙")])
def test_what_cannot_be_asked(words, by):
    with pytest.raises(Refusal):
        check_words(words, by)


@pytest.mark.parametrize("value", ["x:e1:1", "1:e1:x", "1", "", "1:e1:-1", "९:e1:1"])
def test_forged_places_are_refused(value):
    with pytest.raises(Refusal):
        chosen_from([value], {})


def test_numbers_of_people_do_not_show_in_the_context(db):
    page_with(1, "证号350582199001011234的王某，电话13800001111。")
    (hit,) = preview(everything(), "王某").pages[0].hits
    assert "0101" not in hit.before + hit.after and "1380" not in hit.before + hit.after


@pytest.mark.once
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    text=st.text("甲乙丙", min_size=1, max_size=20),
    names=st.lists(st.text("甲乙丙", min_size=2, max_size=4)),
    data=st.data(),
)
def test_no_hit_that_is_free_touches_a_name(text, names, data):
    words = data.draw(st.text("甲乙丙", min_size=1, max_size=3))
    ProtectedName.objects.all().delete()
    ProtectedName.objects.bulk_create(ProtectedName(name=name) for name in set(names))
    layout = DeskLayout(items=(article(1, block("s1", text)),), trays=trays())
    for hit in hits_in(layout, words, guard()):
        end = hit.at + len(words)
        touching = [
            name
            for name in set(names)
            for at in range(len(text))
            if text.startswith(name, at) and at < end and hit.at < at + len(name)
        ]
        assert bool(hit.guard) == bool(touching)


def test_the_screens(pages, editor):
    client = Client()
    client.force_login(editor)
    issue = pages[0].issue
    asked = {"issue": issue.pk, "words": "青西", "by": "青溪"}
    assert client.get(ADDRESS).status_code == 200
    response = client.get(ADDRESS, asked)
    found = response.context["found"]
    assert found.count == 5
    sent = {
        **asked,
        "key": response.context["key"],
        "hit": [value for each in found.pages for value, _ in each.rows],
        **{f"stamp-{each.page.pk}": each.stamp for each in found.pages},
    }
    done = client.post(ADDRESS, sent)
    made = Replacement.objects.get()
    assert done["Location"] == f"{ADDRESS}{made.pk}/"
    shown = client.get(done["Location"]).content.decode()
    assert "已替换（2 版）" in shown and "整个撤销" in shown
    client.post(done["Location"])
    assert "已撤销（2 版）" in client.get(done["Location"]).content.decode()
    assert "青溪" not in "\n".join(texts())
    assert client.get(f"{ADDRESS}999/").status_code == 404
    other = factories.page(number=1, date=datetime.date(2024, 3, 6))
    factories.article(on=other, body=[{"id": "e1", "role": "paragraph", "text": "青西"}])
    forged = {**sent, "key": "another-key", "hit": [f"{other.pk}:e1:0"], f"stamp-{other.pk}": load(other.pk).stamp}
    client.post(ADDRESS, forged)  # outside the scope that was asked
    assert not ReplacedPage.objects.filter(page=other).exists()
    for role in ("管理员",):
        stranger = Client()
        stranger.force_login(factories.user(role=role))
        assert stranger.get(ADDRESS).status_code == 403
        assert stranger.get(done["Location"]).status_code == 403


def test_the_screens_by_query(pages, editor, monkeypatch):
    """Asked, done, gone on to the next screen, undone; what was asked stands in the record, not in the address."""
    monkeypatch.setattr(replacing, "PAGES", 1)
    client = Client()
    client.force_login(editor)
    asked = {"q": "大桥 报纸:" + pages[0].issue.newspaper.name, "words": "青西", "by": "青溪"}
    seen = set()
    address: str | None = f"{ADDRESS}?{urlencode(asked)}"
    while address:
        response = client.get(address)
        found = response.context["found"]
        seen |= {each.page.pk for each in found.pages}
        sent = {
            **response.context["asked"],
            "key": response.context["key"],
            "after": found.after,
            "hit": [value for each in found.pages for value, _ in each.rows],
            **{f"stamp-{each.page.pk}": each.stamp for each in found.pages},
        }
        done = client.post(ADDRESS, sent)
        shown = client.get(done["Location"])
        assert "已替换（1 版）" in shown.content.decode()
        address = shown.context["more"]
    assert seen == {pages[0].pk, pages[2].pk}
    assert {made.scope["q"] for made in Replacement.objects.all()} == {asked["q"]}
    assert "青西" not in "\n".join(texts())
    for made in Replacement.objects.all():
        client.post(f"{ADDRESS}{made.pk}/")
    assert "青溪" not in "\n".join(texts())


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"q": "标题:"}, "后面没有字"),
        ({"q": "报纸:没有的报"}, "没有叫"),
        ({"q": "大桥", "start": "2024-01-01", "end": "2024-02-01"}, "写在查询里"),
        ({}, "请写查询"),
        ({"q": "大" * 150, "words": "甲" * 150, "by": "乙" * 150}, "加起来"),
        ({"q": "大桥", "after": "77"}, "重新查找"),
    ],
)
def test_a_question_that_is_none_is_told_what_is_wrong(editor, asked, says):
    client = Client()
    client.force_login(editor)
    response = client.get(ADDRESS, {"words": "青西", "by": "青溪", **asked})
    assert says in response.content.decode() and response.context["found"] is None


def test_editors_keep_the_names_and_proofreaders_read_them(editor):
    for user, status in ((editor, 200), (factories.user(role="录入校对"), 403), (factories.user("bare"), 403)):
        client = Client()
        client.force_login(user)
        assert client.get("/admin/ingest/protectedname/add/").status_code == status
    client = Client()
    client.force_login(editor)
    client.post("/admin/ingest/protectedname/add/", {"name": "青西大学", "note": "", "is_active": "on"})
    assert guard().names == ("青西大学",)
