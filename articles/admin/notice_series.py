"""连登: linking a notice to another printing of it, and setting it apart. Both are POST from the notice's screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from articles.actions import notices
from articles.admin.base import demand, person, whole_number
from articles.errors import ActionRefused
from articles.models import Notice

if TYPE_CHECKING:
    from articles.admin.items import ItemAdmin


def series_screen(model_admin: ItemAdmin[Any], request: HttpRequest, object_id: str) -> HttpResponse:
    """``_link`` with the number of the other notice, or ``_unlink``."""
    from articles.admin.item_screen import get_item

    demand(model_admin.has_view_permission(request) and model_admin.has_change_permission(request))
    item = get_item(model_admin, object_id)
    if request.method == "POST":
        reason = request.POST.get("reason", "").strip()
        try:
            if "_unlink" in request.POST:
                notices.unlink(notice=item, actor=person(request), reason=reason)
                messages.success(request, "已拆开：这一条以后单独列出，再次入库也不会自动归并。")
            else:
                other = Notice.objects.filter(pk=whole_number(request.POST.get("other")) or 0).first()
                if other is None:
                    raise ActionRefused("没有这个编号的公告：请填另一条公告的编号（网址里的数字）。")
                notices.link(notice=item, other=other, actor=person(request), reason=reason)
                messages.success(request, f"已与“{other.title}”归并：读者的列表里只列一次，写明各次刊登的日期。")
        except ActionRefused as refusal:
            messages.error(request, str(refusal))
    return HttpResponseRedirect(model_admin.address("change", item.pk))
