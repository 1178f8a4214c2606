"""The item screen: every write through an action, nothing lost, nothing bypassed."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from articles import history
from articles.models import (
    Act,
    Contributor,
    Finding,
    FindingState,
    LinkState,
    Topic,
    TopicLink,
    WorkState,
)
from tests import factories
from tests.articles.admin.forms import item_form

pytestmark = pytest.mark.django_db


def address(item, screen="change", *args):
    return reverse(f"admin:articles_{item.snapshot_key}_{screen}", args=[item.pk, *args])


def three_pieces():
    body = [{"id": f"s{n}", "role": "paragraph", "text": f"第{n}段文字。"} for n in (1, 2, 3)]
    return factories.article(body=body)


def send(client, item, button="_save", **changes):
    shown = client.get(address(item))
    return client.post(address(item), {**item_form(shown, **changes), button: "1"})


def fresh(item):
    return type(item).objects.get(pk=item.pk)


def test_saving_what_was_shown_changes_nothing(as_corrector):
    for item in (three_pieces(), factories.notice(on=factories.page(number=2))):
        acts = history.of(item).exclude(act=Act.UNMASKED)  # looking is recorded, and is no change
        before = fresh(item).content, acts.count()
        response = send(as_corrector, item)
        assert response.status_code == 302
        assert (fresh(item).content, acts.all().count()) == before


def test_an_edited_headline_and_block_become_a_new_version(as_corrector):
    article = three_pieces()
    send(as_corrector, article, headline="新主题", block_s2_text="改过的第二段。", reason="错字")
    saved = fresh(article)
    assert (saved.headline, saved.body[1]["text"], saved.version) == ("新主题", "改过的第二段。", 2)
    assert history.of(article)[0].reason == "错字"


def test_blocks_are_reordered_split_joined_and_taken_out(as_corrector):
    article = three_pieces()
    send(as_corrector, article, block_s3_order="5", block_s1_text="甲。\r\n\r\n乙。", block_s2_is_removed="on")
    assert [p["text"] for p in fresh(article).body] == ["第3段文字。", "甲。", "乙。"]
    article.page.refresh_from_db()
    assert [p["text"] for p in article.page.unplaced] == ["第2段文字。"]


def test_joined_text_is_not_kept_twice(as_corrector):
    article = three_pieces()
    send(as_corrector, article, block_s2_is_joined="on")
    assert [p["text"] for p in fresh(article).body] == ["第1段文字。第2段文字。", "第3段文字。"]
    article.page.refresh_from_db()
    assert article.page.unplaced == []


def test_a_paragraph_becomes_the_headline(as_corrector):
    article = factories.article(headline="", body=[{"id": "s1", "role": "paragraph", "text": "大桥通车"}])
    send(as_corrector, article, block_s1_role="headline")
    assert (fresh(article).headline, fresh(article).body) == ("大桥通车", [])


def test_blocks_move_to_another_item_of_the_page(as_corrector):
    article = three_pieces()
    other = factories.notice(on=article.page)
    send(as_corrector, article, block_s2_is_away="on", block_s3_is_away="on", target=f"notice:{other.pk}")
    assert [p["text"] for p in fresh(article).body] == ["第1段文字。"]
    assert [p["text"] for p in fresh(other).body][1:] == ["第2段文字。", "第3段文字。"]


def test_blocks_move_to_unplaced_and_to_a_new_article(as_editor):
    article = three_pieces()
    send(as_editor, article, block_s2_is_away="on", target="unplaced")
    article.page.refresh_from_db()
    assert [p["text"] for p in article.page.unplaced] == ["第2段文字。"]
    send(as_editor, article, block_s3_is_away="on", target="new-article")
    made = article.page.articles.exclude(pk=article.pk).get()
    assert [p["text"] for p in made.body] == ["第3段文字。"]


def test_blocks_marked_to_move_need_a_target(as_corrector):
    article = three_pieces()
    response = send(as_corrector, article, block_s2_is_away="on")
    assert "移到哪里" in response.content.decode()
    other = factories.notice(on=article.page)
    response = send(as_corrector, article, target=f"notice:{other.pk}")
    assert "勾选要移走的段落" in response.content.decode()
    assert fresh(article).version == 1


def test_targets_have_the_numbers_of_their_page(as_corrector):
    article = three_pieces()
    other = factories.notice(on=article.page)
    text = as_corrector.get(address(article)).content.decode()
    assert f'<option value="notice:{other.pk}">2. ' in text


def test_a_corrector_cannot_make_new_items(as_corrector):
    article = three_pieces()
    response = send(as_corrector, article, block_s3_is_away="on", target="new-article")
    assert response.status_code == 200 and "不能新建" in response.content.decode()
    assert fresh(article).version == 1


def test_errors_stand_beside_their_field_in_chinese_and_keep_what_was_typed(as_corrector):
    article = three_pieces()
    response = send(as_corrector, article, headline="长" * 301, block_s1_text="  ")
    text = response.content.decode()
    assert "不能超过 300 字" in text or "移出" in text
    assert "长" * 301 in text
    assert fresh(article).version == 1


def test_a_control_character_is_refused_not_crashed_on(as_corrector):
    article = three_pieces()
    response = send(as_corrector, article, headline="甲\x00乙", block_s1_text="甲\x00乙")
    assert response.status_code == 200 and fresh(article).version == 1


def test_credits_are_set_and_unknown_people_are_refused_to_correctors(as_corrector, as_editor):
    article = three_pieces()
    response = send(as_corrector, article, credits="记者 王小明")
    assert "作者库里没有王小明" in response.content.decode()
    send(as_editor, article, credits="记者 王小明\n通讯员 李四（深沪镇）")
    assert [str(c) for c in article.credits.all()] == ["记者 王小明", "通讯员 李四（深沪镇）"]
    assert Contributor.objects.count() == 2
    send(as_corrector, article, credits="记者 王小明")
    assert [str(c) for c in article.credits.all()] == ["记者 王小明"]


def test_save_and_correct_in_one_step(as_corrector):
    article = three_pieces()
    send(as_corrector, article, "_corrected", headline="定稿")
    assert (fresh(article).headline, fresh(article).work_state) == ("定稿", WorkState.CORRECTED)


def test_corrected_next_goes_to_the_next_item_and_then_to_the_page(as_corrector):
    first = three_pieces()
    second = factories.notice(on=first.page)
    assert send(as_corrector, first, "_corrected_next").url == address(second)
    assert send(as_corrector, second, "_corrected_next").url == reverse(
        "admin:articles_page_change", args=[first.page_id]
    )


def test_a_stale_save_answers_409_with_all_three_texts_and_loses_nothing(as_corrector, as_editor):
    article = three_pieces()
    mine = as_corrector.get(address(article))
    User.objects.filter(groups__name="编辑").update(last_name="王")
    send(as_editor, article, headline="对方的主题", block_s3_text="对方的第三段。")
    data = item_form(mine, headline="我的主题", block_s1_text="我的第一段。")
    response = as_corrector.post(address(article), {**data, "_save": "1"})
    assert response.status_code == 409
    text = response.content.decode()
    for each in ("你打开之后，王（", "青溪大桥建成通车", "对方的主题", "我的主题", "我的第一段。", "对方的第三段。"):
        assert each in text
    assert fresh(article).headline == "对方的主题"
    # what the page offers can be saved as it stands
    again = as_corrector.post(address(article), {**item_form(response), "_save": "1"})
    assert again.status_code == 302
    saved = fresh(article)
    assert saved.headline == "我的主题"
    assert [p["text"] for p in saved.body] == ["我的第一段。", "第2段文字。", "对方的第三段。"]


def test_a_double_submit_is_not_a_conflict(as_corrector):
    article = three_pieces()
    data = {**item_form(as_corrector.get(address(article)), headline="新主题"), "_save": "1"}
    assert [as_corrector.post(address(article), data).status_code for _ in range(2)] == [302, 302]
    assert fresh(article).version == 2


def test_a_finding_is_settled_together_with_the_edits(as_corrector):
    article = three_pieces()
    finding = Finding.objects.create(page=article.page, article=article, key="k", kind="typo", message="疑为错字")
    response = as_corrector.get(address(article))
    data = item_form(response, headline="改好的主题")
    as_corrector.post(address(article), {**data, "_settle": f"{finding.pk}:accepted"})
    finding.refresh_from_db()
    assert finding.state == FindingState.ACCEPTED and fresh(article).headline == "改好的主题"
    data = item_form(as_corrector.get(address(article)))
    told = as_corrector.post(address(article), {**data, "_settle": f"{finding.pk}:dismissed"}, follow=True)
    assert "疑点已处理，文字没有变化。" in told.content.decode()


def test_another_items_finding_cannot_be_settled_here(as_corrector):
    article, other = three_pieces(), factories.notice(on=factories.page(number=2))
    finding = Finding.objects.create(page=other.page, notice=other, key="k", kind="typo", message="疑为错字")
    data = item_form(as_corrector.get(address(article)))
    as_corrector.post(address(article), {**data, "_settle": f"{finding.pk}:accepted"})
    finding.refresh_from_db()
    assert finding.state == FindingState.OPEN


def test_topics_are_confirmed_by_editors_only(as_corrector, as_editor):
    article = three_pieces()
    bridge = Topic.objects.create(name="桥梁", slug="bridges")
    Topic.objects.create(name="通车", slug="opening")
    TopicLink.objects.create(article=article, topic=bridge)
    send(as_corrector, article, **{f"topic-{bridge.pk}": "confirmed"})
    assert article.topic_links.get().state == LinkState.SUGGESTED
    send(as_editor, article, new_topic="通车", **{f"topic-{bridge.pk}": "rejected"})
    assert {link.topic.name: link.state for link in article.topic_links.all()} == {
        "桥梁": LinkState.REJECTED,
        "通车": LinkState.CONFIRMED,
    }
    assert "没有叫" in send(as_editor, article, new_topic="没有的").content.decode()


def test_a_new_article_is_made_on_its_page(as_editor):
    page = factories.page()
    add = reverse("admin:articles_article_add")
    assert as_editor.get(add).url == reverse("admin:articles_page_changelist")
    shown = as_editor.get(f"{add}?page={page.pk}")
    data = {**item_form(shown), "headline": "新稿", "block-0-text": "甲\r\n\r\n乙", "credits": "记者 王小明"}
    response = as_editor.post(f"{add}?page={page.pk}", data)
    made = page.articles.get()
    assert response.url == address(made)
    assert (made.headline, len(made.body), made.credits.count()) == ("新稿", 2, 1)
    assert history.of(made).filter(act=Act.CREATED).exists()


def test_a_new_notice_is_made_on_its_page(as_editor):
    page = factories.page()
    url = f"{reverse('admin:articles_notice_add')}?page={page.pk}"
    data = {**item_form(as_editor.get(url)), "kind": "招租", "block-0-text": "店面招租。", "fields.phones": "123\n456"}
    as_editor.post(url, data)
    made = page.notices.get()
    assert (made.kind, made.fields["phones"]) == ("招租", ["123", "456"])


def test_notice_fields_nobody_touched_stay_as_they_were(as_corrector):
    notice = factories.notice(fields={"declarant": "王小明", "numbers": ["1", "2"], "unknown": {"x": 1}, "uscc": None})
    send(as_corrector, notice, heading="遗失")
    assert fresh(notice).fields == {"declarant": "王小明", "numbers": ["1", "2"], "unknown": {"x": 1}, "uscc": None}


def test_history_shows_each_change_by_character_and_restores(as_corrector):
    article = factories.article(headline="陈棣镇大桥通车")
    send(as_corrector, article, headline="陈埭镇大桥通车")
    text = as_corrector.get(address(article, "history")).content.decode()
    assert '<del><span class="mark">－</span>棣</del><ins><span class="mark">＋</span>埭</ins>' in text
    restore = address(article, "restore", 1)
    assert "棣" in as_corrector.get(restore).content.decode()
    assert as_corrector.post(restore, {"base_version": "1"}).status_code == 409
    assert as_corrector.post(restore, {"base_version": "2"}).status_code == 302
    assert (fresh(article).headline, fresh(article).version) == ("陈棣镇大桥通车", 3)
    assert as_corrector.get(address(article, "restore", 99)).status_code == 404


def test_restoring_takes_text_back_from_unplaced(as_corrector):
    article = three_pieces()
    send(as_corrector, article, block_s2_is_removed="on")
    as_corrector.post(address(article, "restore", 1), {"base_version": "2"})
    article.page.refresh_from_db()
    assert len(fresh(article).body) == 3 and article.page.unplaced == []


def test_text_is_escaped_wherever_it_is_shown(as_corrector):
    article = factories.article(headline="<script>alert(1)</script>", text="<b>粗</b>")
    for screen in ("change", "history"):
        assert b"<script>alert" not in as_corrector.get(address(article, screen)).content


@pytest.mark.parametrize("bad", ["0", "abc", "9" * 30, "1'"])
def test_addresses_of_nothing_answer_404(as_corrector, bad):
    assert as_corrector.get(f"/admin/articles/article/{bad}/change/").status_code == 404


def test_every_disabled_act_says_why(as_corrector):
    text = as_corrector.get(address(three_pieces())).content.decode()
    assert "你的角色没有这项权限" in text and "还在待校" in text


def test_no_screen_holds_inline_script_style_or_handler(as_chief):
    import re

    article = factories.article()
    factories.published(article)
    TopicLink.objects.create(article=article, topic=Topic.objects.create(name="桥梁", slug="bridges"))
    urls = [
        address(article),
        address(article, "history"),
        address(article, "act", "withdraw"),
        reverse("admin:articles_page_change", args=[article.page_id]),
        reverse("admin:articles_page_publish", args=[article.page_id]),
        *(reverse(f"admin:articles_{m}_changelist") for m in ("article", "page", "issue", "topic")),
        reverse("admin:articles_article_export"),
        reverse("admin:articles_topic_import"),
        reverse("admin:index"),
    ]
    for url in urls:
        text = as_chief.get(url).content.decode()
        assert not re.search(r"<[^>]+\s(style|on[a-z]+)\s*=|<style|<script(?![^>]*\ssrc=)", text), url


def test_credits_changed_by_two_people_are_a_conflict_too(as_editor, as_chief):
    article = three_pieces()
    mine = as_editor.get(address(article))
    send(as_chief, article, credits="记者 对方")
    response = as_editor.post(address(article), {**item_form(mine, credits="记者 我的"), "_save": "1"})
    text = response.content.decode()
    assert response.status_code == 409 and "记者 对方" in text and "记者 我的" in text
    assert as_editor.post(address(article), {**item_form(response), "_save": "1"}).status_code == 302
    assert [str(c) for c in article.credits.all()] == ["记者 我的"]


def test_credits_nobody_touched_here_stay_as_the_other_left_them(as_editor, as_chief):
    article = three_pieces()
    mine = as_editor.get(address(article))
    send(as_chief, article, credits="记者 对方")
    assert as_editor.post(address(article), {**item_form(mine, headline="改"), "_save": "1"}).status_code == 302
    assert [str(c) for c in article.credits.all()] == ["记者 对方"]


def test_a_text_changed_after_publication_says_so(as_chief):
    article = three_pieces()
    factories.published(article)
    assert "见报后又改过" not in as_chief.get(address(article)).content.decode()
    send(as_chief, article, headline="改")
    assert "见报后又改过" in as_chief.get(address(article)).content.decode()
