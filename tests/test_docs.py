"""Documents say what the code does: a command, setting or file that they miss or invent fails here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
ALL_TEXT = "\n".join(path.read_text("utf-8") for path in DOCUMENTS)


def our_commands() -> list[str]:
    return sorted(name for name, app in get_commands().items() if str(app) in {"articles", "ingest"})


def test_there_are_commands_to_document():
    assert "ingest" in our_commands()


@pytest.mark.parametrize("command", our_commands())
def test_every_command_is_documented(command):
    assert f"manage.py {command}" in ALL_TEXT


READ = re.compile(r"""(?:environ\.get|\benv\.[a-z_]+)\(\s*["']([A-Z_]+)["']""")


def settings_read() -> set[str]:
    """Every environment variable that the site reads."""
    code = [path.read_text("utf-8") for room in ("jjcms", "articles", "ingest") for path in (ROOT / room).rglob("*.py")]
    return {name for text in code for name in READ.findall(text)}


def test_the_table_of_settings_has_exactly_those_that_are_read():
    table = (ROOT / "docs/operations.md").read_text("utf-8").partition("## Settings")[2].partition("\n## ")[0]
    named = {
        name
        for row in table.splitlines()
        for name in re.findall(r"`([A-Z_]+)`", row.split("|")[1:2][0] if "|" in row else "")
    }
    assert named == settings_read()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(path):
    for target in re.findall(r"\]\((?!https?://)([^)#]+)", path.read_text("utf-8")):
        assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_make_targets_named_in_documents_exist(path):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for named in re.findall(r"(?:^    |`)make ([a-z]+)", path.read_text("utf-8"), re.MULTILINE):
        assert named in targets, named
