"""The project's settings with one constant page for all addresses, and no cache of pages."""

from jjcms.settings import *  # noqa: F403
from jjcms.settings import MIDDLEWARE

ROOT_URLCONF = "benchmarks.floor"
MIDDLEWARE = [name for name in MIDDLEWARE if "PublicPageCache" not in name]
