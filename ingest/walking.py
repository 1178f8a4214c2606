"""Which files there are to take, one after the other: a folder is never listed as a whole beforehand."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from ingest.engine import Hints
from ingest.manifest import ManifestError, read_manifest


@dataclass(frozen=True, slots=True)
class LayoutPlace:
    """Where a layout stands: a file, or a line of one."""

    path: Path
    start: int = 0
    line: int = 0

    @property
    def shown(self) -> str:
        return readable(str(self.path)) + (f" 第 {self.line} 行" if self.line else "")


@dataclass(frozen=True, slots=True)
class Found:
    """A file to take. `name` is its path within the given folder, `shown` its path as given."""

    path: Path
    name: str
    shown: str
    hints: Hints = field(default_factory=Hints)
    problem: str = ""
    """Why it cannot even be opened, for a folder that cannot be listed."""
    layout: LayoutPlace | None = None
    """The layout that is given for it."""


def is_page(name: str) -> bool:
    """Files of text; hidden ones are leftovers of other programs (`._001.txt` from a Mac)."""
    return name.lower().endswith(".txt") and not name.startswith(".")


def readable(name: str) -> str:
    """A file's name as people can read and databases can hold it. Old archives have names in GBK on the disk."""
    raw = os.fsencode(name)
    for encoding in ("utf-8", "gb18030"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        text = raw.decode("utf-8", "replace")
    return "".join(char if char.isprintable() else "\ufffd" for char in text)


Manifests = dict[Path, dict[Path, Hints]]


def read_manifests(paths: Sequence[Path]) -> Manifests:
    """Every manifest that speaks about one of the files, by folder. `ManifestError` with the problems of all."""
    manifests: Manifests = {}
    problems: list[str] = []
    for path in paths:
        folders = (Path(folder) for folder, _, _ in _walk(path)) if path.is_dir() else iter([path.parent])
        for folder in folders:
            if folder in manifests:
                continue
            try:
                if listed := read_manifest(folder):
                    manifests[folder] = listed
            except ManifestError as error:
                problems += error.problems
    if problems:
        raise ManifestError(problems)
    return manifests


def _walk(top: Path, unlisted: list[OSError] | None = None) -> Iterator[tuple[str, list[str], list[str]]]:
    """The folders below, in order. Links to folders are not followed: they may lead round in circles."""
    for folder, folders, files in os.walk(top, onerror=unlisted.append if unlisted is not None else None):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield folder, folders, sorted(files)


def walk(paths: Sequence[Path], *, manifests: Manifests, options: Hints) -> Iterator[Found]:
    """The files given, and every `*.txt` in the folders given, each folder in order of names.

    A file's hints come from the nearest manifest above it that lists it; an option outranks them.
    """
    for path in paths:
        if not path.is_dir():
            yield Found(path, readable(path.name), readable(str(path)), _hints(path, path.parent, manifests, options))
            continue
        unlisted: list[OSError] = []
        for folder, _, files in _walk(path, unlisted):
            for name in filter(is_page, files):
                file = Path(folder) / name
                within = file.relative_to(path).as_posix()
                yield Found(file, readable(within), readable(str(file)), _hints(file, path, manifests, options))
            while unlisted:
                yield _unlisted(unlisted.pop(), path)
        while unlisted:
            yield _unlisted(unlisted.pop(), path)


def _unlisted(problem: OSError, top: Path) -> Found:
    folder = Path(problem.filename or top)
    return Found(
        folder,
        readable(folder.name),
        readable(str(folder)),
        problem=f"打不开这个文件夹（{problem.strerror}）：请检查权限。",
    )


def _hints(file: Path, top: Path, manifests: Manifests, options: Hints) -> Hints:
    folder, listed = file.parent, Hints()
    while True:
        if file in manifests.get(folder, {}):
            listed = manifests[folder][file]
            break
        if folder == top or folder == folder.parent:
            break
        folder = folder.parent
    return replace(listed, **{name: value for name, value in asdict(options).items() if value is not None})
