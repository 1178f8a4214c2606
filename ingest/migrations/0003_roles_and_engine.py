from django.db import migrations

from articles import roles
from ingest.setup import ensure_engine_user


def forwards(apps, schema_editor):
    roles.apply(apps)
    ensure_engine_user(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("ingest", "0002_immutable_source"),
        ("articles", "0002_append_only"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
