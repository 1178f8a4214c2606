from django.apps import AppConfig

_VIEW = ("ingest.view_source", "ingest.view_importrun", "ingest.view_importoutcome", "ingest.view_provenance")


class IngestConfig(AppConfig):
    name = "ingest"
    verbose_name = "来稿入库"
    role_permissions = {
        **{role: _VIEW for role in ("录入校对", "编辑", "签审")},
        **{role: (*_VIEW, "ingest.run_import") for role in ("主编", "管理员")},
    }
