"""The browser's core does what ours does, operation by operation, refusal by refusal."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.desk import steps
from ingest.desk.codec import encode
from ingest.desk.layout import DeskLayout, Refusal, to_json
from ingest.desk.operations import EditText, Operation, Split, apply_all
from tests.ingest.desk.pages import operations, sample

pytestmark = pytest.mark.once

NODE = shutil.which("node")


def ask(cases: list[dict[str, Any]]) -> Any:
    if NODE is None:
        pytest.skip("没有 node：浏览器一侧的运算没有对照")
    script = Path(__file__).with_name("parity.mjs")
    done = subprocess.run([NODE, str(script)], input=json.dumps(cases), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def said(layout: DeskLayout, made: list[Operation]) -> Any:
    try:
        return to_json(apply_all(layout, made)[0])
    except Refusal as refusal:
        return {"refused": str(refusal)}


@st.composite
def runs(draw: st.DrawFn) -> list[tuple[DeskLayout, list[Operation]]]:
    layout, found = sample(), []
    for _ in range(60):
        made = draw(operations(layout))
        found.append((layout, made))
        try:
            layout, _ = apply_all(layout, made)
        except Refusal:
            continue
        if draw(st.integers(0, 9)) == 0:
            layout = sample()
    return found


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases=runs())
def test_every_operation_gives_the_same_layout_or_the_same_reason(cases):
    answers = ask([{"layout": to_json(layout), "ops": [encode(op) for op in made]} for layout, made in cases])
    for (layout, made), answer in zip(cases, answers, strict=True):
        assert answer == said(layout, made)


def test_the_steps_of_editors_are_the_same():
    layout = sample()
    picked = random.Random(1).sample(["s3", "s6", "s10", "s1", "s8"], 4)
    tried: list[tuple[list[Any], Any]] = [
        (["mergeItems", "article:1", "notice:2"], steps.merge_items(layout, "article:1", "notice:2")),
        (["mergeItems", "article:1", "article:3"], steps.merge_items(layout, "article:1", "article:3")),
        (["newItem", "new:1", "article", 1, picked], steps.new_item(layout, "new:1", "article", 1, picked)),
        (["newItem", "new:1", "notice", 0, picked], steps.new_item(layout, "new:1", "notice", 0, picked)),
        (["splitItem", "article:1", "s4", "new:1"], steps.split_item(layout, "article:1", "s4", "new:1")),
        (["dissolveItem", "article:1"], steps.dissolve_item(layout, "article:1")),
        (["convertItem", "article:1", "new:1"], steps.convert_item(layout, "article:1", "new:1")),
        (["convertItem", "notice:2", "new:1"], steps.convert_item(layout, "notice:2", "new:1")),
    ]
    answers = ask([{"layout": to_json(layout), "step": step} for step, _ in tried])
    for (step, made), answer in zip(tried, answers, strict=True):
        assert answer == [encode(op) for op in made], step


def test_offsets_count_characters_on_both_sides():
    """A character outside the basic plane is two units to JavaScript."""
    layout = sample()
    made: list[Operation] = [
        EditText("s4", 0, "桥", "𠮷𠮷桥"),
        EditText("s4", 2, "桥", "甲"),
        Split("s4", 2, "e1", "paragraph"),
    ]
    answer = ask([{"layout": to_json(layout), "ops": [encode(op) for op in made]}])[0]
    assert answer == said(layout, made)
    assert "𠮷𠮷" in [block["text"] for block in answer["items"][0]["blocks"]]
