from django.db import migrations

from articles.initial_topics import ensure_topics


def forwards(apps, schema_editor):
    ensure_topics(apps)


class Migration(migrations.Migration):
    dependencies = [("articles", "0002_append_only")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
