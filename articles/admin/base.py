"""What all our admin screens share: no deletion, bounded counts, words for the editor."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import ShowFacets
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, IntegerField, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

M = TypeVar("M", bound=Model)

if TYPE_CHECKING:
    _Paginator = Paginator[Any]
    _ModelAdmin = admin.ModelAdmin
else:  # neither is generic when it runs
    _Paginator = Paginator

    class _ModelAdmin(admin.ModelAdmin, Generic[M]):
        pass


BEIJING = "北京时间"


class BoundedPaginator(_Paginator):
    """Counts no further than `limit`: COUNT(*) over the archive would make every list slow. Narrowing is by filters."""

    limit = 5_000

    @cached_property
    def _counted(self) -> int:
        # Without order and columns: the annotations of a list are not needed to count it.
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]
        return rows.order_by().values("pk")[: self.limit + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self._counted, self.limit)

    @property
    def is_cut(self) -> bool:
        return self._counted > self.limit


class GuardedAdmin(_ModelAdmin[M]):
    """Nothing is deleted in the admin, and lists stay quick whatever the size of the archive."""

    paginator = BoundedPaginator
    list_per_page = 50
    list_max_show_all = 50
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    view_on_site = False
    empty_note = ""
    """What will stand in the list and where it comes from, shown while it has no rows."""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Titled by what is listed, not by what one might do with it."""
        return super().changelist_view(request, {"title": self.opts.verbose_name_plural, **(extra_context or {})})

    def action_checkbox(self, obj: M) -> SafeString:
        """As Django's, which renders three templates for every row."""
        return format_html(
            '<input type="checkbox" name="{}" value="{}" class="action-select" aria-label="{}">',
            ACTION_CHECKBOX_NAME,
            obj.pk,
            format_html(gettext("Select this object for an action - {}"), obj),
        )

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Django's own looks the object up first, and so tells anyone on the staff whether it is there."""
        demand(self.has_view_permission(request))
        return super().history_view(request, object_id, extra_context)


class ReadOnlyAdmin(GuardedAdmin[M]):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False


def count_of(rows: QuerySet[Any], link: str) -> Coalesce:
    """How many of these rows point by `link` at the row listed: a subquery, which runs for the rows shown only."""
    counted = rows.filter(**{link: OuterRef("pk")}).order_by().values(link).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def person(request: HttpRequest) -> User:
    """The account behind a request that has passed the admin's own check."""
    assert isinstance(request.user, User)  # noqa: S101 - the admin lets nobody else in
    return request.user


def demand(is_allowed: bool) -> None:
    if not is_allowed:
        raise PermissionDenied


def whole_number(value: Any) -> int | None:
    """A number from a form or an address; None for anything else, also for one no row could have."""
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
