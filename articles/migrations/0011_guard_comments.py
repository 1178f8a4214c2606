from django.db import migrations

from articles import roles
from articles.append_only import AppendOnly


def apply_roles(apps, schema_editor):
    roles.apply(apps)


class Migration(migrations.Migration):
    dependencies = [("articles", "0010_issue_desk")]
    operations = [
        AppendOnly(
            "articles_comment",
            columns=("page_id", "article_id", "notice_id", "piece", "quote", "version", "text", "author_id", "at"),
        ),
        migrations.RunPython(apply_roles, migrations.RunPython.noop),
    ]
