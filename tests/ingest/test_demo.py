"""The demo: an office to look at, made by the acts of editors, which a second run leaves alone."""

from __future__ import annotations

import datetime
import io
import re
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db.models import F
from django.test import Client

from articles import signoffs
from articles.actions import items, pages, placing, publishing
from articles.actions.stages import set_stages
from articles.errors import ActionRefused
from articles.initial_topics import ensure_topics
from articles.models import (
    Act,
    Article,
    DateState,
    Finding,
    HistoryEntry,
    Issue,
    LinkState,
    Newspaper,
    Page,
    Snapshot,
    Stage,
    TopicLink,
    WorkState,
)
from ingest import demo
from ingest.management.commands import demo as command
from ingest.models import Source
from tests import factories

pytestmark = pytest.mark.django_db

ONE = """长者食堂开到家门口

本报讯（记者 王小明）一荤两素一汤，八元一份。昨日，老人们在新开的长者食堂里边
吃边聊。市民政局说，今年还将新增十二家助餐点，让更多老年人在家门口吃上热饭。
食堂由社区提供场地，养老服务机构负责运营，七十岁以上老人另有补贴。
"""
TWO = """水库提前腾出库容

本报讯（记者 李大方）汛期到来之前，市水利局调度三座水库泄洪腾库，检查海堤和水
闸，备足防汛物资。截至2024年3月1日，全市水库蓄水量比常年少一成。
"""


@pytest.fixture
def seeds(tmp_path, monkeypatch):
    """Two small pages of our own in place of the seeds, and the initial topics."""
    ensure_topics(apps)
    (tmp_path / "one.txt").write_text(ONE, "utf-8")
    (tmp_path / "two.txt").write_text(TWO, "utf-8")
    monkeypatch.setattr(demo, "seed_folder", lambda: tmp_path)
    monkeypatch.setattr(
        demo,
        "STATED",
        {
            "one.txt": demo.Stated("青溪日报", datetime.date(2024, 3, 5), 1, "要闻"),
            "two.txt": demo.Stated("青溪日报", datetime.date(2024, 3, 5), 1, "综合"),
        },
    )
    return tmp_path


def run(*arguments: str) -> str:
    out, err = io.StringIO(), io.StringIO()
    call_command("demo", *arguments, stdout=out, stderr=err)
    return out.getvalue() + err.getvalue()


def everything() -> dict[str, list[Any]]:
    """All rows of the site."""
    models = [m for label in ("articles", "ingest", "auth") for m in apps.get_app_config(label).get_models()]
    return {m.__name__: list(m._default_manager.order_by("pk").values()) for m in models}


def first_article() -> Article:
    return Article.objects.with_page().get(headline="长者食堂开到家门口")


def test_pages_are_dated_read_and_published_by_the_acts_of_editors(seeds):
    said = run()
    article = first_article()
    assert article.page.issue.date_state == DateState.CONFIRMED
    assert article.page.issue.date_basis == demo.MARK
    assert article.work_state == WorkState.CORRECTED
    assert Snapshot.objects.live().get(article=article).date == datetime.date(2024, 3, 5)
    acts = {(h.act, h.actor.username, h.reason) for h in HistoryEntry.objects.filter(target="article")}
    assert (Act.CORRECTED, "bianji", demo.MARK) in acts
    assert (Act.PUBLISHED, "zhubian", demo.MARK) in acts
    placed = HistoryEntry.objects.filter(target="page", act=Act.PLACED)
    assert {(h.actor.username, h.reason) for h in placed} == {("bianji", demo.MARK)}
    assert "长者食堂" not in said, "what is published needs no excuse"
    assert "青溪日报 2024-03-05 第1版：要闻" in said


def test_two_pages_of_one_day_get_different_numbers(seeds):
    run()
    assert Issue.objects.count() == 1
    assert set(Page.objects.values_list("number", flat=True)) == {1, 2}


def test_a_page_is_never_dated_before_what_its_text_speaks_of(seeds, monkeypatch):
    early = demo.Stated("青溪日报", datetime.date(2020, 1, 1), 1, "综合")
    monkeypatch.setitem(demo.STATED, "two.txt", early)
    run()
    date = Source.objects.get(name="two.txt").page.issue.date
    assert date is not None
    assert date >= datetime.date(2024, 3, 1)


def test_the_best_topic_is_confirmed_and_shown(seeds):
    run()
    link = TopicLink.objects.select_related("topic").get(article=first_article(), state=LinkState.CONFIRMED)
    assert link.topic.name == "医疗养老"
    assert Snapshot.objects.live().get(article=first_article()).content["topics"][0]["name"] == "医疗养老"


def _accounts(said: str) -> dict[str, str]:
    """The passwords printed, by user name."""
    found = re.findall(r"^  (\w+) +([A-Za-z0-9]{14})  ", said, re.MULTILINE)
    return {name: password for name, password in found if name in dict(demo.ACCOUNTS)}


