"""Many rows at once, for tests that count queries. Bulk inserts: the actions would take minutes."""

from __future__ import annotations

import datetime

from django.contrib.auth.models import Group, User
from django.utils import timezone

from articles.models import (
    Act,
    Article,
    Assignment,
    Comment,
    Contributor,
    Credit,
    Finding,
    HistoryEntry,
    Issue,
    Newspaper,
    Notice,
    Office,
    Page,
    Snapshot,
    Target,
    Topic,
    TopicLink,
    Withdrawal,
)
from articles.people import engine_user
from tests import factories


def fill(count, *, on=None):
    """`count` rows of everything; all items on one page, or each on a page of its own when `on` is none."""
    who = engine_user()
    paper = factories.newspaper()
    start = Issue.objects.count()
    first = datetime.date(1990, 1, 1)
    issues = Issue.objects.bulk_create(
        Issue(newspaper=paper, date=first + datetime.timedelta(days=start + n), date_state="confirmed")
        for n in range(count)
    )
    pages = Page.objects.bulk_create(Page(issue=issue, number=1, unplaced=[]) for issue in issues)
    homes = [on] * count if on else pages
    body = [{"id": "s1", "role": "paragraph", "text": "本报讯 大桥通车。"}]
    articles = Article.objects.bulk_create(
        Article(page=page, position=n, headline="" if n % 2 else f"第{n}篇", body=body, content_hash="x")
        for n, page in enumerate(homes)
    )
    notices = Notice.objects.bulk_create(
        Notice(page=page, position=n, kind="其他", body=body, content_hash="x") for n, page in enumerate(homes)
    )
    for kind, items in (("article", articles), ("notice", notices)):
        Finding.objects.bulk_create(
            Finding(page=item.page, key=f"{kind}{item.pk}", kind="x", message="疑", **{kind: item}) for item in items
        )
    HistoryEntry.objects.bulk_create(
        HistoryEntry(target=Target.ARTICLE, target_id=a.pk, act=Act.CREATED, version=1, actor=who, content_hash="x")
        for a in articles
    )
    now = timezone.now()
    content: dict[str, list[str]] = {"body": [], "captions": [], "topics": []}
    Snapshot.objects.bulk_create(
        Snapshot(
            article=a, number=1, live_from=now, published_at=now, published_by=who, source_hash="x", newspaper=paper,
            issue=a.page.issue, date=first, page_number=1, position=n, title="题", content=content,
        )
        for n, a in enumerate(articles)
    )  # fmt: skip
    Withdrawal.objects.bulk_create(Withdrawal(notice=n, reason="误", at=now, by=who) for n in notices)
    made = Topic.objects.count()
    topics = Topic.objects.bulk_create(Topic(name=f"专题{made + n}", slug=f"t{made + n}") for n in range(count))
    TopicLink.objects.bulk_create(TopicLink(article=a, topic=t) for a, t in zip(articles, topics, strict=True))
    people = Contributor.objects.bulk_create(Contributor(name=f"作者{made + n}") for n in range(count))
    Credit.objects.bulk_create(Credit(article=a, contributor=p) for a, p in zip(articles, people, strict=True))
    accounts = User.objects.count()
    User.objects.bulk_create(User(username=f"u{accounts + n}", password="!") for n in range(count))
    Group.objects.bulk_create(Group(name=f"组{accounts + n}") for n in range(count))
    Office.objects.bulk_create(Office(name=f"姓名{made + n}", title="市长") for n in range(count))
    Assignment.objects.bulk_create(Assignment(page=a.page, article=a, assignee=who, by=who) for a in articles)
    Comment.objects.bulk_create(Comment(page=a.page, article=a, version=1, text="查", author=who) for a in articles)
    papers = Newspaper.objects.count()
    Newspaper.objects.bulk_create(Newspaper(name=f"报{papers + n}", slug=f"p{papers + n}") for n in range(count))
    return articles, notices
