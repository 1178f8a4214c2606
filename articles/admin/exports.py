"""Export and import of lists, made safe: permissions, no live formula in any cell, Chinese that Excel reads."""

from __future__ import annotations

import io
import zipfile
from typing import Any
from xml.sax.saxutils import escape

from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from import_export import resources, widgets
from import_export.admin import ExportMixin, ImportMixin
from import_export.fields import Field
from import_export.formats import base_formats
from import_export.forms import ExportForm

from articles.actions.editing import OFFICE_FIELDS, TOPIC_FIELDS, save_office, save_topic
from articles.diff import Run, plain, text_diff
from articles.masking import mask_value
from articles.models import Article, Notice, Office, Topic
from articles.notice_masking import mask_notice

_LIVE = tuple("=+-@\t\r\n＝＋－＠")
EXPORTED = 20_000
"""Rows in one exported file; the whole archive is exported by a command, not in a web request."""


def safe_cell(value: Any) -> str:
    """The value as text that no spreadsheet takes for a formula, whatever stands before it."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_LIVE) or text.lstrip(" \u3000").startswith(_LIVE) else text


class SafeCsv(base_formats.CSV):  # type: ignore[misc]
    """UTF-8 with the mark by which Excel knows it."""

    def get_title(self) -> str:
        return "csv"

    def is_binary(self) -> bool:
        return True

    def get_read_mode(self) -> str:
        return "rb"

    def create_dataset(self, in_stream: bytes, **kwargs: Any) -> Any:
        """Files of Chinese Excel come as GB18030 as often as in UTF-8."""
        try:
            text = in_stream.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = in_stream.decode("gb18030")
        return super().create_dataset(text, **kwargs)

    def export_data(self, dataset: Any, **kwargs: Any) -> bytes:
        lines: str = _safe(dataset).export("csv", **kwargs)
        return lines.encode("utf-8-sig")


def _safe(dataset: Any) -> Any:
    import tablib

    made = tablib.Dataset(headers=[safe_cell(header) for header in dataset.headers or []])
    for row in dataset:
        made.append([safe_cell(cell) for cell in row])
    return made


class SafeXlsx(base_formats.Format):  # type: ignore[misc]
    """A workbook of one sheet whose every cell is an inline string: there is no way to write a formula with it."""

    def get_title(self) -> str:
        return "xlsx"

    def get_extension(self) -> str:
        return "xlsx"

    def get_content_type(self) -> str:
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def can_export(self) -> bool:
        return True

    def export_data(self, dataset: Any, **kwargs: Any) -> bytes:
        safe = _safe(dataset)
        rows = [safe.headers, *safe] if safe.headers else list(safe)
        cells = "".join(
            "<row>"
            + "".join(f'<c t="inlineStr"><is><t xml:space="preserve">{_xml(c)}</t></is></c>' for c in row)
            + "</row>"
            for row in rows
        )
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
            for name, text in _PARTS.items():
                book.writestr(name, text.replace("CELLS", cells) if name.endswith("sheet1.xml") else text)
        return out.getvalue()


def _xml(text: str) -> str:
    """Escaped; characters XML cannot hold are dropped, and a cell holds 32,767 characters at most."""
    return escape("".join(c for c in text if c >= " " or c in "\t\n\r")[:32_767])


_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEETS}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEETS}.worksheet+xml"/></Types>',
    "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
    '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    "xl/worksheets/sheet1.xml": f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>CELLS</sheetData></worksheet>',
}


class SafeExportMixin(ExportMixin):  # type: ignore[misc]
    export_form_class = ExportForm
    export_template_name = "admin/articles/export.html"
    export_formats = [SafeCsv, SafeXlsx]

    def get_export_queryset(self, request: HttpRequest) -> Any:
        return super().get_export_queryset(request)[:EXPORTED]

    def get_export_form_class(self) -> Any:
        return self.export_form_class


class SafeImportMixin(ImportMixin):  # type: ignore[misc]
    import_template_name = "admin/articles/import.html"
    import_formats = [SafeCsv]
    import_help = ""
    """Which row of a file is which row of ours, for the editor."""

    def get_import_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_import_context_data(**kwargs), "import_help": self.import_help}


_WHERE = ("number", "newspaper", "date", "page_number", "section")


class ItemResource(resources.ModelResource):  # type: ignore[misc]
    """Export only: nothing is ever imported into articles and notices here."""

    newspaper = Field(attribute="page__issue__newspaper__name", column_name="报纸")
    date = Field(attribute="page__issue__date", column_name="日期")
    page_number = Field(attribute="page__number", column_name="版次")
    section = Field(attribute="page__section", column_name="版名")
    number = Field(attribute="pk", column_name="编号")
    work_state = Field(attribute="work_state", column_name="校对状态")

    def dehydrate_work_state(self, item: Any) -> str:
        return str(item.get_work_state_display())

    def import_data(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError("export only")


class ArticleResource(ItemResource):
    column = Field(attribute="column", column_name="栏目")
    kicker = Field(attribute="kicker", column_name="引题")
    headline = Field(attribute="headline", column_name="主题")
    deck = Field(column_name="副题")
    byline = Field(attribute="byline", column_name="署名")
    body = Field(column_name="正文")
    captions = Field(column_name="图片说明")

    class Meta:
        model = Article
        fields = (*_WHERE, "column", "kicker", "headline", "deck", "byline", "body", "captions", "work_state")
        export_order = fields

    def export_field(self, field: Field, instance: Article, **kwargs: Any) -> Any:
        """Personal numbers leave masked, in whatever field they stand."""
        return mask_value(super().export_field(field, instance, **kwargs))

    def dehydrate_deck(self, item: Article) -> str:
        return "\n".join(item.deck)

    def dehydrate_body(self, item: Article) -> str:
        return item.text

    def dehydrate_captions(self, item: Article) -> str:
        return "\n".join(piece["text"] for piece in item.captions)


class NoticeResource(ItemResource):
    """Personal numbers leave masked, as everywhere outside the desk."""

    kind = Field(attribute="kind", column_name="类别")
    heading = Field(column_name="报面标题")
    declarant = Field(column_name="声明人")
    body = Field(column_name="正文")

    class Meta:
        model = Notice
        fields = (*_WHERE, "kind", "heading", "declarant", "body", "work_state")
        export_order = fields

    def dehydrate_heading(self, item: Notice) -> str:
        return str(mask_notice(item.content)["heading"])

    def dehydrate_declarant(self, item: Notice) -> str:
        return plain(mask_notice(item.content)["fields"].get("declarant"))

    def dehydrate_body(self, item: Notice) -> str:
        return "\n".join(piece["text"] for piece in mask_notice(item.content)["body"])


class Words(widgets.Widget):  # type: ignore[misc]
    """A list of words as one cell."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[str]:
        return list(dict.fromkeys(str(value or "").split()))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return " ".join(value or ())


