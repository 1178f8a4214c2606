"""Another reading of a page: what is new is proposed, what editors settled is not offered for taking back."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.desk.layout import DeskLayout
from ingest.desk.newer import Change, changes
from ingest.desk.operations import AddBlock, EditText, apply_all
from tests.ingest.desk.pages import article, block, trays

A = "本报讯昨日上午，青溪大桥建成通车，两岸居民往来只要五分钟。"
B = "大桥长三百米，历时三年建成，总投资两亿元，由市政公司承建。"
C = "通车当天，上千名居民步行过桥，许多老人带着孙辈前来合影留念。"


def page(*texts: str) -> DeskLayout:
    return DeskLayout(items=(article(1, *(block(f"s{n}", text) for n, text in enumerate(texts))),), trays=trays())


def bases(*texts: str) -> dict[str, str]:
    return {f"s{n}": text for n, text in enumerate(texts)}


def taken(layout: DeskLayout, found: list[Change]) -> list[str]:
    """The texts after all that is undisputed has been taken, from the last place to the first."""
    edits = sorted((c for c in found if c.kind == "text" and not c.is_disputed), key=lambda c: -c.at)
    operations = [EditText(c.block, c.at, c.old, c.new) for c in edits]
    added = [AddBlock(f"e{n}", "unplaced", n, "text", c.new) for n, c in enumerate(found) if c.kind == "added"]
    after, _ = apply_all(layout, [*operations, *added])
    return [b.text for _, blocks in after.containers() for b in blocks]


def test_the_same_text_in_other_lines_says_nothing_new():
    broken = [A[:9] + "\n" + A[9:], C, B[:4] + " " + B[4:]]
    assert changes(page(A, B, C), bases(A, B, C), broken) == []


def test_a_better_character_is_proposed_where_it_stands():
    layout = page(A, B.replace("三百", "三白"), C)
    found = changes(layout, bases(A, B.replace("三百", "三白"), C), [A, B, C])
    assert [(c.kind, c.block, c.at, c.old, c.new, c.is_disputed) for c in found] == [
        ("text", "s1", 4, "白", "百", False)
    ]
    assert taken(layout, found) == [A, B, C]


def test_what_the_editor_has_put_right_is_not_offered_again():
    wrong = B.replace("三百", "三白")
    assert changes(page(A, B, C), bases(A, wrong, C), [A, B, C]) == []
    corrected = page(A, B.replace("三百", "三千"), C)
    assert changes(corrected, bases(A, B, C), [A, B, C]) == []


def test_where_the_editor_changed_the_very_words_it_is_disputed():
    corrected = page(A, B.replace("三百", "三千"), C)
    (found,) = changes(corrected, bases(A, B, C), [A, B.replace("三百", "三万"), C])
    assert (found.old, found.new, found.is_disputed) == ("千", "万", True)
    assert taken(corrected, [found]) == [A, B.replace("三百", "三千"), C]


def test_blocks_joined_and_split_by_the_editor_are_found_again():
    joined = DeskLayout(
        items=(article(1, block("s0", A + B, "paragraph"), block("s2", C[:14]), block("e1", C[14:])),), trays=trays()
    )
    base = {"s0": A + B, "s2": C, "e1": C}
    found = changes(joined, base, [A.replace("青溪", "清溪"), B, C.replace("合影", "留影").replace("上千", "数千")])
    assert {(c.block, c.old, c.new) for c in found} == {("s0", "青", "清"), ("s2", "上", "数"), ("e1", "合", "留")}
    assert not any(c.is_disputed for c in found)


def test_what_the_new_file_joins_is_told_apart():
    found = changes(page(A, B, C), bases(A, B, C), [A + B.replace("两亿", "三亿"), C])
    assert [(c.block, c.old, c.new) for c in found] == [("s1", "两", "三")]


def test_a_lost_sentence_comes_back_and_a_new_paragraph_is_unplaced():
    short = B[:14]
    layout = page(A, short, C)
    extra = "记者在现场看到，桥面已经亮起路灯。"
    found = changes(layout, bases(A, short, C), [A, B, C, extra])
    assert taken(layout, found) == [A, B, C, extra]


def test_a_missing_paragraph_is_told_and_never_taken_by_itself():
    found = changes(page(A, B, C), bases(A, B, C), [A, C])
    assert [(c.kind, c.block) for c in found] == [("missing", "s1")]
    assert taken(page(A, B, C), found) == [A, B, C]


def test_text_that_only_stands_elsewhere_is_no_difference():
    """Another file divided into paragraphs otherwise: the place of a text is the editor's."""
    assert changes(page(A + B, C), {"s0": A + B, "s1": C}, [A, B + C]) == []
    assert changes(page(A, B, C), bases(A, B, C), [A[:12], B + A[12:], C]) == []


def test_a_long_loss_is_decided_by_itself():
    (found,) = changes(page(A, B, C), bases(A, B, C), [A, B[:8] + B[-8:], C])
    assert (found.old, found.new, found.note) == (B[8:-8], "", "去掉的字多，请看清")


def test_keys_last_whatever_else_is_changed():
    new = [A, B.replace("两亿", "三亿"), C]
    (one,) = changes(page(A, B, C), bases(A, B, C), new)
    (other,) = changes(page(A, "据悉，" + B, C[2:]), bases(A, B, C), new)
    assert one.key == other.key


def test_text_typed_in_by_an_editor_is_left_alone():
    layout = page(A, "编辑加的话。", C)
    assert changes(layout, {"s0": A, "s2": C}, [A, C]) == []


@pytest.mark.once
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_taking_everything_gives_the_new_text_and_asks_no_more(data):
    """With nothing changed by an editor the page says afterwards what the new file says, and nothing is left over."""

    def damaged(text: str) -> str:
        for _ in range(data.draw(st.integers(0, 3))):
            at = data.draw(st.integers(2, len(text) - 3))
            text = (
                text[:at]
                + data.draw(st.sampled_from(["", "甲", "乙丙", "，"]))
                + text[at + data.draw(st.integers(0, 1)) :]
            )
        return text

    new = [damaged(text) for text in (A, B, C)]
    layout = page(A, B, C)
    found = changes(layout, bases(A, B, C), data.draw(st.permutations(new)))
    assert not any(c.is_disputed for c in found)
    assert taken(layout, found) == new
    after = page(*taken(layout, found))
    assert changes(after, bases(A, B, C), new) == []
