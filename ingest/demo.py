"""Demonstration data: the seeds ingested, dated, read and published through the same actions as an editor's.

Everything is signed by the demo accounts and gives the reason `MARK`. What has happened stands in the history, so a
second run knows what is done without any mark of its own: it goes on with an item only while nobody else has
touched it or its page.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from articles import rules, signoffs
from articles.actions import items as editing
from articles.actions import placing, publishing, topics
from articles.actions.signing import sign
from articles.actions.stages import set_stages
from articles.errors import ActionRefused
from articles.models import (
    DEFAULT_STAGES,
    Act,
    AnyItem,
    Article,
    DateState,
    HistoryEntry,
    LinkState,
    Notice,
    Page,
    Snapshot,
    Stage,
    StageKind,
    Target,
    TopicLink,
    TopicState,
)
from articles.roles import ENGINE_USER
from ingest.models import Source
from ingest.newspapers import newspaper_named

MARK = "演示数据"
FAMILY_NAME = "演示"
"""The family name of the demo accounts (演示编辑): tells them from a person who has the same user name."""

PROOFREADER, EDITOR, DEPUTY, CHIEF = "luru", "bianji", "qianshen", "zhubian"
ACCOUNTS = (
    (PROOFREADER, "录入校对"),
    (EDITOR, "编辑"),
    (DEPUTY, "签审"),
    (CHIEF, "主编"),
    ("guanliyuan", "管理员"),
    ("admin", ""),  # a superuser
)
SIGNERS = {
    StageKind.PROOF: PROOFREADER,
    StageKind.FIRST: EDITOR,
    StageKind.SECOND: DEPUTY,
    StageKind.FINAL: CHIEF,
}
_LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that look like another
PASSWORD_LENGTH = 14


@dataclass(frozen=True)
class Stated:
    """What the demo says of a page whose print does not say it."""

    newspaper: str
    date: datetime.date
    number: int
    section: str


# Dates that agree with the texts: 000 speaks of the 25th as "yesterday" (a boiler began its 96 hours on the 21st) and
# of spring festival to come; 002 of the year of the horse just begun; 003 of figures up to November 2021; 004 stands
# in the run-up to the party congress and goes with 001, which prints its date.
STATED = {
    "000_3112e538722fe001.txt": Stated("晋江经济报", datetime.date(2024, 1, 26), 1, "要闻"),
    "001_d7234aef0cfb837d.txt": Stated("晋江经济报", datetime.date(2025, 12, 20), 2, "综合"),
    "002_07ee91a8d016bf5a.txt": Stated("泉州晚报", datetime.date(2026, 3, 6), 3, "县市区"),
    "003_685266f41783bff8.txt": Stated("海峡都市报", datetime.date(2021, 12, 16), 5, "泉州新闻"),
    "004_a47194d7e638be04.txt": Stated("晋江经济报", datetime.date(2025, 12, 20), 3, "专题"),
}


def seed_folder() -> Path:
    return Path(settings.BASE_DIR) / "seeds"


def seed_hashes() -> list[str]:
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(seed_folder().glob("*.txt"))]


def is_set_up() -> bool:
    """Whether this database has been given demo data before."""
    return User.objects.filter(last_name=FAMILY_NAME, username__in=[name for name, _ in ACCOUNTS]).exists()


def has_other_content() -> bool:
    """Whether there is a page that did not come from the seeds."""
    ours = Source.objects.filter(sha256__in=seed_hashes()).values("page")
    return Page.objects.exclude(pk__in=ours).exists()


# Accounts


@dataclass(frozen=True)
class Account:
    username: str
    role: str
    password: str = ""
    is_taken: bool = False
    """Somebody else has this user name; the account was left alone."""


@transaction.atomic
def make_accounts() -> list[Account]:
    """Make the demo accounts, with passwords that are shown now and stored nowhere. They are made once: an account
    that was deleted or renamed afterwards does not come back, so that a site can close them for good."""
    if is_set_up():
        known = set(User.objects.filter(last_name=FAMILY_NAME).values_list("username", flat=True))
        return [Account(name, role) for name, role in ACCOUNTS if name in known]
    taken = set(User.objects.filter(username__in=[name for name, _ in ACCOUNTS]).values_list("username", flat=True))
    if taken & {EDITOR, CHIEF}:
        names = "、".join(sorted(taken & {EDITOR, CHIEF}))
        raise ActionRefused(f"用户名 {names} 已经有人用，演示不能以他们的名义操作：请在没有这些账号的数据库里运行。")
    return [
        Account(name, role, is_taken=True) if name in taken else Account(name, role, _make(name, role))
        for name, role in ACCOUNTS
    ]


def _make(username: str, role: str) -> str:
    user = User(username=username, last_name=FAMILY_NAME, first_name=role or "超级用户", is_staff=True)
    user.is_superuser = not role
    password = "".join(secrets.choice(_LETTERS) for _ in range(PASSWORD_LENGTH))
    validate_password(password, user)
    user.set_password(password)
    user.save()
    if role:
        user.groups.add(Group.objects.get(name=role))
    return password


def _demo_user(username: str) -> User | None:
    return User.objects.filter(username=username, last_name=FAMILY_NAME, is_active=True).first()


# Pages and items


@dataclass
class PageReport:
    page: Page
    articles: int = 0
    notices: int = 0
    published: int = 0
    held: list[tuple[AnyItem, str]] = field(default_factory=list)
    """Items that readers do not see, each with the reason."""
    trouble: str = ""


def work() -> list[PageReport]:
    """Place, read and publish what nobody else has touched; then say how the seeds' pages stand."""
    editor, chief = _demo_user(EDITOR), _demo_user(CHIEF)
    pages = list(Page.objects.filter(sources__sha256__in=seed_hashes()).order_by("sources__name"))
    reports = [PageReport(page) for page in pages]
    if editor is not None and chief is not None:
        for report in reports:
            if _is_ours(report.page):
                try:
                    report.page = _place(report.page, editor)
                except ActionRefused as refusal:
                    report.trouble = str(refusal)
        free = [report.page for report in reports if _is_ours(report.page)]
        signers = _signers()
        if signers:
            _ask_for_signatures(free, chief)
        _correct(free, editor)
        _sign(free, signers)
        _publish(free, chief)
    for report in reports:
        _describe(report)
    return reports


