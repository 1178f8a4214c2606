"""Accounts: how a person is named, and the account that signs what the import writes."""

from __future__ import annotations

from django.contrib.auth.models import User

from articles.roles import ENGINE_USER


def display_name(user: User) -> str:
    """姓名 as Chinese writes it, family name first; the user name where none is given."""
    return f"{user.last_name}{user.first_name}" or user.username


def engine_user() -> User:
    """The inactive account of the import, made by a migration."""
    return User.objects.get(username=ENGINE_USER)


COLLEAGUES = 1_000


def colleagues() -> list[User]:
    """Everybody who works here, by name; more accounts than `COLLEAGUES` no list has use for."""
    return list(
        User.objects.filter(is_active=True, is_staff=True).order_by("last_name", "first_name", "pk")[:COLLEAGUES]
    )
