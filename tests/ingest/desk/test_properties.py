"""Whatever editors do in whatever order: the ledger holds, undo leads back exactly, the log gives the state."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from ingest.desk.codec import decode_all, encode
from ingest.desk.layout import Refusal, characters, check_item, ledger, to_json
from ingest.desk.operations import AddBlock, DropBlock, EditText, Operation, apply_all
from tests.ingest.desk.pages import operations, sample

pytestmark = pytest.mark.once

Steps = tuple[Operation, ...]


class Desk(RuleBasedStateMachine):
    """An editor with undo and redo."""

    def __init__(self) -> None:
        super().__init__()
        self.first = self.layout = sample()
        self.expected = ledger(self.first)
        self.done: list[tuple[Steps, Steps]] = []  # operations, inverses
        self.undone: list[tuple[Steps, Steps]] = []

    def go(self, steps: Steps) -> Steps:
        before = self.layout
        self.layout, inverses = apply_all(before, steps)
        back, _ = apply_all(self.layout, inverses)
        assert back == before
        for step, inverse in zip(steps, reversed(inverses), strict=True):
            if isinstance(step, EditText):
                self.expected += characters(step.new)
                self.expected.subtract(characters(step.old))
            elif isinstance(step, AddBlock):
                self.expected += characters(step.text)
            elif isinstance(step, DropBlock):
                assert isinstance(inverse, AddBlock)
                self.expected.subtract(characters(inverse.text))
        return inverses

    @rule(data=st.data())
    def act(self, data: st.DataObject) -> None:
        steps = tuple(data.draw(operations(self.layout)))
        before, text = self.layout, json.dumps(to_json(self.layout))
        try:
            inverses = self.go(steps)
        except Refusal as refusal:
            assert str(refusal)
            assert self.layout is before
            assert json.dumps(to_json(self.layout)) == text
            return
        self.done.append((steps, inverses))
        self.undone.clear()

    @precondition(lambda self: self.done)
    @rule()
    def undo(self) -> None:
        steps, inverses = self.done.pop()
        self.go(inverses)
        self.undone.append((steps, inverses))

    @precondition(lambda self: self.undone)
    @rule()
    def redo(self) -> None:
        steps, inverses = self.undone.pop()
        assert self.go(steps) == inverses
        self.done.append((steps, inverses))

    @invariant()
    def the_ledger_holds(self) -> None:
        assert ledger(self.layout) == +self.expected

    @invariant()
    def every_place_is_in_order(self) -> None:
        ids = [block.id for _, blocks in self.layout.containers() for block in blocks]
        assert len(ids) == len(set(ids))
        for item in self.layout.items:
            check_item(item.kind, item.blocks)

    def teardown(self) -> None:
        log = [encode(step) for steps, _ in self.done for step in steps]
        stored = json.loads(json.dumps(log, ensure_ascii=False))
        replayed, inverses = apply_all(self.first, decode_all(copy.deepcopy(stored)))
        assert replayed == self.layout
        assert [encode(step) for step in decode_all(stored)] == stored
        assert apply_all(replayed, inverses)[0] == self.first


Desk.TestCase.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestDesk = Desk.TestCase
