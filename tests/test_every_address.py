"""Every address of the project, found by walking the resolver: who gets in, and what is not public is nowhere.

An address that nobody thought of here fails the test: a new kind of parameter needs sample values, and a new screen of
the desk a word about who may open it.
"""

from __future__ import annotations

import datetime
import itertools
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from articles.actions import addresses, correcting, signing, stages
from articles.models import Article, Comment, Correction, CorrectionKind, Finding, OldAddress
from articles.people import engine_user
from articles.roles import ROLES, permissions_of
from tests import factories
from tests.articles.public.conftest import DAY, HIDDEN, IDENTITY, PHONE, Edition, edition  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db

MARKERS = (HIDDEN, PHONE, IDENTITY, PHONE[3:], IDENTITY[:14], quote(HIDDEN))
OLD_OF_DRAFT, OLD_OF_SCHEDULED = "/html/draft.htm", "/html/scheduled.htm"


@dataclass(frozen=True)
class Route:
    name: str
    pattern: str
    parameters: tuple[str, ...]

    @property
    def is_desk(self) -> bool:
        return self.pattern.startswith("admin/")

    def filled(self, values: dict[str, Any]) -> str:
        """The address with these values, as a browser would ask for it."""
        path = self.pattern
        for name in self.parameters:
            path = re.sub(rf"<(?:\w+:)?{name}>", quote(str(values[name]), safe="/"), path)
        return "/" + path


def routes(resolver: Any = None, before: str = "") -> Iterator[Route]:
    for each in (resolver or get_resolver()).url_patterns:
        pattern = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each, pattern)
        elif isinstance(each, URLPattern):
            named = re.findall(r"<(?:\w+:)?(\w+)>", pattern)
            yield Route(each.name or "", pattern, tuple(named))


@pytest.fixture
def world(edition: Edition) -> Edition:  # noqa: F811
    """The edition, with a row of everything else that could tell of what is not public."""
    who, chief = engine_user(), factories.user("zhu", role="主编")
    draft = edition.draft
    stages.set_stages(newspaper=edition.paper, stages=[("一校", "proof")], actor=chief)
    (stage,) = stages.set_stages(newspaper=edition.paper, stages=[("一校", "proof")], actor=chief)
    draft.refresh_from_db()
    signing.sign(item=draft, stage=stage, actor=chief, base_version=draft.version, note=HIDDEN)
    told = correcting.issue_correction(
        items=[edition.lead, edition.withdrawn], kind=CorrectionKind.CORRECTION, text="三公里应为四公里。", actor=who
    )
    wrong = correcting.issue_correction(
        items=[edition.lead], kind=CorrectionKind.CLARIFICATION, text=f"收回的更正{HIDDEN}", actor=who
    )
    correcting.retract_correction(correction=wrong, actor=who, reason=HIDDEN)
    assert list(Correction.objects.in_force()) == [told]
    for path, target in ((OLD_OF_DRAFT, draft), (OLD_OF_SCHEDULED, edition.scheduled)):
        addresses.set_old_address(address=path, target=target, actor=who)
    Finding.objects.create(page=draft.page, article=edition.lead, key="k", kind="x", message=HIDDEN)
    Comment.objects.create(page=draft.page, article=edition.lead, version=1, text=HIDDEN, author=who)
    return edition


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Refusals are logged, with a traceback each; here there are thousands."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


# The public site


def samples(world: Edition) -> dict[str, list[Any]]:
    """Values for every parameter of public addresses: what is public, what is not, and what is nothing."""
    author_unseen = world.draft.credits.get().contributor_id
    items = [world.lead, world.draft, world.scheduled, world.withdrawn, world.notice, world.withdrawn_notice]
    return {
        "pk": [*dict.fromkeys([*(item.pk for item in items), world.author.pk, author_unseen]), 999_999_999],
        "newspaper": ["qingxi", "unseen", "nothing"],
        "year": [2024, 1999],
        "date": [DAY, DAY + datetime.timedelta(7), datetime.date(1999, 1, 1)],
        "number": [1, 4, 9],
        # A topic in use is public by name, whether or not anything has been published in it.
        "slug": [world.topic.slug, world.proposed.slug, "nothing"],
        "part": [1, 999],
        "month": ["2024-03", "1999-01"],
        "day": ["03-05", "02-30"],
        "suffix": ["bib", "ris", "nothing"],
        "rest": ["nothing", "articles"],
    }


QUERIES = [
    {},
    # Words that stand beside the marker in what is not public: finding them would show it.
    *({"q": word} for word in ("草稿", "定时", "撤下", "无日期", "没见报", "下期", "收回的更正", "错字标题", "作者")),
    {"number": IDENTITY},
]


