"""How near a rebuilt page is to the truth, by the measures of the issue.

para     F1 of body blocks with exactly the right text, in the matching item
order    share of true body blocks that stand in true order inside their item
head     share of true headlines their item carries, as its headline or within its joined title lines
titles   F1 of title lines (kicker, headline, deck) at the right item
authors  F1 of names per item
caps     F1 of captions at the right item
kinds    share of true notices found with the right kind
fields   F1 of notice fields, of the keys the truth has
items    share of true items that are exact: title lines, body blocks in order, captions
edits    operations an editor still needs: join, split, move, re-order, re-title, re-caption, dissolve
lost     characters of the page that stand nowhere in the layout; added: characters in excess

Text is compared without white space, punctuation folded to full width, a trailing ``...`` dropped.
"""

from __future__ import annotations

import bisect
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Item = Mapping[str, Any]
FOLD = str.maketrans(",:;?!()~+%/\"'”’", "，：；？！（）～＋％／“‘“‘")


def norm(text: object) -> str:
    squeezed = re.sub(r"\s+", "", text if isinstance(text, str) else "")
    return re.sub(r"(\.{3,}|…+)$", "", squeezed).translate(FOLD)


def grams(text: str) -> Counter[str]:
    text = norm(text)
    if len(text) < 4:
        return Counter([text]) if text else Counter()
    return Counter(text[at : at + 4] for at in range(len(text) - 3))


def f1(hits: float, system: float, gold: float) -> float:
    return 1.0 if not system and not gold else 2 * hits / (system + gold)


def body(item: Item) -> list[str]:
    return [text for block in item.get("body") or [] if (text := norm(block["text"]))]


def titles(item: Item) -> list[str]:
    lines = [item.get("kicker"), item.get("headline"), *(item.get("deck") or [])]
    return [text for line in lines if (text := norm(line))]


def captions(item: Item) -> list[str]:
    return [norm(caption) for caption in item.get("captions") or []]


def same_title(one: Item, two: Item) -> bool:
    """The same title lines; a series label may stand as column or as kicker."""
    first, second = "".join(titles(one)), "".join(titles(two))
    return first == second or norm(one.get("column")) + first == norm(two.get("column")) + second


def hits(one: Iterable[str], two: Iterable[str]) -> int:
    return (Counter(one) & Counter(two)).total()


def rising(numbers: Sequence[int]) -> int:
    """Length of the longest rising run of not necessarily neighbouring numbers."""
    tails: list[int] = []
    for number in numbers:
        at = bisect.bisect_right(tails, number)
        tails[at : at + 1] = [number]
    return len(tails)


def match(gold: Sequence[Item], system: Sequence[Item]) -> dict[int, int]:
    """Items one to one, greedily by shared 4-grams."""

    def whole(item: Item) -> Counter[str]:
        return grams("\n".join([*titles(item), norm(item.get("heading")), *body(item)]))

    left, right = [whole(item) for item in gold], [whole(item) for item in system]
    pairs = sorted((((a & b).total(), i, j) for i, a in enumerate(left) for j, b in enumerate(right)), reverse=True)
    found: dict[int, int] = {}
    taken: set[int] = set()
    for shared, i, j in pairs:
        if shared and i not in found and j not in taken:
            found[i] = j
            taken.add(j)
    return found


def claims(gold: list[tuple[int, str]], system: list[tuple[int, str]]) -> list[tuple[int, int]]:
    """Which system blocks feed which true blocks: equal text first, then shared 4-grams, each used once."""
    pairs: list[tuple[int, int]] = []
    free_gold, free_system = dict(enumerate(gold)), dict(enumerate(system))
    for same_item in (True, False):
        for i, (item, text) in list(free_gold.items()):
            for j, (other, other_text) in free_system.items():
                if text == other_text and (item == other or not same_item):
                    pairs.append((i, j))
                    del free_gold[i], free_system[j]
                    break
    left = {i: grams(text) for i, (_, text) in free_gold.items()}
    right = {j: grams(text) for j, (_, text) in free_system.items()}
    size_left = {i: counter.total() for i, counter in left.items()}
    size_right = {j: counter.total() for j, counter in right.items()}
    ranked = sorted((((a & b).total(), -i, -j) for i, a in left.items() for j, b in right.items()), reverse=True)
    for shared, i, j in ranked:
        if not shared:
            break
        now = left[-i] & right[-j]
        if now and now.total() >= 0.5 * min(size_left[-i], size_right[-j]):
            pairs.append((-i, -j))
            left[-i] -= now
            right[-j] -= now
    return pairs


