"""Who manages accounts gives roles, and cannot raise anyone above them."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse

from articles.models import HistoryEntry
from tests import factories
from tests.articles.admin.conftest import client_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_manager(db):
    return client_for("管理员")


def change(user):
    return reverse("admin:auth_user_change", args=[user.pk])


def test_a_manager_gives_roles_but_neither_superuser_nor_single_permissions(as_manager):
    user, role = factories.user(), Group.objects.get(name="编辑")
    data = {"username": user.username, "is_staff": "on", "is_active": "on", "groups": [role.pk], "is_superuser": "on"}
    shown = as_manager.get(change(user)).content.decode()
    assert f'<input type="checkbox" name="groups" value="{role.pk}"' in shown and 'name="date_joined_0"' not in shown
    permission = Permission.objects.get(codename="publish_article")
    response = as_manager.post(change(user), {**data, "user_permissions": [permission.pk]})
    assert response.status_code == 302
    user = User.objects.get(pk=user.pk)
    assert ([*user.groups.all()], user.is_superuser, [*user.user_permissions.all()]) == ([role], False, [])


def test_making_an_account_says_what_comes_after(as_manager):
    assert "再勾选“工作人员状态”，在“组”里选角色" in as_manager.get(reverse("admin:auth_user_add")).content.decode()


def test_a_manager_cannot_touch_a_superuser(as_manager, admin_user):
    before = admin_user.password
    assert as_manager.post(change(admin_user), {"username": "x"}).status_code == 403
    password = {"password1": "Xy7-long-enough", "password2": "Xy7-long-enough", "usable_password": "true"}
    url = reverse("admin:auth_user_password_change", args=[admin_user.pk])
    assert as_manager.post(url, password).status_code == 403
    admin_user.refresh_from_db()
    assert admin_user.password == before and admin_user.username == "root"


def test_accounts_are_never_deleted(client, admin_user):
    client.force_login(admin_user)
    other = factories.user()
    assert client.post(reverse("admin:auth_user_delete", args=[other.pk]), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("role", ["录入校对", "编辑", "签审", "主编"])
def test_other_roles_see_no_accounts(role):
    assert client_for(role).get(reverse("admin:auth_user_changelist")).status_code == 403


# What is recorded


def entries(target):
    return list(HistoryEntry.objects.filter(target=target).order_by("pk"))


def test_giving_a_role_stands_in_the_history_with_what_was_before(as_manager):
    user, role = factories.user(role="录入校对"), Group.objects.get(name="签审")
    data = {"username": user.username, "is_staff": "on", "is_active": "on", "groups": [role.pk]}
    as_manager.post(change(user), data)
    (entry,) = entries("account")
    assert (entry.act, entry.target_id) == ("edited", user.pk)
    assert (entry.before, entry.details) == ({"groups": ["录入校对"]}, {"now": {"groups": ["签审"]}})
    as_manager.post(change(user), data)
    assert len(entries("account")) == 1
    text = as_manager.get(reverse("admin:auth_user_history", args=[user.pk])).content.decode()
    assert "录入校对" in text


def test_making_and_closing_an_account_and_a_new_password_are_recorded(as_manager):
    password = "Xy7-long-enough"
    data = {"username": "xin", "password1": password, "password2": password, "usable_password": "true"}
    as_manager.post(reverse("admin:auth_user_add"), data)
    user = User.objects.get(username="xin")
    as_manager.post(change(user), {"username": "xin"})
    as_manager.post(reverse("admin:auth_user_password_change", args=[user.pk]), data)
    made, closed, renewed = entries("account")
    assert (made.act, made.details["now"]["is_active"]) == ("created", True)
    assert closed.before == {"is_active": True}
    assert renewed.details == {"now": {}, "password": "改了密码"}
    assert password not in str([entry.details for entry in (made, closed, renewed)])


def test_changing_what_a_role_may_do_is_recorded(admin_user):
    client = Client()
    client.force_login(admin_user)
    role = Group.objects.get(name="编辑")
    url = reverse("admin:auth_group_change", args=[role.pk])
    keep = Permission.objects.get(codename="view_article")
    client.post(url, {"name": "编辑", "permissions": [keep.pk]})
    (entry,) = entries("group")
    assert "articles.change_article" in entry.before["permissions"]
    assert entry.details["now"]["permissions"] == ["articles.view_article"]
    assert client.get(reverse("admin:auth_group_delete", args=[role.pk])).status_code == 403
