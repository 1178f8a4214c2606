"""Export and import of lists, made safe: permissions, no live formula in any cell, Chinese that Excel reads."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from import_export import resources, widgets
from import_export.admin import ExportMixin, ImportMixin
from import_export.fields import Field
from import_export.formats import base_formats
from import_export.forms import ExportForm, ImportForm
from import_export.results import Error, RowResult

from articles.actions.editing import (
    OFFICE_FIELDS,
    TOPIC_FIELDS,
    edit_issue,
    save_contributor,
    save_office,
    save_topic,
)
from articles.diff import Run, text_diff
from articles.errors import ActionRefused
from articles.models import Contributor, DateState, Issue, Office, SiteWord, Topic
from articles.sheets.csv_file import read_csv, write_csv
from articles.sheets.table import MOST_BYTES, MOST_ROWS, SheetRefused
from articles.sheets.xlsx_file import read_xlsx, write_xlsx

logger = logging.getLogger(__name__)

EXPORTED = MOST_ROWS
"""Rows in one exported file; the whole archive is exported by a command, not in a web request."""
CHUNK = 500
"""Rows read in one query."""
PREVIEWED = 500
"""Changed rows that a preview shows; the others are counted."""


class _SafeFormat(base_formats.Format):  # type: ignore[misc]
    """Reads what the file is, whatever the form calls it."""

    title = ""

    def __init__(self, encoding: str | None = None) -> None:
        """The library names an encoding; the file itself says which."""

    def get_title(self) -> str:
        return self.title

    def get_extension(self) -> str:
        return self.title

    def is_binary(self) -> bool:
        return True

    def get_read_mode(self) -> str:
        return "rb"

    def can_export(self) -> bool:
        return True

    def can_import(self) -> bool:
        return True

    def create_dataset(self, in_stream: bytes, **kwargs: Any) -> Any:
        import tablib

        table = read_xlsx(in_stream) if in_stream.startswith(b"PK") else read_csv(in_stream)
        made = tablib.Dataset(headers=table.headers)
        for row in table.rows:
            made.append(row)
        return made


def _text_rows(dataset: Any) -> Iterator[list[str]]:
    yield [str(header) for header in dataset.headers or []]
    for row in dataset:
        yield ["" if cell is None else str(cell) for cell in row]


class SafeCsv(_SafeFormat):
    title = "csv"

    def get_content_type(self) -> str:
        return "text/csv"

    def export_data(self, dataset: Any, **kwargs: Any) -> bytes:
        return write_csv(_text_rows(dataset))


class SafeXlsx(_SafeFormat):
    title = "xlsx"

    def get_content_type(self) -> str:
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def export_data(self, dataset: Any, **kwargs: Any) -> bytes:
        return write_xlsx(_text_rows(dataset))


class SafeExportMixin(ExportMixin):  # type: ignore[misc]
    export_form_class = ExportForm
    export_template_name = "admin/articles/export.html"
    export_formats = [SafeCsv, SafeXlsx]

    def get_export_form_class(self) -> Any:
        return self.export_form_class


class SafeImportForm(ImportForm):  # type: ignore[misc]
    def clean_import_file(self) -> Any:
        file = self.cleaned_data["import_file"]
        if (file.size or 0) > MOST_BYTES:
            raise ValidationError(f"文件超过 {MOST_BYTES // 1024 // 1024} MB：请分成几个文件。")
        return file


_UPLOADED = "uploaded_sheet"
_TOO_OLD = "预览已经过期，没有导入。请重新选择文件。"


class SafeImportMixin(ImportMixin):  # type: ignore[misc]
    """A preview first, then all rows in one transaction or none."""

    import_template_name = "admin/articles/import.html"
    import_formats = [SafeCsv, SafeXlsx]
    import_form_class = SafeImportForm
    import_help = ""
    """Which row of a file is which row of ours, for the editor."""

    def get_import_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_import_context_data(**kwargs), "import_help": self.import_help, "previewed": PREVIEWED}

    def add_data_read_fail_error_to_form(self, form: Any, e: Exception) -> None:
        if not isinstance(e, SheetRefused):
            logger.error("a table could not be read", exc_info=e)
        form.add_error("import_file", str(e) if isinstance(e, SheetRefused) else "读不了这个文件。")

    def get_confirm_form_initial(self, request: HttpRequest, import_form: Any) -> dict[str, Any]:
        """The session remembers which file it was: nobody confirms another's, or another file of the machine."""
        initial: dict[str, Any] = super().get_confirm_form_initial(request, import_form)
        if import_form is not None:
            request.session[_UPLOADED] = [self.opts.label, Path(initial["import_file_name"]).name]
        return initial

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not self.has_import_permission(request):
            raise PermissionDenied
        form = self.create_confirm_form(request)
        is_known = form.is_valid() and [self.opts.label, form.cleaned_data["import_file_name"]] == request.session.pop(
            _UPLOADED, None
        )
        if not is_known or form.cleaned_data["format"] not in ("0", "1"):
            return self._again(request)
        try:
            response: HttpResponse = super().process_import(request, **kwargs)
        except FileNotFoundError:  # on another machine, or swept away
            return self._again(request)
        return response

    def _again(self, request: HttpRequest) -> HttpResponse:
        messages.error(request, _TOO_OLD)
        return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_import"))

    def process_dataset(self, dataset: Any, form: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().process_dataset(dataset, form, request, rollback_on_validation_errors=True, **kwargs)

    def process_result(self, result: Any, request: HttpRequest) -> HttpResponse:
        """What came in between the preview and the confirmation is told like what the preview finds."""
        if not result.has_errors():
            response: HttpResponse = super().process_result(result, request)
            return response
        form = self.import_form_class(self.get_import_formats(), self.get_import_resource_classes(request))
        context = {
            **self.get_import_context_data(),
            **self.admin_site.each_context(request),
            "title": "导入",
            "form": form,
            "result": result,
            "opts": self.opts,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, [self.import_template_name], context)


class Words(widgets.Widget):  # type: ignore[misc]
    """A list of words as one cell."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[str]:
        return list(dict.fromkeys(str(value or "").split()))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return " ".join(value or ())


class CharacterDiff(resources.Diff):  # type: ignore[misc]
    """The preview of an import in our own marks, made when it is shown: the library's carry inline styles."""

    def as_html(self) -> CharacterDiff:
        return self

    def __iter__(self) -> Iterator[SafeString]:
        for was, now in zip(self.left, self.right, strict=True):
            before, after = "" if self.new else str(was), str(now)
            yield _marked([Run("same", after)] if before == after else text_diff(before, after))


def _marked(runs: list[Run]) -> SafeString:
    return format_html_join("", "<{0}>{1}</{0}>", ((_TAGS[run.kind], run.text) for run in runs))


_TAGS = {"same": "span", "ins": "ins", "del": "del"}


class RowRefused(ActionRefused):
    """A row cannot be imported; `str()` names the column."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(f"“{column}”列：{message}" if column else message)


class CheckedField(Field):  # type: ignore[misc]
    """One whose cell can be wrong: the error names the column, also where the row is looked up by it."""

    def clean(self, row: Any, **kwargs: Any) -> Any:
        try:
            return super().clean(row, **kwargs)
        except ValueError as wrong:
            raise RowRefused(str(self.column_name), str(wrong)) from wrong


class SafeImportResource(resources.ModelResource):  # type: ignore[misc]
    """Importing a file twice changes nothing the second time; every row goes through the action that the form uses."""

    class Meta:
        abstract = True
        report_skipped = False

    @classmethod
    def get_diff_class(cls) -> type[CharacterDiff]:
        return CharacterDiff

    def iter_queryset(self, queryset: QuerySet[Any]) -> Iterator[Any]:
        yield from queryset[:EXPORTED].iterator(chunk_size=CHUNK)

    most_changed: ClassVar[int] = 5_000
    """Rows that one file may add or change. All are one transaction, during which on SQLite nobody else can save."""
    is_refused = False
    """The table as a whole: its rows are not looked at."""

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """A column we do not know is a mistake, not something to pass over."""
        self._changed = 0
        known = [field.column_name for field in self.fields.values()]
        strange = [header for header in dataset.headers if header not in known]
        needed = [self.fields[name].column_name for name in self.get_import_id_fields()]
        missing = [column for column in needed if column not in dataset.headers]
        if strange or missing:
            self.is_refused = True
        if strange:
            raise RowRefused("", f"不认识的列：{'、'.join(strange)}。可用的列：{'、'.join(known)}。")
        if missing:
            raise RowRefused("", f"缺少这些列：{'、'.join(missing)}。")

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        for name, value in row.items():
            row[name] = value.strip()

    def import_row(self, row: Any, instance_loader: Any, **kwargs: Any) -> Any:
        """Errors in words for the editor, each with its column; an empty row is none."""
        if self.is_refused or not any(cell.strip() for cell in row.values()):
            empty = RowResult()
            empty.import_type = RowResult.IMPORT_TYPE_SKIP
            return empty
        result = super().import_row(row, instance_loader, **kwargs)
        if result.validation_error is not None:
            told = self._told(result.validation_error)
            result.import_type, result.validation_error = RowResult.IMPORT_TYPE_ERROR, None
            result.errors = [Error(each, number=kwargs["row_number"]) for each in told]
        for error in result.errors:
            if not isinstance(error.error, ActionRefused):
                logger.error("a row could not be imported", exc_info=error.error)
                error.error = RowRefused("", "程序出错，这一行没有导入；已经记录，请告诉管理员。")
        self._changed += result.import_type in (RowResult.IMPORT_TYPE_NEW, RowResult.IMPORT_TYPE_UPDATE)
        if self._changed > self.most_changed:
            self.is_refused = True
            refusal = RowRefused("", f"从这一行起，要新增或改动的超过 {self.most_changed} 行：请分成几个文件。")
            result.import_type, result.errors = (
                RowResult.IMPORT_TYPE_ERROR,
                [Error(refusal, number=kwargs["row_number"])],
            )
        return result

    def _told(self, invalid: ValidationError) -> list[ActionRefused]:
        if not hasattr(invalid, "error_dict"):
            return [RowRefused("", message) for message in invalid.messages]
        columns = {name: field.column_name for name, field in self.fields.items()}
        return [
            RowRefused(columns.get(name, ""), message)
            for name, said in invalid.message_dict.items()
            for message in said
        ]

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        """The library sets PostgreSQL's sequences back to the last row, which others may have gone beyond."""


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


class YesNo(widgets.Widget):  # type: ignore[misc]
    """是 or 否. An empty cell is neither, and is refused."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        if (text := str(value or "").strip()) not in ("是", "否"):
            raise ValueError(f"“{text[:30]}”看不懂：请写“是”或“否”。")
        return text == "是"

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "是" if value else "否"


class SiteWordResource(SafeImportResource):
    word = Field(attribute="word", column_name="词")
    is_used = CheckedField(attribute="is_used", column_name="使用", widget=YesNo())

    class Meta:
        model = SiteWord
        fields = ("word", "is_used")
        import_id_fields = ("word",)
        skip_unchanged = True
        clean_model_instances = True


class OfficeResource(SafeImportResource):
    """By name, note, title and beginning, so that a file that adds an end sets it."""

    name = Field(attribute="name", column_name="姓名")
    note = Field(attribute="note", column_name="区别")
    title = Field(attribute="title", column_name="职务")
    since = CheckedField(attribute="since", column_name="起", widget=Day())
    until = CheckedField(attribute="until", column_name="止", widget=Day())

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


class ContributorResource(SafeImportResource):
    """By name and note: only people nobody knew yet come in."""

    name = Field(attribute="name", column_name="姓名")
    note = Field(attribute="note", column_name="区别")

    class Meta:
        model = Contributor
        fields = ("name", "note")
        import_id_fields = ("name", "note")
        skip_unchanged = True
        clean_model_instances = True
        report_skipped = False

    def save_instance(self, instance: Contributor, is_create: bool, row: Any, **kwargs: Any) -> None:
        values = {"name": instance.name, "note": instance.note}
        made = save_contributor(
            contributor=Contributor() if is_create else instance, values=values, actor=kwargs["user"]
        )
        instance.pk = made.pk


class Count(widgets.Widget):  # type: ignore[misc]
    """A small whole number, or nothing."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int | None:
        text = str(value or "").strip()
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) < 5):
            raise ValueError(f"“{text[:30]}”不是版数：请写成 8 这样的数字。")
        return int(text)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else str(value)


