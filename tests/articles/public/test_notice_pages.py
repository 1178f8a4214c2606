"""Repeats shown once, proof of publication, periods still running, search engines; and no private number anywhere."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone

from articles.actions import notices as acts
from articles.actions import publishing
from articles.models import Page
from articles.people import engine_user
from tests import factories
from tests.articles.public import markup
from tests.articles.public.conftest import edit
from tests.articles.public.test_leaks import crawl


def page(day, *, paper=None, number=1, month=3, year=2024):
    date = datetime.date(year, month, day)
    there = Page.objects.filter(issue__date=date, number=number, issue__newspaper=paper or factories.newspaper())
    return there.first() or factories.page(paper=paper, date=date, number=number)


def printed(day, *, text="青溪造纸厂遗失公章一枚，编号3505820001234，声明作废。", paper=None, **fields):
    made = factories.notice(
        on=page(day, paper=paper), text=text, fields={"declarant": "青溪造纸厂", "numbers": ["3505820001234"], **fields}
    )
    factories.published(made)
    return made


def shown(reader, query=""):
    html = reader.get(f"/notices/?{query}").content.decode()
    assert markup.read(html).faults == []
    return html


# Repeats


def test_a_notice_printed_three_times_is_listed_once_with_its_dates(db, reader):
    first, second, third = (printed(day) for day in (5, 12, 19))
    html = shown(reader)
    assert html.count('class="entry-title"') == 1
    assert f'<h2 class="entry-title"><a href="{third.get_absolute_url()}">' in html
    assert "共刊登 3 次" in html and first.get_absolute_url() in html and second.get_absolute_url() in html
    detail = reader.get(second.get_absolute_url()).content.decode()
    assert markup.read(detail).faults == []
    assert "同一公告共刊登 3 次" in detail and detail.count("（本页）") == 1
    assert reader.get("/").content.decode().count(first.get_absolute_url()) == 0


def test_within_a_period_the_newest_of_that_period_is_listed(db, reader):
    first, second = printed(5), printed(19)
    html = shown(reader, "until=2024-03-10")
    assert f'<h2 class="entry-title"><a href="{first.get_absolute_url()}">' in html and "共刊登 2 次" in html
    other = factories.newspaper(name="白沙晚报", slug="baisha")
    printed(20, paper=other)
    assert f'<h2 class="entry-title"><a href="{second.get_absolute_url()}">' in shown(reader, "newspaper=qingxi")


def test_a_printing_that_is_not_public_hides_no_other(db, reader):
    first, second = printed(5), printed(19)
    publishing.withdraw(item=second, actor=engine_user(), reason="重复。")
    factories.notice(on=page(26), text=first.body[0]["text"], fields=first.fields)  # a draft
    html = shown(reader)
    assert first.get_absolute_url() in html and "共刊登" not in html and second.get_absolute_url() not in html


def test_an_editor_sets_a_printing_apart(db, reader):
    first, second = printed(5), printed(19)
    acts.unlink(notice=second, actor=engine_user(), reason="两枚公章。")
    html = shown(reader)
    assert html.count('class="entry-title"') == 2 and "共刊登" not in html
    assert first.get_absolute_url() in html and second.get_absolute_url() in html


# Text filter


@pytest.mark.parametrize(("text", "count"), [("造纸", 1), ("公章一枚", 1), ("遗失声明：青溪", 1), ("没有", 0)])
def test_text_narrows(db, reader, text, count):
    printed(5)
    assert shown(reader, f"text={text}").count('class="entry-title"') == count


@pytest.mark.parametrize("text", ["章", "字" * 41])
def test_a_text_too_short_or_long_is_refused(db, reader, text):
    printed(5)
    response = reader.get(f"/notices/?text={text}")
    assert response.status_code == 400 and 'id="id_text_error"' in response.content.decode()
    assert "青溪造纸厂" not in response.content.decode()


# Proof of publication


def test_a_proof_says_where_when_and_what(db, reader):
    made = printed(5)
    path = f"{made.get_absolute_url()}proof/"
    response = reader.get(path)
    html = response.content.decode()
    document = markup.read(html)
    assert response.status_code == 200 and document.faults == []
    for said in (
        "《青溪日报》",
        "2024年3月5日 星期二",
        "第1版",
        "遗失公章一枚",
        "青溪日报, 2024-03-05(1).",
        "出具时间",
    ):
        assert said in html
    assert f"http://testserver{made.get_absolute_url()}" in document.text
    assert response.headers["Cache-Control"] == "no-store" and response.headers["X-Robots-Tag"] == "noindex"
    assert document.metas["robots"].startswith("noindex")
    assert "3505820001234" not in html and "0001234" not in html


def test_the_fingerprint_follows_the_text_and_nothing_else(db):
    from articles.public.proof import fingerprint

    made = printed(5)
    first = made.snapshots.get()
    assert fingerprint(first) == fingerprint(made.snapshots.get())
    second = factories.published(edit(made, body=[{**made.body[0], "text": "青溪造纸厂遗失财务章一枚，声明作废。"}]))
    assert fingerprint(first) != fingerprint(second)


def test_there_is_no_proof_of_what_is_not_public(db, reader):
    draft = factories.notice(on=page(4))
    assert reader.get(f"{draft.get_absolute_url()}proof/").status_code == 404
    made = printed(5)
    publishing.withdraw(item=made, actor=engine_user(), reason="声明人撤回。")
    response = reader.get(f"{made.get_absolute_url()}proof/")
    assert response.status_code == 410 and "声明人撤回" in response.content.decode()


# Periods still running


def due(days, name):
    day = timezone.localdate() + datetime.timedelta(days)
    made = factories.notice(
        on=page(1),
        kind="清算公告",
        heading="清算公告",
        text=f"{name}公司清算，请债权人申报。",
        fields={"declarant": f"{name}公司", "deadline": day.isoformat()},
    )
    factories.published(made)
    return made


def test_running_periods_are_listed_in_the_order_they_end(db, reader):
    names = {20: "丁丁丁", 0: "甲甲甲", -1: "已过过", 1: "乙乙乙", 5: "丙丙丙"}
    for days, name in names.items():
        due(days, name)
    printed(5)
    html = reader.get("/notices/open/").content.decode()
    assert markup.read(html).faults == []
    places = [html.index(name) for name in ("甲甲甲", "乙乙乙", "丙丙丙", "丁丁丁")]
    assert places == sorted(places) and "已过过" not in html and "造纸厂" not in html


def test_a_period_ends_with_the_day_in_shanghai(db, reader, monkeypatch):
    due(0, "甲甲甲")
    day = timezone.localdate()
    zone = timezone.get_default_timezone()
    last = datetime.datetime.combine(day, datetime.time(23, 59, 30), zone)
    for now, is_open in ((last, True), (last + datetime.timedelta(minutes=1), False)):
        monkeypatch.setattr("django.utils.timezone.now", lambda now=now: now)
        assert ("甲甲甲" in reader.get("/notices/open/").content.decode()) is is_open


def test_running_periods_are_paged_without_gap_or_repeat(db, reader, monkeypatch):
    monkeypatch.setattr("articles.public.notices.PAGE_SIZE", 2)
    made = [due(days, f"第{days}号") for days in (3, 3, 3, 4, 5)]
    path, seen = "/notices/open/", []
    for _ in range(5):
        html = reader.get(path).content.decode()
        seen += [one.pk for one in made if f'<h2 class="entry-title"><a href="{one.get_absolute_url()}">' in html]
        following = [link for link in markup.read(html).links if "after=" in link]
        if not following:
            break
        path = following[0]
    assert seen == [one.pk for one in made]


@pytest.mark.parametrize("after", ["x", "2024-13-01.1", "2024-01-01.0", "2024-01-01", "2024-01-01.1.2"])
def test_a_wrong_place_is_refused(db, reader, after):
    assert reader.get(f"/notices/open/?after={after}").status_code == 400
    assert reader.get("/notices/open/?kind=清算公告").status_code == 400


# Search engines


@pytest.mark.parametrize(("age", "years", "is_listed"), [(10, 2, True), (800, 2, False), (800, 3, True), (0, 0, True)])
def test_old_notices_are_not_for_search_engines(db, reader, settings, age, years, is_listed):
    settings.NOTICE_INDEX_YEARS = years
    day = timezone.localdate() - datetime.timedelta(age)
    made = factories.notice(on=factories.page(date=day))
    factories.published(made)
    response = reader.get(made.get_absolute_url())
    document = markup.read(response.content.decode())
    assert ("robots" not in document.metas) is is_listed and ("X-Robots-Tag" not in response.headers) is is_listed
    sitemap = reader.get(f"/p/qingxi/sitemap-{day:%Y-%m}.xml").content.decode()
    assert (made.get_absolute_url() in sitemap) is is_listed


# Leaks

PRIVATE = ["350582199001011235", "13905951234", "85661234", "6222021234567890123", "T350012345", "20231234567890"]


def test_no_private_number_stands_anywhere_readers_come(db, reader):
    identity, mobile, landline, card, birth, licence = PRIVATE
    text = (
        f"林小明遗失身份证（{identity[:6]} {identity[6:14]}\n{identity[14:]}），"
        f"联系电话：{mobile[:3]}-{mobile[3:7]}-{mobile[7:]}、"
        f"０５９５－{landline}，账号{card}，出生证编号：Ｔ３５００　１２３４５，驾驶证档案号{licence}。"
    )
    fields = {
        "declarant": f"林小明（{identity}）",
        "numbers": [identity, card, birth],
        "phones": [mobile, landline],
        "contact": f"林{mobile}",
    }
    settings_of_words: list[dict[str, Any]] = [
        {"text": text, "fields": fields},
        {"text": text, "fields": {}},
        {"text": f"{mobile} {identity}", "fields": {}, "heading": ""},
        {"text": text, "fields": {**fields, "uscc": identity}, "heading": f"遗失声明 {birth}"},
    ]
    made = [factories.notice(on=page(5, number=n + 1), **given) for n, given in enumerate(settings_of_words)]
    for one in made:
        factories.published(one)
    again = factories.notice(on=page(12), text=text, fields=fields)
    factories.published(again)
    seen = crawl(reader, "/", "/robots.txt", "/notices/open/", *(f"{one.get_absolute_url()}proof/" for one in made))
    bodies = {path: text for path, (_, text) in seen.items()}
    bodies |= {
        f"? {number}": reader.post("/notices/lookup/", {"number": number}).content.decode() for number in PRIVATE
    }
    for path, body in bodies.items():
        plain = "".join(sign for sign in body.translate({0xFF10 + n: 0x30 + n for n in range(10)}) if sign.isalnum())
        for number in PRIVATE:
            assert number[3:] not in plain, (path, number)
    assert sum("proof" in path for path in bodies) == 5
