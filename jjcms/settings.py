"""Settings, all from the environment and safe when nothing is set. `docs/operations.md` lists every variable."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

from jjcms import env, logs

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("JJCMS_DATA_DIR") or BASE_DIR / "var").absolute()

DEBUG = env.flag("DEBUG")
# Plain HTTP is for this machine or a trusted network: without it cookies are secure and HTTP is sent to HTTPS.
SERVE_HTTP = env.flag("SERVE_HTTP", default=DEBUG)
SECRET_KEY = env.secret_key(DATA_DIR / "secret_key")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "articles.apps.ArticlesConfig",
    "ingest.apps.IngestConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "django_filters",
    "import_export",
]

MIDDLEWARE = [
    "jjcms.logs.RequestIdMiddleware",
    "jjcms.health.HealthMiddleware",
    "articles.public.cache.PublicPageCacheMiddleware",  # what it keeps has the headers of all that follow
    "articles.replicas.ReplicaMiddleware",
    "jjcms.security.ContentSecurityPolicyMiddleware",  # redirects, static files and errors carry it too
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "articles.public.old_addresses.OldAddressMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "jjcms.urls"
WSGI_APPLICATION = "jjcms.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": env.database(os.environ.get("DATABASE_URL", ""), default_path=DATA_DIR / "db.sqlite3")}
if replica := os.environ.get("REPLICA_URL", "").strip():
    DATABASES["replica"] = env.database(replica, default_path=DATA_DIR, variable="REPLICA_URL")
DATABASE_ROUTERS = ["articles.replicas.Router"]
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "pages": env.cache(os.environ.get("CACHE_URL", "").strip(), "pages"),
    "limits": env.cache(os.environ.get("CACHE_URL", "").strip(), "limits"),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"

# Against guessing of passwords: see docs/decisions/0101. The account together with the address: an account alone would
# let anybody lock anybody out, and one address may be a whole office.
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = datetime.timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "articles.clients.address_of"
AXES_LOCKOUT_CALLABLE = "articles.public.errors.locked_out"
AXES_ENABLE_ADMIN = False  # articles.admin.logins
# What is kept: account, address, browser and count of failures, until the time is over. No log of who came when.
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_CLIENT_STR_CALLABLE = "articles.clients.said_in_log"

# How many proxies of ours stand in front, each adding to X-Forwarded-For.
PROXY_COUNT = env.whole_number("PROXY_COUNT", 0)

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_DIR / "files"}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# A page with the most paragraphs an item may have still fits one form. Files do not count; each has its own bound.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
DATA_UPLOAD_MAX_NUMBER_FILES = 10

# What the site calls itself: to readers at the head of every page, to editors with 编辑部 behind it.
SITE_NAME = env.line("SITE_NAME", "数字报")

# How long notices may be found by search engines, in years after the day they were printed.
NOTICE_INDEX_YEARS = env.whole_number("NOTICE_INDEX_YEARS", 2)

# Megabytes of pages that a process remembers with the rows they were made from; see docs/decisions/0103. While somebody
# works on templates these change and the rows do not.
PAGE_MEMORY = 0 if DEBUG else env.whole_number("PAGE_MEMORY", 16)

# Security. `SECURE_CSP` has the name and form of Django 6's own setting.
SECURE_CSP = {
    "default-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "object-src": ["'none'"],
    "base-uri": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = not SERVE_HTTP
SESSION_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 0 if SERVE_HTTP else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not SERVE_HTTP
if env.flag("BEHIND_PROXY"):  # only when a proxy in front sets this header itself and strips the client's
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# By default django-import-export lets any staff account import and export: see docs/decisions.
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "import"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "export"
IMPORT_EXPORT_SKIP_ADMIN_LOG = False

LOGGING = logs.config(os.environ.get("LOG_FORMAT") or "text")
