"""Filters of the notices list. What is wrong in them shows no rows, never all."""

from __future__ import annotations

import datetime
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from articles.models import NoticeKind, Snapshot
from articles.public.reading import live_newspapers
from articles.search import holding
from articles.search.types import Kind

TEXT_LIMIT = 40


class _Form(forms.Form):
    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if isinstance(since, datetime.date) and isinstance(until, datetime.date) and since > until:
            self.add_error("until", "结束日期早于开始日期。")
        return cleaned


class _DateInput(forms.DateInput):
    """The browser's calendar. What is no date stays to be seen and mended: in a plain field, for a calendar would not
    show it."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["type"] = "date" if _is_date(context["widget"]["value"] or "") else "text"
        return context


class PlainSelect(forms.Select):
    """As Django's, which renders two templates for every option."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = self.format_value(value)
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                (choice, mark_safe(" selected") if str(choice) in chosen else "", label)
                for choice, label in self.choices
            ),
        )
        return format_html(
            '<select name="{}"{}>{}</select>', name, flatatt(self.build_attrs(self.attrs, attrs)), options
        )


def _is_date(text: str) -> bool:
    try:
        return not text or datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


class NoticeFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package has no types
    kind = django_filters.ChoiceFilter(
        field_name="notice_kind",
        lookup_expr="exact",
        label="类别",
        choices=NoticeKind.choices,
        empty_label="全部类别",
        widget=PlainSelect,
    )
    newspaper = django_filters.ModelChoiceFilter(
        field_name="newspaper",
        lookup_expr="exact",
        label="报纸",
        queryset=lambda request: live_newspapers(),
        to_field_name="slug",
        empty_label="全部报纸",
        widget=PlainSelect,
    )
    since = django_filters.DateFilter(
        field_name="date",
        lookup_expr="gte",
        label="自",
        widget=_DateInput(format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )
    until = django_filters.DateFilter(
        field_name="date",
        lookup_expr="lte",
        label="至",
        widget=_DateInput(format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )
    text = django_filters.CharFilter(
        method="having_text",
        lookup_expr="contains",
        label="文字",
        min_length=2,
        max_length=TEXT_LIMIT,
        widget=forms.TextInput(attrs={"placeholder": "单位、姓名或标题中的字"}),
    )

    def having_text(self, notices: QuerySet[Snapshot], name: str, value: str) -> QuerySet[Snapshot]:
        """In the heading, the declarant or the text, as readers see them."""
        return holding(notices, value, Kind.NOTICE)

    class Meta:
        model = Snapshot
        fields: list[str] = []
        form = _Form


FILTERS = ("kind", "newspaper", "since", "until", "text")
