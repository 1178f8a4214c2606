from django.db import migrations

import articles.models.search
from articles.search import schema
from articles.search.sqlite_schema import FTS


def empty(apps, schema_editor):
    """The keys are counted otherwise. After the migrations the rows are written anew: see articles.apps."""
    apps.get_model('articles', 'SearchDoc').objects.all().delete()
    if schema_editor.connection.vendor == 'sqlite':
        schema_editor.execute(f'DROP TABLE IF EXISTS {FTS}')


def lift(apps, schema_editor):
    """Also where nobody says that migrations begin: SQLite remakes no table that a view reads."""
    schema.remove(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0021_spreadsheets'),
    ]

    operations = [
        migrations.RunPython(lift, migrations.RunPython.noop),
        migrations.RunPython(empty, empty),
        migrations.AlterField(
            model_name='searchdoc',
            name='key',
            field=articles.models.search.RowNumber(primary_key=True, serialize=False),
        ),
        migrations.RunPython(migrations.RunPython.noop, lift),
    ]
