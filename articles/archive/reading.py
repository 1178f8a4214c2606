"""Restoring an archive: the file is checked whole before anything is written, and all of it is written or nothing."""

from __future__ import annotations

import gzip
import hashlib
import itertools
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, Permission, User
from django.core.management.color import no_style
from django.db import DatabaseError, connection, models, transaction

from articles.archive.tables import FORMAT, USER, VERSION, Row, fields_of, from_json, migrations, tables
from articles.archive.writing import Summary, Tell, digest
from articles.roles import ENGINE_USER

AT_ONCE = 500
"""Rows a statement."""

LONGEST = 256 * 1024 * 1024
"""Characters of a line. A source of 5 MB with its bytes and its text takes under 20 million."""


class Problem(Exception):
    """The archive cannot be restored; nothing was written. `str()` says where and what to do, in Chinese."""


def restore(path: Path, *, tell: Tell = lambda table, done: None) -> Summary:
    """Read the file into the empty database; `Problem` when it is damaged, of another version, or the database is not
    empty. Passwords are not in the file: every account gets an unusable one."""
    said = _checked(path)
    made = tables()
    with transaction.atomic():
        _empty(made)
        grants: dict[int, Row] = {}
        for table, some in _batches(path):
            _insert(made[table], some, grants)
            tell(table, len(some))
        _grant(grants)
        _count_on(made)
        try:
            connection.check_constraints()
        except DatabaseError as problem:
            raise Problem(f"存档里的记录互相对不上：{problem}") from None
        now = digest()
        if now != said:
            raise Problem("写进去的和存档里的不一样，已全部撤回：请把这份存档报给开发者。")
    return now


@contextmanager
def opened(path: Path, mode: str) -> Iterator[IO[str]]:
    """The file as text; packed when its name ends in .gz."""
    if path.suffix == ".gz":
        with gzip.open(path, f"{mode}t", encoding="utf-8", newline="\n") as packed:
            yield cast(IO[str], packed)
    else:
        with path.open(mode, encoding="utf-8", newline="\n") as plain:
            yield plain


