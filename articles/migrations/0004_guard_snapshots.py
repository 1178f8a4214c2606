from django.db import migrations, models

from articles import roles
from articles.append_only import AppendOnly


def apply_roles(apps, schema_editor):
    roles.apply(apps)


SNAPSHOT_COLUMNS = (
    "id", "article_id", "notice_id", "number", "live_from", "published_at", "published_by_id", "source_hash",
    "newspaper_id", "issue_id", "date", "page_number", "section", "position", "notice_kind", "title", "summary",
    "content",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0003_initial_topics"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.AddConstraint(
            "finding",
            models.CheckConstraint(
                condition=models.Q(("article__isnull", True), ("notice__isnull", True), _connector="OR"),
                name="finding_of_one_item_at_most",
            ),
        ),
        migrations.AddConstraint(
            "snapshot",
            models.CheckConstraint(
                condition=models.Q(
                    ("live_until__isnull", True), ("live_until__gte", models.F("live_from")), _connector="OR"
                ),
                name="snapshot_ends_after_start",
            ),
        ),
        # After the constraints: SQLite makes the tables anew for them, and their triggers would be gone.
        AppendOnly("articles_snapshot", columns=SNAPSHOT_COLUMNS),
        AppendOnly("articles_withdrawal", columns=("id", "article_id", "notice_id", "reason", "at", "by_id")),
        migrations.RunPython(apply_roles, migrations.RunPython.noop),
    ]
