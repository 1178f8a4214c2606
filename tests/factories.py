"""Small keyword-only makers of valid rows. They go through the same actions as the site wherever one exists."""

from __future__ import annotations

import datetime
import itertools
from typing import Any

from django.contrib.auth.models import Group, User

from articles.actions import items, placing, publishing
from articles.models import AnyItem, Article, Issue, Newspaper, Notice, Page, Snapshot
from articles.people import engine_user

_numbers = itertools.count(1)


def user(username: str = "", *, role: str = "") -> User:
    made = User.objects.create_user(username or f"user{next(_numbers)}", password="secret", is_staff=True)
    if role:
        made.groups.add(Group.objects.get(name=role))
    return made


def newspaper(*, name: str = "青溪日报", slug: str = "qingxi") -> Newspaper:
    return Newspaper.objects.get_or_create(name=name, defaults={"slug": slug})[0]


def undated_page(*, paper: Newspaper | None = None, **fields: Any) -> Page:
    """A page as the import makes it: in an undated issue of its own."""
    issue = Issue.objects.create(newspaper=paper)
    return Page.objects.create(issue=issue, **fields)


def page(
    *,
    date: datetime.date = datetime.date(2024, 3, 5),
    number: int = 1,
    section: str = "要闻",
    paper: Newspaper | None = None,
) -> Page:
    """A placed page of a confirmed issue."""
    return placing.place_page(
        page=undated_page(),
        newspaper=paper or newspaper(),
        date=date,
        number=number,
        section=section,
        actor=engine_user(),
    )


def article_content(
    *, headline: str = "青溪大桥建成通车", text: str = "本报讯 昨日，青溪大桥建成通车。", **more: Any
) -> Any:
    content = {
        "column": "",
        "kicker": "",
        "headline": headline,
        "deck": [],
        "byline": "",
        "body": [{"id": "s1", "role": "paragraph", "text": text}] if text else [],
        "captions": [],
        "continued_from": "",
        "continued_on": "",
    }
    return {**content, **more}


def article(*, on: Page | None = None, corrected: bool = False, **content: Any) -> Article:
    made = items.create_article(page=on or page(), content=article_content(**content), actor=engine_user())
    if corrected:
        made = items.mark_corrected(item=made, base_version=made.version, actor=engine_user())
    return made


def notice_content(*, text: str = "王小明不慎遗失身份证，声明作废。", **more: Any) -> Any:
    content = {
        "kind": "遗失声明",
        "heading": "遗失声明",
        "body": [{"id": "s1", "role": "paragraph", "text": text}],
        "fields": {"declarant": "王小明"},
    }
    return {**content, **more}


def notice(*, on: Page | None = None, corrected: bool = False, **content: Any) -> Notice:
    made = items.create_notice(page=on or page(), content=notice_content(**content), actor=engine_user())
    if corrected:
        made = items.mark_corrected(item=made, base_version=made.version, actor=engine_user())
    return made


def published(item: AnyItem) -> Snapshot:
    """The snapshot of an item, corrected first if it was not."""
    fresh = items.mark_corrected(item=item, base_version=item.version, actor=engine_user())
    return publishing.publish(item=fresh, actor=engine_user())
