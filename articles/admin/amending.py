"""发更正: a public note about an item, and about others with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from articles.actions.correcting import SUBJECTS_LIMIT, issue_correction
from articles.admin.acts import ACTS, may
from articles.admin.base import demand, person
from articles.errors import ActionRefused
from articles.models import AnyItem, Article, Correction, CorrectionKind, Notice
from articles.models.corrections import CORRECTION_LIMIT

if TYPE_CHECKING:
    from articles.admin.items import ItemAdmin


class AmendForm(forms.Form):
    kind = forms.ChoiceField(label="种类", choices=CorrectionKind.choices)
    text = forms.CharField(
        label="内容",
        max_length=CORRECTION_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=(
            "读者看到的就是这些话：哪里错了，应是怎样。例如：“3 亿元”应为“3000 万元”，特此更正。"
            "发出后不能改，只能撤回重发。"
        ),
        error_messages={
            "required": "请写明更正的内容：原来怎么说，应是怎样。",
            "max_length": f"内容不超过 {CORRECTION_LIMIT} 字。",
        },
    )
    others = forms.CharField(
        label="还关系到",
        required=False,
        help_text="同一个错误在别的条目里也有时填写：稿件 123、公告 45，用空格或顿号隔开。",
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, label_suffix="")

    def clean_others(self) -> list[AnyItem]:
        found: list[AnyItem] = []
        wanted = [part for part in re.split(r"[\s、，,；;]+", self.cleaned_data["others"].strip()) if part]
        for part in wanted[:SUBJECTS_LIMIT]:
            match = re.fullmatch(r"(稿件|公告)?(\d{1,18})", part, re.ASCII)
            if match is None:
                raise forms.ValidationError(f"看不懂“{part}”：请写成“稿件123”或“公告45”。")
            model: type[Article] | type[Notice] = Notice if match[1] == "公告" else Article
            item = model._default_manager.filter(pk=int(match[2])).first()
            if item is None:
                raise forms.ValidationError(f"没有编号 {match[2]} 的{model._meta.verbose_name}。")
            found.append(item)
        return found


def amend_screen(model_admin: ItemAdmin[Any], request: HttpRequest, object_id: str) -> HttpResponse:
    """The form on GET; on POST readers are told."""
    from articles.admin.item_screen import get_item

    act, user = ACTS["amend"], person(request)
    demand(model_admin.has_view_permission(request))
    demand(may(user, act, model_admin.model()))
    item = get_item(model_admin, object_id)
    form = AmendForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = issue_correction(
                items=[item, *data["others"]], kind=CorrectionKind(data["kind"]), text=data["text"], actor=user
            )
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{made.get_kind_display()}已发出，读者现在就能看到。文字本身请另外改好、见报。")
            return HttpResponseRedirect(model_admin.address("change", item.pk))
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": f"{act.label}：{item.title}",
        "act": act,
        "item": item,
        "form": form,
        "former": Correction.objects.of(item).select_related("by"),
        "back": model_admin.address("change", item.pk),
    }
    return TemplateResponse(request, "admin/articles/amend.html", context)
