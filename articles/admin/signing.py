"""Signing an item: what is new since one's own last signature, or the whole text; and how far an item has come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from articles import signoffs, versions
from articles.actions.signing import ERROR_LIMIT, NOTE_LIMIT, corrections_since, sign
from articles.admin.acts import ACTS, may, named_after, signing_obstacles
from articles.admin.base import demand, person
from articles.admin.item_forms import LABELS, ROLES
from articles.admin.notice_unmasking import in_full
from articles.diff import Change, content_diff, text_diff
from articles.errors import ActionRefused, StaleVersion
from articles.models import AnyItem, Outcome, SignOff, Stage
from articles.models.topics import CreditRole
from articles.signoffs import Standing

if TYPE_CHECKING:
    from articles.admin.items import ItemAdmin


@dataclass(frozen=True)
class StageRow:
    """A stage, the signature that holds, or else the last one that did."""

    stage: Stage
    held: SignOff | None
    lapsed: SignOff | None
    is_due: bool


def stage_rows(standing: Standing) -> list[StageRow]:
    """Every stage in order, for the screens."""
    last: dict[int | None, SignOff] = {row.stage_id: row for row in standing.rows if row.outcome == Outcome.SIGNED}
    due = standing.next
    return [
        StageRow(stage, held := standing.holding.get(stage.pk), None if held else last.get(stage.pk), stage == due)
        for stage in standing.stages
    ]


class SignForm(forms.Form):
    base_version = forms.IntegerField(widget=forms.HiddenInput)
    base_hash = forms.CharField(widget=forms.HiddenInput)
    stage = forms.IntegerField(widget=forms.HiddenInput)
    errors_found = forms.IntegerField(
        label="查出差错",
        required=False,
        min_value=0,
        max_value=ERROR_LIMIT,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text="处数。不填就按上次签字或校毕以来改动的处数计。",
        error_messages={
            "invalid": "请写数字。",
            "min_value": f"差错数须在 0 到 {ERROR_LIMIT} 之间。",
            "max_value": f"差错数须在 0 到 {ERROR_LIMIT} 之间。",
        },
    )
    note = forms.CharField(
        label="意见",
        required=False,
        max_length=NOTE_LIMIT,
        help_text="可不填；印在审稿单上，记入历史。",
        error_messages={"max_length": f"意见不超过 {NOTE_LIMIT} 字。"},
    )

    def __init__(self, data: Any = None, *, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial, label_suffix="")
        count = initial.get("counted")
        if count is not None:
            help_text = f"处数。不填就按上次签字或校毕以来改动的处数计：{count} 处。"
            self.fields["errors_found"].help_text = help_text


def sign_screen(model_admin: ItemAdmin[Any], request: HttpRequest, object_id: str) -> HttpResponse:
    """Confirm on GET, sign on POST. What has changed since the page was opened is shown again with 409."""
    from articles.admin.item_screen import get_item

    act, user = ACTS["sign"], person(request)
    demand(model_admin.has_view_permission(request))
    demand(may(user, act, model_admin.model()))
    item = get_item(model_admin, object_id)
    standing = signoffs.standing(item)
    act = named_after(act, standing)
    # Whoever signs has read every character: a notice is shown in clear, and that is recorded.
    demand(in_full(request, item, why=act.label))
    form = SignForm(request.POST if request.method == "POST" else None, initial=_initial(item, standing))
    status = 200
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        stage = next((each for each in standing.stages if each.pk == data["stage"]), None)
        try:
            if stage is None:
                raise ActionRefused("这个环节已经停用，请刷新页面。")
            row = sign(
                item=item,
                stage=stage,
                actor=user,
                base_version=data["base_version"],
                base_hash=data["base_hash"],
                errors=data["errors_found"],
                note=data["note"],
            )
        except StaleVersion:
            status = 409
            item = get_item(model_admin, object_id)
            standing = signoffs.standing(item)
            form = SignForm(initial={**data, **_initial(item, standing)})
            messages.error(request, "在你打开之后，文字或它的位置又改过，没有签。下面是现在的样子：请看过再签。")
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"“{item.title}”的“{row.stage_name}”已签，签的是第 {row.version} 版。")
            return HttpResponseRedirect(model_admin.address("change", item.pk))
    mine = standing.last_of(user)
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": f"{act.label}：{item.title}",
        "act": act,
        "item": item,
        "form": form,
        "standing": standing,
        "stage_rows": stage_rows(standing),
        "obstacles": signing_obstacles(standing, user),
        "mine": mine,
        "changes": changes_since(item, standing, mine) if mine else None,
        "back": model_admin.address("change", item.pk),
    }
    return TemplateResponse(request, "admin/articles/sign.html", context, status=status)


def _initial(item: AnyItem, standing: Standing) -> dict[str, Any]:
    due = standing.next
    return {
        "base_version": item.version,
        "base_hash": standing.fingerprint,
        "stage": due.pk if due else 0,
        "counted": corrections_since(item, standing),
    }


def changes_since(item: AnyItem, standing: Standing, row: SignOff) -> list[Change]:
    """What is different now from what that signature stood for: words, place, credits."""
    changes: list[Change] = []
    if row.version != item.version:
        try:
            changes += content_diff(versions.content_at(item, row.version), item.content, LABELS, ROLES)
        except LookupError:
            changes.append(Change("文字", [], f"第 {row.version} 版不在历史里，无法对照：请通读全文"))
    for name, label in (("place", "位置"), ("credits", "署名归属")):
        former, present = told(row.stood.get(name)), told(standing.stood[name])
        if former != present:
            changes.append(Change(label, text_diff(former, present)))
    return changes


_ROLE_LABELS = dict(CreditRole.choices)


def told(value: Any) -> str:
    """A place, or credits kept as ``role:name``, in words."""
    if isinstance(value, list):
        parts = (str(each).partition(":") for each in value)
        return "、".join(f"{_ROLE_LABELS.get(role, role)} {name}" for role, _, name in parts)
    return str(value or "")
