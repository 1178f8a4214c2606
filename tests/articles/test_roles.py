"""Roles have exactly the permissions that `articles.roles` lists."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User

from articles import people, roles
from tests import factories

pytestmark = pytest.mark.django_db


def held(role):
    return {
        f"{p.content_type.app_label}.{p.codename}"
        for p in Permission.objects.filter(group__name=role).select_related("content_type")
    }


def test_the_migrations_make_the_roles_and_no_others():
    assert set(Group.objects.values_list("name", flat=True)) == set(roles.ROLES)


@pytest.mark.parametrize("role", list(roles.ROLES))
def test_a_role_has_its_permissions_and_no_more(role):
    wanted = roles.permissions_of(role)
    assert held(role) == set(wanted)
    assert len(set(wanted)) == len(wanted)


def test_the_import_adds_its_own():
    assert "ingest.view_source" in held("录入校对")
    assert "ingest.run_import" in held("主编")
    assert "ingest.run_import" not in held("签审")


@pytest.mark.parametrize(
    ("permission", "who"),
    [
        ("articles.change_article", {"录入校对", "编辑", "签审", "主编"}),
        ("articles.add_article", {"编辑", "签审", "主编"}),
        ("articles.publish_article", {"签审", "主编"}),
        ("articles.publish_notice", {"签审", "主编"}),
        ("articles.place_issue", {"编辑", "签审", "主编"}),
        ("articles.import_topic", {"主编", "管理员"}),
        ("auth.change_user", {"管理员"}),
        ("articles.view_snapshot", set(roles.ROLES)),
    ],
)
def test_who_may(permission, who):
    label, codename = permission.split(".")
    found = Group.objects.filter(permissions__codename=codename, permissions__content_type__app_label=label)
    assert set(found.values_list("name", flat=True)) == who


def test_nobody_may_delete_or_touch_history_and_snapshots():
    for role in roles.ROLES:
        for permission in held(role):
            action, _, model = permission.partition(".")[2].partition("_")
            assert action != "delete"
            assert model not in {"historyentry", "snapshot", "withdrawal", "source"} or action == "view"


def test_applying_sets_right_what_was_changed_and_leaves_people_in_their_roles():
    user = factories.user(role="编辑")
    Group.objects.get(name="编辑").permissions.set(Permission.objects.filter(codename="delete_user"))
    roles.apply(apps)
    assert held("编辑") == set(roles.permissions_of("编辑"))
    assert user.groups.get().name == "编辑"


def test_the_engine_account_exists_and_nobody_can_log_in_with_it():
    engine = people.engine_user()
    assert not engine.is_active
    assert not engine.is_staff
    assert not engine.is_superuser
    assert not engine.has_usable_password()
    assert not engine.groups.exists()


def test_names_are_written_as_chinese_writes_them():
    assert people.display_name(User(username="wxm", last_name="王", first_name="小明")) == "王小明"
    assert people.display_name(User(username="wxm")) == "wxm"
