"""What came in: Source 来源文本, ImportRun 入库批次, and where every piece of an item came from."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from articles.models import Article, Notice, Page
from articles.models.constraints import one_item


class Source(models.Model):
    """The text of one file as received. Never changed: the database refuses updates of its text."""

    sha256 = models.CharField("SHA-256", max_length=64, unique=True)
    name = models.CharField("文件名", max_length=255)
    raw = models.BinaryField("原始字节")
    encoding = models.CharField("编码", max_length=20)
    text = models.TextField("文字")
    page = models.ForeignKey(Page, verbose_name="版", on_delete=models.PROTECT, related_name="sources")
    received_at = models.DateTimeField("收到时间", auto_now_add=True)
    read_with = models.CharField("读法", max_length=64, help_text="引擎版本和外部说明的指纹；不变就不必重读。")
    # Both null rather than empty by default: adding a column with a default makes SQLite rebuild the table, and the
    # triggers that guard the text would be lost with it.
    hints = models.JSONField(
        "外部说明", null=True, blank=True, help_text="清单或选项给出的报纸、日期、版次、版名：人说过的话。"
    )
    outside = models.JSONField(
        "条外文字", null=True, blank=True, help_text="上次入库放在版面附件、已剔除和未归位里的段块，连同位置。"
    )

    class Meta:
        verbose_name = verbose_name_plural = "来源文本"
        ordering = ["-pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.name


class ImportRun(models.Model):
    """One run of the import that wrote something or failed on something. A run with nothing to say leaves no row."""

    started_at = models.DateTimeField("开始", auto_now_add=True)
    finished_at = models.DateTimeField("结束", null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="谁", on_delete=models.PROTECT, related_name="+")
    options = models.JSONField("选项", default=dict, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "入库批次"
        ordering = ["-pk"]
        default_permissions = ("view",)
        permissions = [("run_import", "入库")]

    def __str__(self) -> str:
        return f"入库 #{self.pk}"

    def finish(self) -> None:
        """Nothing more will come of it."""
        self.finished_at = timezone.now()
        self.save(update_fields=["finished_at"])


class OutcomeKind(models.TextChoices):
    CREATED = "created", "新建"
    UPDATED = "updated", "更新"
    UNCHANGED = "unchanged", "未变"
    CLASH = "clash", "冲突"
    FAILED = "failed", "失败"


class ImportOutcome(models.Model):
    """What became of one file in one run; unchanged files are not recorded."""

    run = models.ForeignKey(ImportRun, verbose_name="批次", on_delete=models.CASCADE, related_name="outcomes")
    name = models.CharField("文件", max_length=500)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    kind = models.CharField("结果", max_length=10, choices=OutcomeKind.choices)
    reason = models.TextField("说明", blank=True)
    source = models.ForeignKey(
        Source, verbose_name="来源", on_delete=models.SET_NULL, null=True, blank=True, related_name="outcomes"
    )

    class Meta:
        verbose_name = verbose_name_plural = "入库结果"
        ordering = ["pk"]
        default_permissions = ("view",)
        indexes = [models.Index(fields=["name", "-id"], name="outcome_of_file")]

    def __str__(self) -> str:
        return f"{self.name}：{self.get_kind_display()}"


class Provenance(models.Model):
    """Where an item came from: which source, which spans made each piece and why, and what the import last wrote.

    `written` holds a hash per content field, so that "did a person change this field since?" needs no second copy
    of the text. `pieces` maps a piece's id to ``{"role", "spans", "reason", "confidence"}``; headline parts have
    pieces too, under their own ids.
    """

    source = models.ForeignKey(Source, verbose_name="来源", on_delete=models.PROTECT, related_name="provenance")
    item_key = models.CharField("条标识", max_length=40)
    article = models.OneToOneField(
        Article, verbose_name="稿件", on_delete=models.PROTECT, null=True, blank=True, related_name="provenance"
    )
    notice = models.OneToOneField(
        Notice, verbose_name="分类公告", on_delete=models.PROTECT, null=True, blank=True, related_name="provenance"
    )
    written = models.JSONField("入库所写", default=dict)
    pieces = models.JSONField("段块来历", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "来历"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["source", "item_key"], name="provenance_once"),
            one_item("provenance_of_one_item"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.item_key}"


class ReadingState(models.TextChoices):
    OPEN = "open", "待定"
    TAKEN = "taken", "已采纳"
    DISMISSED = "dismissed", "不采纳"


class NewReading(models.Model):
    """What came in for a page that is there already, and reads otherwise: kept as a proposal, never applied by itself.

    Either another file for the same newspaper, day and page, kept as received with the `blocks` that the engine made
    of it; or a newer engine on the page's own source, which would lay the `pieces` out differently.
    """

    page = models.ForeignKey(Page, verbose_name="版", on_delete=models.PROTECT, related_name="new_readings")
    sha256 = models.CharField("SHA-256", max_length=64)
    name = models.CharField("文件名", max_length=255)
    raw = models.BinaryField("原始字节", null=True, blank=True)
    encoding = models.CharField("编码", max_length=20, blank=True)
    text = models.TextField("文字", blank=True)
    blocks = models.JSONField("读出的段块", default=list)
    pieces = models.JSONField("读法不同的段块", default=list)
    received_at = models.DateTimeField("收到时间", auto_now_add=True)
    state = models.CharField("结果", max_length=10, choices=ReadingState.choices, default=ReadingState.OPEN)
    declined = models.JSONField("不采纳的各处", default=list)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="谁定的",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    settled_at = models.DateTimeField("何时定的", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "新读法"
        ordering = ["-pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["page", "sha256"], name="new_reading_once")]
        indexes = [models.Index(fields=["page"], condition=Q(state="open"), name="new_reading_open")]

    def __str__(self) -> str:
        return self.name


class DeskSave(models.Model):
    """One save of the correction desk: never applied twice, never changed.

    `shape` says how the page stood after it: by place the ids, roles and origins of its blocks, so that a block keeps
    its id and its way back to the source from one save to the next, whatever was joined, split or moved.
    """

    page = models.ForeignKey(Page, verbose_name="版", on_delete=models.PROTECT, related_name="desk_saves")
    key = models.CharField("提交编号", max_length=64, help_text="同一次提交重发时不变：只生效一次。")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="谁", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("何时", auto_now_add=True)
    steps = models.JSONField("操作")
    renames = models.JSONField("新条目的编号", default=dict)
    shape = models.JSONField("段块排列", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "整版校对"
        ordering = ["-pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["page", "key"], name="desk_save_once")]

    def __str__(self) -> str:
        return f"整版校对 #{self.pk}"


class ProtectedName(models.Model):
    """A name in which find-and-replace touches nothing: 王国栋 is not to become 皇国栋 with every 王."""

    name = models.CharField(
        "名称", max_length=60, unique=True, help_text="人名、地名、机构名、书名。查找替换碰不到其中的字。"
    )
    note = models.CharField("说明", max_length=200, blank=True)
    is_active = models.BooleanField("有效", default=True, help_text="不再需要的，取消勾选。")

    class Meta:
        verbose_name = verbose_name_plural = "保护名称"
        ordering = ["name"]
        default_permissions = ("add", "change", "view")
        permissions = [("import_protectedname", "批量导入保护名称"), ("export_protectedname", "批量导出保护名称")]

    def __str__(self) -> str:
        return self.name


class Replacement(models.Model):
    """A find-and-replace over many pages: what was asked, and by `ReplacedPage` what became of each page."""

    key = models.CharField("提交编号", max_length=64, unique=True, help_text="同一次提交重发时不变：只做一次。")
    words = models.CharField("找", max_length=200)
    by = models.CharField("换成", max_length=200, blank=True)
    scope = models.JSONField("范围", default=dict)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="谁", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("何时", auto_now_add=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="谁撤销",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    undone_at = models.DateTimeField("何时撤销", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "批量替换"
        ordering = ["-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"“{self.words}” → “{self.by}”"


class ReplacedState(models.TextChoices):
    DONE = "done", "已替换"
    SKIPPED = "skipped", "跳过"
    FAILED = "failed", "没有成"
    UNDONE = "undone", "已撤销"
    KEPT = "kept", "没能撤销"


class ReplacedPage(models.Model):
    """What became of one page in a find-and-replace; the text is in its `DeskSave` and in the history."""

    replacement = models.ForeignKey(
        Replacement, verbose_name="批量替换", on_delete=models.CASCADE, related_name="pages"
    )
    page = models.ForeignKey(Page, verbose_name="版", on_delete=models.PROTECT, related_name="+")
    state = models.CharField("结果", max_length=10, choices=ReplacedState.choices)
    reason = models.CharField("说明", max_length=500, blank=True)
    hits = models.PositiveIntegerField("处数", default=0)
    save_made = models.ForeignKey(DeskSave, verbose_name="保存", on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "批量替换的版"
        ordering = ["pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["replacement", "page"], name="replaced_page_once")]

    def __str__(self) -> str:
        return f"{self.page_id}：{self.get_state_display()}"


class DeskClaim(models.Model):
    """That somebody has taken a page on. Others are led elsewhere by the queue; nobody is locked out."""

    page = models.OneToOneField(Page, verbose_name="版", on_delete=models.CASCADE, related_name="desk_claim")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="谁", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField("何时")
    taken_from = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="从谁接手",
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = verbose_name_plural = "认领"
        default_permissions = ()
        indexes = [models.Index(fields=["user", "-at"], name="desk_claims_of_user")]

    def __str__(self) -> str:
        return f"{self.user_id}：{self.page_id}"


class DeskPresence(models.Model):
    """Who has the desk of a page open, in which tab. Rows are for the moment: the next visitor sweeps old ones."""

    page = models.ForeignKey(Page, verbose_name="版", on_delete=models.CASCADE, related_name="desk_presence")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="谁", on_delete=models.CASCADE, related_name="+")
    tab = models.CharField("窗口", max_length=32)
    seen_at = models.DateTimeField("最近")
    acted_at = models.DateTimeField("最近改动", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "正在校对"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["page", "user", "tab"], name="desk_presence_once")]
        indexes = [models.Index(fields=["page", "seen_at"], name="desk_presence_now")]

    def __str__(self) -> str:
        return f"{self.user_id}：{self.page_id}"
