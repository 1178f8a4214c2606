"""Settings from the environment: each reader names the variable in its error."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import tempfile
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


def whole_number(name: str, default: int) -> int:
    """A number from 0 to 999."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not (value.isascii() and value.isdigit() and len(value) <= 3):
        raise ImproperlyConfigured(f"环境变量 {name}={value!r} 看不懂：请写 0 到 999 之间的整数。")
    return int(value)


def line(name: str, default: str) -> str:
    """A short text on one line."""
    value = os.environ.get(name, "").strip()
    if len(value) > 40 or not value.isprintable():
        raise ImproperlyConfigured(f"环境变量 {name} 太长，或不是一行文字：最多 40 字。")
    return value or default


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated variable."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def secret_key(path: Path) -> str:
    """`SECRET_KEY` if given, else the key in `path`, made once with owner-only rights."""
    given = os.environ.get("SECRET_KEY", "").strip()
    if given:
        return given
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _make_key(path)
        key = path.read_text("utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"读写不了密钥文件 {path}（{error.strerror}）：请让本程序能读写它的文件夹，或设置 SECRET_KEY。"
        ) from error
    if not key:
        raise ImproperlyConfigured(f"{path} 是空的：请删除它（会重新生成，登录状态将失效），或设置 SECRET_KEY。")
    return key


def _make_key(path: Path) -> None:
    """The file appears whole or not at all; of two processes starting at once, one key is kept and both read it."""
    handle, draft = tempfile.mkstemp(prefix=".secret_key-", dir=path.parent)  # mkstemp makes it readable by the owner
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(get_random_secret_key())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        Path(draft).unlink()


# WAL: readers never wait for the writer. NORMAL is durable enough with WAL: a power cut can lose the last
# commits, never corrupt. recursive_triggers: without it INSERT OR REPLACE skips delete triggers.
_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-64000; "
    "PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY; PRAGMA recursive_triggers=ON;"
)


def database(url: str, *, default_path: Path, variable: str = "DATABASE_URL") -> dict[str, Any]:
    """Django's database settings for ``postgres://user:password@host:port/name?sslmode=…``, ``sqlite:////srv/file``
    or ``sqlite:///file`` below the folder the process starts in. Errors never repeat the address: it holds a password.
    """
    if not url:
        return _sqlite(default_path)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ImproperlyConfigured(f"{variable} 看不懂：密码里的特殊字符要写成 %40 这样的形式。") from None
    if parts.scheme == "sqlite":
        if parts.netloc or len(parts.path) < 2:
            raise ImproperlyConfigured(f"{variable} 没有写对数据库文件：例如 sqlite:////srv/jjcms/db.sqlite3。")
        return _sqlite(Path(unquote(parts.path[1:])))
    if parts.scheme in {"postgres", "postgresql"}:
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        name = unquote(parts.path.lstrip("/"))
        if parts.fragment or not (name or "service" in query):
            raise ImproperlyConfigured(f"{variable} 没有写对数据库名：例如 postgres://用户:密码@主机/jjcms。")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": name,
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            # A host in the query names a socket folder, as libpq allows.
            "HOST": query.pop("host", "") or _host(parts.netloc),
            "PORT": query.pop("port", "") or str(port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": query,
        }
    raise ImproperlyConfigured(f"{variable} 的类型 {parts.scheme!r} 不支持：请用 postgres:// 或 sqlite:///。")


_BACKENDS = "django.core.cache.backends"


def cache(url: str, name: str) -> dict[str, Any]:
    """Django's settings for the cache of this name: memory of each process, ``redis://host:6379/1`` or ``rediss://``
    for several machines, ``file:///srv/cache`` for several processes of one. Names share nothing."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ImproperlyConfigured("CACHE_URL 看不懂：例如 redis://localhost:6379/1。") from None
    if not url:
        is_pages = name == "pages"
        return {
            "BACKEND": "articles.public.memory.PageMemory" if is_pages else f"{_BACKENDS}.locmem.LocMemCache",
            "LOCATION": name,
            # About 40 MB a process when full: a packed page takes 8 kB on the average and a long one 60.
            "OPTIONS": {"MAX_ENTRIES": 3000},
        }
    if parts.scheme in {"redis", "rediss", "unix"}:
        if importlib.util.find_spec("redis") is None:
            raise ImproperlyConfigured("CACHE_URL 用 Redis 需要它的库：请运行 .venv/bin/pip install redis。")
        # A cache that hangs must not hang the site: without an answer in time the page is made anew.
        limits = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}
        return {
            "BACKEND": f"{_BACKENDS}.redis.RedisCache",
            "LOCATION": url,
            "KEY_PREFIX": name,
            "OPTIONS": limits,
        }
    if parts.scheme == "file" and not parts.netloc and len(parts.path) > 1:
        return {
            "BACKEND": f"{_BACKENDS}.filebased.FileBasedCache",
            "LOCATION": str(Path(unquote(parts.path)) / name),
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        }
    raise ImproperlyConfigured("CACHE_URL 看不懂：请写 redis://主机:6379/1 或 file:///文件夹，不写就用各进程的内存。")


def _host(netloc: str) -> str:
    """The host as written: `urlsplit` puts it in lower case, and a percent-escaped socket folder would be another."""
    host = netloc.rpartition("@")[2]
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return unquote(host.partition(":")[0])


def _sqlite(path: Path) -> dict[str, Any]:
    path = path.absolute()
    path.parent.mkdir(parents=True, exist_ok=True)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        # Opening costs more than most queries. A file that is exchanged (a restored backup) needs a restart.
        "CONN_MAX_AGE": 600,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": _SQLITE_PRAGMAS},
    }