def _last_act_of_a_person(target: Target, ids: Iterable[int]) -> dict[int, HistoryEntry]:
    """By item, the last thing somebody other than the import did to it."""
    entries = HistoryEntry.objects.filter(target=target, target_id__in=list(ids)).exclude(actor__username=ENGINE_USER)
    return {entry.target_id: entry for entry in entries.order_by("pk")}


def _is_ours(page: Page) -> bool:
    """Nobody but the demo has done anything to the page."""
    last = _last_act_of_a_person(Target.PAGE, [page.pk]).get(page.pk)
    return last is None or last.reason == MARK


def _place(page: Page, editor: User) -> Page:
    """Give an undated page its date and number, as an editor would: what the print says first, then what we state."""
    issue = page.issue
    if issue.date_state == DateState.CONFIRMED and page.number is not None:
        return page
    stated = next((STATED[source.name] for source in page.sources.all() if source.name in STATED), None)
    if stated is None:
        raise ActionRefused("示例里没有这一版的日期，请在后台核定。")
    newspaper = issue.newspaper or newspaper_named(stated.newspaper)
    date = issue.date or max(stated.date, issue.date_not_before or stated.date)
    others = Page.objects.filter(issue__newspaper=newspaper, issue__date=date).exclude(pk=page.pk)
    taken = set(others.values_list("number", flat=True))
    number = page.number or next(n for n in range(stated.number, 1000) if n not in taken)
    return placing.place_page(
        page=page,
        newspaper=newspaper,
        date=date,
        number=number,
        section=page.section or stated.section,
        actor=editor,
        reason=MARK,
        basis=MARK,
    )


def _items(pages: Sequence[Page]) -> list[AnyItem]:
    """In reading order."""
    found: list[AnyItem] = [
        *Article.objects.filter(page__in=pages).with_page(),
        *Notice.objects.filter(page__in=pages).with_page(),
    ]
    return sorted(found, key=lambda item: (item.page_id, item.reading_order))


def _acts(found: Sequence[AnyItem]) -> dict[tuple[str, int], HistoryEntry]:
    acts: dict[tuple[str, int], HistoryEntry] = {}
    for target, model in ((Target.ARTICLE, Article), (Target.NOTICE, Notice)):
        ids = [item.pk for item in found if isinstance(item, model)]
        acts |= {(target.value, pk): entry for pk, entry in _last_act_of_a_person(target, ids).items()}
    return acts