def public_addresses(world: Edition) -> Iterator[str]:
    known = samples(world)
    for route in routes():
        if route.is_desk:
            continue
        unknown = set(route.parameters) - set(known)
        assert not unknown, f"{route.pattern}: give sample values for {unknown}"
        for values in itertools.product(*(known[name] for name in route.parameters)):
            yield route.filled(dict(zip(route.parameters, values, strict=True)))


def leaks(response: Any) -> list[str]:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    text = body.decode(errors="replace") + "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    return [marker for marker in MARKERS if marker in text]


def test_what_is_not_public_is_in_no_public_answer(world: Edition) -> None:
    reader = Client(raise_request_exception=False)
    found, statuses = [], set()
    for address in (*public_addresses(world), OLD_OF_DRAFT, OLD_OF_SCHEDULED):
        for query in QUERIES if "search" in address or "lookup" in address or address == "/notices/" else [{}]:
            for method in ("get", "post", "head"):
                response = getattr(reader, method)(address, query)
                statuses.add(response.status_code)
                assert response.status_code < 500, (method, address, query)
                assert not response.cookies or "/admin/" in address, address
                found += [(method, address, query, marker) for marker in leaks(response)]
    assert found == []
    assert {200, 404, 410} <= statuses


@pytest.mark.parametrize("role", ["", *ROLES])
def test_public_answers_are_the_same_for_everybody_who_is_logged_in(world: Edition, role: str) -> None:
    known = {name: values[0] for name, values in samples(world).items()}
    reader, editor = Client(), Client()
    editor.force_login(factories.user(role=role))
    for route in routes():
        if not route.is_desk:
            address = route.filled(known)
            plain, seen = reader.get(address), editor.get(address)
            assert seen.status_code == plain.status_code, address
            assert leaks(seen) == [], address
            if not plain.streaming:
                assert seen.content == plain.content, address


def test_old_addresses_of_what_is_not_public_are_no_addresses(world: Edition) -> None:
    assert OldAddress.objects.count() == 2
    nothing = Client().get("/html/nothing.htm")
    for path in (OLD_OF_DRAFT, OLD_OF_SCHEDULED):
        response = Client().get(path)
        assert (response.status_code, response.content) == (404, nothing.content)


def test_what_is_due_is_public_at_once_and_what_is_withdrawn_is_gone_at_once(world: Edition, monkeypatch: Any) -> None:
    """Through whatever keeps pages ready: the same addresses, asked again."""
    reader = Client()
    page = reverse("page", args=["qingxi", DAY, 1])
    assert "定时" not in reader.get(page).content.decode()
    monkeypatch.setattr(timezone, "now", lambda: world.due)
    assert "定时" in reader.get(page).content.decode()


# The desk

EVERYBODY = ""  # whoever is on the staff, and sees what the permissions say
NOBODY = "nobody"
SIGNERS = "articles.sign_proof"  # every role that signs anything signs proofs
DESK = "articles.change_page"

BY_SUFFIX = {
    "changelist": "{app}.view_{model}",
    "change": "{app}.view_{model}",
    "history": "{app}.view_{model}",
    "": "{app}.view_{model}",
    "add": "{app}.add_{model}",
    "delete": NOBODY,
    "export": "{app}.export_{model}",
    "import": "{app}.import_{model}",
    "process_import": "{app}.import_{model}",
}
BY_NAME = {
    "index": EVERYBODY,
    "login": EVERYBODY,
    "logout": EVERYBODY,
    "password_change": EVERYBODY,
    "password_change_done": EVERYBODY,
    "jsi18n": EVERYBODY,
    "app_list": EVERYBODY,
    "autocomplete": NOBODY,
    "view_on_site": EVERYBODY,  # hidden by an address of ours where there is nothing
    # Made by acts of their own, never by an empty form.
    "articles_issue_add": NOBODY,
    "articles_comment_add": NOBODY,
    "articles_assignment_add": NOBODY,
    "auth_user_password_change": "auth.change_user",
    "articles_correction_retract": "articles.issue_correction",
    "articles_issue_publish": "articles.publish_article",
    "articles_issue_sign": SIGNERS,
    "articles_page_publish": "articles.publish_article",
    "articles_page_sign": SIGNERS,
    "articles_page_form": "articles.view_page",
    "articles_page_place": "articles.place_issue",
}
for _kind in ("article", "notice"):
    BY_NAME |= {
        f"articles_{_kind}_bulk": f"articles.publish_{_kind}",
        f"articles_{_kind}_form": f"articles.view_{_kind}",
        f"articles_{_kind}_restore": f"articles.change_{_kind}",
    }
