"""Failed logins, as the desk shows them."""

from __future__ import annotations

from axes.models import AccessAttempt


class LoginLock(AccessAttempt):  # type: ignore[misc]
    """Failed logins to one account from one address; too many lock that pair for a while. Kept by django-axes, deleted
    when the time is over or somebody lifts the lock."""

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "登录锁定"
        ordering = ["-attempt_time"]
        default_permissions = ("view",)
        permissions = (("lift_loginlock", "解除登录锁定"),)
