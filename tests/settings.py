"""The project's settings for tests: plain HTTP, fast passwords, data in a temporary folder, `DATABASE_URL` as given."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_data = tempfile.mkdtemp(prefix="jjcms-test-")
atexit.register(shutil.rmtree, _data, ignore_errors=True)
os.environ["JJCMS_DATA_DIR"] = _data
os.environ["SECRET_KEY"] = "only-for-tests"
os.environ["SERVE_HTTP"] = "1"
os.environ.pop("DEBUG", None)

from jjcms.settings import *  # noqa: E402, F403
from jjcms.settings import CACHES, DATABASES, STORAGES  # noqa: E402

ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Hashed names need a collectstatic run; the browser tests and `make run` go through the real storage.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # In a file, so that threads of one test really are several connections.
    DATABASES["default"]["TEST"] = {"NAME": Path(_data) / "test.sqlite3"}
# Most tests never commit, so the mark of what is public never changes: no page is kept but where a test says so.
CACHES = {**CACHES, "pages": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
# Tests ask more often than any reader: limits are on where they are tested.
CACHES["limits"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
WHITENOISE_AUTOREFRESH = True
