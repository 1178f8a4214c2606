"""The newspaper runs with the import removed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

LIFE = """
import sys, django
django.setup()
from django.apps import apps
from django.core.management import call_command
from django.test import Client
from django.test.utils import setup_test_environment
assert not apps.is_installed("ingest")
call_command("check")
call_command("migrate", verbosity=0)
from django.contrib.auth.models import Group, User
from articles import roles
from articles.actions import items, publishing
User.objects.create(username=roles.ENGINE_USER, is_active=False)  # the import's migration makes it otherwise
from tests import factories
assert set(Group.objects.values_list("name", flat=True)) == set(roles.ROLES)
chief = factories.user("zhubian", role="主编")
assert chief.has_perm("articles.publish_article")
article = factories.article(headline="没有入库程序也能见报")
assert Client().get(article.get_absolute_url()).status_code == 404
factories.published(article)
answer = Client().get(article.get_absolute_url())
assert "没有入库程序也能见报" in answer.content.decode(), answer
assert Client().get("/").status_code == 200
assert "articles" in sys.modules and not [name for name in sys.modules if name.split(".")[0] == "ingest"]
print("done")
"""


def test_an_article_lives_and_is_read_without_the_import(tmp_path):
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings_without_ingest",
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
    }
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", LIFE], cwd=root, env=env, capture_output=True, text=True, check=False)
    assert done.stdout.endswith("done\n"), done.stdout + done.stderr