class IssueResource(SafeImportResource):
    """By newspaper and date, which only issues with a confirmed date have for themselves."""

    newspaper = Field(attribute="newspaper__name", column_name="报纸", readonly=True)
    date = CheckedField(attribute="date", column_name="日期", widget=Day())
    number = Field(attribute="number", column_name="期号")
    expected_pages = CheckedField(attribute="expected_pages", column_name="应有版数", widget=Count())

    class Meta:
        model = Issue
        fields = ("newspaper", "date", "number", "expected_pages")
        import_id_fields = ("newspaper", "date")
        skip_unchanged = True
        clean_model_instances = True
        report_skipped = False

    def filter_export(self, queryset: Any, **kwargs: Any) -> Any:
        return queryset.filter(date_state=DateState.CONFIRMED)

    def get_or_init_instance(self, instance_loader: Any, row: Any) -> tuple[Issue, bool]:
        try:
            day = Day().clean(row["日期"])
        except ValueError as wrong:
            raise RowRefused("日期", str(wrong)) from wrong
        issue = (
            Issue.objects.filter(newspaper__name=row["报纸"], date=day, date_state=DateState.CONFIRMED)
            .select_related("newspaper")
            .first()
        )
        if day is None or issue is None:
            raise RowRefused("日期", f"没有日期已确认的这一期：{row['报纸']} {row['日期']}。期随各版核定日期而来。")
        return issue, False

    def save_instance(self, instance: Issue, is_create: bool, row: Any, **kwargs: Any) -> None:
        values = {"number": instance.number, "expected_pages": instance.expected_pages}
        edit_issue(issue=instance, values=values, actor=kwargs["user"])
