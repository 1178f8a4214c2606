"""Which tables an archive has, and how a row becomes a line of JSON and a row again."""

from __future__ import annotations

import base64
import datetime
import json
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection, models
from django.db.migrations.recorder import MigrationRecorder

FORMAT = "jjcms-archive"
VERSION = 1

USER = "auth.user"
_NOT_OF_USERS = frozenset({"password", "last_login"})

Row = dict[str, Any]


def tables() -> dict[str, type[models.Model]]:
    """Label → model, in the order of the file. An app takes part by `is_archived` on its AppConfig, and names in
    `not_archived` the models it can make again."""
    found: dict[str, type[models.Model]] = {USER: User}
    for config in apps.get_app_configs():
        if getattr(config, "is_archived", False):
            left_out = {name.lower() for name in getattr(config, "not_archived", ())}
            for model in config.get_models(include_auto_created=True):
                if model._meta.managed and model._meta.model_name not in left_out:
                    found[model._meta.label_lower] = model
    return dict(sorted(found.items()))


def fields_of(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The columns that are kept, the number first. Generated ones make themselves."""
    own = [field for field in model._meta.concrete_fields if not getattr(field, "generated", False)]
    return [field for field in own if not (model is User and field.name in _NOT_OF_USERS)]


def migrations() -> dict[str, str]:
    """The last migration of every app that takes part: two databases with the same ones have the same tables."""
    labels = {model._meta.app_label for model in tables().values()}
    applied = MigrationRecorder(connection).applied_migrations()
    return {label: max(name for app, name in applied if app == label) for label in sorted(labels)}


def rows(model: type[models.Model], *, chunk: int = 2000) -> Iterator[Row]:
    """Every row of a table in the order of numbers, never all at once."""
    fields = fields_of(model)
    found = model._base_manager.order_by("pk").values_list(*(field.attname for field in fields))
    grants = _grants() if model is User else None
    for values in found.iterator(chunk_size=chunk):
        row = {field.attname: _to_json(field, value) for field, value in zip(fields, values, strict=True)}
        if grants is not None:
            row |= grants.get(values[0], {"groups": [], "permissions": []})
        yield row


def _grants() -> dict[int, dict[str, list[str]]]:
    """What each account is and may, by name: the numbers of groups and permissions differ from database to database."""
    found: dict[int, dict[str, list[str]]] = {}
    users = User.objects.prefetch_related("groups", "user_permissions__content_type").order_by("pk")
    for user in users:
        permissions = [f"{p.content_type.app_label}.{p.codename}" for p in user.user_permissions.all()]
        found[user.pk] = {
            "groups": sorted(group.name for group in user.groups.all()),
            "permissions": sorted(permissions),
        }
    return found


def line(table: str, row: Row) -> str:
    """The one way to write a row: PostgreSQL keeps JSON with its keys in an order of its own."""
    return json.dumps({"table": table, "row": row}, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def _to_json(field: models.Field[Any, Any], value: Any) -> Any:
    if isinstance(field, models.JSONField):
        return value
    match value:
        case datetime.datetime():
            return value.astimezone(datetime.UTC).isoformat()
        case datetime.date():
            return value.isoformat()
        case bytes() | memoryview():
            return base64.b64encode(value).decode("ascii")
    return value


def from_json(field: models.Field[Any, Any], value: Any) -> Any:
    """The value for the database driver. `ValueError` or `TypeError` when it is none."""
    if value is not None and not isinstance(field, models.JSONField):
        kind = _stored(field)
        if isinstance(kind, models.DateTimeField):
            value = datetime.datetime.fromisoformat(value)
        elif isinstance(kind, models.DateField):
            value = datetime.date.fromisoformat(value)
        elif isinstance(kind, models.BinaryField):
            value = base64.b64decode(value, validate=True)
    return field.get_db_prep_save(value, connection)


def _stored(field: models.Field[Any, Any]) -> models.Field[Any, Any]:
    """A foreign key is stored as what it points at."""
    return field.target_field if isinstance(field, models.ForeignKey) else field
