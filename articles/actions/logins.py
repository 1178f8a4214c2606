"""Lifting the lock that too many wrong passwords put on a login."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib.auth.models import User
from django.db import transaction

from articles import history
from articles.models import Act, LoginLock


@transaction.atomic
def lift_locks(*, locks: Collection[LoginLock], actor: User) -> int:
    """The accounts may log in again at once from where they were locked; how many locks were lifted. The history of
    each account that exists says who did it."""
    names = {lock.username for lock in locks}
    deleted = 0
    for lock in locks:
        # Each browser that was tried with counts on a row of its own; the lock is of account and address.
        count, _ = LoginLock.objects.filter(username=lock.username, ip_address=lock.ip_address).delete()
        deleted += count
    for account in User.objects.filter(username__in=names).order_by("pk"):
        history.record(account, Act.EDITED, actor=actor, details={"login": "解除了登录锁定"})
    return deleted
