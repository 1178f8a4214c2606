"""Numbers of notices in clear: with the permission, for an hour, and never without a line in the history.

Opening a notice that still waits to be corrected is the work itself: it is recorded without asking. Once it is
corrected, whoever wants the numbers says why. Source texts hold every notice of their page, so they need the same
permission and are recorded for the page.
"""

from __future__ import annotations

import copy
import time
from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from articles.actions.notices import unmask
from articles.admin.base import demand, person
from articles.content import Content
from articles.errors import ActionRefused
from articles.masking import MASK
from articles.models import AnyItem, Notice, Page, WorkState
from articles.notice_masking import mask_notice

if TYPE_CHECKING:
    from articles.admin.items import ItemAdmin

T = TypeVar("T", bound=AnyItem)

PERMISSION = "articles.unmask_notice"
HOUR = 3600
_SESSION = "numbers_shown"
_REMEMBERED = 500


def may_unmask(request: HttpRequest) -> bool:
    return person(request).has_perm(PERMISSION)


def _is_shown(request: HttpRequest, key: str) -> bool:
    return bool(request.session.get(_SESSION, {}).get(key, 0) > time.time() - HOUR)


def _show(request: HttpRequest, target: Notice | Page, key: str, reason: str) -> None:
    unmask(target=target, actor=person(request), reason=reason)
    now = int(time.time())
    shown = {name: at for name, at in request.session.get(_SESSION, {}).items() if at > now - HOUR}
    request.session[_SESSION] = dict([*shown.items(), (key, now)][-_REMEMBERED:])


def in_full(request: HttpRequest, item: AnyItem, *, why: str = "") -> bool:
    """Whether this person is shown the item in clear now; records it when that begins."""
    if not isinstance(item, Notice):
        return True
    if not may_unmask(request):
        return False
    if _is_shown(request, f"n{item.pk}"):
        return True
    is_work = item.work_state == WorkState.IMPORTED and person(request).has_perm("articles.change_notice")
    if not why and not is_work:
        return False
    _show(request, item, f"n{item.pk}", why or "打开待校的公告")
    return True


def sees_source(request: HttpRequest, page: Page) -> bool:
    """Whether this person is shown the source text of the page, with the numbers of its notices."""
    if not may_unmask(request):
        return False
    if not _is_shown(request, f"p{page.pk}") and page.notices.exists():
        _show(request, page, f"p{page.pk}", "对照来源文本")
    return True


def veiled(item: T) -> T:
    """The notice with its numbers masked, to be shown and never saved."""
    if not isinstance(item, Notice):
        return item
    shown = copy.copy(item)
    for name, value in mask_notice(item.content).items():
        setattr(shown, name, value)
    return shown


def has_new_masks(former: Content, content: Content) -> bool:
    """Whether somebody is about to save a masked text over the real one."""
    return str(content).count(MASK) > str(former).count(MASK)


def unmask_screen(model_admin: ItemAdmin[Any], request: HttpRequest, object_id: str) -> HttpResponse:
    """POST only: shows the numbers of one notice for an hour."""
    from articles.admin.item_screen import get_item

    demand(model_admin.has_view_permission(request) and may_unmask(request))
    item = get_item(model_admin, object_id)
    if request.method == "POST":
        reason = request.POST.get("reason", "").strip()
        if not reason:
            messages.error(request, "没有显示：请写明为什么要看完整号码。")
        else:
            try:
                in_full(request, item, why=reason)
            except ActionRefused as refusal:
                messages.error(request, str(refusal))
    return HttpResponseRedirect(model_admin.address("change", item.pk))