def _said(path: Path) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Number, text and content of each line."""
    try:
        with opened(path, "r") as file:
            for number in itertools.count(1):
                text = file.readline(LONGEST)
                if not text:
                    return
                if not text.endswith("\n"):
                    raise Problem(f"{path.name} 第 {number} 行没有完：文件被截断了，请重新取得这份存档。")
                try:
                    said = json.loads(text)
                except (ValueError, RecursionError):
                    raise Problem(f"{path.name} 第 {number} 行不是 JSON：文件坏了，请重新取得这份存档。") from None
                if not isinstance(said, dict):
                    raise Problem(f"{path.name} 第 {number} 行不是一条记录：文件坏了，请重新取得这份存档。")
                yield number, text, said
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as problem:
        raise Problem(f"{path}：读不了（{problem}）。") from None


def _checked(path: Path) -> Summary:
    """What the file says of itself, once that is proved to be true."""
    lines = _said(path)
    _, _, head = next(lines, (0, "", {}))
    if head.get("format") != FORMAT:
        raise Problem(f"{path.name} 不是 jjcms 的存档：第一行应写明 {FORMAT}。")
    if head.get("version") != VERSION:
        raise Problem(f"存档格式是第 {head.get('version')} 版，本程序读第 {VERSION} 版：请换用对应版本的程序。")
    here = migrations()
    if head.get("migrations") != here:
        raise Problem(
            f"存档出自另一版本的程序（存档 {head.get('migrations')}，这里 {here}）："
            "请用导出时的那一版恢复，再升级运行 migrate。"
        )
    made = {table: {field.attname for field in fields_of(model)} for table, model in tables().items()}
    made[USER] |= {"groups", "permissions"}
    counts = dict.fromkeys(made, 0)
    sha256 = hashlib.sha256()
    end: dict[str, Any] | None = None
    for number, text, said in lines:
        if end is not None:
            raise Problem(f"{path.name} 第 {number} 行在结尾之后：文件坏了，请重新取得这份存档。")
        if "end" in said:
            end = said["end"]
            continue
        table, row = said.get("table"), said.get("row")
        if table not in made or not isinstance(row, dict) or row.keys() != made[table]:
            raise Problem(f"{path.name} 第 {number} 行不是本版本认得的记录（{table}）。")
        counts[table] += 1
        sha256.update(text.encode())
    if not isinstance(end, dict):
        raise Problem(f"{path.name} 没有结尾：文件被截断了，请重新取得这份存档。")
    found = Summary(counts, sha256.hexdigest())
    if Summary(end.get("rows") or {}, str(end.get("sha256"))) != found:
        raise Problem(f"{path.name} 的校验和不对：文件坏了或被改过，请重新取得这份存档。")
    return found


def _empty(made: dict[str, type[models.Model]]) -> None:
    """Take away what migrations put into a new database; `Problem` if there is anything more."""
    born = {name for config in apps.get_app_configs() for name in getattr(config, "born_with", ())}
    strangers = User.objects.exclude(username=ENGINE_USER)
    if (first := strangers.first()) is not None:
        raise Problem(f"数据库里已有账号“{first.username}”：存档只能恢复到刚 migrate 过的空库，恢复之后再建账号。")
    for label, model in made.items():
        if label != USER and model._meta.model_name not in born and model._base_manager.exists():
            name = model._meta.verbose_name
            raise Problem(f"数据库不是空的（已有{name}）：存档只能恢复到刚 migrate 过的空库。")
    for model in made.values():
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608 (our own)


def _batches(path: Path) -> Iterator[tuple[str, list[Row]]]:
    records = ((said["table"], said["row"]) for _, _, said in _said(path) if "table" in said)
    for table, group in itertools.groupby(records, key=lambda record: record[0]):
        while some := [row for _, row in itertools.islice(group, AT_ONCE)]:
            yield table, some


def _insert(model: type[models.Model], some: list[Row], grants: dict[int, Row]) -> None:
    """Straight into the table: `save()` would set its own times."""
    fields = fields_of(model)
    more: dict[str, Any] = {}
    if model is User:
        more = {"password": make_password(None), "last_login": None}
        grants.update({row["id"]: row for row in some})
    quote = connection.ops.quote_name
    columns = [*(str(field.column) for field in fields), *more]
    table, names = quote(model._meta.db_table), ", ".join(map(quote, columns))
    sql = f"INSERT INTO {table} ({names}) VALUES ({', '.join(['%s'] * len(columns))})"  # noqa: S608 (our own names)
    try:
        values = [[*(from_json(f, row[f.attname]) for f in fields), *more.values()] for row in some]
        with connection.cursor() as cursor:
            cursor.executemany(sql, values)
    except (DatabaseError, ValueError, TypeError) as problem:
        first, last = some[0].get("id"), some[-1].get("id")
        where = f"{model._meta.verbose_name}（编号 {first} 到 {last} 之间）"
        raise Problem(f"{where}有一条记录数据库不接受：{problem}") from None


def _grant(grants: dict[int, Row]) -> None:
    groups = {group.name: group for group in Group.objects.all()}
    known = Permission.objects.select_related("content_type")
    permissions = {f"{p.content_type.app_label}.{p.codename}": p for p in known}
    for user in User.objects.filter(pk__in=[pk for pk, row in grants.items() if row["groups"] or row["permissions"]]):
        row = grants[user.pk]
        missing = [name for name in row["groups"] if name not in groups]
        if missing:
            raise Problem(f"账号“{user.username}”属于这里没有的组“{missing[0]}”：请先建这个组，再恢复。")
        user.groups.set([groups[name] for name in row["groups"]])
        user.user_permissions.set([permissions[name] for name in row["permissions"] if name in permissions])


def _count_on(made: dict[str, type[models.Model]]) -> None:
    """New rows get numbers after those that came in."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(made.values())):
            cursor.execute(statement)
