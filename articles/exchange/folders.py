"""Laying an issue down: its folder appears whole, replaces the one before it, and never one that is not ours."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from articles.exchange import mets_alto, ninjs, plain
from articles.exchange.issues import Issue

Writer = Callable[[Issue, str], Iterator[tuple[str, bytes]]]

FORMS: dict[str, Writer] = {
    "mets": mets_alto.files,
    "ninjs": ninjs.files,
    "text": plain.text_files,
    "markdown": plain.markdown_files,
}
LIST = "files.json"
"""What is in the folder, with sums; its presence says that the folder is ours."""


class NotOurs(Exception):
    """A folder in the way that this program did not make. `str()` names it, in Chinese."""


def lay_down(issue: Issue, top: Path, *, forms: Sequence[str], base_url: str) -> bool:
    """Write the issue to ``top/slug/date``; false when it stands there already just so."""
    folder = top / issue.slug / issue.date.isoformat()
    files = [each for form in forms for each in FORMS[form](issue, base_url)]
    listed = {name: hashlib.sha256(content).hexdigest() for name, content in files}
    known = {"newspaper": issue.newspaper, "date": issue.date.isoformat(), "files": listed}
    said = json.dumps(known, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if folder.exists():
        if not (folder / LIST).is_file():
            raise NotOurs(f"{folder} 不是本程序导出的：请换一个文件夹，或把它移走。")
        if (folder / LIST).read_text("utf-8") == said:
            return False
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=".part-", dir=folder.parent))
    try:
        for name, content in files:
            (part / name).parent.mkdir(exist_ok=True)
            (part / name).write_bytes(content)
        (part / LIST).write_text(said, "utf-8")
        part.chmod(0o755)
        if folder.exists():
            former = part.with_name(part.name.replace(".part-", ".old-"))
            folder.rename(former)
            part.rename(folder)
            shutil.rmtree(former)
        else:
            part.rename(folder)
    finally:
        if part.exists():
            shutil.rmtree(part)
    return True
