"""Roles as groups: who may do what. `apply` makes the groups say exactly this; migrations call it."""

from __future__ import annotations

from typing import Any

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
    "articles.view_finding",
    "articles.view_historyentry",
    "articles.view_snapshot",
    "articles.view_withdrawal",
    "ingest.view_source",
    "ingest.view_importrun",
    "ingest.view_importoutcome",
    "ingest.view_provenance",
)
_CORRECT = ("articles.change_article", "articles.change_notice", "articles.change_page", "articles.change_finding")
_EDIT = (
    "articles.add_article",
    "articles.add_notice",
    "articles.place_issue",
    "articles.change_issue",
    "articles.change_topic",
    "articles.add_topic",
    "articles.change_contributor",
    "articles.add_contributor",
    "articles.export_article",
    "articles.export_notice",
    "articles.export_topic",
)
_PUBLISH = ("articles.publish_article", "articles.publish_notice")
_MANAGE = (
    "articles.add_newspaper",
    "articles.change_newspaper",
    "articles.add_issue",
    "articles.add_page",
    "articles.import_topic",
    "ingest.run_import",
)

ROLES: dict[str, tuple[str, ...]] = {
    "录入校对": (*_VIEW_ALL, *_CORRECT),
    "编辑": (*_VIEW_ALL, *_CORRECT, *_EDIT),
    "签审": (*_VIEW_ALL, *_CORRECT, *_EDIT, *_PUBLISH),
    "主编": (*_VIEW_ALL, *_CORRECT, *_EDIT, *_PUBLISH, *_MANAGE),
    "管理员": (
        *_VIEW_ALL,
        *_MANAGE,
        "auth.view_user",
        "auth.add_user",
        "auth.change_user",
        "auth.view_group",
    ),
}


def apply(apps: Any) -> None:
    """Set each role's permissions to those above. Permissions that do not exist yet are made first."""
    from django.contrib.auth.management import create_permissions

    for label in ("auth", "articles", "ingest"):
        config = apps.get_app_config(label)
        had = getattr(config, "models_module", None)
        config.models_module = True  # in a migration the historical app has none, and is skipped without it
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = had
    group_model = apps.get_model("auth", "Group")
    permission_model = apps.get_model("auth", "Permission")
    known = {
        f"{p.content_type.app_label}.{p.codename}": p
        for p in permission_model.objects.select_related("content_type")
        if p.content_type.app_label in {"auth", "articles", "ingest"}
    }
    for name, wanted in ROLES.items():
        group, _ = group_model.objects.get_or_create(name=name)
        group.permissions.set([known[code] for code in wanted])
