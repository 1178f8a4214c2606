"""OldAddress 旧网址: where something of ours stood before, on this site or on the one before it."""

from __future__ import annotations

from django.db import models

from articles.models.constraints import one_of
from articles.models.items import Article, Notice
from articles.models.newspaper import Issue, Newspaper, Page

PATH_LIMIT = 500
TARGETS = ("article", "notice", "page", "issue", "newspaper")


class OldAddress(models.Model):
    """Leads to a thing and not to another address: one redirect, never a chain, and never off the site."""

    path = models.CharField(
        "旧网址", max_length=PATH_LIMIT, unique=True, help_text="网站名之后的部分，带问号后的参数；已解码。"
    )
    article = models.ForeignKey(Article, verbose_name="稿件", on_delete=models.PROTECT, null=True, blank=True)
    notice = models.ForeignKey(Notice, verbose_name="分类公告", on_delete=models.PROTECT, null=True, blank=True)
    page = models.ForeignKey(Page, verbose_name="版", on_delete=models.PROTECT, null=True, blank=True)
    issue = models.ForeignKey(Issue, verbose_name="期", on_delete=models.PROTECT, null=True, blank=True)
    newspaper = models.ForeignKey(Newspaper, verbose_name="报纸", on_delete=models.PROTECT, null=True, blank=True)
    created_at = models.DateTimeField("何时", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "旧网址"
        ordering = ["-pk"]
        default_permissions = ("add", "change", "view")
        constraints = [one_of(*TARGETS, name="old_address_leads_to_one_thing")]

    def __str__(self) -> str:
        return self.path

    @property
    def target(self) -> Article | Notice | Page | Issue | Newspaper:
        """What it leads to."""
        found = self.article or self.notice or self.page or self.issue or self.newspaper
        if found is None:
            raise LookupError(self.pk)  # the database has a constraint against it
        return found
