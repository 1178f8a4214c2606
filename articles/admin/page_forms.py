"""The forms of the page screen."""

from __future__ import annotations

from typing import Any

from django import forms

from articles.models import Newspaper, Page

NEWSPAPERS_LISTED = 300


class NewspaperField(forms.CharField):
    """A newspaper, typed with suggestions: works without scripts, and with any number of titles."""

    def __init__(self, **more: Any) -> None:
        widget = forms.TextInput(attrs={"list": "newspapers", "autocomplete": "off"})
        super().__init__(label="报纸", widget=widget, error_messages={"required": "请填写报纸。"}, **more)

    def clean(self, value: Any) -> Any:
        name = super().clean(value).strip()
        found = Newspaper.objects.filter(name=name).first()
        if found is None:
            raise forms.ValidationError(f"没有叫“{name}”的报纸：请从提示里选，或请主编先在“报纸”里添加。")
        return found


class PlaceForm(forms.Form):
    """核定日期版次."""

    base_version = forms.IntegerField(widget=forms.HiddenInput)
    newspaper = NewspaperField()
    date = forms.DateField(
        label="日期",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请填写日期。", "invalid": "日期请写成 2026-01-31。"},
    )
    number = forms.IntegerField(
        label="版次",
        min_value=1,
        max_value=999,
        required=False,
        help_text="第几版；没有版次不能见报。",
        error_messages={"min_value": "版次从 1 起。", "max_value": "版次不超过 999。"},
    )
    section = forms.CharField(label="版名", max_length=40, required=False, help_text="例如：要闻、综合、分类广告。")
    is_early_ok = forms.BooleanField(label="日期没有错，就用这一天", required=False)

    def __init__(self, page: Page, data: Any = None, *, is_public: bool = False) -> None:
        issue = page.issue
        initial = {
            "base_version": page.version,
            "newspaper": issue.newspaper.name if issue.newspaper else "",
            "date": issue.date,
            "number": page.number,
            "section": page.section,
        }
        super().__init__(data, initial=initial, label_suffix="")
        self.not_before = issue.date_not_before
        self.is_early = False
        if self.not_before:
            self.fields["date"].help_text = f"文中提到 {self.not_before:%Y-%m-%d}：出报日期一般不早于这一天。"
        if is_public:  # readers have been told where the page stood
            for name in ("newspaper", "date", "number"):
                self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        date = data.get("date")
        if date and self.not_before and date < self.not_before and not data.get("is_early_ok"):
            self.is_early = True
            self.add_error("date", f"文中提到了更晚的 {self.not_before:%Y-%m-%d}。请核对；确实不错，就勾选下面一项。")
        return data


def newspaper_names() -> list[str]:
    return list(Newspaper.objects.values_list("name", flat=True)[:NEWSPAPERS_LISTED])
