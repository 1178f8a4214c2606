"""What is recorded when somebody is given rights, or loses them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, User

from articles import history
from articles.models import Act, HistoryEntry


def rights_of(account: User | Group) -> dict[str, Any]:
    """What an account may do, in words that stay true when roles change later. Never anything of its password."""
    if isinstance(account, Group):
        return {"name": account.name, "permissions": _codes(account.permissions)}
    return {
        "username": account.username,
        "name": f"{account.last_name}{account.first_name}",
        "is_active": account.is_active,
        "is_staff": account.is_staff,
        "is_superuser": account.is_superuser,
        "groups": sorted(account.groups.values_list("name", flat=True)),
        "permissions": _codes(account.user_permissions),
    }


def _codes(permissions: Any) -> list[str]:
    rows = permissions.values_list("content_type__app_label", "codename")
    return sorted(f"{label}.{code}" for label, code in rows)


def record_rights(
    *, account: User | Group, before: dict[str, Any] | None, actor: User, has_new_password: bool = False
) -> HistoryEntry | None:
    """Write down what changed since `before`, which is none for a new account. Saying what is so already writes
    nothing. Called in the transaction of the change."""
    now = rights_of(account)
    former = {} if before is None else {name: value for name, value in before.items() if now[name] != value}
    if before is not None and not former and not has_new_password:
        return None
    details: dict[str, Any] = {"now": now if before is None else {name: now[name] for name in former}}
    if has_new_password:
        details["password"] = "改了密码"  # noqa: S105 - that it was changed, not what it is
    act = Act.CREATED if before is None else Act.EDITED
    return history.record(account, act, actor=actor, before=former, details=details)
