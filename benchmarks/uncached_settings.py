"""The project's settings without the cache of pages: every request is made anew."""

from jjcms.settings import *  # noqa: F403
from jjcms.settings import CACHES

CACHES = {**CACHES, "pages": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
