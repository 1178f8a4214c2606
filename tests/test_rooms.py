"""Who may know whom: the import rules between the rooms."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def python_files(room: str) -> list[Path]:
    return sorted(path for path in (ROOT / room).rglob("*.py") if "__pycache__" not in path.parts)


def imported(path: Path) -> Iterator[str]:
    """The full names of all modules a file imports, wherever in the file, also by `importlib` and `__import__`."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                base = [*package[: len(package) - level + 1]] if level else []
                start = ".".join([*base, *([module] if module else [])])
                yield from (f"{start}.{alias.name}" for alias in names)
            case ast.Call(func=ast.Name(id="import_module" | "__import__"), args=[ast.Constant(value=str(name)), *_]):
                yield name
            case ast.Call(func=ast.Attribute(attr="import_module"), args=[ast.Constant(value=str(name)), *_]):
                yield name


def strings(path: Path) -> Iterator[str]:
    """String constants that are code: all but docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    statements = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in statements:
            yield node.value


def is_in(name: str, *rooms: str) -> bool:
    return any(name == room or name.startswith(f"{room}.") for room in rooms)


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", python_files("ingest/engine"), ids=relative)
def test_the_engine_imports_the_standard_library_jieba_and_itself(path):
    for name in imported(path):
        top = name.partition(".")[0]
        assert top in sys.stdlib_module_names or top == "jieba" or is_in(name, "ingest.engine"), name


@pytest.mark.parametrize("path", python_files("articles"), ids=relative)
def test_articles_does_not_know_ingest(path):
    assert not [name for name in imported(path) if is_in(name, "ingest")]
    # Nor by the back door: model names, permissions, templates, addresses.
    door = re.compile(r"\bingest(?:\.|:|/|_source\b|_provenance\b)")
    assert not [text for text in strings(path) if text == "ingest" or door.search(text)]


@pytest.mark.parametrize("path", sorted((ROOT / "templates/public").rglob("*")), ids=relative)
def test_public_templates_do_not_know_ingest(path):
    if path.is_file():
        assert not re.search(r"\bingest\b", path.read_text("utf-8"))


@pytest.mark.parametrize("path", [*python_files("articles"), *python_files("ingest")], ids=relative)
def test_nobody_imports_the_settings_room(path):
    assert not [name for name in imported(path) if is_in(name, "jjcms")]


@pytest.mark.parametrize("path", python_files("jjcms"), ids=relative)
def test_the_settings_room_holds_no_business(path):
    """It names apps and addresses in strings; it imports neither models nor actions."""
    assert not [name for name in imported(path) if is_in(name, "articles.models", "articles.actions", "ingest")]


def test_models_import_in_one_direction():
    order = ["newspaper", "items", "topics", "findings", "publication", "notices"]
    known = {name: set(order[:index]) for index, name in enumerate(order)} | {
        "history": set(),
        "logins": set(),
        "names": set(),
        "search": set(),
    }
    known |= {name: {"newspaper", "items"} for name in ("jumps", "teamwork", "signing", "corrections", "addresses")}
    known = {"constraints": set()} | {name: {*sees, "constraints"} for name, sees in known.items()}
    for path in python_files("articles/models"):
        if path.stem == "__init__":
            continue
        # The functions inside may look forward: by then everything is loaded.
        top = ast.parse(path.read_text("utf-8")).body
        names = {n.module.rpartition(".")[2] for n in top if isinstance(n, ast.ImportFrom) and n.module}
        assert names & (set(known)) <= known[path.stem], path


def test_the_rules_see_every_way_to_import(tmp_path, monkeypatch):
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    path = tmp_path / "articles" / "deep" / "x.py"
    path.parent.mkdir(parents=True)
    path.write_text(
        "import ingest.models as a\nfrom ingest import b\nfrom .. import c\nfrom ..d import e\n"
        "def f():\n    from ingest.g import h\n    import_module('ingest.i')\n    importlib.import_module('ingest.j')\n"
    )
    assert sorted(imported(path)) == [
        "articles.c",
        "articles.d.e",
        "ingest.b",
        "ingest.g.h",
        "ingest.i",
        "ingest.j",
        "ingest.models",
    ]
