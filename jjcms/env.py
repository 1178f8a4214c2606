"""Settings from the environment: each reader names the variable in its error."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}


def flag(name: str, default: bool = False) -> bool:
    """A yes-or-no variable; anything but the usual words is refused, so a typo cannot switch safety off."""
    value = os.environ.get(name)
    if value is None:
        return default
    word = value.strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ImproperlyConfigured(f"环境变量 {name}={value!r} 看不懂：请写 1 或 0。")


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated variable."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def secret_key(path: Path) -> str:
    """`SECRET_KEY` if given, else the key in `path`, made once with owner-only rights."""
    given = os.environ.get("SECRET_KEY")
    if given:
        return given
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        # O_EXCL: of two processes starting at once, one writes and the other reads.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        key = path.read_text("ascii").strip()
        if not key:
            raise ImproperlyConfigured(
                f"{path} 是空的：请删除它（会重新生成，登录状态将失效），或设置 SECRET_KEY。"
            ) from None
        return key
    with os.fdopen(handle, "w", encoding="ascii") as file:
        key = get_random_secret_key()
        file.write(key)
    return key


# WAL: readers never wait for the writer. NORMAL is durable enough with WAL: a power cut can lose the last
# commits, never corrupt. recursive_triggers: without it INSERT OR REPLACE skips delete triggers.
_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-64000; "
    "PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY; PRAGMA recursive_triggers=ON;"
)


def database(url: str, *, default_path: Path) -> dict[str, Any]:
    """Django's database settings for ``postgres://user:password@host:port/name?sslmode=…`` or ``sqlite:///path``."""
    if not url:
        url = f"sqlite:///{default_path}"
    parts = urlsplit(url)
    if parts.scheme in {"postgres", "postgresql"}:
        query = dict(parse_qsl(parts.query))
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            # A host in the query names a socket folder, as libpq allows.
            "HOST": query.pop("host", "") or unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": query,
        }
    if parts.scheme == "sqlite":
        path = Path(unquote(parts.path.removeprefix("/") if parts.path.startswith("//") else parts.path))
        if not path.name:
            raise ImproperlyConfigured("DATABASE_URL 没有写数据库文件：例如 sqlite:////srv/jjcms/db.sqlite3。")
        path.parent.mkdir(parents=True, exist_ok=True)
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": path,
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": _SQLITE_PRAGMAS},
        }
    raise ImproperlyConfigured(f"DATABASE_URL 的类型 {parts.scheme!r} 不支持：请用 postgres:// 或 sqlite:///。")
