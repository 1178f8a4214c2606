"""A page made before is sent again while the database says the same, and never when it says anything else."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import Error, transaction
from django.db.models import CharField, Model, TextField, Value
from django.db.models.functions import Concat
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import timezone

from articles import public_version
from articles.actions import publishing
from articles.people import engine_user
from articles.public import remembered
from articles.public.remembered import Body, Remembered
from tests import factories
from tests.articles.public.conftest import Edition
from tests.articles.public.everything import addresses

pytestmark = pytest.mark.django_db

REMEMBERED = ("front", "article", "notice", "notices", "topics")


@pytest.fixture(autouse=True)
def _nothing_yet() -> Iterator[None]:
    remembered.pages.forget()
    yield
    remembered.pages.forget()


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The templates rendered since."""
    found: list[str] = []

    def rendered(template: str, context: dict[str, object]) -> str:
        found.append(template)
        return render_to_string(template, context)

    monkeypatch.setattr("articles.public.responses.render_to_string", rendered)
    return found


def test_a_page_of_the_same_rows_is_made_once(edition: Edition, reader: Client, made: list[str]) -> None:
    paths = addresses(edition)
    for name in REMEMBERED:
        first, again = reader.get(paths[name]), reader.get(paths[name])
        del first["X-Request-ID"], again["X-Request-ID"]  # each answer's own
        assert (again.content, again.headers) == (first.content, first.headers)
        assert reader.get(paths[name], headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert len(made) == len(set(made)) == len(REMEMBERED)


def test_whatever_changes_a_remembered_page_is_as_one_made_anew(edition: Edition, reader: Client) -> None:
    """Every text of every table that pages are made from is changed, one column at a time."""
    known = addresses(edition)
    paths = [known[name] for name in REMEMBERED]
    changed = 0
    for table in public_version.WATCHED:
        model = next(model for model in apps.get_models() if model._meta.db_table == table)
        for field in model._meta.concrete_fields:
            if not isinstance(field, CharField | TextField) or field.choices:
                continue
            pages = {path: reader.get(path).content for path in paths}
            with transaction.atomic():
                if _lengthen(model, field.name):
                    for path, before in pages.items():
                        now = reader.get(path).content
                        remembered.pages.forget()
                        assert reader.get(path).content == now, (path, table, field.name)
                        changed += now != before
                transaction.set_rollback(True)
    assert changed >= 8


def _lengthen(model: type[Model], column: str) -> bool:
    """False where the database lets nobody change it."""
    try:
        with transaction.atomic():
            return bool(model._default_manager.update(**{column: Concat(column, Value("x"))}))
    except Error:
        return False


def test_what_is_published_and_withdrawn_shows_at_once(edition: Edition, reader: Client) -> None:
    paths = addresses(edition)
    for name in ("front", "article", "notices"):
        reader.get(paths[name])
    published = factories.published(factories.article(on=edition.lead.page, headline="新来的稿件"))
    factories.published(factories.notice(on=edition.lead.page, fields={"declarant": "新来的人"}))
    assert "新来的稿件" in reader.get(paths["article"]).content.decode()
    assert "新来的稿件" in reader.get(paths["front"]).content.decode()
    assert "新来的人" in reader.get(paths["notices"]).content.decode()
    assert published.article is not None
    publishing.withdraw(item=published.article, actor=engine_user(), reason="撤回。")
    assert "新来的稿件" not in reader.get(paths["article"]).content.decode()
    edition.lead.refresh_from_db()
    publishing.withdraw(item=edition.lead, actor=engine_user(), reason="撤回。")
    assert reader.get(paths["article"]).status_code == 410


def test_another_host_site_or_day_is_another_page(
    edition: Edition, reader: Client, made: list[str], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.get("/")
    assert b"http://two.example/" in reader.get("/", headers={"Host": "two.example"}).content
    assert b"https://two.example/" in reader.get("/", headers={"Host": "two.example"}, secure=True).content
    settings.SITE_NAME = "别的报站"
    assert "别的报站" in reader.get("/").content.decode()
    tomorrow = timezone.now() + datetime.timedelta(1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: tomorrow)
    reader.get("/")
    assert len(made) == 5


def test_pages_with_a_query_are_not_remembered(edition: Edition, reader: Client, made: list[str]) -> None:
    for _ in range(2):
        reader.get("/?utm_source=x")
    assert len(made) == 2


def test_it_can_be_turned_off(edition: Edition, reader: Client, made: list[str], settings: Any) -> None:
    settings.PAGE_MEMORY = 0
    for _ in range(2):
        reader.get("/")
    assert len(made) == 2


def test_memory_is_bounded_and_the_oldest_go(settings: Any) -> None:
    settings.PAGE_MEMORY = 1
    memory, request = Remembered(), RequestFactory().get("/")
    asked: list[int] = []

    def page(number: int, size: int = 40_000) -> Body:
        def make() -> Body:
            asked.append(number)
            return Body(b"x" * size, f'"{number}"')

        return memory.page(request, (number,), make)

    for number in range(30):
        assert page(number).etag == f'"{number}"'
        page(0)
    assert memory.size <= 1_000_000
    page(29), page(0)
    assert asked == list(range(30))  # one that is asked for stays
    page(1)
    assert asked[-1] == 1
    before = memory.size
    page(99, size=100_000), page(99, size=100_000)  # too large to keep
    assert asked[-2:] == [99, 99] and memory.size == before


def test_rows_of_postgresql_can_be_compared(edition: Edition) -> None:
    """JSON comes as text, not as lists that nobody can look up by."""
    from articles.public.front import front_rows
    from articles.public.place import placed_rows

    hash((front_rows(), placed_rows("article", edition.lead.pk)))
