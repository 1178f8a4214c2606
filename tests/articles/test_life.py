"""The life of the items of a page as a state machine: whatever is done in whatever order, no text is lost, readers
see what was published and nothing else."""

from __future__ import annotations

import datetime
import itertools
import json
import re
from typing import Any
from unittest import mock

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from articles import versions
from articles.actions import findings, items, pages, placing, publishing, restoring, signing, topics
from articles.content import new_piece_id, running_text
from articles.errors import ActionRefused, StaleVersion
from articles.models import (
    DateState,
    Finding,
    FindingState,
    HistoryEntry,
    Snapshot,
    Topic,
    Withdrawal,
    WorkState,
)
from articles.people import engine_user
from tests import factories

HOUR = datetime.timedelta(hours=1)
WHICH = st.integers(0, 2)


def tokens(text: str) -> set[str]:
    """Texts are made of tokens that occur once: 〔17〕."""
    return set(re.findall(r"〔\d+〕", text))


class Life(RuleBasedStateMachine):
    """`standing` is the text that must stand in an item or a tray now; `ever` what must be in the history at least.
    `live`, `planned` and `withdrawn` say, per item, what readers must see."""

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime.datetime(2024, 3, 5, tzinfo=datetime.UTC)
        self.patch = mock.patch.object(timezone, "now", lambda: self.now)
        self.patch.start()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.last = 0
        self.ever: set[str] = set()
        self.standing: set[str] = set()
        self.live: dict[int, set[str] | None] = dict.fromkeys(range(3))
        self.planned: dict[int, tuple[datetime.datetime, set[str]] | None] = dict.fromkeys(range(3))
        self.withdrawn = dict.fromkeys(range(3), False)
        self.first_seen: dict[int, datetime.datetime] = {}
        self.past: set[str] = set()
        self.read_until = 0
        self.intact: dict[Any, int] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)
        self.patch.stop()

    # What there is.

    def token(self) -> str:
        self.last += 1
        made = f"〔{self.last}〕"
        self.ever.add(made)
        return made

    def piece(self, key: str) -> dict[str, str]:
        made = {"id": key, "role": "paragraph", "text": self.token() + self.token()}
        self.standing |= tokens(made["text"])
        return made

    @initialize()
    def lay(self) -> None:
        self.actor = engine_user()
        self.page = factories.page()
        body = lambda: [self.piece("s1"), self.piece("s2")]  # noqa: E731 - the same ids in each item, on purpose
        caption = self.piece("s7")
        del caption["role"]
        self.items: list[Any] = [
            factories.article(on=self.page, headline=self.token(), body=body(), captions=[caption]),
            factories.article(on=self.page, headline=self.token(), body=body()),
            factories.notice(on=self.page, heading=self.token(), body=body()),
        ]
        self.topics = [Topic.objects.create(name=f"题{n}", slug=f"t{n}", state="proposed") for n in range(2)]
        self.refresh()

    def refresh(self) -> None:
        self.page.refresh_from_db()
        for item in self.items:
            item.refresh_from_db()
            item.page = self.page

    def attempt(self, act: Any, **given: Any) -> Any:
        """The act's result, or None if it was refused, in which case nothing was written."""
        self.now += datetime.timedelta(seconds=1)
        self.come_true()
        before = (HistoryEntry.objects.count(), Snapshot.objects.count(), self.everything())
        try:
            with transaction.atomic():
                result = act(actor=self.actor, **given)
        except ActionRefused as refusal:
            assert (HistoryEntry.objects.count(), Snapshot.objects.count(), self.everything()) == before
            assert str(refusal)
            return None
        self.refresh()
        return result or True

    def everything(self) -> str:
        self.refresh()
        trays = [self.page.unplaced, self.page.set_aside, self.page.furniture, self.page.removed]
        return json.dumps([[item.content for item in self.items], trays], ensure_ascii=False)

    # The desk.

    def edit(self, which: int, **change: Any) -> Any:
        item = self.items[which]
        content = {**item.content, **change}
        return self.attempt(items.edit_item, item=item, content=content, base_version=item.version)

    @rule(which=WHICH)
    def retitle(self, which: int) -> None:
        self.edit(which, **{"heading" if which == 2 else "headline": self.token()})

    @rule(which=WHICH, index=st.integers(0, 3))
    def rewrite(self, which: int, index: int) -> None:
        body = [dict(p) for p in self.items[which].body]
        if index < len(body):
            self.standing -= tokens(body[index]["text"])
            body[index]["text"] = self.token()
            self.standing |= tokens(body[index]["text"])
            self.edit(which, body=body)

    @rule(which=WHICH, index=st.integers(0, 3))
    def take_out(self, which: int, index: int) -> None:
        self.edit(which, body=[p for n, p in enumerate(self.items[which].body) if n != index])

    @rule(which=WHICH)
    def take_all_out(self, which: int) -> None:
        self.edit(which, body=[], **({} if which == 2 else {"captions": []}))

    @rule(which=WHICH)
    def add(self, which: int) -> None:
        taken = {p["id"] for p in (*self.items[which].body, *getattr(self.items[which], "captions", ()))}
        self.edit(which, body=[self.piece(new_piece_id(taken)), *self.items[which].body])

    @rule(which=WHICH)
    def join(self, which: int) -> None:
        body = self.items[which].body
        if len(body) > 1:
            joined = {**body[0], "text": body[0]["text"] + body[1]["text"]}
            before = list(self.page.unplaced)
            self.edit(which, body=[joined, *body[2:]])
            assert self.page.unplaced == before

    @rule(which=WHICH)
    def turn_round(self, which: int) -> None:
        self.edit(which, body=self.items[which].body[::-1])

    @rule(which=WHICH)
    def edit_an_old_version(self, which: int) -> None:
        item = self.items[which]
        with pytest.raises(StaleVersion), transaction.atomic():
            items.edit_item(item=item, content=item.content, base_version=item.version - 1, actor=self.actor)

    @rule(which=WHICH, back=st.integers(1, 4))
    def restore(self, which: int, back: int) -> None:
        item = self.items[which]
        version = max(1, item.version - back)
        former = versions.content_at(item, version)
        if self.attempt(restoring.restore_version, item=item, version=version, base_version=item.version):
            assert self.items[which].content == former
        # Rewritten text goes with the version it came in; whole pieces do not.
        self.standing &= tokens(self.everything())
        self.standing |= tokens(running_text(self.items[which].content)) & self.standing

    @rule(source=WHICH, goal=WHICH, index=st.integers(0, 3))
    def move(self, source: int, goal: int, index: int) -> None:
        origin = self.items[source]
        pieces = [*origin.body, *getattr(origin, "captions", ())]
        if index < len(pieces):
            self.attempt(
                items.move_piece,
                source=origin,
                piece_id=pieces[index]["id"],
                target=self.items[goal],
                source_version=origin.version,
            )

    @rule(which=WHICH)
    def place(self, which: int) -> None:
        if self.page.unplaced:
            key = self.page.unplaced[0]["id"]
            assert self.attempt(items.place_unplaced, page=self.page, piece_id=key, target=self.items[which])

    @rule()
    def put_aside(self) -> None:
        if self.page.unplaced:
            assert self.attempt(items.set_aside, page=self.page, piece_id=self.page.unplaced[-1]["id"])

    @rule()
    def put_all_aside(self) -> None:
        for piece in list(self.page.unplaced):
            assert self.attempt(items.set_aside, page=self.page, piece_id=piece["id"])

    @rule()
    def retrieve(self) -> None:
        if self.page.set_aside:
            text = self.page.set_aside[0]["text"]
            assert self.attempt(pages.retrieve, page=self.page, tray="set_aside", index=0, text=text)

    @rule(order=st.permutations(range(3)))
    def reorder(self, order: list[int]) -> None:
        wanted = [(self.items[n].snapshot_key, self.items[n].pk) for n in order]
        assert self.attempt(pages.reorder_items, page=self.page, order=wanted, base_version=self.page.version)

    # Work and publication.

    @rule(which=WHICH)
    def correct(self, which: int) -> None:
        item = self.items[which]
        assert self.attempt(items.mark_corrected, item=item, base_version=item.version)

    @rule(which=WHICH)
    def reopen(self, which: int) -> None:
        self.attempt(signing.send_back, item=self.items[which], reason="再看")

    @rule(which=WHICH, is_blocking=st.booleans(), of_page=st.booleans())
    def query(self, which: int, is_blocking: bool, of_page: bool) -> None:
        item = self.items[which]
        about = {} if of_page else {item.snapshot_key: item}
        key = str(Finding.objects.count())
        Finding.objects.create(page=self.page, key=key, kind="quote", message="引号", is_blocking=is_blocking, **about)

    @rule(state=st.sampled_from([FindingState.DISMISSED, FindingState.ACCEPTED]))
    def settle(self, state: FindingState) -> None:
        for finding in Finding.objects.filter(page=self.page, state=FindingState.OPEN):
            assert self.attempt(findings.settle_finding, finding=finding, state=state)

    def prepare(self, which: int) -> None:
        self.put_all_aside()
        self.settle(FindingState.DISMISSED)
        self.correct(which)

    @rule(which=WHICH, hours=st.sampled_from([0, 0, 1, 3]), ready=st.booleans())
    def publish(self, which: int, hours: int, ready: bool) -> None:
        if ready:
            self.prepare(which)
        at = self.now + hours * HOUR if hours else None
        made = self.attempt(publishing.publish, item=self.items[which], at=at)
        if made is None:
            return
        item = self.items[which]
        assert item.work_state == WorkState.CORRECTED
        assert self.page.issue.date_state == DateState.CONFIRMED
        assert not self.page.unplaced
        assert not Finding.objects.filter(page=self.page, state=FindingState.OPEN, is_blocking=True).filter(
            article=None, notice=None
        )
        assert not item.findings.filter(state=FindingState.OPEN, is_blocking=True)
        seen = tokens(running_text(item.content))
        if at:
            self.planned[which] = (at, seen)
        else:
            self.show(which, seen, self.now)
        assert made.published_at == self.first_seen.get(which, made.live_from)

    def show(self, which: int, seen: set[str], at: datetime.datetime) -> None:
        self.live[which] = seen
        self.withdrawn[which] = False
        self.first_seen.setdefault(which, at)

    def come_true(self) -> None:
        for which, plan in self.planned.items():
            if plan and plan[0] <= self.now:
                self.planned[which] = None
                self.show(which, plan[1], plan[0])

    @rule(which=WHICH)
    def unschedule(self, which: int) -> None:
        if self.attempt(publishing.unschedule, item=self.items[which]):
            assert self.planned[which]
            self.planned[which] = None

    @rule(which=WHICH)
    def withdraw(self, which: int) -> None:
        if self.attempt(publishing.withdraw, item=self.items[which], reason="误"):
            assert self.live[which] is not None
            self.live[which] = self.planned[which] = None
            self.withdrawn[which] = True

    @rule(hours=st.sampled_from([1, 2, 5]))
    def wait(self, hours: int) -> None:
        self.now += hours * HOUR
        self.come_true()

    @rule(which=st.integers(0, 1), topic=st.integers(0, 1), is_yes=st.booleans())
    def decide(self, which: int, topic: int, is_yes: bool) -> None:
        chosen = [self.topics[topic]]
        given = {"confirm": chosen} if is_yes else {"reject": chosen}
        assert self.attempt(topics.decide_topics, article=self.items[which], **given)

    @rule(days=st.integers(0, 2), number=st.integers(1, 2))
    def place_page(self, days: int, number: int) -> None:
        date = datetime.date(2024, 3, 5) + datetime.timedelta(days=days)
        was = (self.page.issue.date, self.page.number)
        done = self.attempt(
            placing.place_page,
            page=self.page,
            newspaper=factories.newspaper(),
            date=date,
            number=number,
            section="要闻",
        )
        is_public = any(self.live.values()) or any(self.planned.values())
        assert bool(done) == (was == (date, number) or not is_public)

    # What holds, always.

    @invariant()
    def no_text_is_lost(self) -> None:
        if not hasattr(self, "items"):
            return
        now = tokens(self.everything())
        assert self.standing <= now
        # History only grows: what was read of it once need not be read again.
        for entry in HistoryEntry.objects.filter(pk__gt=self.read_until).order_by("pk"):
            self.past |= tokens(json.dumps(entry.before, ensure_ascii=False))
            self.read_until = entry.pk
        assert self.ever <= now | self.past
        trays = [p["id"] for p in self.page.unplaced]
        assert len(set(trays)) == len(trays)

    @invariant()
    def every_version_is_intact(self) -> None:
        for item in getattr(self, "items", ()):
            if self.intact.get(item) == item.version:
                continue
            self.intact[item] = item.version
            found = list(versions.versions(item))
            assert [v.entry.version for v in found] == list(range(item.version, 0, -1))
            assert all(v.is_intact for v in found)

    @invariant()
    def readers_see_what_was_published(self) -> None:
        for which, item in enumerate(getattr(self, "items", ())):
            mine = Snapshot.objects.filter(**{item.snapshot_key: item})
            shown = [tokens(json.dumps(s.content, ensure_ascii=False)) for s in mine.live()]
            assert shown == ([] if self.live[which] is None else [self.live[which]])
            plan = self.planned[which]
            coming = [(s.live_from, tokens(json.dumps(s.content, ensure_ascii=False))) for s in mine.scheduled()]
            assert coming == ([plan] if plan else [])
            assert Withdrawal.objects.in_force().filter(**{item.snapshot_key: item}).exists() == self.withdrawn[which]
            spans = sorted(
                (s.live_from, s.live_until) for s in mine if s.live_until is None or s.live_until > s.live_from
            )
            assert all(end is not None and end <= start for (_, end), (start, _) in itertools.pairwise(spans))

    @invariant()
    def readers_see_the_confirmed_topics(self) -> None:
        for item in getattr(self, "items", ())[:2]:
            names = {link.topic.name for link in item.topic_links.filter(state="confirmed")}
            for snapshot in (*item.snapshots.live(), *item.snapshots.scheduled()):
                assert {t["name"] for t in snapshot.content["topics"]} == names
                assert {t.name for t in snapshot.topics.all()} == names


@pytest.mark.django_db
def test_the_life_of_a_page():
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