ACTS = {
    "sign": SIGNERS,
    "publish": "articles.publish_{model}",
    "schedule": "articles.publish_{model}",
    "unschedule": "articles.publish_{model}",
    "withdraw": "articles.publish_{model}",
    "unembargo": "articles.publish_{model}",
    "embargo": "articles.change_{model}",
    "reopen": "articles.change_{model}",
    "amend": "articles.issue_correction",
}
BY_NAME |= {
    "articles_issue_report": "articles.report_issue",
    "articles_issue_errors": "articles.report_issue",
    "articles_assignment_give": "articles.add_assignment",
    "articles_assignment_close": "articles.view_assignment",
    "articles_comment_write": "articles.add_comment",
    "articles_comment_resolve": "articles.add_comment",
    "articles_notice_unmask": "articles.unmask_notice",
    "articles_notice_series": "articles.change_notice",
    **{f"articles_page_{name}": DESK for name in ("replace", "replaced", "queue", "desk")},
    **{
        f"articles_page_desk_{name}": DESK
        for name in ("claim", "state", "ask", "past", "decline", "corrected", "next", "presence", "save")
    },
}


def needed(route: Route, act: str = "") -> str:
    """The permission that opens a screen; fails for one that nobody thought of."""
    if route.name in BY_NAME:
        return BY_NAME[route.name]
    if not route.name:  # Django's own: an object's address without its end, and whatever is no address
        return EVERYBODY
    parts = re.fullmatch(r"([a-z]+)_([a-z]+)_(\w+)", route.name)
    assert parts is not None, route
    app, model, screen = parts.groups()
    wanted = ACTS[act] if screen == "act" else BY_SUFFIX.get(screen)
    assert wanted is not None, f"{route.pattern}: say who may open {route.name}"
    return wanted.format(app=app, model=model)


def desk_addresses() -> Iterator[tuple[str, str]]:
    """Every address of the desk, with the permission that opens it."""
    for route in routes():
        if not route.is_desk:
            continue
        if "(?P<app_label>" in route.pattern:
            yield from ((f"/admin/{label}/", EVERYBODY) for label in ("articles", "ingest"))
            continue
        if "(?P<url>" in route.pattern:
            yield "/admin/nothing/here/", EVERYBODY
            continue
        for act in ACTS if "act" in route.parameters and "/do/" in route.pattern else [""]:
            values = {
                "object_id": _row(route.pattern),
                "id": 1,
                "content_type_id": 1,
                "rest": "1/1/",
                "version": 1,
                "number": 1,
                "act": act or "publish",
            }
            unknown = set(route.parameters) - set(values)
            assert not unknown, f"{route.pattern}: give sample values for {unknown}"
            yield route.filled(values), needed(route, act)


def _row(pattern: str) -> int:
    """A row of the model that the screen is about, if there is one."""
    _, app, name, *_ = [*pattern.split("/"), "", ""]
    try:
        row = apps.get_model(app, name)._default_manager.order_by("-pk").first()
    except (LookupError, ValueError):
        return 1
    return row.pk if row is not None else 1


SESSION = {"/admin/logout/", "/admin/login/"}


@pytest.mark.parametrize("role", ["", *ROLES])
@pytest.mark.parametrize("method", ["get", "post"])
def test_each_role_opens_what_its_permissions_say_and_nothing_else(world: Edition, role: str, method: str) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(factories.user(role=role))
    held = set(permissions_of(role)) if role else set()
    wrong = []
    for address, permission in list(desk_addresses()):
        if method == "post" and address in SESSION:
            continue
        status = getattr(client, method)(address).status_code
        is_open = permission == EVERYBODY or permission in held
        # A screen that takes only the other method says so before it looks at who asks.
        may_be = status != 403 if is_open else status in (403, 405)
        # One that may be looked at may still refuse to be sent anything.
        if status >= 500 or not (may_be or (method == "post" and is_open)):
            wrong.append((address, permission, status))
    assert wrong == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_opens_anything_without_logging_in(world: Edition, method: str) -> None:
    client = Client()
    before = {model: model._default_manager.count() for model in apps.get_app_config("articles").get_models()}
    for address, _ in list(desk_addresses()):
        if address in SESSION or address == "/admin/jsi18n/":
            continue
        response = getattr(client, method)(address)
        assert response.status_code in (302, 405) or address.startswith("/admin/r/"), address
        if response.status_code == 302:
            assert response.headers["Location"].startswith("/admin/login/"), address
        assert leaks(response) == [], address
    assert {model: model._default_manager.count() for model in before} == before


def test_nobody_learns_from_the_desk_what_there_is(world: Edition, bare_staff: User) -> None:
    client = Client()
    client.force_login(bare_staff)
    kind = ContentType.objects.get_for_model(Article).pk
    answers = [client.get(f"/admin/r/{kind}/{pk}/") for pk in (world.draft.pk, 999_999)]
    assert {answer.status_code for answer in answers} == {404}
    assert answers[0].content == answers[1].content


def test_the_walk_finds_what_there_is() -> None:
    found = list(routes())
    assert len(found) > 200
    assert {"front", "article", "api-root", "articles_article_act", "articles_page_desk_save"} <= {
        r.name for r in found
    }
