"""Accounts and roles: who manages accounts can give roles, and can never make anyone, themselves included, a superuser.
Whatever is given or taken away stands in the history."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import ManyToManyField
from django.forms import CheckboxSelectMultiple, ModelMultipleChoiceField
from django.http import HttpRequest, HttpResponse

from articles import history
from articles.actions.accounts import record_rights, rights_of
from articles.admin.base import demand, person
from articles.admin.records import history_page

_FOR_SUPERUSERS = ("is_superuser", "user_permissions")

admin.site.unregister(User)
admin.site.unregister(Group)


class RecordedAdmin:
    """For the admins of accounts and roles: every change of rights ends in our history, where nobody can delete it."""

    model: Any
    opts: Any

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)  # type: ignore[misc]
        if found is not None and request.method == "POST":
            request.rights_before = rights_of(found)  # type: ignore[attr-defined]
        return found

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Called last in the transaction of the change, when the roles are saved as well."""
        record_rights(account=obj, before=None, actor=person(request))
        return super().log_addition(request, obj, message)  # type: ignore[misc]

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        before = getattr(request, "rights_before", None) or rights_of(obj)
        has_new_password = getattr(request, "has_new_password", False)
        record_rights(account=obj, before=before, actor=person(request), has_new_password=has_new_password)
        return super().log_change(request, obj, message)  # type: ignore[misc]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        demand(self.has_view_permission(request))  # type: ignore[attr-defined]
        obj = self.get_object(request, object_id)
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined,no-any-return]
        return history_page(self, request, obj, history.of(obj))


@admin.register(Group)
class RoleAdmin(RecordedAdmin, GroupAdmin):
    """Roles come from `articles.roles`; what a superuser changes here lasts until the next migration."""

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return False


@admin.register(User)
class AccountAdmin(RecordedAdmin, UserAdmin):  # type: ignore[type-arg]
    """Django's own lets whoever may change accounts tick "superuser" for themselves, and set a superuser's password."""

    list_display = ("username", "last_name", "first_name", "is_active", "is_staff")
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ("user_permissions",)
    show_full_result_count = False

    def formfield_for_manytomany(
        self, db_field: ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelMultipleChoiceField[Any] | None:
        """The roles are a handful: boxes to tick."""
        if db_field.name == "groups":
            kwargs["widget"] = CheckboxSelectMultiple()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        fixed = tuple(super().get_readonly_fields(request, obj))
        return fixed if request.user.is_superuser else (*fixed, *_FOR_SUPERUSERS)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """An account signs its history for ever: it is made inactive, not deleted."""
        return False

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """In one transaction with the entry in the history."""
        request.has_new_password = True  # type: ignore[attr-defined]
        with transaction.atomic():
            return super().user_change_password(request, id, form_url)
