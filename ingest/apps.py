from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from articles.extracts import Extracted
    from articles.models import Article

_VIEW = (
    "ingest.view_source",
    "ingest.view_importrun",
    "ingest.view_importoutcome",
    "ingest.view_provenance",
    "ingest.view_protectedname",
)
_NAMES = ("ingest.add_protectedname", "ingest.change_protectedname", "ingest.export_protectedname")

_DESK = (
    "articles.change_page",
    "articles.change_article",
    "articles.change_notice",
    "articles.change_finding",
    "articles.unmask_notice",
)


class IngestConfig(AppConfig):
    name = "ingest"
    verbose_name = "来稿入库"
    desk_permissions = _DESK
    """What the correction desk asks for."""
    is_archived = True
    not_archived = ("DeskPresence",)
    admin_places = (
        ("待校", "articles_page_queue", _DESK),
        ("入库", "ingest_importrun_changelist", ("ingest.view_importrun",)),
    )
    role_permissions = {
        "录入校对": _VIEW,
        **dict.fromkeys(("编辑", "签审"), (*_VIEW, *_NAMES)),
        "主编": (*_VIEW, *_NAMES, "ingest.import_protectedname", "ingest.run_import"),
        "管理员": (*_VIEW, "ingest.run_import"),
    }

    def extracted_lines(self, article: Article) -> dict[str, Extracted]:
        """For `articles.extracts`, which knows no sources."""
        from ingest.beside import extracted_lines

        return extracted_lines(article)
