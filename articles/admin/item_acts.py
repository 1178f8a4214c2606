"""见报, 定时, 撤稿, 退回 and going back to a former version: each a POST behind a page that says what will happen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone

from articles import history, rules, snapshots, versions
from articles.actions import publishing, signing
from articles.actions.embargo import set_embargo
from articles.actions.restoring import restore_version
from articles.admin.acts import ACTS, Act, may, obstacles
from articles.admin.amending import amend_screen
from articles.admin.base import BEIJING, demand, person, whole_number
from articles.admin.item_forms import LABELS, ROLES
from articles.admin.item_screen import get_item
from articles.admin.notice_unmasking import in_full
from articles.admin.signing import sign_screen
from articles.diff import content_diff
from articles.errors import ActionRefused, StaleVersion
from articles.models import AnyItem, Snapshot

if TYPE_CHECKING:
    from articles.admin.items import ItemAdmin


class ActForm(forms.Form):
    base_version = forms.IntegerField(widget=forms.HiddenInput)
    at = forms.DateTimeField(
        label=f"见报时间（{BEIJING}）",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="到这一刻读者就能看到；不需要有人值守。",
        error_messages={"required": "请填写时间。", "invalid": "请写成 2026-01-31 08:00 这样的时间。"},
    )
    reason = forms.CharField(
        label="理由",
        max_length=300,
        widget=forms.TextInput(),
        error_messages={"required": "请写明理由。", "max_length": "理由不超过 300 字。"},
    )

    def __init__(self, act: Act, data: Any = None, *, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial, label_suffix="")
        if act.name == "embargo":
            self.fields["at"].label = f"禁发到（{BEIJING}）"
            self.fields["at"].help_text = "例如来稿方要求的发布时间。"
        elif act.name != "schedule":
            del self.fields["at"]
        self.fields["reason"].required = act.needs_reason
        self.fields["reason"].help_text = act.reason_help or "可不填；记入历史。"


def act_screen(model_admin: ItemAdmin[Any], request: HttpRequest, object_id: str, name: str) -> HttpResponse:
    """Confirm on GET, do on POST. A refusal shows the page again and says why; a stale version answers 409."""
    act = ACTS.get(name)
    if act is None:
        raise Http404("没有这项操作。")
    if name in _SCREENS:
        return _SCREENS[name](model_admin, request, object_id)
    demand(model_admin.has_view_permission(request))
    demand(person(request).has_perm(f"articles.{act.permission}_{model_admin.model.snapshot_key}"))
    item = get_item(model_admin, object_id)
    demand(may(person(request), act, item))
    form = ActForm(act, request.POST if request.method == "POST" else None, initial={"base_version": item.version})
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            words = _do(act, item, form, request)
        except StaleVersion:
            status = 409
            form = ActForm(act, initial={**form.cleaned_data, "base_version": item.version})
            messages.error(request, "在你打开之后，这一条又改过。下面是现在的文字：请重新看过再确认。")
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, words)
            return HttpResponseRedirect(model_admin.address("change", item.pk))
    verdict = rules.check([item])[item.snapshot_key, item.pk]
    user = person(request)
    blocked = obstacles(act, item, verdict, user, is_live=item.is_live, is_scheduled=item.is_scheduled)
    context = {
        "title": f"{act.label}：{item.title}",
        "act": act,
        "item": item,
        "form": form,
        "obstacles": blocked,
        "verdict": verdict,
        "back": model_admin.address("change", item.pk),
    }
    if act.name in ("publish", "schedule") and not blocked:
        context |= preview(item, request)
    return _render(model_admin, request, "admin/articles/act.html", context, status)


_SCREENS: dict[str, Callable[[Any, HttpRequest, str], HttpResponse]] = {"sign": sign_screen, "amend": amend_screen}
"""Acts whose page asks for more than a reason."""


def _do(act: Act, item: AnyItem, form: ActForm, request: HttpRequest) -> str:
    data, actor = form.cleaned_data, person(request)
    version, reason = data["base_version"], data["reason"]
    if act.name == "publish":
        publishing.publish(item=item, actor=actor, base_version=version, reason=reason)
        return f"“{item.title}”已见报，读者现在就能看到。"
    if act.name == "schedule":
        made = publishing.publish(item=item, actor=actor, base_version=version, at=data["at"], reason=reason)
        when = timezone.localtime(made.live_from)
        return f"“{item.title}”定于 {when:%Y-%m-%d %H:%M}（{BEIJING}）见报。"
    if act.name == "unschedule":
        publishing.unschedule(item=item, actor=actor, reason=reason)
        return f"“{item.title}”的定时已取消。"
    if act.name == "embargo":
        set_embargo(item=item, until=data["at"], actor=actor, reason=reason)
        return f"“{item.title}”在 {data['at']:%Y-%m-%d %H:%M}（{BEIJING}）之前不能见报。"
    if act.name == "unembargo":
        set_embargo(item=item, until=None, actor=actor, reason=reason)
        return f"“{item.title}”不再禁发。"
    if act.name == "withdraw":
        publishing.withdraw(item=item, actor=actor, reason=reason)
        return f"“{item.title}”已撤稿，原网址显示你写的理由。"
    signing.send_back(item=item, actor=actor, reason=reason)
    return f"“{item.title}”已退回待校。"


def preview(item: AnyItem, request: HttpRequest) -> dict[str, Any]:
    """What readers would see, and how it differs from what they see now."""
    now = timezone.now()
    made = snapshots.build(item, number=0, live_from=now, published_at=now, published_by=person(request))
    standing = Snapshot.objects.filter(**{item.snapshot_key: item}).live(now).first()
    changes = content_diff(_flat(standing.content), _flat(made.content), _FLAT_LABELS, ROLES) if standing else None
    return {"shown": made, "changes": changes}


_FLAT_LABELS = {**LABELS, "body_text": LABELS["body"], "captions_text": LABELS["captions"]}


def _flat(content: dict[str, Any]) -> dict[str, Any]:
    """Snapshot content as values a diff reads: pieces of a snapshot have no ids."""
    flat = {name: value for name, value in content.items() if name not in ("topics", "credits")}
    flat["body_text"] = [piece["text"] for piece in flat.pop("body")]
    flat["captions_text"] = flat.pop("captions", [])
    return flat


def history_screen(model_admin: ItemAdmin[Any], request: HttpRequest, object_id: str) -> HttpResponse:
    """Everything that happened to the item, newest first, with the changes of each version by character."""
    demand(model_admin.has_view_permission(request))
    item = get_item(model_admin, object_id)
    is_full = in_full(request, item)
    entries = list(history.of(item)[: HISTORY_LISTED + 1])
    changes: dict[int, Any] = {}
    walked: list[versions.Version] = []
    for version in versions.versions(item):
        walked.append(version)
        if len(walked) > 1:
            newer = walked[-2]
            changes[newer.entry.pk] = content_diff(version.content, newer.content, LABELS, ROLES)
        if len(walked) > HISTORY_LISTED or version.entry.pk < entries[-1].pk:
            break
    broken = {version.entry.pk for version in walked if not version.is_intact}
    rows = [
        {"entry": entry, "changes": changes.get(entry.pk) if is_full else None, "is_broken": entry.pk in broken}
        for entry in entries[:HISTORY_LISTED]
    ]
    context = {
        "title": f"历史：{item.title}",
        "item": item,
        "rows": rows,
        "is_cut": len(entries) > HISTORY_LISTED,
        "limit": HISTORY_LISTED,
        "is_veiled": not is_full,
        "can_change": model_admin.has_change_permission(request),
        "back": model_admin.address("change", item.pk),
    }
    return _render(model_admin, request, "admin/articles/item_history.html", context)


HISTORY_LISTED = 100


def restore_screen(model_admin: ItemAdmin[Any], request: HttpRequest, object_id: str, version: int) -> HttpResponse:
    """Show what going back would change; on POST save the former content as a new version."""
    demand(model_admin.has_view_permission(request) and model_admin.has_change_permission(request))
    item = get_item(model_admin, object_id)
    demand(in_full(request, item, why=f"恢复第 {version} 版"))
    try:
        content = versions.content_at(item, version)
    except LookupError as missing:
        raise Http404(str(missing)) from missing
    status = 200
    if request.method == "POST":
        base = whole_number(request.POST.get("base_version")) or 0
        try:
            saved = restore_version(item=item, version=version, base_version=base, actor=person(request))
        except StaleVersion:
            status = 409
            messages.error(request, "在你打开之后，这一条又改过。下面是与现在文字的差别：请重新看过再确认。")
        except ActionRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"已恢复第 {version} 版的文字，存为第 {saved.version} 版；中间各版都在历史里。")
            return HttpResponseRedirect(model_admin.address("change", item.pk))
    context = {
        "title": f"恢复第 {version} 版：{item.title}",
        "item": item,
        "version": version,
        "changes": content_diff(item.content, content, LABELS, ROLES),
        "back": model_admin.address("history", item.pk),
    }
    return _render(model_admin, request, "admin/articles/restore.html", context, status)


def _render(
    model_admin: ItemAdmin[Any], request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    known = {**model_admin.admin_site.each_context(request), "opts": model_admin.opts}
    return TemplateResponse(request, template, {**known, **context}, status=status)