class CharacterDiff(resources.Diff):  # type: ignore[misc]
    """The preview of an import in our own marks: the library's carry inline styles."""

    def as_html(self) -> list[SafeString]:
        cells = zip(self.left, self.right, strict=True)
        return [_marked(text_diff("" if self.new else str(was), str(now))) for was, now in cells]


def _marked(runs: list[Run]) -> SafeString:
    return format_html_join("", "<{0}>{1}</{0}>", ((_TAGS[run.kind], run.text) for run in runs))


_TAGS = {"same": "span", "ins": "ins", "del": "del"}


class SafeImportResource(resources.ModelResource):  # type: ignore[misc]
    """Importing a file twice changes nothing the second time; every row goes through the action that the form uses."""

    class Meta:
        abstract = True

    @classmethod
    def get_diff_class(cls) -> type[CharacterDiff]:
        return CharacterDiff

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        for name, value in row.items():
            if isinstance(value, str):
                text = value.strip()
                # our own mark against formulas comes off again
                row[name] = text[1:] if text.startswith("'") and safe_cell(text[1:]) == text else text


class TopicResource(SafeImportResource):
    """By name. The state is never imported."""

    name = Field(attribute="name", column_name="名称")
    slug = Field(attribute="slug", column_name="网址代号")
    description = Field(attribute="description", column_name="说明")
    words = Field(attribute="words", column_name="线索词", widget=Words())
    state = Field(attribute="state", column_name="状态", readonly=True)

    class Meta:
        model = Topic
        fields = ("name", "slug", "description", "words", "state")
        import_id_fields = ("name",)
        skip_unchanged = True
        clean_model_instances = True

    def dehydrate_state(self, topic: Topic) -> str:
        return str(topic.get_state_display())

    def save_instance(self, instance: Topic, is_create: bool, row: Any, **kwargs: Any) -> None:
        """Through the same action as the form, so that the history has it."""
        values = {name: getattr(instance, name) for name in TOPIC_FIELDS}
        saved = save_topic(topic=Topic() if is_create else instance, values=values, actor=kwargs["user"])
        instance.pk = saved.pk


class Day(widgets.DateWidget):  # type: ignore[misc]
    """2024-03-05, or as spreadsheets like to write it."""

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")
        self.formats = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日")

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        try:
            return super().clean(value, row, **kwargs)
        except ValueError as wrong:
            raise ValueError(f"“{value}”不是日期：请写成 2024-03-05。") from wrong


class OfficeResource(SafeImportResource):
    """By name, note, title and beginning, so that a file that adds an end sets it."""

    name = Field(attribute="name", column_name="姓名")
    note = Field(attribute="note", column_name="区别")
    title = Field(attribute="title", column_name="职务")
    since = Field(attribute="since", column_name="起", widget=Day())
    until = Field(attribute="until", column_name="止", widget=Day())

    class Meta:
        model = Office
        fields = ("name", "note", "title", "since", "until")
        import_id_fields = ("name", "note", "title", "since")
        skip_unchanged = True
        clean_model_instances = True

    def save_instance(self, instance: Office, is_create: bool, row: Any, **kwargs: Any) -> None:
        values = {name: getattr(instance, name) for name in OFFICE_FIELDS}
        saved = save_office(office=Office() if is_create else instance, values=values, actor=kwargs["user"])
        instance.pk = saved.pk
