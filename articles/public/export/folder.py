"""The folder of a copy: files written whole or not at all, and a list of them that survives being killed.

The list is a small SQLite file in the folder. Before a file is written its name is in the list, and only when all files
of a unit are there does the list say which state they show. So whatever moment a run dies at, the next one knows every
file it may find and makes anew whatever it cannot be sure of.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import sqlite3
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

LIST = ".jjcms-copy.sqlite3"
_PART = ".part"

_TABLES = """
CREATE TABLE IF NOT EXISTS unit (name TEXT PRIMARY KEY, state TEXT NOT NULL, needs TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS file (path TEXT PRIMARY KEY, unit TEXT NOT NULL, sha256 TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS file_by_unit ON file (unit);
"""


class FolderRefused(Exception):
    """In Chinese: why nothing was written."""


@dataclass
class Counts:
    written: int = 0
    same: int = 0
    removed: int = 0


class Folder:
    """Open with `opened`."""

    def __init__(self, root: Path, list_: sqlite3.Connection) -> None:
        self.root, self.list, self.counts = root, list_, Counts()

    def state(self, unit: str) -> str | None:
        """What the files of the unit show; None if they have to be made."""
        row = self.list.execute("SELECT state FROM unit WHERE name = ?", [unit]).fetchone()
        return row[0] if row else None

    def needs(self, units: Container[str]) -> set[str]:
        """What these units need, all of them together."""
        rows = self.list.execute("SELECT name, needs FROM unit")
        return {need for name, needs in rows if name in units for need in needs.split("\n") if need}

    def put(self, unit: str, state: str, files: Mapping[str, bytes], *, needs: Iterable[str] = ()) -> None:
        """Make these the files of the unit; others it had are removed, unless another unit has them now."""
        before = dict(self.list.execute("SELECT path, sha256 FROM file WHERE unit = ?", [unit]))
        digests = {path: hashlib.sha256(body).hexdigest() for path, body in files.items()}
        changed = [path for path, digest in digests.items() if not self._stands(path, digest, before.get(path), files)]
        with self.list:
            self.list.execute("DELETE FROM unit WHERE name = ?", [unit])
            self.list.executemany(
                "INSERT INTO file VALUES (?, ?, '') ON CONFLICT (path) DO UPDATE SET unit = excluded.unit, sha256 = ''",
                ([path, unit] for path in changed),
            )
        for path in changed:
            self._write(path, files[path])
        self._remove(path for path in before if path not in files)
        self.counts.written += len(changed)
        self.counts.same += len(files) - len(changed)
        now = [(digests[path], path) for path in changed]
        with self.list:
            self.list.executemany("UPDATE file SET sha256 = ? WHERE path = ?", now)
            self.list.execute("INSERT INTO unit VALUES (?, ?, ?)", [unit, state, "\n".join(sorted(needs))])

    def drop_but(self, units: Iterable[str]) -> None:
        """Remove every unit that is not one of these, with its files."""
        with self.list:
            self.list.execute("CREATE TEMP TABLE kept (name TEXT PRIMARY KEY)")
            self.list.executemany("INSERT OR IGNORE INTO kept VALUES (?)", ([unit] for unit in units))
        stale = self.list.execute("SELECT path FROM file WHERE unit NOT IN (SELECT name FROM kept)").fetchall()
        self._remove(path for (path,) in stale)
        with self.list:
            self.list.execute("DELETE FROM unit WHERE name NOT IN (SELECT name FROM kept)")
            self.list.execute("DROP TABLE kept")

    def _stands(self, path: str, digest: str, known: str | None, files: Mapping[str, bytes]) -> bool:
        file = self.root / path
        return known == digest and file.is_file() and file.stat().st_size == len(files[path])

    def _write(self, path: str, body: bytes) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_name(f"{file.name}{_PART}")
        part.write_bytes(body)
        part.replace(file)

    def _remove(self, paths: Iterable[str]) -> None:
        gone = list(paths)
        if not gone:
            return
        for path in gone:
            file = self.root / path
            for one in (file, file.with_name(f"{file.name}{_PART}")):
                with contextlib.suppress(FileNotFoundError):
                    one.unlink()
            self.counts.removed += 1
            for parent in list(file.relative_to(self.root).parents)[:-1]:
                with contextlib.suppress(OSError):
                    (self.root / parent).rmdir()
        with self.list:
            self.list.executemany("DELETE FROM file WHERE path = ?", [[path] for path in gone])


@contextlib.contextmanager
def opened(root: Path) -> Iterator[Folder]:
    """The folder, for one run at a time. `FolderRefused` for one that holds anything that is not a copy of ours."""
    if root.exists() and not root.is_dir():
        raise FolderRefused(f"{root} 不是文件夹。")
    if root.is_dir() and not (root / LIST).is_file() and any(root.iterdir()):
        raise FolderRefused(f"{root} 里有别的文件，不是本命令导出的：请换一个空文件夹，免得覆盖或删掉它们。")
    root.mkdir(parents=True, exist_ok=True)
    lock = os.open(root, os.O_RDONLY)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderRefused(f"另一个导出正在写 {root}：请等它结束。") from None
        with contextlib.closing(sqlite3.connect(root / LIST)) as list_:
            try:
                # The system keeps what was written when a run is killed; when the power fails the files are not on the
                # disk either.
                list_.execute("PRAGMA synchronous = OFF")
                list_.executescript(_TABLES)
            except sqlite3.DatabaseError as problem:
                raise FolderRefused(f"{root / LIST} 读不懂（{problem}）：请换一个空文件夹重新导出。") from None
            yield Folder(root, list_)
    finally:
        os.close(lock)
