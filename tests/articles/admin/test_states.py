"""Every state of an item, every act, every role: what is done and refused, and that the screen says the same before."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles import rules, signoffs
from articles.actions import items, publishing, signing, stages
from articles.actions.embargo import set_embargo
from articles.admin.acts import ACTS, offers
from articles.models import Article, Correction, Finding, HistoryEntry, SignOff, Snapshot, Stage
from articles.roles import ROLES, permissions_of
from tests import factories

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


class Office:
    """The people who bring items into their states. Those who act in the tests are others."""

    def __init__(self) -> None:
        self.proof, self.chief = factories.user("lu", role="录入校对"), factories.user("zhu", role="主编")
        wanted = [("一校", "proof"), ("终审", "final")]
        self.stages = stages.set_stages(newspaper=factories.newspaper(), stages=wanted, actor=self.chief)

    def sign(self, article: Article, stage: Stage) -> None:
        person = self.proof if stage.kind == "proof" else self.chief
        signing.sign(item=article, stage=stage, actor=person, base_version=fresh(article).version)


def fresh(article: Article) -> Any:
    rows = Article.objects.with_page().with_publication().with_live_hash()
    return rows.get(pk=article.pk)


# The states, each made from one before it


def imported(office: Office) -> Article:
    return factories.article()


def corrected(office: Office) -> Article:
    return factories.article(corrected=True)


def half_signed(office: Office) -> Article:
    article = imported(office)
    office.sign(article, office.stages[0])
    return article


def signed(office: Office) -> Article:
    article = half_signed(office)
    office.sign(article, office.stages[1])
    return article


def signed_and_changed(office: Office) -> Article:
    return edited(signed(office), office)


def edited(article: Article, office: Office) -> Article:
    now = fresh(article)
    content = {**now.content, "headline": "改过的题"}
    items.edit_item(item=now, content=content, base_version=now.version, actor=office.chief)
    return article


def sent_back(office: Office) -> Article:
    article = signed(office)
    signing.send_back(item=article, actor=office.chief, reason="再核")
    return article


def blocked(office: Office) -> Article:
    article = signed(office)
    Finding.objects.create(page=article.page, article=article, key="k", kind="x", message="疑", is_blocking=True)
    return article


def held_back(office: Office) -> Article:
    article = signed(office)
    set_embargo(item=article, until=timezone.now() + DAY, actor=office.chief)
    return article


def scheduled(office: Office) -> Article:
    article = signed(office)
    publishing.publish(item=article, actor=office.chief, at=timezone.now() + DAY)
    return article


def live(office: Office) -> Article:
    article = signed(office)
    publishing.publish(item=article, actor=office.chief)
    return article


def live_and_changed(office: Office) -> Article:
    return edited(live(office), office)


def live_and_signed_again(office: Office) -> Article:
    article = live_and_changed(office)
    for stage in office.stages:
        office.sign(fresh(article), stage)
    return article


def live_with_a_plan(office: Office) -> Article:
    article = live_and_signed_again(office)
    publishing.publish(item=article, actor=office.chief, at=timezone.now() + DAY)
    return article


def withdrawn(office: Office) -> Article:
    article = live(office)
    publishing.withdraw(item=article, actor=office.chief, reason="误")
    return article


def undated(office: Office) -> Article:
    return factories.article(on=factories.undated_page(), corrected=True)


STATES: dict[Callable[[Office], Article], set[str]] = {
    imported: {"sign", "embargo"},
    corrected: {"sign", "embargo", "reopen"},
    half_signed: {"sign", "embargo", "reopen"},
    signed: {"publish", "schedule", "embargo", "reopen"},
    signed_and_changed: {"sign", "embargo"},
    sent_back: {"sign", "embargo"},
    blocked: {"embargo", "reopen"},
    held_back: {"schedule", "embargo", "unembargo", "reopen"},
    scheduled: {"unschedule", "reopen"},
    live: {"withdraw", "amend", "reopen"},
    live_and_changed: {"sign", "withdraw", "amend"},
    live_and_signed_again: {"publish", "schedule", "withdraw", "amend", "reopen"},
    live_with_a_plan: {"unschedule", "withdraw", "amend", "reopen"},
    withdrawn: {"publish", "schedule", "embargo", "amend", "reopen"},
    undated: {"embargo", "reopen"},
}
"""What can be done in each state, by somebody who may."""


def permission(act: str, article: Any) -> str:
    if act == "sign":
        due = signoffs.standing(article).next
        return due.permission if due else "articles.sign_proof"
    return {"amend": "articles.issue_correction"}.get(act, f"articles.{ACTS[act].permission}_article")


def data(act: str, article: Any) -> dict[str, Any]:
    sent: dict[str, Any] = {"base_version": article.version, "reason": "有理由"}
    if act == "sign":
        standing = signoffs.standing(article)
        due = standing.next
        sent |= {"base_hash": standing.fingerprint, "stage": due.pk if due else 0}
    if act in ("schedule", "embargo"):
        days = {"schedule": 2, "embargo": 3}[act]
        sent["at"] = (timezone.localtime() + days * DAY).strftime("%Y-%m-%dT%H:%M")
    if act == "amend":
        sent |= {"kind": "correction", "text": "应为四公里。"}
    return sent


def everything(article: Article) -> tuple[Any, ...]:
    found = fresh(article)
    rows = (HistoryEntry, Snapshot, SignOff, Correction)
    counts = [model._default_manager.count() for model in rows]
    ends = list(Snapshot.objects.values_list("live_until", flat=True))
    return (found.work_state, found.version, found.content_hash, found.embargo_until, counts, ends)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_each_act_is_done_where_it_makes_sense_by_those_who_may(state: Callable[[Office], Article]) -> None:
    article = state(Office())
    people = {role: factories.user(f"who-{role}", role=role) for role in ("", *ROLES)}
    clients = {role: Client() for role in people}
    for role, client in clients.items():
        client.force_login(people[role])
    wrong: list[tuple[Any, ...]] = []
    for act in ACTS:
        for role, client in clients.items():
            now = fresh(article)
            may = permission(act, now) in (permissions_of(role) if role else ())
            before = everything(article)
            url = reverse("admin:articles_article_act", args=[article.pk, act])
            with transaction.atomic():
                response = client.post(url, data(act, now))
                after = everything(article)
                transaction.set_rollback(True)
            done = after != before
            expected = may and act in STATES[state]
            if done != expected or (response.status_code == 302) != expected or response.status_code >= 500:
                wrong.append((act, role, may, done, response.status_code))
            if obstacles(now, act, people[role]) is not None and expected:
                wrong.append((act, role, "the screen says no", obstacles(now, act, people[role]), 0))
    assert wrong == []


def obstacles(article: Any, act: str, person: User) -> tuple[str, ...] | None:
    """What the screen says is in the way: None where nothing is, also where it does not offer the act at all."""
    if not person.has_perm("articles.view_article"):
        return None
    verdict = rules.check([article])["article", article.pk]
    for offer in offers(article, verdict, signoffs.standing(article), person):
        if offer.act.name == act:
            return tuple(offer.obstacles) or None
    return None


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_every_disabled_act_says_why(state: Callable[[Office], Article]) -> None:
    article = state(Office())
    for role in ROLES:
        client = Client()
        client.force_login(factories.user(role=role))
        text = client.get(reverse("admin:articles_article_change", args=[article.pk])).content.decode()
        for act in ACTS:
            if f'name="_{act}" disabled' in text:
                assert f'aria-describedby="why-{act}"' in text and f'id="why-{act}"' in text, (role, act)
