"""Who gets in where: every address of the admin of our apps, found by walking it, for every kind of account."""

from __future__ import annotations

import datetime

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import NoReverseMatch, reverse

from articles.actions import placing
from articles.models import Article, Topic
from articles.roles import ROLES, permissions_of
from tests import factories
from tests.articles.admin.conftest import client_for

pytestmark = pytest.mark.django_db

OURS = ("articles", "ingest")


@pytest.fixture
def world(db):
    """One of everything, published and not."""
    page = factories.page()
    article, notice = factories.article(on=page), factories.notice(on=page)
    factories.published(article)
    factories.published(notice)
    Topic.objects.create(name="桥梁", slug="bridges")
    return page


def addresses():
    """Every named address of the admin of our models, with the arguments it takes."""
    for model, model_admin in admin.site._registry.items():
        if model._meta.app_label not in OURS:
            continue
        row = model._default_manager.order_by("pk").first()
        values = {"object_id": row.pk if row else 1, "act": "publish", "version": 1, "number": 1}
        for pattern in model_admin.get_urls():
            if pattern.name:
                wanted = pattern.pattern.converters
                yield reverse(f"admin:{pattern.name}", kwargs={name: values[name] for name in wanted})


def test_the_walk_finds_all_the_kinds_of_address(world):
    found = list(addresses())
    assert len(found) > 70
    for part in (
        "/export/",
        "/import/",
        "/do/publish/",
        "/restore/1/",
        "/history/",
        "/delete/",
        "/bulk/publish/",
        "/add/",
    ):
        assert any(part in url for url in found), part


def test_bare_staff_see_no_counts_and_no_list_of_ours(world, bare_staff):
    client = Client()
    client.force_login(bare_staff)
    text = client.get(reverse("admin:index")).content.decode()
    assert "待校稿件" not in text and "还没有角色" in text and 'class="places"' in text
    for label in OURS:
        assert client.get(reverse("admin:app_list", args=[label])).status_code == 404
    assert client.get(reverse("admin:autocomplete"), {"term": "x"}).status_code == 403


@pytest.mark.parametrize("role", ROLES)
def test_nobody_deletes_anything(world, role):
    client = client_for(role)
    before = {model: model.objects.count() for model in our_models()}
    for url in addresses():
        if url.endswith("/delete/"):
            assert client.get(url).status_code == 403
            assert client.post(url, {"post": "yes"}).status_code == 403
    for model in our_models():
        row = model.objects.first()
        if row is not None:
            try:
                url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            except NoReverseMatch:
                continue
            client.post(url, {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
    assert {model: model.objects.count() for model in our_models()} == before


def our_models():
    return [model for label in OURS for model in apps.get_app_config(label).get_models()]


def test_a_superuser_cannot_delete_or_change_records_either(world, admin_user):
    client = Client()
    client.force_login(admin_user)
    for url in addresses():
        if url.endswith("/delete/"):
            assert client.post(url, {"post": "yes"}).status_code == 403, url
    for name in ("historyentry", "snapshot", "withdrawal", "finding"):
        assert client.post(reverse(f"admin:articles_{name}_add"), {}).status_code == 403


SHEETS = (
    *(("articles", name) for name in ("article", "notice", "topic", "office", "contributor", "issue", "siteword")),
    ("ingest", "protectedname"),
)


@pytest.mark.parametrize(("label", "name"), SHEETS)
def test_bare_staff_neither_import_nor_export(world, bare_staff, label, name):
    client = Client()
    client.force_login(bare_staff)
    for step in ("import", "export", "process_import"):
        assert client.post(reverse(f"admin:{label}_{name}_{step}"), {"format": "0"}).status_code == 403
    for step in ("import", "export"):
        assert client.get(reverse(f"admin:{label}_{name}_{step}")).status_code == 403


def test_only_the_chief_editor_imports_items():
    for name in ("article", "notice", "contributor", "issue"):
        assert [role for role in ROLES if f"articles.import_{name}" in permissions_of(role)] == ["主编"]


@pytest.mark.parametrize("role", ROLES)
def test_each_role_has_the_doors_its_permissions_say(world, role):
    client = client_for(role)
    held = set(permissions_of(role))
    article = Article.objects.get()

    def opens(url, permission):
        assert client.get(url).status_code == (200 if permission in held else 403), (url, permission)

    for model in our_models():
        label, name = model._meta.app_label, model._meta.model_name
        try:
            url = reverse(f"admin:{label}_{name}_changelist")
        except NoReverseMatch:
            continue
        opens(url, f"{label}.view_{name}")
    for label, name in SHEETS:
        opens(reverse(f"admin:{label}_{name}_export"), f"{label}.export_{name}")
        opens(reverse(f"admin:{label}_{name}_import"), f"{label}.import_{name}")
        done = client.post(reverse(f"admin:{label}_{name}_process_import"), {})
        assert done.status_code == (302 if f"{label}.import_{name}" in held else 403)
    opens(reverse("admin:articles_office_add"), "articles.add_office")
    opens(reverse("admin:articles_article_act", args=[article.pk, "publish"]), "articles.publish_article")
    opens(reverse("admin:articles_article_restore", args=[article.pk, 1]), "articles.change_article")
    opens(reverse("admin:articles_newspaper_add"), "articles.add_newspaper")
    opens(reverse("admin:articles_topic_add"), "articles.add_topic")
    opens(reverse("admin:articles_page_add"), "articles.add_page")
    opens(reverse("admin:articles_page_publish", args=[world.pk]), "articles.publish_article")


def test_those_who_only_look_cannot_write():
    client = client_for("管理员")
    article = factories.article()
    url = reverse("admin:articles_article_change", args=[article.pk])
    text = client.get(url).content.decode()
    assert "disabled" in text and 'name="_save"' not in text
    assert client.post(url, {"headline": "x"}).status_code == 403
    article.refresh_from_db()
    assert article.version == 1


def test_the_newspapers_address_is_fixed_once_readers_have_it(as_chief):
    article = factories.article()
    paper = article.page.issue.newspaper
    assert paper is not None
    url = reverse("admin:articles_newspaper_change", args=[paper.pk])
    assert 'name="slug"' in as_chief.get(url).content.decode()
    factories.published(article)
    assert 'name="slug"' not in as_chief.get(url).content.decode()


def test_placing_through_the_admin_is_the_same_act(chief, as_chief):
    page = factories.undated_page()
    paper = factories.newspaper()
    data = {"_do": "place", "base_version": 1, "newspaper": paper.name, "date": "2024-03-05", "number": "1"}
    as_chief.post(reverse("admin:articles_page_change", args=[page.pk]), data)
    page.refresh_from_db()
    assert page.issue.date == datetime.date(2024, 3, 5)
    same = placing.place_page(
        page=page, newspaper=paper, date=datetime.date(2024, 3, 5), number=1, section="", actor=chief
    )
    assert same.version == page.version
