"""The head of the notice screen: kind, heading, and a field of the form for each field of the notice."""

from __future__ import annotations

import datetime
import re
from typing import Any

from django import forms

from articles.content import NOTICE_FIELD_LABELS, Content
from articles.diff import plain
from articles.identity import is_credit_code
from articles.models import Notice, NoticeKind
from articles.models.items import day_of
from articles.numbers import normalise

LIST_FIELDS = {"documents", "numbers", "phones", "amounts"}
DATE_FIELDS = {"date", "deadline"}
_HELP = {
    "declarant": "谁登的公告。单位写全称：不是单位的，读者看到的号码全部遮盖。",
    "date": "例如 2025-12-20。",
    "deadline": "申报、异议等期限的最后一天，例如 2026-02-03；到期之前列在读者的“期限未满”里。",
    "documents": "一行一个。",
    "numbers": "一行一个，照原文；见报时自动遮盖，读者可凭完整号码查到。",
    "phones": "一行一个；个人的见报时自动遮盖。",
    "amounts": "一行一个。",
}
_DATE = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?")


class NoticeHead(forms.Form):
    kind = forms.ChoiceField(label=str(Notice._meta.get_field("kind").verbose_name), choices=NoticeKind.choices)
    heading = forms.CharField(
        label=str(Notice._meta.get_field("heading").verbose_name),
        required=False,
        help_text="报面上印的标题；没有就留空。",
    )

    main = ("kind", "heading")
    more = tuple(f"fields.{key}" for key in NOTICE_FIELD_LABELS)

    def __init__(self, *args: Any, former: Content, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.former = former
        for key, label in NOTICE_FIELD_LABELS.items():
            widget: forms.Widget = forms.TextInput()
            if self._is_list(key):
                widget = forms.Textarea(attrs={"rows": min(8, max(2, len(former["fields"].get(key) or ())))})
            elif key in DATE_FIELDS:
                widget = forms.TextInput(attrs={"placeholder": "年-月-日", "inputmode": "numeric"})
            self.fields[f"fields.{key}"] = forms.CharField(
                label=label, required=False, widget=widget, help_text=_HELP.get(key, "")
            )

    def _is_list(self, key: str) -> bool:
        return key in LIST_FIELDS or isinstance(self.former["fields"].get(key), list)

    def clean(self) -> dict[str, Any]:
        """Only what a person has changed is checked: what the engine read may wait for its turn."""
        cleaned: dict[str, Any] = super().clean() or {}
        for key in NOTICE_FIELD_LABELS:
            name = f"fields.{key}"
            typed = str(cleaned.get(name, "")).replace("\r\n", "\n")
            if name not in cleaned or typed == plain(self.former["fields"].get(key)):
                continue
            if key in DATE_FIELDS and typed:
                day = read_day(typed)
                if day is None:
                    self.add_error(name, "没有这一天：请写成 2026-02-03 这样的日期。")
                else:
                    cleaned[name] = day.isoformat()
            elif key == "uscc" and typed and not is_credit_code(normalise(typed)):
                self.add_error(name, "校验不符：统一社会信用代码是 18 位。报面确实印错的，请放到“号码”里。")
        start, end = (day_of(cleaned.get(f"fields.{key}")) for key in ("date", "deadline"))
        changed = {"fields.date", "fields.deadline"} & set(self.changed_data)
        if changed and start and end and end < start:
            self.add_error("fields.deadline", "截止日期早于落款日期。")
        return cleaned

    def content(self) -> Content:
        fields = dict(self.former["fields"])
        for key in NOTICE_FIELD_LABELS:
            typed = self.cleaned_data[f"fields.{key}"].replace("\r\n", "\n")
            if typed == plain(fields.get(key)):
                continue
            if self._is_list(key):
                fields[key] = [line.strip() for line in typed.split("\n") if line.strip()]
            else:
                fields[key] = typed
            if not fields[key]:
                del fields[key]
        return {"kind": self.cleaned_data["kind"], "heading": self.cleaned_data["heading"], "fields": fields}


def read_day(text: str) -> datetime.date | None:
    """A day written in any of the usual ways."""
    found = _DATE.fullmatch(text.strip())
    try:
        return datetime.date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None