def test_accounts_for_every_role_can_log_in_with_the_passwords_printed_once(seeds):
    said = run()
    passwords = _accounts(said)
    assert set(passwords) == {"luru", "bianji", "qianshen", "zhubian", "guanliyuan", "admin"}
    assert len(set(passwords.values())) == 6
    assert all(len(password) >= 12 for password in passwords.values())
    for name, role in demo.ACCOUNTS:
        user = User.objects.get(username=name)
        typed = {"username": name, "password": passwords[name], "next": "/admin/"}
        assert Client().post("/admin/login/", typed).status_code == 302
        assert [group.name for group in user.groups.all()] == ([role] if role else [])
        assert (user.is_staff, user.is_superuser) == (True, not role)
    again = run()
    assert _accounts(again) == {}
    assert not any(password in again for password in passwords.values())
    assert "changepassword" in again


def test_passwords_are_printed_even_when_something_goes_wrong_after(seeds, monkeypatch):
    monkeypatch.setattr(demo, "work", lambda: 1 / 0)
    out = io.StringIO()
    with pytest.raises(ZeroDivisionError):
        call_command("demo", stdout=out)
    assert len(_accounts(out.getvalue())) == 6


def test_a_second_and_a_third_run_write_nothing(seeds):
    run()
    before = everything()
    run()
    run()
    assert everything() == before


def test_what_an_editor_did_since_stays(seeds):
    run()
    editor = User.objects.get(username="bianji")
    article = first_article()
    items.edit_item(
        item=article, content={**article.content, "headline": "改过的标题"}, base_version=article.version, actor=editor
    )
    before = everything()
    run()
    assert everything() == before
    assert Snapshot.objects.live().get(article=article).title == "长者食堂开到家门口"


def test_a_withdrawn_article_is_not_published_again(seeds):
    run()
    publishing.withdraw(item=first_article(), actor=User.objects.get(username="zhubian"), reason="核实中")
    before = everything()
    run()
    assert everything() == before


@pytest.mark.parametrize("problem", ["finding", "headline", "unplaced"])
def test_what_breaks_a_rule_stays_unread_and_unpublished_with_the_reason(seeds, problem):
    call_command("ingest", str(seeds), stdout=io.StringIO(), verbosity=0)
    article = first_article()
    if problem == "finding":
        Finding.objects.create(page=article.page, article=article, key="x", kind="x", message="缺字", is_blocking=True)
        reason = "有必须先处理的疑点"
    elif problem == "headline":
        Article.objects.filter(pk=article.pk).update(headline="")
        reason = "没有主题"
    else:
        Page.objects.filter(pk=article.page_id).update(unplaced=[{"id": "s1", "text": "散落的字", "spans": []}])
        reason = "本版还有未归位的文字（归位，或确认搁置）"
    said = run()
    article.refresh_from_db()
    assert article.work_state == WorkState.IMPORTED
    assert not Snapshot.objects.filter(article=article).exists()
    assert not TopicLink.objects.filter(article=article).exclude(state=LinkState.SUGGESTED).exists()
    line = next(line for line in said.splitlines() if line.rstrip().endswith(reason))
    assert ("长者食堂" in line) is (problem != "headline")
    assert Snapshot.objects.live().exists(), "the other page is published all the same"


def test_an_editor_who_clears_the_way_publishes_it_himself(seeds):
    """Setting text aside is an editor's act: the next start of the site does not go and publish on its own."""
    call_command("ingest", str(seeds), stdout=io.StringIO(), verbosity=0)
    article = first_article()
    Page.objects.filter(pk=article.page_id).update(unplaced=[{"id": "s1", "text": "散落的字"}])
    run()
    editor = User.objects.get(username="bianji")
    items.set_aside(page=article.page, piece_id="s1", actor=editor)
    run()
    assert not Snapshot.objects.filter(article=article).exists()


def test_a_page_that_people_placed_keeps_its_place(seeds):
    call_command("ingest", str(seeds), stdout=io.StringIO(), verbosity=0)
    page = first_article().page
    placing.place_page(
        page=page,
        newspaper=factories.newspaper(),
        date=datetime.date(2023, 1, 1),
        number=7,
        section="城事",
        actor=factories.user("wang", role="编辑"),
    )
    run()
    page = Page.objects.select_related("issue").get(pk=page.pk)
    assert (page.number, page.issue.date) == (7, datetime.date(2023, 1, 1))


def test_a_database_with_pages_of_its_own_is_left_alone_unless_forced(seeds):
    factories.article(on=factories.page())
    before = everything()
    said = run()
    assert everything() == before
    assert "--force" in said
    assert "http://localhost:8000/admin/" in said
    run("--force")
    assert Snapshot.objects.live().filter(article=first_article()).exists()


def test_pages_that_come_later_do_not_stop_the_demo(seeds):
    run()
    pages.create_page(actor=User.objects.get(username="bianji"))
    before = everything()
    assert "--force" not in run()
    assert everything() == before


def test_nobody_acts_under_a_name_that_is_somebody_elses(seeds):
    factories.user("zhubian")
    with pytest.raises(CommandError, match="zhubian"):
        run()
    assert not User.objects.filter(username="luru").exists()


