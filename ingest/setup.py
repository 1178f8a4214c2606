"""Rows that the import needs from the start."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import make_password

from articles.roles import ENGINE_USER


def ensure_engine_user(apps: Any) -> None:
    """Make the inactive account that signs what the import writes; migrations call it."""
    apps.get_model("auth", "User").objects.get_or_create(
        username=ENGINE_USER,
        defaults={"first_name": "入库程序", "is_active": False, "password": make_password(None)},
    )