def edits(gold: Sequence[Item], system: Sequence[Item], found: Mapping[int, int]) -> int:
    back = {j: i for i, j in found.items()}
    true_blocks = [(i, text) for i, item in enumerate(gold) for text in body(item)]
    blocks = [(back.get(j, -1 - j), text) for j, item in enumerate(system) for text in body(item)]
    feeds = claims(true_blocks, blocks)
    parts, spread = Counter(i for i, _ in feeds), Counter(j for _, j in feeds)
    count = sum(max(0, parts[i] - 1) if parts[i] else 1 for i in range(len(true_blocks)))  # joins, or made by hand
    count += sum(number - 1 for number in spread.values())  # splits
    count += sum(true_blocks[i][0] != blocks[j][0] for i, j in feeds)  # moves to another item
    for i, item in enumerate(gold):
        row = [j for g, j in sorted(feeds) if true_blocks[g][0] == i == blocks[j][0]]
        count += len(row) - rising(row)
        other: Item = system[found[i]] if i in found else {}
        if item["type"] == "article" and not same_title(item, other):
            count += max(1, len(titles(item)) - hits(titles(item), titles(other)))
        count += len(captions(item)) - hits(captions(item), captions(other))
        count += item["type"] != other.get("type", item["type"])
    return count + sum(j not in back for j in range(len(system)))  # spare items to dissolve


def flatten(fields: Mapping[str, Any] | None) -> set[tuple[str, str]]:
    rows = ((key, value if isinstance(value, list) else [value]) for key, value in (fields or {}).items())
    return {(key, norm(str(value))) for key, values in rows for value in values if value not in (None, "")}


def text_of(page: Item) -> str:
    parts: list[str] = []
    for item in page["items"]:
        parts += [item.get(key) or "" for key in ("column", "kicker", "headline", "byline", "heading")]
        parts += [*(item.get("deck") or []), *(block["text"] for block in item.get("body") or [])]
        parts += item.get("captions") or []
    parts += [*(page.get("furniture") or []), *(page.get("unplaced") or [])]
    return "".join([*parts, *(removed["text"] for removed in page.get("removed") or [])])


def is_exact(true: Item, item: Item) -> bool:
    same = body(true) == body(item) and Counter(captions(true)) == Counter(captions(item))
    same = same and true["type"] == item.get("type")
    return same and (true["type"] != "article" or same_title(true, item))


def score_page(gold: Item, system: Item, source: str | None = None) -> Counter[str]:
    true_items, items = gold["items"], system.get("items") or []
    found = match(true_items, items)
    count: Counter[str] = Counter()
    for i, true in enumerate(true_items):
        item: Item = items[found[i]] if i in found else {"type": "", "body": [], "captions": []}
        blocks, system_blocks = body(true), body(item)
        count["para_hit"] += hits(blocks, system_blocks)
        count["para_gold"] += len(blocks)
        place: dict[str, int] = {}
        for at, text in enumerate(system_blocks):
            place.setdefault(text, at)
        count["order_hit"] += rising([place[text] for text in blocks if text in place])
        count["cap_hit"] += hits(captions(true), captions(item))
        count["cap_gold"] += len(captions(true))
        if true["type"] == "article":
            lines, system_lines = titles(true), titles(item)
            count["title_hit"] += hits(lines, system_lines)
            count["title_gold"] += len(lines)
            head = norm(true["headline"])
            count["head_gold"] += 1
            count["head_hit"] += bool(head and (head == norm(item.get("headline")) or head in "".join(system_lines)))
            names = [norm(name) for name in true.get("authors") or []]
            system_names = [norm(name) for name in item.get("authors") or []]
            count["auth_hit"] += hits(names, system_names)
            count["auth_gold"] += len(names)
            count["auth_sys"] += len(system_names)
        else:
            kinds = true["kind"] if isinstance(true["kind"], list) else [true["kind"]]
            count["kind_gold"] += 1
            count["kind_hit"] += norm(item.get("kind")) in [norm(kind) for kind in kinds]
            fields = flatten(true.get("fields"))
            keys = {key for key, _ in fields}
            system_fields = {pair for pair in flatten(item.get("fields")) if pair[0] in keys}
            count["field_hit"] += len(fields & system_fields)
            count["field_gold"] += len(fields)
            count["field_sys"] += len(system_fields)
        count["item_hit"] += is_exact(true, item)
        count["item_gold"] += 1
    for item in items:
        count["para_sys"] += len(body(item))
        count["cap_sys"] += len(captions(item))
        if item.get("type") == "article":
            count["title_sys"] += len(titles(item))
    count["edits"] = edits(true_items, items, found)
    count["pages"] = 1
    if source is not None:
        want, have = (Counter(re.sub(r"\s", "", text).translate(FOLD)) for text in (source, text_of(system)))
        count["lost"], count["added"] = (want - have).total(), (have - want).total()
    return count


