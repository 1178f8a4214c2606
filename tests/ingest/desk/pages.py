"""Layouts and operations to draw from, for the property tests of the desk."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ingest.desk import operations as ops
from ingest.desk import steps
from ingest.desk.layout import ROLES, TRAYS, Block, DeskItem, DeskLayout, Refusal

TEXT = st.text("青溪大桥通车甲乙丙丁A1 ，。“”", min_size=1, max_size=12).filter(str.strip)


def block(key: str, text: str, role: str = "paragraph") -> Block:
    return Block(key, role, text, (key,))


def article(number: int, *blocks: Block, **more: Any) -> DeskItem:
    return DeskItem(f"article:{number}", "article", blocks, steps.empty_facts("article"), **more)


def notice(number: int, *blocks: Block, **more: Any) -> DeskItem:
    return DeskItem(f"notice:{number}", "notice", blocks, steps.empty_facts("notice"), **more)


def trays(**given: tuple[Block, ...]) -> dict[str, tuple[Block, ...]]:
    return {name: given.get(name, ()) for name in TRAYS}


def sample() -> DeskLayout:
    """A page with a bit of everything."""
    return DeskLayout(
        items=(
            article(
                1,
                block("s1", "青溪大桥通车", "headline"),
                block("s2", "历时三年", "deck"),
                block("s3", "本报讯 昨日，大桥通车。"),
                block("s4", "桥长三百米。"),
                block("s5", "图为大桥", "caption"),
            ),
            notice(2, block("s6", "遗失声明", "heading"), block("s7", "王小明遗失证件。")),
            article(3, block("s8", "公园开放", "headline"), block("s9", "公园开放。"), is_bound=True),
        ),
        trays=trays(
            unplaced=(block("s10", "散落的文字", "text"),),
            furniture=(block("s11", "热线电话", "text"),),
        ),
        findings={"5": "open", "6": "dismissed"},
    )


@st.composite
def operations(draw: st.DrawFn, layout: DeskLayout) -> list[ops.Operation]:
    """One thing an editor might do, sensible or not."""
    blocks = [found for _, standing in layout.containers() for found in standing]
    keys = [item.key for item in layout.items]
    places = [*keys, *TRAYS]
    roles = sorted({role for each in ROLES.values() for role in each} | {"text"})
    some = st.sampled_from([found.id for found in blocks] + ["nothing"])
    key = st.sampled_from([*keys, "article:99"])
    index = st.integers(0, 8)
    fresh = f"e{draw(st.integers(1, 60))}"
    name = draw(st.sampled_from(["edit", "add", "join", "split", "move", "place", "fact", "settle", "step", "insert"]))
    if name == "edit":
        found = draw(st.sampled_from(blocks))
        at = draw(st.integers(0, len(found.text)))
        end = draw(st.integers(at, len(found.text)))
        return [ops.EditText(found.id, at, found.text[at:end], draw(TEXT | st.just("")))]
    if name == "add":
        return [
            ops.AddBlock(fresh, draw(st.sampled_from(places)), draw(index), draw(st.sampled_from(roles)), draw(TEXT))
        ]
    if name == "join":
        standing = draw(st.sampled_from([s for _, s in layout.containers() if s]))
        first = draw(st.integers(0, len(standing) - 1))
        return [
            ops.Join(
                standing[first].id, standing[min(first + 1, len(standing) - 1)].id, draw(st.sampled_from(["", " "]))
            )
        ]
    if name == "split":
        found = draw(st.sampled_from(blocks))
        role = draw(st.sampled_from(roles) | st.just(found.role))
        return [ops.Split(found.id, draw(st.integers(0, len(found.text))), fresh, role)]
    if name == "move":
        return [ops.Move(draw(some), draw(st.sampled_from(places)), draw(index), draw(st.sampled_from(roles)))]
    if name == "insert":
        gone = draw(st.sampled_from(sorted(layout.hollow) or ["new:h"]))
        kind = draw(st.sampled_from(sorted(ROLES)))
        return [ops.InsertItem(gone, kind, draw(index), steps.empty_facts(kind))]
    if name == "place":
        return [ops.PlaceItem(draw(key), draw(index))]
    if name == "fact":
        return [
            ops.SetFact(
                draw(key), draw(st.sampled_from(["kind", "continued_on"])), draw(st.sampled_from(["", "其他"])), "讣告"
            )
        ]
    if name == "settle":
        return [
            ops.Settle(draw(st.sampled_from(["5", "6", "7"])), "open", draw(st.sampled_from(["accepted", "dismissed"])))
        ]
    new_key = f"new:{draw(st.integers(1, 5))}"
    picked = draw(st.lists(some, max_size=4, unique=True))
    try:
        return list(
            draw(
                st.sampled_from(
                    [
                        lambda: steps.merge_items(layout, draw(key), draw(key)),
                        lambda: steps.new_item(
                            layout, new_key, draw(st.sampled_from(sorted(ROLES))), draw(index), picked
                        ),
                        lambda: steps.split_item(layout, draw(key), draw(some), new_key),
                        lambda: steps.dissolve_item(layout, draw(key)),
                        lambda: steps.convert_item(layout, draw(key), new_key),
                    ]
                )
            )()
        )
    except Refusal:
        return []
