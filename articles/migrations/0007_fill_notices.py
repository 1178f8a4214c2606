from django.db import migrations

from articles import notice_upgrade, roles
from articles.append_only import AppendOnly

FORMER_COLUMNS = (
    "id", "article_id", "notice_id", "number", "live_from", "published_at", "published_by_id", "source_hash",
    "newspaper_id", "issue_id", "date", "page_number", "section", "position", "notice_kind", "title", "summary",
    "content",
)  # fmt: skip


def forwards(apps, schema_editor):
    notice_upgrade.fill(apps)
    roles.apply(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0006_notices"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        # Before the guard: it covers the new column.
        migrations.RunPython(forwards, migrations.RunPython.noop),
        AppendOnly("articles_snapshot", columns=(*FORMER_COLUMNS, "deadline_on"), former=FORMER_COLUMNS),
    ]
