"""Signing in the admin: what is shown before, what is refused and why, many at once, the 审稿单."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import signoffs
from articles.actions import items, signing, stages
from articles.models import HistoryEntry, SignOff, Stage, WorkState
from tests import factories
from tests.articles.admin.conftest import client_for
from tests.articles.admin.forms import item_form

pytestmark = pytest.mark.django_db

WANTED = [("一校", "proof"), ("初审", "first"), ("终审", "final")]


@pytest.fixture
def proof(chief):
    """The first stage of a newspaper that has three."""
    return stages.set_stages(newspaper=factories.newspaper(), stages=WANTED, actor=chief)[0]


def client_of(person):
    client = Client()
    client.force_login(person)
    return client


def fresh(item):
    return type(item).objects.with_page().get(pk=item.pk)


def act(item, name="sign"):
    return reverse(f"admin:articles_{item.snapshot_key}_act", args=[item.pk, name])


def change(item):
    return reverse(f"admin:articles_{item.snapshot_key}_change", args=[item.pk])


def form(item):
    standing = signoffs.standing(fresh(item))
    assert standing.next is not None
    return {"base_version": fresh(item).version, "base_hash": standing.fingerprint, "stage": standing.next.pk}


def edit(item, actor, **more):
    item = fresh(item)
    return items.edit_item(item=item, content={**item.content, **more}, base_version=item.version, actor=actor)


def test_an_item_is_signed_after_it_was_shown(proof, as_corrector):
    article = factories.article(text="本报讯 通读我。")
    text = as_corrector.get(act(article)).content.decode()
    assert "请通读全文" in text and "通读我" in text and "签“一校”" in text
    assert not SignOff.objects.exists()
    response = as_corrector.post(act(article), {**form(article), "errors_found": "2", "note": "核过人名"})
    assert response.url == change(article)
    row = SignOff.objects.get()
    assert (row.stage_name, row.errors, row.note) == ("一校", 2, "核过人名")
    shown = as_corrector.get(change(article)).content.decode()
    assert "核过人名" in shown and "等签" in shown


def test_signing_again_shows_only_what_changed_since_ones_own_signature(proof, editor):
    client = client_of(editor)
    article = factories.article(headline="陈棣镇", text="一字未动的正文。")
    client.post(act(article), form(article))
    other = factories.user(role="编辑")
    edit(article, other, headline="陈埭镇")
    text = client.get(act(article)).content.decode()
    assert "你签过之后的改动" in text and "埭</ins>" in text and "<summary>全文</summary>" in text
    changes = text[text.index("你签过之后的改动") : text.index("<summary>全文")]
    assert "一字未动" not in changes
    client.post(act(article), form(article))
    assert "一个字都没有改" in client.get(act(article)).content.decode()


def test_a_text_that_changed_under_the_signers_eyes_is_not_signed(proof, as_corrector, editor):
    article = factories.article()
    seen = form(article)
    edit(article, editor, headline="改了")
    response = as_corrector.post(act(article), {**seen, "note": "我的意见"})
    text = response.content.decode()
    assert response.status_code == 409 and not SignOff.objects.exists()
    assert "没有签" in text and "我的意见" in text and 'name="base_version" value="2"' in text
    assert as_corrector.post(act(article), form(article)).status_code == 302


def test_why_nobody_can_sign_now_is_said(proof, as_corrector, as_chief, chief):
    article = factories.article()
    as_corrector.post(act(article), form(article))
    text = as_corrector.get(act(article)).content.decode()
    assert "你的角色不能签“初审”" in text and "签“初审”</button>" not in text
    assert "你的角色不能签“初审”" in as_corrector.get(change(article)).content.decode()
    as_chief.post(act(article), form(article))
    assert "你已签过“初审”" in as_chief.get(act(article)).content.decode()
    refused = as_chief.post(act(article), form(article))
    assert refused.status_code == 200 and "你已签过“初审”" in refused.content.decode()
    assert SignOff.objects.count() == 2


def test_what_cannot_be_published_yet_says_which_signatures_are_missing(proof, as_chief):
    article = factories.article(corrected=True)
    assert "还没有签：一校、初审、终审" in as_chief.get(change(article)).content.decode()


def test_saving_goes_on_to_signing_what_was_saved(proof, as_corrector):
    article = factories.article()
    data = item_form(as_corrector.get(change(article)), headline="新题", _sign="1")
    response = as_corrector.post(change(article), data)
    assert response.url == act(article)
    assert fresh(article).headline == "新题"


def test_a_notice_is_signed_in_clear_and_that_is_recorded(proof, as_corrector):
    notice = factories.notice(text="遗失身份证350582199001010011。", corrected=True)
    assert "350582199001010011" not in as_corrector.get(change(notice)).content.decode()
    assert "350582199001010011" in as_corrector.get(act(notice)).content.decode()
    entry = HistoryEntry.objects.filter(act="unmasked").get()
    assert entry.reason == "签“一校”"


@pytest.mark.parametrize(("role", "status"), [("录入校对", 200), ("编辑", 200), ("管理员", 403), ("", 403)])
def test_who_signs_nothing_has_no_such_page(proof, role, status):
    client, article = client_for(role), factories.article()
    assert client.get(act(article)).status_code == status
    page = reverse("admin:articles_page_sign", args=[article.page_id])
    issue = reverse("admin:articles_issue_sign", args=[article.page.issue_id])
    assert client.get(page).status_code == client.get(issue).status_code == status


# A page or an issue at once


def rows_of(text):
    return re.findall(r'name="row" value="([^"]+)"', text)


@pytest.mark.parametrize("of", ["page", "issue"])
def test_what_can_be_signed_is_signed_and_the_rest_listed_with_its_reason(proof, as_corrector, editor, of):
    page = factories.page()
    good = [factories.article(on=page, headline=f"可以{n}") for n in range(2)] + [factories.notice(on=page)]
    empty = factories.article(on=page, headline="没有正文", text="")
    done = factories.article(on=page, headline="签过的")
    signing.sign(item=done, stage=proof, actor=editor, base_version=1)
    url = reverse(f"admin:articles_{of}_sign", args=[page.pk if of == "page" else page.issue_id])
    text = as_corrector.get(url).content.decode()
    keys = rows_of(text)
    assert len(keys) == 3 and "3 条可以，2 条不能" in text
    assert "没有可签的" in text and "“一校”已由bianji签过" in text
    edit(good[0], editor, headline="别人刚改")
    result = as_corrector.post(url, {"stage": proof.pk, "row": keys, "note": "整版"}).content.decode()
    assert "2 条已签，1 条没有" in result and "别人已经保存过" in result
    assert SignOff.objects.filter(note="整版").count() == 2
    assert fresh(empty).work_state == WorkState.IMPORTED


def test_rows_of_another_page_are_not_signed_by_this_one(proof, as_corrector):
    page, other = factories.page(), factories.page(number=2)
    factories.article(on=page)
    elsewhere = factories.article(on=other)
    keys = rows_of(as_corrector.get(reverse("admin:articles_page_sign", args=[other.pk])).content.decode())
    assert len(keys) == 1
    as_corrector.post(reverse("admin:articles_page_sign", args=[page.pk]), {"stage": proof.pk, "row": keys})
    assert not signoffs.standing(fresh(elsewhere)).holding


def test_a_newspaper_without_stages_says_so(as_corrector):
    article = factories.article()
    url = reverse("admin:articles_page_sign", args=[article.page_id])
    assert "没有设校审环节" in as_corrector.get(url).content.decode()
    page = as_corrector.get(reverse("admin:articles_page_change", args=[article.page_id])).content.decode()
    assert "整版签审" not in page


def test_the_page_says_what_each_item_waits_for(proof, as_corrector, editor):
    article = factories.article()
    url = reverse("admin:articles_page_change", args=[article.page_id])
    assert "等一校" in as_corrector.get(url).content.decode()
    signing.sign(item=article, stage=proof, actor=editor, base_version=1)
    edit(article, editor, headline="改")
    assert "改后须重签" in as_corrector.get(url).content.decode()


# 审稿单


def test_the_form_of_an_item_tells_who_signed_what_and_what_they_changed(proof, as_chief, editor, chief):
    article = factories.article(headline="陈棣镇")
    signing.sign(item=article, stage=proof, actor=editor, base_version=1, errors=2, note="已核")
    signing.send_back(item=article, actor=chief, reason="数字再核")
    edit(article, editor, headline="陈埭镇")
    last = signing.sign(item=fresh(article), stage=proof, actor=editor, base_version=2)
    text = as_chief.get(reverse("admin:articles_article_form", args=[article.pk])).content.decode()
    assert f"A{article.pk}-S{last.pk}" in text
    for part in ("已核", "差错 2 处（签字人填）", "数字再核", "退回", "埭</ins>", "比前一次改动 1 处", last.hash[:16]):
        assert part in text, part
    assert text.count("有效") == 1


def test_the_form_of_a_page_has_a_row_for_each_item(proof, as_chief, editor):
    page = factories.page()
    one, two = factories.article(on=page, headline="甲"), factories.article(on=page, headline="乙")
    signing.sign(item=one, stage=proof, actor=editor, base_version=1)
    text = as_chief.get(reverse("admin:articles_page_form", args=[page.pk])).content.decode()
    assert text.index("甲") < text.index("乙") and "各环节签齐的 0 条" in text
    assert f"P{page.pk}-S{SignOff.objects.latest('pk').pk}" in text
    assert signoffs.standing(fresh(two)).fingerprint[:12] in text


def test_the_forms_do_not_show_numbers_to_those_who_may_not_see_them(proof, editor):
    notice = factories.notice(text="遗失身份证350582199001010011。")
    signing.sign(item=notice, stage=proof, actor=editor, base_version=1)
    body = [{**notice.body[0], "text": "遗失身份证350582199001010012。"}]
    edit(notice, editor, body=body)
    signing.sign(item=fresh(notice), stage=proof, actor=editor, base_version=2)
    client = client_for("管理员")
    for url in (
        reverse("admin:articles_notice_form", args=[notice.pk]),
        reverse("admin:articles_page_form", args=[notice.page_id]),
    ):
        text = client.get(url).content.decode()
        assert "35058219900101001" not in text
    assert "号码已遮盖" in client.get(reverse("admin:articles_notice_form", args=[notice.pk])).content.decode()


def test_queries_do_not_grow_with_the_items(proof, as_chief, editor):
    def count(page, name):
        with CaptureQueriesContext(connection) as captured:
            assert as_chief.get(reverse(f"admin:articles_page_{name}", args=[page.pk])).status_code == 200
        return len(captured)

    few, many = factories.page(), factories.page(number=2)
    for page, number in ((few, 2), (many, 30)):
        for _ in range(number):
            for item in (factories.article(on=page), factories.notice(on=page)):
                signing.sign(item=item, stage=proof, actor=editor, base_version=1)
    for name in ("sign", "form", "change"):
        count(few, name), count(many, name)  # looking at the source is recorded once
        assert count(few, name) == count(many, name), name


# Stages of a newspaper


def newspaper_form(**more):
    return {"name": "青溪日报", "slug": "qingxi", "description": "", "expected_pages": "", **more}


def test_a_new_newspaper_is_offered_all_six_stages(as_chief):
    text = as_chief.get(reverse("admin:articles_newspaper_add")).content.decode()
    offered = re.search(r"<textarea[^>]*stage_lines[^>]*>\s*(.*?)</textarea>", text, re.DOTALL)
    assert offered is not None
    as_chief.post(reverse("admin:articles_newspaper_add"), newspaper_form(stage_lines=offered[1]))
    kinds = list(Stage.objects.in_use().values_list("name", "kind"))
    assert kinds == [
        ("一校", "proof"), ("二校", "proof"), ("三校", "proof"), ("初审", "first"), ("复审", "second"),
        ("终审", "final"),
    ]  # fmt: skip
    assert list(HistoryEntry.objects.filter(target="newspaper").values_list("act", flat=True)) == ["edited", "created"]


def test_stages_are_changed_on_the_newspapers_screen(proof, as_chief):
    url = reverse("admin:articles_newspaper_change", args=[proof.newspaper_id])
    assert as_chief.post(url, newspaper_form(stage_lines="一校\r\n\r\n总编签发 终审\r\n")).status_code == 302
    assert [(s.name, s.kind) for s in Stage.objects.in_use()] == [("一校", "proof"), ("总编签发", "final")]
    assert "总编签发 终审" in as_chief.get(url).content.decode()
    wrong = as_chief.post(url, newspaper_form(stage_lines="终审\n一校"))
    assert wrong.status_code == 200 and "次序不对" in wrong.content.decode()
    history = as_chief.get(reverse("admin:articles_newspaper_history", args=[proof.newspaper_id])).content.decode()
    assert "校审环节" in history


def test_those_who_only_look_see_the_stages(proof, as_corrector):
    url = reverse("admin:articles_newspaper_change", args=[proof.newspaper_id])
    assert "一校 → 初审 → 终审" in as_corrector.get(url).content.decode()
    assert as_corrector.post(url, newspaper_form(stage_lines="")).status_code == 403


def test_the_list_of_sign_offs_shows_every_kind(proof, as_chief, editor):
    article = factories.article()
    signing.sign(item=article, stage=proof, actor=editor, base_version=1, note="核过")
    signing.send_back(item=article, actor=editor, reason="再看")
    text = as_chief.get(reverse("admin:articles_signoff_changelist")).content.decode()
    assert "核过" in text and "再看" in text and "退回" in text
    row = SignOff.objects.latest("pk")
    assert as_chief.get(reverse("admin:articles_signoff_change", args=[row.pk])).status_code == 200
