"""A screen that holds several forms: a POST says in ``_do`` which of them was sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.contrib import messages
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from articles.admin.base import demand, person, whole_number
from articles.errors import ActionRefused, StaleVersion

M = TypeVar("M", bound=Model)
Doing = tuple[str, Callable[[Any, HttpRequest, M], HttpResponse | None]]
"""The permission it needs, and what does it: with an answer of its own, or None to go back to the screen."""


def find_or_404(rows: QuerySet[M], object_id: str, otherwise: str) -> M:
    pk = whole_number(object_id)
    found = rows.filter(pk=pk).first() if pk is not None else None
    if found is None:
        raise Http404(otherwise)
    return found


def answer(
    model_admin: Any,
    request: HttpRequest,
    object_id: str,
    *,
    get: Callable[[str], M],
    show: Callable[..., HttpResponse],
    doings: Mapping[str, Doing[M]],
    back: Callable[[M], str],
) -> HttpResponse:
    """Show the thing, or do what was sent in one transaction. What is refused shows the screen again, as the thing now
    is, with the reason; a stale version so too, with 409."""
    demand(model_admin.has_view_permission(request))
    thing = get(object_id)
    if request.method != "POST":
        return show(model_admin, request, thing)
    doing = doings.get(request.POST.get("_do", ""))
    if doing is None:
        raise Http404("没有这项操作。")
    permission, act = doing
    demand(person(request).has_perm(permission))
    try:
        with transaction.atomic():
            answered = act(model_admin, request, thing)
    except StaleVersion:
        name = thing._meta.verbose_name
        messages.error(request, f"在你打开之后，别人改过这一{name}。下面是现在的样子，请重新来一次。")
        return show(model_admin, request, get(object_id), status=409)
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
        return show(model_admin, request, get(object_id))
    return answered or HttpResponseRedirect(back(thing))
