from django.db import migrations

from articles.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("ingest", "0001_initial")]
    operations = [AppendOnly("ingest_source", columns=("sha256", "raw", "encoding", "text", "received_at"))]
