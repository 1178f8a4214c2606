"""Two browsers on one page, and a save that dies between any two of its statements: real transactions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from articles import versions
from articles.actions import items
from articles.models import Article, Notice
from articles.people import engine_user
from ingest.desk import operations as ops
from ingest.desk import steps
from ingest.desk.layout import characters, ledger
from ingest.desk.rows import load
from ingest.desk.saving import Saved, Stale, save
from ingest.models import DeskSave
from tests import factories
from tests.articles.test_concurrency import at_once, refused
from tests.ingest.conftest import every_row
from tests.ingest.desk.makers import finding, page_with_source, rows, step

pytestmark = pytest.mark.django_db(transaction=True)


class Killed(Exception):
    """The server dies here."""


class Dying:
    """Lets a number of statements through, then dies."""

    def __init__(self, *, after: int) -> None:
        self.left = after

    def __call__(self, execute: Any, *statement: Any) -> Any:
        if not self.left:
            raise Killed
        self.left -= 1
        return execute(*statement)


def saving(page: Any, user: Any, key: str, *operations: Any, base: str) -> Callable[[], Saved]:
    sent = [step(*operations)]
    return lambda: save(page_id=page.pk, base=base, steps=sent, key=key, actor=user)


def until_saved(page: Any, user: Any, key: str, *operations: Any) -> Callable[[], Saved]:
    """As a browser does: told that its base is stale, it takes what is there and puts its operations on top."""

    def run() -> Saved:
        base = load(page.pk).stamp
        for attempt in range(50):
            try:
                return saving(page, user, f"{key}-{attempt:04}", *operations, base=base)()
            except Stale as stale:
                base = stale.current.stamp
        raise AssertionError("never saved")

    return run


def test_of_two_saves_from_one_base_one_is_told_and_nothing_of_either_is_lost():
    page = page_with_source()
    article, notice = rows(page)
    one, two = factories.user(role="编辑"), factories.user(role="编辑")
    before = load(page.pk)
    outcomes = at_once(
        saving(page, one, "key-one1", ops.EditText("s12", 0, "", "（一）"), base=before.stamp),
        saving(page, two, "key-two2", ops.EditText("s36", 0, "", "（二）"), base=before.stamp),
    )
    assert len(refused(outcomes, Stale)) == 1
    assert DeskSave.objects.count() == 1
    last = until_saved(page, two, "again", ops.EditText("s24", 0, "", "（三）"))()
    gained = ledger(last.current.layout) - ledger(before.layout)
    assert sum(gained.values()) == 6
    assert "三" in gained
    for item in (article, notice):
        item.refresh_from_db()
        assert all(version.is_intact for version in versions.versions(item))


def test_interleaved_saves_keep_every_character_of_both():
    page = page_with_source()
    article, notice = rows(page)
    before = ledger(load(page.pk).layout)
    people = [factories.user(role="编辑") for _ in range(4)]
    target = f"notice:{notice.pk}"
    outcomes = at_once(
        until_saved(page, people[0], "aaaa", ops.EditText("s12", 0, "", "天")),
        until_saved(page, people[1], "bbbb", ops.Move("s47", target, 9, "paragraph")),
        until_saved(page, people[2], "cccc", ops.AddBlock("e71", f"article:{article.pk}", 9, "paragraph", "地玄黄")),
        until_saved(page, people[3], "dddd", ops.Move("s53", "set_aside", 0, "text"), ops.EditText("s36", 0, "", "宇")),
    )
    assert refused(outcomes, Stale) == []
    after = load(page.pk).layout
    assert ledger(after) == before + characters("天地玄黄宇")
    assert DeskSave.objects.count() == 4


def test_the_desk_and_the_plain_form_at_once():
    page = page_with_source()
    article, _ = rows(page)
    user = factories.user(role="编辑")
    base = load(page.pk).stamp
    outcomes = at_once(
        saving(page, user, "key-desk", ops.EditText("s24", 0, "", "（桌）"), base=base),
        lambda: items.edit_item(
            item=article, content={**article.content, "headline": "（表）"}, base_version=1, actor=engine_user()
        ),
    )
    errors = [each for each in outcomes if isinstance(each, Exception)]
    assert len(errors) == 1, "one of them is told"
    article.refresh_from_db()
    assert (article.headline == "（表）") != article.body[1]["text"].startswith("（桌）")
    assert article.version == 2


def test_one_save_sent_twice_at_once_applies_once():
    page, user = page_with_source(), factories.user(role="编辑")
    sent = saving(page, user, "key-same", ops.EditText("s24", 0, "", "一"), base=load(page.pk).stamp)
    outcomes = at_once(sent, sent, sent)
    assert sorted(each.is_repeat for each in outcomes) == [False, True, True]
    assert DeskSave.objects.count() == 1
    assert Article.objects.get(page=page).body[1]["text"] == "一桥长三百米。"


def test_killed_between_any_two_statements_all_or_nothing_is_there():
    page, user = page_with_source(), factories.user(role="编辑")
    article, _ = rows(page)
    made = finding(page, "quote@24", article=article, piece="s24")
    layout = load(page.pk).layout
    operations = (
        *steps.new_item(layout, "new:x", "notice", 1, ["s47", "s24"]),
        *steps.dissolve_item(layout, f"notice:{rows(page)[1].pk}"),
        ops.EditText("s12", 0, "本报讯", "新华社电"),
        ops.Settle(str(made.pk), "open", "accepted"),
    )
    before, base = every_row(), load(page.pk).stamp
    sent = saving(page, user, "key-kill", *operations, base=base)
    killed = 0
    while True:
        try:
            with connection.execute_wrapper(Dying(after=killed)):
                sent()
        except Killed:
            killed += 1
            assert every_row() == before, f"killed at statement {killed}"
        else:
            break
    assert killed > 15
    assert every_row() != before
    after = load(page.pk).layout
    assert ledger(after) == ledger(layout) - characters("本报讯") + characters("新华社电")
    assert Notice.objects.filter(page=page, body=[]).count() == 1
