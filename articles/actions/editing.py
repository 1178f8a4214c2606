"""Changing what stands around the items: newspapers, issues, topics, contributors and offices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.db import transaction

from articles import history
from articles.models import Act, Contributor, Issue, Newspaper, Office, Topic

M = TypeVar("M", Newspaper, Issue, Topic, Contributor, Office)

NEWSPAPER_FIELDS = ("name", "slug", "description", "expected_pages")
CONTRIBUTOR_FIELDS = ("name", "note")
ISSUE_FIELDS = ("number", "expected_pages")
TOPIC_FIELDS = ("name", "slug", "description", "words", "state")
OFFICE_FIELDS = ("name", "note", "title", "since", "until")


@transaction.atomic
def edit_issue(*, issue: Issue, values: Mapping[str, Any], actor: User) -> Issue:
    """Change what is said about an issue. Its newspaper and date are a matter of `placing`."""
    current = Issue.objects.select_for_update().get(pk=issue.pk)
    return _edit(current, {name: values[name] for name in ISSUE_FIELDS if name in values}, actor)


@transaction.atomic
def save_newspaper(*, newspaper: Newspaper, values: Mapping[str, Any], actor: User) -> Newspaper:
    """Change a newspaper, or make it when it is new. Its stages are a matter of `stages`."""
    return _save(newspaper, {name: values[name] for name in NEWSPAPER_FIELDS if name in values}, actor)


@transaction.atomic
def save_topic(*, topic: Topic, values: Mapping[str, Any], actor: User) -> Topic:
    """Change a topic, or make it when it is new."""
    return _save(topic, {name: values[name] for name in TOPIC_FIELDS if name in values}, actor)


@transaction.atomic
def save_contributor(*, contributor: Contributor, values: Mapping[str, Any], actor: User) -> Contributor:
    """Change a contributor, or make one. What is published keeps the name it was published with."""
    return _save(contributor, {name: values[name] for name in CONTRIBUTOR_FIELDS if name in values}, actor)


@transaction.atomic
def save_office(*, office: Office, values: Mapping[str, Any], actor: User) -> Office:
    """Change who bore which title when, or put it on record when it is new."""
    return _save(office, {name: values[name] for name in OFFICE_FIELDS if name in values}, actor)


def _save(given: M, values: Mapping[str, Any], actor: User) -> M:
    model = type(given)
    if given.pk is not None:
        return _edit(model._default_manager.select_for_update().get(pk=given.pk), values, actor)
    made = model(**values)
    made.full_clean()
    made.save()
    history.record(made, Act.CREATED, actor=actor)
    return made


def _edit(current: M, values: Mapping[str, Any], actor: User) -> M:
    changed = {name: getattr(current, name) for name, value in values.items() if getattr(current, name) != value}
    if changed:
        for name in changed:
            setattr(current, name, values[name])
        current.full_clean()
        current.save()
        before = {name: was.isoformat() if isinstance(was, date) else was for name, was in changed.items()}
        history.record(current, Act.EDITED, actor=actor, before=before)
    return current
