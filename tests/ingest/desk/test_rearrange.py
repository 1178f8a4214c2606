"""Blocks laid out anew: whatever is proposed, the ledger holds and the way back is exact."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ingest.desk.layout import Block, DeskItem, DeskLayout, Refusal, ledger
from ingest.desk.operations import apply_all
from ingest.desk.rearrange import Fragment, Group, Wanted, between, fresh_ids, rearranged
from ingest.desk.rereading import read_again, separated
from ingest.engine.streams import score, two_streams
from tests.ingest.desk.pages import article, block, operations, sample, trays

pytestmark = pytest.mark.once
QUIET = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))

BRIDGE = "昨日上午，青溪大桥建成通车仪式在南岸举行，两岸居民往来从此只要五分钟，结束了多年来靠渡船过河的历史。"
PARK = "南山公园今起免费开放，园内新种樱花五百株，每天早上六点开门，晚上十点关门，游客可乘坐公交车前往参观游玩。"


def lines(text: str, width: int = 11) -> list[str]:
    return [text[at : at + width] for at in range(0, len(text), width)]


MIXED = [line for pair in zip(lines(BRIDGE), lines(PARK), strict=True) for line in pair]


def drawn_groups(data: st.DataObject, layout: DeskLayout) -> list[Group]:
    """Some blocks cut anywhere, the parts dealt out to blocks anywhere."""
    ids = [found.id for _, blocks in layout.containers() for found in blocks]
    picked = data.draw(st.lists(st.sampled_from(ids), min_size=1, max_size=4, unique=True))
    fragments = []
    for each in picked:
        text = layout.find(each)[2].text
        marks = [at for at, char in enumerate(text) if not char.isspace()]
        cuts = sorted(data.draw(st.sets(st.sampled_from(marks), max_size=3)) - {marks[0]})
        edges = [0, *cuts, len(text)]
        fragments += [Fragment(each, start, end) for start, end in pairwise(edges)]
    fragments = data.draw(st.permutations(fragments))
    places = [*(item.key for item in layout.items), *layout.trays, "new:1"]
    roles = ["headline", "paragraph", "caption", "subhead", "byline", "text"]
    groups: dict[str, list[Wanted]] = {}
    while fragments:
        count = data.draw(st.integers(1, len(fragments)))
        taken, fragments = fragments[:count], fragments[count:]
        place = data.draw(st.sampled_from(places))
        groups.setdefault(place, []).append(Wanted(data.draw(st.sampled_from(roles)), tuple(taken)))
    kind = data.draw(st.sampled_from(["article", "notice"]))
    return [Group(place, tuple(found), kind, data.draw(st.integers(0, 3))) for place, found in groups.items()]


@QUIET
@given(data=st.data())
def test_any_arrangement_keeps_the_ledger_and_leads_back(data):
    layout = sample()
    groups = drawn_groups(data, layout)
    try:
        made = rearranged(layout, groups, fresh_ids(layout))
    except Refusal as refusal:
        assert "见过报" in str(refusal)
        return
    after, inverses = apply_all(layout, made)
    assert ledger(after) == ledger(layout)
    assert apply_all(after, inverses)[0] == layout
    for group in groups:
        standing = {found.text for found in after.blocks_in(group.place)}
        for wanted in group.blocks:
            said = "".join(layout.find(f.block)[2].text[f.start : f.end] for f in wanted.fragments)
            assert "".join(said.split()) in {"".join(text.split()) for text in standing}


@QUIET
@given(data=st.data())
def test_any_two_states_of_a_page_are_joined_by_operations(data):
    states = []
    for _ in range(2):
        layout = sample()
        for _ in range(data.draw(st.integers(0, 5))):
            try:
                layout, _ = apply_all(layout, data.draw(operations(layout)))
            except Refusal:
                continue
        states.append(layout)
    now, wanted = states
    kinds = {item.key: item.kind for item in now.items}
    assume(all(kinds.get(item.key, item.kind) == item.kind for item in wanted.items))  # as numbers of rows are
    reached, inverses = apply_all(now, between(now, wanted))
    assert reached.items == wanted.items
    assert reached.trays == wanted.trays
    assert apply_all(reached, inverses)[0] == now


def test_no_character_twice_and_none_left_out():
    layout = sample()
    for fragments in ((Fragment("s3", 0, 3),), (Fragment("s3", 0, 12), Fragment("s3", 2, 12))):
        with pytest.raises(Refusal, match="对不上"):
            rearranged(layout, [Group("article:1", (Wanted("paragraph", fragments),))], fresh_ids(layout))


def test_what_was_published_is_not_emptied():
    layout = sample()
    ids = [b.id for b in layout.items[2].blocks]
    everything = tuple(Wanted("text", (Fragment(i, 0, len(layout.find(i)[2].text)),)) for i in ids)
    with pytest.raises(Refusal, match="见过报"):
        rearranged(layout, [Group("unplaced", everything)], fresh_ids(layout))


def test_two_columns_are_told_apart_by_their_seams():
    first, second = two_streams(MIXED)
    assert ["".join(MIXED[i] for i in stream) for stream in (first, second)] == [BRIDGE, PARK]
    assert score(MIXED, first, second) > score(MIXED, range(len(MIXED)), ())


def test_a_paragraph_is_dealt_out_by_its_source_lines():
    text = "\n".join(MIXED)
    layout = DeskLayout(items=(article(1, Block("s0", "paragraph", "".join(MIXED), ("s0",))),), trays=trays())
    origins = {"s0": {"source": 7, "spans": [[0, len(text)]]}}
    best, *_ = separated(layout, ["s0"], origins=origins, texts={7: text})
    after, _ = apply_all(layout, best.operations)
    assert [b.text for b in after.items[0].blocks] == [BRIDGE, PARK]
    assert ledger(after) == ledger(layout)


def test_blocks_are_dealt_out_and_the_best_reading_comes_first():
    blocks = [block(f"s{n}", line) for n, line in enumerate(MIXED)]
    layout = DeskLayout(items=(article(1, *blocks),), trays=trays())
    best, *others = separated(layout, [b.id for b in blocks], origins={}, texts={})
    after, _ = apply_all(layout, best.operations)
    assert "".join(b.text for b in after.items[0].blocks) == BRIDGE + PARK
    assert len(others) >= 2
    with pytest.raises(Refusal, match="同一条"):
        separated(sample(), ["s3", "s7", "s9"], origins={}, texts={})
    with pytest.raises(Refusal, match="太短"):
        separated(sample(), ["s9"], origins={}, texts={})


PAGE = """青溪大桥建成通车
本报讯（记者 王小明）昨日上午，青溪大桥建
成通车仪式在南岸举行，两岸居民往来从此
只要五分钟。
遗失声明
王小明遗失身份证一张，证号
350582199001011234，声明作废。
"""


def test_the_engine_reads_chosen_blocks_again():
    """A paragraph in three pieces and a notice inside an article: both are put right in one go."""
    rows = PAGE.splitlines()
    starts = [PAGE.index(row) for row in rows]
    blocks = [Block(f"s{at}", "paragraph", row, (f"s{at}",)) for at, row in zip(starts, rows, strict=True)]
    layout = DeskLayout(
        items=(DeskItem("article:1", "article", tuple(blocks), {"continued_from": "", "continued_on": ""}),),
        trays=trays(),
    )
    origins = {f"s{at}": {"source": 1, "spans": [[at, at + len(row)]]} for at, row in zip(starts, rows, strict=True)}
    found = read_again(layout, [b.id for b in blocks], origins=origins, texts={1: PAGE})
    after, inverses = apply_all(layout, found.operations)
    assert ledger(after) == ledger(layout)
    assert apply_all(after, inverses)[0] == layout
    assert [item.kind for item in after.items] == ["article", "notice"]
    assert after.items[0].key == "article:1"
    first = {b.role: b.text for b in after.items[0].blocks}
    assert first["headline"] == "青溪大桥建成通车"
    assert (
        first["paragraph"]
        == "本报讯（记者 王小明）昨日上午，青溪大桥建成通车仪式在南岸举行，两岸居民往来从此只要五分钟。"
    )
    assert after.items[1].facts["kind"] == "遗失声明"
    with pytest.raises(Refusal, match="和现在一样"):
        ids = [b.id for item in after.items for b in item.blocks]
        read_again(after, ids, origins=origins, texts={1: PAGE})


def test_the_engine_reads_corrected_text_not_the_source():
    layout = sample()
    ids = [found.id for item in layout.items[:2] for found in item.blocks]
    try:
        made = read_again(layout, ids, origins={}, texts={})
    except Refusal as refusal:
        assert "一样" in str(refusal)
    else:
        assert ledger(apply_all(layout, made.operations)[0]) == ledger(layout)
    with pytest.raises(Refusal, match="不在"):
        read_again(layout, ["s99"], origins={}, texts={})


def test_a_paragraph_that_reads_well_is_left_in_doubt():
    """Nothing is found wrong with it: the ways to deal it out are offered as doubtful."""
    text = "\n".join(lines(BRIDGE))
    layout = DeskLayout(items=(article(1, Block("s0", "paragraph", BRIDGE, ("s0",))),), trays=trays())
    origins = {"s0": {"source": 7, "spans": [[0, len(text)]]}}
    assert all(way.is_doubtful for way in separated(layout, ["s0"], origins=origins, texts={7: text}))
    mixed = "\n".join(MIXED)
    layout = DeskLayout(items=(article(1, Block("s0", "paragraph", "".join(MIXED), ("s0",))),), trays=trays())
    best, *_ = separated(layout, ["s0"], origins={"s0": {"source": 7, "spans": [[0, len(mixed)]]}}, texts={7: mixed})
    assert not best.is_doubtful
