"""Articles and notices as rows of a table, out and in.

A row is an item, known by its number and version. Only texts come in; where the item stands, who wrote it, its topics
and its states are there to be read. Personal numbers leave masked: a cell that still says what would be exported now
is unchanged, whatever it hides, and a changed cell that hides something is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib.auth.models import User
from django.db.models import Prefetch, QuerySet
from import_export.fields import Field

from articles.actions.items import create_article, create_notice, edit_item
from articles.actions.pages import empty_content
from articles.admin.acts import publication_label
from articles.admin.base import whole_number
from articles.admin.exports import CHUNK, CharacterDiff, Day, RowRefused, SafeImportResource
from articles.content import BodyRole, Content, Piece, check_content, storable
from articles.diff import plain
from articles.errors import StaleVersion
from articles.masking import MASK, mask
from articles.models import AnyItem, Article, DateState, LinkState, Notice, Page, TopicLink
from articles.notice_masking import mask_notice
from articles.sheets.xlsx_file import CELL_LIMIT

_WHERE = ("number", "version", "newspaper", "date", "page_number", "section")
_STATES = ("work_state", "publication", "address")
_MASKED = "这一格里有遮盖的号码，请在后台改。"
_STALE = "这一条导出之后被改过，没有导入。请重新导出，在新的表格里改。"


def _folded(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


class ItemDiff(CharacterDiff):
    """Of the cells as they are exported: what is masked stays masked in the preview."""

    def __init__(self, resource: ItemResource, instance: AnyItem, new: bool) -> None:
        self.left = resource.told(resource.was)
        self.right: list[str] = []
        self.new = new

    def compare_with(self, resource: ItemResource, instance: AnyItem) -> None:
        self.right = resource.told(resource.becomes)


class ItemResource(SafeImportResource):
    newspaper = Field(attribute="page__issue__newspaper__name", column_name="报纸")
    date = Field(attribute="page__issue__date", column_name="日期")
    page_number = Field(attribute="page__number", column_name="版次")
    section = Field(attribute="page__section", column_name="版名")
    number = Field(attribute="pk", column_name="编号")
    version = Field(attribute="version", column_name="版本")
    work_state = Field(column_name="校对状态")
    publication = Field(column_name="见报")
    address = Field(column_name="网址")

    most_changed = 1_000  # each is an act with its history: five seconds for a thousand
    text_fields: ClassVar[tuple[str, ...]]
    """What comes in, by the names of the content."""

    class Meta:
        abstract = True
        report_skipped = False

    def __init__(self, *, root: str = "", **kwargs: Any) -> None:
        """`root` is the address of the site, for the public addresses of what readers see."""
        super().__init__(**kwargs)
        self.root = root.rstrip("/")
        self.was: dict[str, str] = {}
        self.becomes: dict[str, str] = {}
        self._rows: list[dict[str, str]] = []
        self._chunk = -1
        self._items: dict[int, AnyItem] = {}
        self._pages: dict[tuple[str, str, str], list[Page]] = {}
        self._standing: dict[int, list[AnyItem]] = {}
        self._seen: dict[int, int] = {}
        self._content: Content = {}

    @classmethod
    def get_diff_class(cls) -> type[CharacterDiff]:
        return ItemDiff

    # Out

    def filter_export(self, queryset: QuerySet[Any], **kwargs: Any) -> QuerySet[Any]:
        return queryset.select_related("page__issue__newspaper")

    def export_field(self, field: Field, instance: AnyItem, **kwargs: Any) -> Any:
        """Personal numbers leave masked, in whatever field they stand."""
        value = super().export_field(field, instance, **kwargs)
        return mask(value) if isinstance(value, str) and field.column_name != "网址" else value

    def dehydrate_work_state(self, item: AnyItem) -> str:
        return str(item.get_work_state_display())

    def dehydrate_publication(self, item: AnyItem) -> str:
        return publication_label(item)

    def dehydrate_address(self, item: AnyItem) -> str:
        return f"{self.root}{item.get_absolute_url()}" if item.is_live else ""  # type: ignore[union-attr]

    # What the cells say

    def cells(self, content: Content) -> dict[str, str]:
        """The text of every column that comes in, in clear."""
        return {name: _cell(content[name]) for name in self.text_fields}

    def masked_cells(self, content: Content) -> dict[str, str]:
        """The same as it is exported."""
        raise NotImplementedError

    def told(self, cells: Mapping[str, str]) -> list[str]:
        return [cells.get(name, "") for name in self.get_diff_names()]

    def get_diff_names(self) -> tuple[str, ...]:
        return ("number", *self.text_fields)

    def get_diff_headers(self) -> list[str]:
        return [self._column(name) for name in self.get_diff_names()]

    def _column(self, name: str) -> str:
        return str(self.fields[name].column_name)

    # In

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        super().before_import(dataset, **kwargs)
        self._rows = [dict(zip(dataset.headers, row, strict=True)) for row in dataset]

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        """Cells are not stripped: white space is part of a text."""
        number = kwargs["row_number"]
        chunk = (number - 1) // CHUNK
        if chunk != self._chunk:
            self._chunk = chunk
            self._read_chunk(self._rows[chunk * CHUNK : (chunk + 1) * CHUNK])
        pk = whole_number(row["编号"].strip())
        if pk is not None:
            if self._seen.get(pk, number) != number:
                raise RowRefused("编号", f"和第 {self._seen[pk] + 1} 行是同一条。")
            self._seen[pk] = number

    def _read_chunk(self, rows: list[dict[str, str]]) -> None:
        """Three queries, however many rows."""
        model = self._meta.model
        numbers = [pk for row in rows if (pk := whole_number(row["编号"].strip())) is not None]
        self._items = {item.pk: item for item in model.objects.filter(pk__in=numbers).select_related("page")}
        self._pages, self._standing = {}, {}
        fresh = [key for row in rows if not row["编号"].strip() and (key := _page_key(row)) is not None]
        if not fresh:
            return
        names, days, pages = (set(column) for column in zip(*fresh, strict=True))
        found = Page.objects.filter(
            issue__newspaper__name__in=names, issue__date__in=days, number__in=[int(each) for each in pages]
        ).select_related("issue__newspaper")
        for page in found:
            paper = page.issue.newspaper.name if page.issue.newspaper else ""
            self._pages.setdefault((paper, str(page.issue.date), str(page.number)), []).append(page)
        wanted = {page.pk for key in fresh for page in self._pages.get(key, ())}
        for item in model.objects.filter(page__in=wanted):
            self._standing.setdefault(item.page_id, []).append(item)

    def get_or_init_instance(self, instance_loader: Any, row: Any) -> tuple[AnyItem, bool]:
        if not row["编号"].strip():
            page = self._page(row)
            self.was, self.becomes = {}, {}
            return self._meta.model(page=page), True
        pk = whole_number(row["编号"].strip())
        item = self._items.get(pk) if pk is not None else None
        if item is None:
            raise RowRefused("编号", f"没有编号为“{row['编号'].strip()[:30]}”的{self._meta.model._meta.verbose_name}。")
        self.was = {"number": str(item.pk), **self.masked_cells(item.content)}
        return item, False

    def _page(self, row: Mapping[str, str]) -> Page:
        key = _page_key(row)
        if key is None:
            raise RowRefused("编号", "没有编号的行会新建，要填写“报纸”“日期”“版次”，例如 2024-03-05、1。")
        pages = self._pages.get(key, [])
        sure = [page for page in pages if page.issue.date_state == DateState.CONFIRMED] or pages
        if not sure:
            raise RowRefused("版次", f"没有这一版：{key[0]} {key[1]} 第{key[2]}版。只能新建在已有的版上。")
        if len(sure) > 1:
            raise RowRefused("版次", f"{key[0]} {key[1]} 第{key[2]}版不止一个，请先在后台合并。")
        return sure[0]

    def import_instance(self, instance: AnyItem, row: Any, **kwargs: Any) -> None:
        """Works out the content; the item itself stays as it is."""
        if instance.pk is None:
            self._content = self._fresh(row)
            return
        content, former = instance.content, instance.content
        clear, shown = self.cells(former), self.was
        changed = [
            name
            for name in self.text_fields
            if self._column(name) in row and not _is_same(row[self._column(name)], shown[name])
        ]
        if changed and whole_number(row.get("版本", "").strip()) != instance.version:
            if not row.get("版本", "").strip():
                raise RowRefused("版本", "改动已有的条目，要有导出时的版本。")
            raise RowRefused("版本", f"{_STALE}（现在是第 {instance.version} 版）")
        for name in changed:
            cell = _folded(row[self._column(name)])
            if clear[name] != shown[name]:
                raise RowRefused(self._column(name), _MASKED)
            if len(shown[name]) >= CELL_LIMIT - 1 and len(cell) <= CELL_LIMIT:
                raise RowRefused(self._column(name), f"这一格超过 Excel 的 {CELL_LIMIT} 字，表格里不全，请在后台改。")
            content[name] = self._value(name, cell, former[name])
        self._content = content
        self.becomes = {"number": str(instance.pk), **self.masked_cells(content)}

    def _fresh(self, row: Mapping[str, str]) -> Content:
        content = empty_content(self._meta.model.snapshot_key)
        taken = 0
        for name in self.text_fields:
            cell = _folded(row.get(self._column(name), ""))
            self._refuse_masked(name, cell, "")
            if name in ("body", "captions"):
                lines = [line.strip() for line in cell.split("\n") if line.strip()]
                ids = [f"e{taken + index}" for index in range(1, len(lines) + 1)]
                taken += len(lines)
                role = {"role": BodyRole.PARAGRAPH.value} if name == "body" else {}
                content[name] = [{"id": key, **role, "text": text} for key, text in zip(ids, lines, strict=True)]
            elif cell.strip() or name != "kind":
                content[name] = self._value(name, cell, content[name])
        if not any(content[name] for name in self.text_fields if name != "kind"):
            raise RowRefused("", "这一行没有编号，也没有文字。")
        self.becomes = self.masked_cells(content)
        return content

    def _value(self, name: str, cell: str, former: Any) -> Any:
        self._refuse_masked(name, cell, _cell(former))
        if name == "deck":
            return [line.strip() for line in cell.split("\n") if line.strip()]
        if name in ("body", "captions"):
            return _pieces(self._column(name), cell, former)
        return cell.strip()

    def _refuse_masked(self, name: str, cell: str, former: str) -> None:
        """What was masked elsewhere is no text."""
        if MASK * 4 in cell and MASK * 4 not in former:
            raise RowRefused(self._column(name), _MASKED)

    def skip_row(self, instance: AnyItem, original: AnyItem, row: Any, import_validation_errors: Any = None) -> bool:
        """What is there already is not written again, also a new row that came in before."""
        if instance.pk is not None:
            return self._content == instance.content
        return any(
            self.masked_cells(other.content) == self.becomes for other in self._standing.get(instance.page_id, ())
        )

    def save_instance(self, instance: AnyItem, is_create: bool, row: Any, **kwargs: Any) -> None:
        """The preview checks and writes nothing, not even to take it back."""
        actor: User = kwargs["user"]
        if kwargs["dry_run"]:
            check_content(self._content, instance.content_fields)
            return
        reason = f"从表格“{storable(str(kwargs.get('file_name') or ''))[:100]}”导入"
        if is_create:
            create = create_article if isinstance(instance, Article) else create_notice
            made: AnyItem = create(page=instance.page, actor=actor, content=self._content, reason=reason)
            instance.pk = made.pk
            instance.set_content(self._content)
            self._standing.setdefault(made.page_id, []).append(made)
            return
        try:
            edit_item(item=instance, content=self._content, base_version=instance.version, actor=actor, reason=reason)
        except StaleVersion as stale:
            raise RowRefused("版本", _STALE) from stale


def _page_key(row: Mapping[str, str]) -> tuple[str, str, str] | None:
    number = whole_number(row.get("版次", "").strip())
    try:
        day = Day().clean(row.get("日期", "").strip())
    except ValueError:
        return None
    paper = row.get("报纸", "").strip()
    return (paper, day.isoformat(), str(number)) if paper and day and number and number < 1000 else None


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return _folded("\n".join(each["text"] if isinstance(each, dict) else each for each in value))
    return str(value)


def _is_same(cell: str, shown: str) -> bool:
    """Whether it is what was exported, also by the format that cuts long cells."""
    cell = _folded(cell)
    return cell == shown or (CELL_LIMIT - 1 <= len(cell) <= CELL_LIMIT and shown.startswith(cell))


def _pieces(column: str, cell: str, former: list[Piece]) -> list[Piece]:
    """A line a piece, by place: each keeps its id and role."""
    lines = cell.rstrip("\n").split("\n") if cell.strip() else []
    if len(lines) != len(former) or any("\n" in _folded(piece["text"]) for piece in former):
        raise RowRefused(
            column, f"现有 {len(former)} 段，这一格有 {len(lines)} 行。一段一行；增减、拆分、合并段落请在后台改。"
        )
    return [{**piece, "text": line} for piece, line in zip(former, lines, strict=True)]


class ArticleResource(ItemResource):
    column = Field(attribute="column", column_name="栏目")
    kicker = Field(attribute="kicker", column_name="引题")
    headline = Field(attribute="headline", column_name="主题")
    deck = Field(column_name="副题")
    byline = Field(attribute="byline", column_name="署名")
    body = Field(column_name="正文")
    captions = Field(column_name="图片说明")
    authors = Field(column_name="作者")
    topics = Field(column_name="专题")

    text_fields = ("column", "kicker", "headline", "deck", "byline", "body", "captions")

    class Meta:
        model = Article
        fields = (
            *_WHERE,
            *("column", "kicker", "headline", "deck", "byline", "body", "captions"),
            *("authors", "topics"),
            *_STATES,
        )
        export_order = fields
        import_id_fields = ("number",)
        report_skipped = False

    def filter_export(self, queryset: QuerySet[Any], **kwargs: Any) -> QuerySet[Any]:
        confirmed = TopicLink.objects.filter(state=LinkState.CONFIRMED).select_related("topic")
        return (
            super()
            .filter_export(queryset, **kwargs)
            .prefetch_related("credits__contributor", Prefetch("topic_links", queryset=confirmed, to_attr="confirmed"))
        )

    def masked_cells(self, content: Content) -> dict[str, str]:
        return {name: mask(text) for name, text in self.cells(content).items()}

    def dehydrate_deck(self, item: Article) -> str:
        return _cell(item.deck)

    def dehydrate_body(self, item: Article) -> str:
        return _cell(item.body)

    def dehydrate_captions(self, item: Article) -> str:
        return _cell(item.captions)

    def dehydrate_authors(self, item: Article) -> str:
        return "、".join(str(credit.contributor) for credit in item.credits.all())

    def dehydrate_topics(self, item: Article) -> str:
        return "、".join(link.topic.name for link in item.confirmed)  # type: ignore[attr-defined]


class NoticeResource(ItemResource):
    kind = Field(attribute="kind", column_name="类别")
    heading = Field(column_name="报面标题")
    declarant = Field(column_name="声明人")
    body = Field(column_name="正文")

    text_fields = ("kind", "heading", "body")

    class Meta:
        model = Notice
        fields = (*_WHERE, "kind", "heading", "declarant", "body", *_STATES)
        export_order = fields
        import_id_fields = ("number",)
        report_skipped = False

    def masked_cells(self, content: Content) -> dict[str, str]:
        """Masked by the rules of notices, then by those for any text, as the export does."""
        return {name: mask(text) for name, text in self.cells(mask_notice(content)).items()}

    def dehydrate_heading(self, item: Notice) -> str:
        return str(mask_notice(item.content)["heading"])

    def dehydrate_declarant(self, item: Notice) -> str:
        return plain(mask_notice(item.content)["fields"].get("declarant"))

    def dehydrate_body(self, item: Notice) -> str:
        return _cell(mask_notice(item.content)["body"])
