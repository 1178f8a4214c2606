"""Locked logins: who manages accounts sees them and lifts them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import F, QuerySet, Sum, Window
from django.http import HttpRequest

from articles.actions.logins import lift_locks
from articles.admin.base import ReadOnlyAdmin, person
from articles.models import LoginLock


@admin.action(description="解除锁定", permissions=["lift"])
def lift_selected(model_admin: LoginLockAdmin, request: HttpRequest, queryset: QuerySet[LoginLock]) -> None:
    if lift_locks(locks=list(queryset[:500]), actor=person(request)):
        messages.success(request, "已经解除：这些账号现在就可以重新登录。")
    else:
        messages.info(request, "锁定已经过了时间，不用解除。")


@admin.register(LoginLock)
class LoginLockAdmin(ReadOnlyAdmin[LoginLock]):
    list_display = ("username", "ip_address", "failures", "state", "attempt_time")
    list_display_links = None
    fields = ("username", "ip_address", "failures_since_start", "attempt_time")
    search_fields = ("username", "ip_address")
    search_help_text = "账号，或者 IP 地址"
    actions = (lift_selected,)
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[LoginLock]:
        """With the failures of all browsers of a pair together: they are what locks it."""
        together = Window(Sum("failures_since_start"), partition_by=[F("username"), F("ip_address")])
        found: QuerySet[LoginLock] = super().get_queryset(request).annotate(together=together)
        return found

    @admin.display(description="输错次数")
    def failures(self, lock: Any) -> int:
        return int(lock.together)

    @admin.display(description="状态")
    def state(self, lock: Any) -> str:
        return "已锁定" if lock.together >= settings.AXES_FAILURE_LIMIT else "还可以再试"

    def has_lift_permission(self, request: HttpRequest) -> bool:
        return person(request).has_perm("articles.lift_loginlock")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A lock is lifted by the action, which is written down."""
        return False
