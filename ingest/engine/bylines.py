"""Read the names out of bylines and of the brackets after a dateline."""

from __future__ import annotations

import re

from ingest.engine.fluency import model
from ingest.engine.knowledge import pattern, surnames
from ingest.engine.text import is_cjk

# No byline names more people than a page has reporters; longer lines are not parsed.
LONGEST = 80
_SEPARATORS = re.compile(r"[\s、，,/&]+")
# What may end a name as well as say what somebody did.
_NAME_ENDS = ("文", "图", "摄")
# 本报记者甲乙实习生丙丁: an office begins another name.
_NEXT_OFFICE = re.compile(r"(?<=[一-鿿])(?<!本报)(?<!本网)(?<!本刊)(?<!本社)(?=通讯员|实习生)")


def parse_byline(text: str) -> tuple[str, ...] | None:
    """The names of a byline line in printed order; None when the line is no byline."""
    text = text.strip().strip("（）()")
    if not text or len(text) > LONGEST:
        return None
    post = pattern("post").match(text)
    if post is not None:
        names_behind = split_names(text[post.end() :], sure=False)
        return tuple(names_behind) if names_behind is not None and len(names_behind) == 1 else None
    marked = pattern("byline_mark").match(text)
    if marked is not None:
        text = text[marked.end() :]
    names: list[str] = []
    offices = 0
    for token in _tokens(text):
        rest = token
        office = pattern("office").match(rest)
        if office is not None and _is_office(rest, office.end()):
            offices += 1
            rest = rest[office.end() :].lstrip("：: ")
            if not rest:
                continue
            found = split_names(rest, sure=False)
        else:
            found = split_names(rest, sure=offices > 0)
        if found is None:
            return None
        names.extend(found)
    if not offices and marked is None:
        return None
    return tuple(names) if names or offices else None


def bare_name(text: str) -> tuple[str, ...]:
    """The name on a byline that is nothing but a name; none when it is a source (来源：新华社)."""
    name = text.replace(" ", "")
    if not 2 <= len(name) <= 4 or not all(is_cjk(c) for c in name) or pattern("no_name").match(name):
        return ()
    return (name,)


def _is_office(token: str, end: int) -> bool:
    """A token is an office and then a name, or an office alone; 文 and 图 count alone only (文化, 图书 are words)."""
    office = token[:end].rstrip("：:/")
    if office.endswith(("文", "图")) and not office.endswith(("/文", "/图")):
        return office in ("文", "图") and (end == len(token) or token[end - 1] in "：:/")
    return True


def _tokens(text: str) -> list[str]:
    """Words between separators; single characters side by side are one name driven apart (李 莹)."""
    text = re.sub(r"文\s?/\s?图|图\s?/\s?文|文\s?/\s?摄", " ", text)
    text = _NEXT_OFFICE.sub(" ", text)
    raw = [t for t in _SEPARATORS.split(text) if t]
    tokens: list[str] = []
    single = ""
    for token in raw:
        if len(token) == 1 and is_cjk(token) and token not in {"文", "图", "摄"}:
            single += token
            if len(single) == 2:
                tokens.append(single)
                single = ""
            continue
        if single:
            tokens.append(single)
            single = ""
        if token not in ("文", "图", "摄", "文图", "报道", "摄影报道"):
            tokens.append(token)
    if single:
        tokens.append(single)
    return tokens


def split_names(text: str, *, sure: bool) -> list[str] | None:
    """One name, or several run together; None when it can't be names. ``sure`` trusts a pen name without a surname."""
    tail = pattern("byline_tail").search(text)
    # 曲静文 may be all of a name; 曲静文/图 can't.
    if tail is not None and len(text) - len(tail.group(0)) >= (3 if tail.group(0) in _NAME_ENDS else 2):
        text = text[: tail.start()]
    if "·" in text and len(text) <= 14:
        return [text]
    if not text or not all(is_cjk(c) for c in text) or pattern("no_name").match(text):
        return None
    single, double = surnames()
    if 2 <= len(text) <= 4 and (text[0] in single or text.startswith(double)):
        if len(text) < 4 or text.startswith(double) or text[1] in single:
            return [text]
    elif sure and 2 <= len(text) <= 3:
        return [text]
    found = _run(text) if len(text) <= 18 else None
    if found is None and sure and len(text) == 4 and text not in model().words:
        return [text]  # 吉木日古 has no surname
    return found


def _run(text: str) -> list[str] | None:
    """Names without anything between them, 张三李四光: each a surname and one or two characters."""
    single, double = surnames()
    best: list[list[str] | None] = [None] * (len(text) + 1)
    best[len(text)] = []
    for i in range(len(text) - 2, -1, -1):
        head = 2 if text.startswith(double, i) else 1 if text[i] in single else 0
        if not head:
            continue
        for size in (head + 2, head + 1):
            rest = best[i + size] if i + size <= len(text) else None
            if rest is not None:
                best[i] = [text[i : i + size], *rest]
                break
    return best[0]


def credited(paragraph: str) -> tuple[str, ...]:
    """The reporters named in the bracket after a dateline: 本报讯（融媒体记者甲 通讯员乙）."""
    found = pattern("dateline_credit").match(paragraph[:120])
    if found is None:
        return ()
    return parse_byline(found.group(1)) or ()


def signed(paragraph: str) -> tuple[str, ...]:
    """The writers in brackets at the very end of a story: ……。（张三 李四）."""
    found = pattern("signature").search(paragraph[-40:])
    if found is None or paragraph[-40:][: found.start()].rstrip()[-1:] not in tuple("。！？”…"):
        return ()
    names = parse_byline("记者 " + found.group(1))
    return names or ()