def test_a_taken_name_that_the_demo_does_not_need_is_left_alone(seeds):
    mine = User.objects.create_superuser("admin", password="mine")
    said = run()
    mine.refresh_from_db()
    assert mine.check_password("mine")
    assert "原有同名账号，未动" in said
    assert "admin" not in _accounts(said)


def test_closed_accounts_are_not_opened_again_and_nobody_acts_for_them(seeds):
    run()
    User.objects.filter(username="guanliyuan").delete()
    User.objects.filter(username="bianji").update(is_active=False)
    (seeds / "three.txt").write_text(ONE.replace("长者食堂", "儿童之家"), "utf-8")
    run()
    assert not User.objects.filter(username="guanliyuan").exists()
    assert not User.objects.get(username="bianji").is_active
    assert not Article.objects.filter(headline__contains="儿童之家", work_state=WorkState.CORRECTED).exists()


def test_a_page_the_demo_has_no_date_for_says_so(seeds, monkeypatch):
    monkeypatch.delitem(demo.STATED, "two.txt")
    said = run()
    assert "没能核定日期版次" in said
    assert "日期还没有确认" in said
    assert Snapshot.objects.live().count() == 1


def test_addresses_are_printed_with_the_base_given_and_work(seeds, settings):
    said = run("--base-url", "http://news.example:8001")
    urls = [word for line in said.splitlines() for word in line.split() if word.startswith("http")]
    assert "http://news.example:8001/" in urls
    assert all(url.startswith("http://news.example:8001/") for url in urls)
    assert len(urls) >= 5
    for url in urls:
        path = url.removeprefix("http://news.example:8001")
        if not path.startswith("/admin"):
            assert Client().get(path).status_code == 200, path


@pytest.mark.parametrize("text", ["localhost:8000", "ftp://x/", "http://", ""])
def test_a_base_that_is_no_address_is_refused(seeds, text):
    with pytest.raises(CommandError, match="不是网址"):
        run(f"--base-url={text}")


def test_a_file_that_cannot_go_in_does_not_stop_the_others(seeds):
    (seeds / "bad.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    said = run()
    assert "bad.txt" in said
    assert Snapshot.objects.live().filter(article=first_article()).exists()


def test_an_empty_seed_folder_is_named(seeds):
    for path in seeds.glob("*.txt"):
        path.unlink()
    with pytest.raises(CommandError, match="没有示例版面"):
        run()


def test_columns_line_up_with_chinese_in_them():
    lines = list(command.table([["版面", "见报"], ["第1版：要闻", "12"], ["x", "3"]]))
    assert lines == ["  版面         见报", "  第1版：要闻  12", "  x            3"]
    assert command.clip("绷紧思想弦 严守安全关", 12) == "绷紧思想弦…"
    assert command.width(command.clip("晋江" * 50, 48)) <= 48
    assert command.clip("短", 12) == "短"


def test_make_accounts_refuses_before_it_has_made_any(db):
    factories.user("bianji")
    with pytest.raises(ActionRefused, match="bianji"):
        demo.make_accounts()
    assert User.objects.filter(last_name=demo.FAMILY_NAME).count() == 0


def test_the_seeds_become_newspapers_of_three_titles(db, django_assert_max_num_queries):
    """The real five pages: whatever the engine makes of them, each is dated, numbered and accounted for."""
    ensure_topics(apps)
    run()
    placed = Issue.objects.filter(date_state=DateState.CONFIRMED, pages__number__isnull=False)
    assert placed.count() == 5
    assert set(placed.values_list("newspaper__name", flat=True)) == {"晋江经济报", "泉州晚报", "海峡都市报"}
    assert not placed.filter(date__lt=F("date_not_before")).exists()
    printed = Source.objects.get(name="001_d7234aef0cfb837d.txt").page
    assert printed.issue.date == datetime.date(2025, 12, 20)
    assert Snapshot.objects.live().articles().exists()
    assert Snapshot.objects.live().notices().exists()
    before = everything()
    with django_assert_max_num_queries(130):
        run()
    assert everything() == before


def test_everything_published_has_been_signed_at_every_stage_by_different_reviewers(seeds):
    run()
    for snapshot in Snapshot.objects.live():
        item = snapshot.article or snapshot.notice
        assert item is not None
        standing = signoffs.standing(item)
        assert [stage.name for stage in standing.stages] == ["一校", "二校", "三校", "初审", "复审", "终审"]
        assert not standing.unsigned
        reviewers = [standing.holding[stage.pk].by_id for stage in standing.stages if stage.is_review]
        assert len(set(reviewers)) == 3


def test_a_newspaper_that_went_without_stages_before_goes_on_without(seeds):
    run()
    for paper in Newspaper.objects.all():
        set_stages(newspaper=paper, stages=[], actor=User.objects.get(username="zhubian"))
    run()
    assert not Stage.objects.in_use().exists()


def test_without_all_of_its_people_the_demo_asks_for_no_signatures(seeds):
    factories.user("luru")
    run()
    assert not Stage.objects.exists()
    assert Snapshot.objects.live().exists()
