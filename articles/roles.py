"""Roles as groups: who may do what. `apply` makes the groups say exactly this; migrations call it.

Another app adds to the roles by a mapping `role_permissions` on its AppConfig, role to permissions.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps as installed

ENGINE_USER = "engine"
"""The inactive account that signs what the import writes."""

_VIEW_ALL = (
    "articles.view_newspaper",
    "articles.view_issue",
    "articles.view_page",
    "articles.view_article",
    "articles.view_notice",
    "articles.view_topic",
    "articles.view_contributor",
    "articles.view_siteword",
    "articles.view_finding",
    "articles.view_historyentry",
    "articles.view_snapshot",
    "articles.view_withdrawal",
    "articles.view_jump",
    "articles.view_office",
    "articles.view_assignment",
    "articles.view_comment",
    "articles.view_stage",
    "articles.view_signoff",
    "articles.view_correction",
    "articles.view_oldaddress",
)
_CORRECT = (
    "articles.change_article",
    "articles.change_notice",
    "articles.unmask_notice",
    "articles.change_page",
    "articles.change_finding",
    "articles.add_comment",
    "articles.sign_proof",
)
_EDIT = (
    "articles.add_article",
    "articles.add_notice",
    "articles.place_issue",
    "articles.change_issue",
    "articles.change_topic",
    "articles.add_topic",
    "articles.change_contributor",
    "articles.add_contributor",
    "articles.change_siteword",
    "articles.add_siteword",
    "articles.export_article",
    "articles.export_notice",
    "articles.export_topic",
    "articles.export_contributor",
    "articles.export_issue",
    "articles.change_jump",
    "articles.add_office",
    "articles.change_office",
    "articles.export_office",
    "articles.export_siteword",
    "articles.add_assignment",
    "articles.sign_first",
)
_PUBLISH = (
    "articles.publish_article",
    "articles.publish_notice",
    "articles.report_issue",
    "articles.sign_second",
    "articles.issue_correction",
)
_MANAGE = (
    "articles.add_newspaper",
    "articles.change_newspaper",
    "articles.add_issue",
    "articles.add_oldaddress",
    "articles.change_oldaddress",
    "articles.add_page",
    "articles.import_topic",
    "articles.import_office",
    "articles.import_siteword",
)
_CHIEF = (
    "articles.sign_final",
    "articles.import_article",
    "articles.import_notice",
    "articles.import_contributor",
    "articles.import_issue",
)

ROLES: dict[str, tuple[str, ...]] = {
    "录入校对": (*_VIEW_ALL, *_CORRECT),
    "编辑": (*_VIEW_ALL, *_CORRECT, *_EDIT),
    "签审": (*_VIEW_ALL, *_CORRECT, *_EDIT, *_PUBLISH),
    "主编": (*_VIEW_ALL, *_CORRECT, *_EDIT, *_PUBLISH, *_MANAGE, *_CHIEF),
    "管理员": (
        *_VIEW_ALL,
        *_MANAGE,
        "auth.view_user",
        "auth.add_user",
        "auth.change_user",
        "auth.view_group",
        "articles.view_loginlock",
        "articles.lift_loginlock",
    ),
}


def permissions_of(role: str) -> tuple[str, ...]:
    """The permissions of a role, those that other apps add included."""
    more = (getattr(config, "role_permissions", {}).get(role, ()) for config in installed.get_app_configs())
    return (*ROLES[role], *(permission for added in more for permission in added))


def apply(apps: Any) -> None:
    """Set each role's permissions to those above; `apps` is the migration's registry or the real one.

    Permissions that this state of the migrations does not know yet are left to a later migration, which calls this
    again: a test holds that after the last one nothing is missing.
    """
    from django.contrib.auth.management import create_permissions

    wanted = {role: permissions_of(role) for role in ROLES}
    labels = {permission.partition(".")[0] for each in wanted.values() for permission in each}
    for label in sorted(labels & set(apps.app_configs)):
        config = apps.get_app_config(label)
        had = getattr(config, "models_module", None)
        config.models_module = True  # in a migration the historical app has none, and is skipped without it
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = had
    known = {
        f"{p.content_type.app_label}.{p.codename}": p
        for p in apps.get_model("auth", "Permission").objects.select_related("content_type")
    }
    for role, codes in wanted.items():
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=role)
        group.permissions.set([known[code] for code in codes if code in known])
