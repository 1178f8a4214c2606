"""The forms of the item screen: head fields, blocks, credits, topics."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, TypeAlias, cast

from django import forms
from django.forms.formsets import BaseFormSet

from articles.actions.credits import Named
from articles.admin.blocks import CAPTION, HEAD_ROLES, Assembled, Row, assemble
from articles.admin.notice_forms import NoticeHead
from articles.content import NOTICE_FIELD_LABELS, BodyRole, Content
from articles.diff import plain
from articles.models import AnyItem, Article, Notice
from articles.models.topics import CreditRole

EMPTY_BLOCKS = 2
ROLES: dict[str, str] = {**dict(BodyRole.choices), CAPTION: "图片说明"}
LABELS: dict[str, str] = {
    **{name: str(Article._meta.get_field(name).verbose_name) for name in Article.content_fields},  # type: ignore[union-attr]
    **{name: str(Notice._meta.get_field(name).verbose_name) for name in Notice.content_fields},  # type: ignore[union-attr]
    **{f"fields.{key}": label for key, label in NOTICE_FIELD_LABELS.items()},
    "body": "正文",
}


class Line(forms.CharField):
    """One line of text, kept as typed but for white space at its ends."""

    def __init__(self, name: str, *, rows: int = 0, help_text: str = "") -> None:
        widget: forms.Widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
        super().__init__(label=LABELS[name], required=False, widget=widget, help_text=help_text)


class ArticleHead(forms.Form):
    column = Line("column", help_text="固定栏目的名称，例如：市长专线。")
    kicker = Line("kicker", help_text="主题上面的一行。")
    headline = Line("headline", help_text="没有主题不能见报。")
    deck = Line("deck", rows=2, help_text="一行一条。")
    byline = Line("byline", help_text="照报面原样，例如：本报记者 王小明 文/图。读者看到的就是这一行。")
    continued_from = Line("continued_from", help_text="上接哪一版，例如：第一版。")
    continued_on = Line("continued_on", help_text="下转哪一版。")
    credits = forms.CharField(
        label="作者归属",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="一行一位：身份（记者、通讯员、作者）、空格、姓名；同名者在括号里注明，例如“通讯员 李四（深沪镇）”。",
    )

    credits_base = forms.CharField(required=False, widget=forms.HiddenInput)

    main = ("kicker", "headline", "deck", "byline", "column")
    more = ("credits", "continued_from", "continued_on")

    def clean_credits(self) -> list[Named]:
        roles = {str(label): value for value, label in CreditRole.choices}
        found = []
        for line in self.cleaned_data["credits"].split("\n"):
            if not line.strip():
                continue
            parts = re.fullmatch(r"(?:(\S+)\s+)?([^\s（）()]+)(?:[（(]([^（）()]+)[）)])?", line.strip())
            if parts is None or (parts[1] and parts[1] not in roles):
                raise forms.ValidationError(f"“{line.strip()}”看不懂：请写成“记者 姓名”，一行一位。")
            if len(parts[2]) > 40 or len(parts[3] or "") > 60:
                raise forms.ValidationError(f"“{line.strip()}”太长。")
            found.append(Named(roles.get(parts[1] or "", CreditRole.AUTHOR.value), parts[2], (parts[3] or "").strip()))
        return found

    def content(self) -> Content:
        values = {name: self.cleaned_data[name] for name in Article.content_fields if name in self.cleaned_data}
        values["deck"] = [line.strip() for line in values["deck"].split("\n") if line.strip()]
        return {**values, "captions": []}


class BlockForm(forms.Form):
    id = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    order = forms.IntegerField(label="次序", required=False, min_value=-1_000_000, max_value=1_000_000)
    role = forms.ChoiceField(label="类别", required=False)
    text = forms.CharField(label="文字", required=False, strip=False, widget=forms.Textarea)
    is_joined = forms.BooleanField(label="并入上一段", required=False)
    is_away = forms.BooleanField(label="移走", required=False)
    is_removed = forms.BooleanField(label="移出", required=False)

    def __init__(self, *args: Any, roles: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["role"]).choices = roles


BlockFormSet = forms.formset_factory(BlockForm, extra=EMPTY_BLOCKS, max_num=2_000, absolute_max=2_100)
Blocks: TypeAlias = "BaseFormSet[BlockForm]"


def role_choices(is_article: bool) -> list[Any]:
    """In groups: what a block can be, and which head part it can be made into."""
    if not is_article:
        return [("正文", list(BodyRole.choices))]
    return [("正文", list(BodyRole.choices)), ("图片", [(CAPTION, "图片说明")]), ("改作", list(HEAD_ROLES.items()))]


class ItemForm:
    """Head, blocks and the rest of the item screen as one; `content` after `is_valid`."""

    def __init__(
        self,
        item: AnyItem,
        data: Any = None,
        *,
        content: Content | None = None,
        credits: Sequence[Named] = (),
        typed_credits: str | None = None,
    ) -> None:
        self.item = item
        self.is_article = isinstance(item, Article)
        shown = content or item.content
        initial = _head_initial(shown, credits)
        if typed_credits is not None:
            initial["credits"] = typed_credits
        if self.is_article:
            self.head: forms.Form = ArticleHead(data, initial=initial, label_suffix="")
        else:
            self.head = NoticeHead(data, initial=initial, former=item.content, label_suffix="")
        self.blocks: Blocks = BlockFormSet(
            data,
            prefix="block",
            initial=_block_initial(shown),
            form_kwargs={"roles": role_choices(self.is_article)},
        )
        self.assembled: Assembled | None = None

    def is_valid(self) -> bool:
        if not (self.head.is_valid() and self.blocks.is_valid()):
            return False
        former = {p["id"]: p for name in ("body", "captions") for p in self.item.content.get(name, [])}
        head = self.head.content()  # type: ignore[attr-defined]
        made = assemble(self._rows(), head, former)
        for index, message in made.errors.items():
            self.blocks.forms[index].add_error("text", message)
        self.assembled = made
        return not made.errors

    def _rows(self) -> list[Row]:
        rows = []
        for index, form in enumerate(self.blocks.forms):
            data = form.cleaned_data
            order = data.get("order")
            rows.append(
                Row(
                    id=data.get("id") or "",
                    order=order if order is not None else (index + 1) * 10 if data.get("id") else 1_000_000,
                    role=data.get("role") or BodyRole.PARAGRAPH.value,
                    text=data.get("text") or "",
                    is_removed=bool(data.get("is_removed")),
                    is_joined=bool(data.get("is_joined")),
                    is_away=bool(data.get("is_away")),
                )
            )
        return rows

    @property
    def content(self) -> Content:
        assert self.assembled is not None  # noqa: S101 - asked for after is_valid only
        made = self.assembled.content
        return {name: made[name] for name in self.item.content_fields}

    @property
    def credits(self) -> list[Named]:
        return list(self.head.cleaned_data.get("credits") or [])

    @property
    def credits_base(self) -> str:
        """The credits from which these were made: they are no part of the versioned content."""
        return str(self.head.cleaned_data.get("credits_base") or "").replace("\r\n", "\n")

    def add_errors(self, errors: dict[str, list[str]]) -> None:
        """Errors of the content's own check, shown at the field they belong to, or above the blocks."""
        for name, messages in errors.items():
            field = name if name in self.head.fields else None
            for message in messages:
                self.head.add_error(field, message)


def _head_initial(content: Content, credits: Sequence[Named]) -> dict[str, str]:
    initial = {name: plain(value) for name, value in content.items() if name not in ("body", "captions", "fields")}
    initial |= {f"fields.{key}": plain(value) for key, value in content.get("fields", {}).items()}
    initial["credits"] = initial["credits_base"] = credit_lines(credits)
    return initial


def credit_lines(credits: Sequence[Named]) -> str:
    """Credits as an editor writes them, a person a line."""
    labels = {str(value): label for value, label in CreditRole.choices}
    return "\n".join(f"{labels[c.role]} {c.name}" + (f"（{c.note}）" if c.note else "") for c in credits)


def _block_initial(content: Content) -> list[dict[str, Any]]:
    pieces = [*content["body"], *({**p, "role": CAPTION} for p in content.get("captions", []))]
    return [
        {"id": p["id"], "order": number * 10, "role": p["role"], "text": p["text"]}
        for number, p in enumerate(pieces, 1)
    ]
