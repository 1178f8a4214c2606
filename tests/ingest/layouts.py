"""Page layouts made by hand: pieces are named by their text, which must stand in the page once."""

from __future__ import annotations

from typing import Any

from ingest.engine import ArticleItem, Block, Finding, NoticeFields, NoticeItem, PageLayout, Role, check

PAGE = """青溪大桥建成通车
本报讯（记者 王小明 通讯员 李芳）昨日，青溪大桥建成通车。
大桥全长三公里，桥面有六车道。
图为大桥夜景。

春耕全面展开
各乡镇备足种子化肥。

遗失声明
陈大力遗失身份证一张，声明作废。
85660000
"""


def block(page: str, text: str, role: Role, reason: str = "照例") -> Block:
    start = page.index(text)
    assert page.count(text) == 1, text
    return Block(role, text, ((start, start + len(text)),), reason, 0.9)


def article(page: str, **parts: Any) -> ArticleItem:
    """`headline`, `byline` … are texts, `deck`, `body`, `captions` lists of texts; a body text "# …" is a subhead."""
    single = {"column": Role.COLUMN, "kicker": Role.KICKER, "headline": Role.HEADLINE, "byline": Role.BYLINE}
    made: dict[str, Any] = {name: block(page, parts.pop(name), role) for name, role in single.items() if name in parts}
    made["deck"] = tuple(block(page, text, Role.DECK) for text in parts.pop("deck", ()))
    made["captions"] = tuple(block(page, text, Role.CAPTION) for text in parts.pop("captions", ()))
    made["body"] = tuple(
        block(page, text.removeprefix("# "), Role.SUBHEAD if text.startswith("# ") else Role.PARAGRAPH)
        for text in parts.pop("body", ())
    )
    return ArticleItem(**made, **parts)


def notice(page: str, *, kind: str = "遗失声明", heading: str = "", body: tuple[str, ...], **fields: Any) -> NoticeItem:
    return NoticeItem(
        kind=kind,
        heading=block(page, heading, Role.NOTICE_HEADING) if heading else None,
        body=tuple(block(page, text, Role.PARAGRAPH) for text in body),
        fields=NoticeFields(**fields),
    )


def layout(page: str, /, *items: Any, findings: tuple[Finding, ...] = (), **more: Any) -> PageLayout:
    """The layout; `furniture`, `removed` and `unplaced` are lists of texts, the rest is metadata."""
    lists: dict[str, Any] = {
        name: tuple(block(page, text, Role(name)) for text in more.pop(name, ()))
        for name in ("furniture", "removed", "unplaced")
    }
    made = PageLayout(items=tuple(items), findings=findings, **lists, **more)
    check(page, made)
    return made


def usual(page: str = PAGE, /, **known: Any) -> PageLayout:
    """The layout of `PAGE`: two articles, a notice, a hotline."""
    return layout(
        page,
        ArticleItem(
            headline=Block(Role.HEADLINE, "青溪大桥建成通车", ((0, 8),), "首行短", 0.9),
            body=(
                block(page, "本报讯（记者 王小明 通讯员 李芳）昨日，青溪大桥建成通车。", Role.PARAGRAPH),
                block(page, "大桥全长三公里，桥面有六车道。", Role.PARAGRAPH),
            ),
            captions=(block(page, "图为大桥夜景。", Role.CAPTION),),
            authors=("王小明", "李芳"),
            confidence=0.8,
        ),
        article(page, headline="春耕全面展开", body=["各乡镇备足种子化肥。"]),
        notice(
            page,
            heading="遗失声明",
            body=("陈大力遗失身份证一张，声明作废。",),
            declarant="陈大力",
            documents=("身份证",),
        ),
        furniture=["85660000"],
        findings=(Finding("doubtful-figure", (page.index("三公里"), page.index("三公里") + 1), "数字可疑", "五"),),
        **known,
    )


def recut(page: str = PAGE, /, **known: Any) -> PageLayout:
    """The same page as another engine sees it: the caption and the spring ploughing change hands, the notice stays."""
    return layout(
        page,
        ArticleItem(
            headline=Block(Role.HEADLINE, "青溪大桥建成通车", ((0, 8),), "首行短", 0.9),
            body=(
                block(page, "本报讯（记者 王小明 通讯员 李芳）昨日，青溪大桥建成通车。", Role.PARAGRAPH),
                block(page, "大桥全长三公里，桥面有六车道。", Role.PARAGRAPH),
            ),
            authors=("王小明",),
        ),
        article(page, headline="春耕全面展开", body=["各乡镇备足种子化肥。"], captions=["图为大桥夜景。"]),
        notice(page, heading="遗失声明", body=("陈大力遗失身份证一张，声明作废。",), declarant="陈大力"),
        unplaced=["85660000"],
        **known,
    )
