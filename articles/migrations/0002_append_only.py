from django.db import migrations

from articles.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial")]
    operations = [AppendOnly("articles_historyentry")]