def _correct(pages: Sequence[Page], editor: User) -> None:
    """Confirm the best topic of each fresh item and mark it corrected, where nothing else keeps it from publication.

    An item with a blocking finding or without a headline waits for a real editor: it stays as imported.
    """
    found = _items(pages)
    acts, verdicts = _acts(found), rules.check(found)
    fresh = [item for item in found if (item.snapshot_key, item.pk) not in acts]
    ready = [i for i in fresh if _codes(verdicts[i.snapshot_key, i.pk]) - _OURS == set()]
    for item in ready:
        with transaction.atomic():
            if isinstance(item, Article):
                best = _best_topic(item)
                if best is not None:
                    topics.decide_topics(article=item, confirm=[best.topic], actor=editor, reason=MARK)
            # Last, so that the item's last act carries the mark.
            editing.mark_corrected(item=item, base_version=item.version, actor=editor, reason=MARK)


_OURS = {"corrected", "stages"}
"""The rules that the demo itself sees to."""


def _codes(verdict: rules.Verdict) -> set[str]:
    return {rule.code for rule in verdict.problems}


def _signers() -> dict[str, User]:
    """Who signs which kind of stage; nobody unless all of the demo accounts are there."""
    found = {kind: _demo_user(username) for kind, username in SIGNERS.items()}
    return {kind: user for kind, user in found.items() if user is not None} if all(found.values()) else {}


def _ask_for_signatures(pages: Sequence[Page], chief: User) -> None:
    """Give a newspaper that has published nothing yet all of 三校三审, so that the demo shows them at work."""
    papers = {page.issue.newspaper for page in pages if page.issue.newspaper is not None}
    for paper in sorted(papers, key=lambda each: each.pk):
        is_new = not Snapshot.objects.filter(newspaper=paper).exists()
        if is_new and not Stage.objects.filter(newspaper=paper).exists():
            set_stages(newspaper=paper, stages=DEFAULT_STAGES, actor=chief)


def _sign(pages: Sequence[Page], signers: Mapping[str, User]) -> None:
    """Sign what the demo editor marked as corrected, stage by stage, as the people of the demo would."""
    found = _items(pages)
    acts, standings = _acts(found), signoffs.standings(found)
    for item in found:
        last = acts.get((item.snapshot_key, item.pk))
        if last is None or last.reason != MARK or last.act not in (Act.CORRECTED, Act.SIGNED):
            continue
        for stage in standings[item.snapshot_key, item.pk].unsigned if signers else ():
            with contextlib.suppress(ActionRefused):  # told as what holds the item up
                sign(item=item, stage=stage, actor=signers[stage.kind], base_version=item.version, note=MARK)


def _best_topic(article: Article) -> TopicLink | None:
    """A topic in use; one that the machine only proposes is left for people to look at."""
    links = TopicLink.objects.filter(article=article, state=LinkState.SUGGESTED, topic__state=TopicState.ACTIVE)
    return links.select_related("topic").order_by("-score", "topic_id").first()


def _publish(pages: Sequence[Page], chief: User) -> None:
    """What the demo's people were the last to read or sign, and readers have not seen yet."""
    found = _items(pages)
    acts = _acts(found)
    waiting = []
    for item in found:
        last = acts.get((item.snapshot_key, item.pk))
        if last is not None and last.act in (Act.CORRECTED, Act.SIGNED) and last.reason == MARK:
            waiting.append(item)
    publishing.publish_many(items=waiting, actor=chief, reason=MARK)


def _describe(report: PageReport) -> None:
    report.page = Page.objects.select_related("issue__newspaper").get(pk=report.page.pk)
    found = _items([report.page])
    verdicts = rules.check(found)
    live = set(Snapshot.objects.live().filter(article__page=report.page).values_list("article", flat=True))
    live_notices = set(Snapshot.objects.live().filter(notice__page=report.page).values_list("notice", flat=True))
    for item in found:
        is_article = isinstance(item, Article)
        report.articles += is_article
        report.notices += not is_article
        if item.pk in (live if is_article else live_notices):
            report.published += 1
            continue
        broken = verdicts[item.snapshot_key, item.pk].problems
        # "Not corrected, not signed yet" follows from the others here: nobody reads what something else holds up.
        told = [rule for rule in broken if rule.code not in _OURS] or broken
        report.held.append((item, "；".join(rule.message for rule in told) or "可以见报，等编辑决定"))