def measures(count: Mapping[str, int]) -> dict[str, float]:
    """The figures of one page or of many, counts added up."""

    def share(hit: str, gold: str) -> float:
        return count[hit] / count[gold] if count[gold] else 1.0

    return {
        "para": f1(count["para_hit"], count["para_sys"], count["para_gold"]),
        "order": share("order_hit", "para_gold"),
        "head": share("head_hit", "head_gold"),
        "titles": f1(count["title_hit"], count["title_sys"], count["title_gold"]),
        "authors": f1(count["auth_hit"], count["auth_sys"], count["auth_gold"]),
        "caps": f1(count["cap_hit"], count["cap_sys"], count["cap_gold"]),
        "kinds": share("kind_hit", "kind_gold"),
        "fields": f1(count["field_hit"], count["field_sys"], count["field_gold"]),
        "items": share("item_hit", "item_gold"),
        "edits": count["edits"] / max(1, count["pages"]),
        "lost": count["lost"],
        "added": count["added"],
    }


def faults(gold: Item, system: Item) -> list[str]:
    """What is wrong on a page, a line each, for a person to read."""
    true_items, items = gold["items"], system.get("items") or []
    found = match(true_items, items)
    out: list[str] = []
    for i, true in enumerate(true_items):
        name = norm(true.get("headline") or true.get("heading"))[:16] or "（无题）"
        if i not in found:
            out.append(f"{name}: item missing")
            continue
        item = items[found[i]]
        if item.get("type") != true["type"]:
            out.append(f"{name}: is {item.get('type')}")
        if true["type"] == "article" and not same_title(true, item):
            out.append(f"{name}: titles {' / '.join(titles(item)) or '-'} for {' / '.join(titles(true))}")
        if true["type"] == "article" and norm("".join(true["authors"])) != norm("".join(item.get("authors") or [])):
            out.append(f"{name}: authors {item.get('authors')} for {true['authors']}")
        missing, extra = Counter(body(true)) - Counter(body(item)), Counter(body(item)) - Counter(body(true))
        out += [f"{name}: - {_brief(text)}" for text in missing]
        out += [f"{name}: + {_brief(text)}" for text in extra]
        if not missing and not extra and body(true) != body(item):
            out.append(f"{name}: order of paragraphs")
        lost, more = (
            Counter(captions(true)) - Counter(captions(item)),
            Counter(captions(item)) - Counter(captions(true)),
        )
        out += [f"{name}: caption - {_brief(text)}" for text in lost]
        out += [f"{name}: caption + {_brief(text)}" for text in more]
    spare = set(range(len(items))) - set(found.values())
    out += [f"spare item: {_brief(''.join([*titles(items[j]), *body(items[j])]))}" for j in sorted(spare)]
    return out


def _brief(text: str) -> str:
    return text if len(text) <= 44 else f"{text[:22]}…{text[-20:]}"
