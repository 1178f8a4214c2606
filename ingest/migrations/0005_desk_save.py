import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from articles.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("ingest", "0004_what_people_said"),
        ("articles", "0007_fill_notices"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="DeskSave",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(help_text="同一次提交重发时不变：只生效一次。", max_length=64, verbose_name="提交编号")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="何时")),
                ("steps", models.JSONField(verbose_name="操作")),
                ("renames", models.JSONField(default=dict, verbose_name="新条目的编号")),
                ("shape", models.JSONField(default=dict, verbose_name="段块排列")),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="谁",
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="desk_saves",
                        to="articles.page",
                        verbose_name="版",
                    ),
                ),
            ],
            options={
                "verbose_name": "整版校对",
                "verbose_name_plural": "整版校对",
                "ordering": ["-pk"],
                "default_permissions": (),
            },
        ),
        migrations.AddConstraint(
            model_name="desksave",
            constraint=models.UniqueConstraint(fields=("page", "key"), name="desk_save_once"),
        ),
        AppendOnly("ingest_desksave"),
    ]
