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


def settings_read() -> set[str]:
    """Every environment variable that the settings read."""
    code = "\n".join((ROOT / "jjcms" / name).read_text("utf-8") for name in ("settings.py", "env.py", "gunicorn.py"))
    return set(re.findall(r"""(?:environ\.get\(|env\.flag\(|env\.words\(|env\.whole_number\()\s*["']([A-Z_]+)["']""", code))


@pytest.mark.parametrize("name", sorted(settings_read()))
def test_every_setting_is_documented(name):
    assert f"`{name}`" in (ROOT / "docs/operations.md").read_text("utf-8")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(path):
    for target in re.findall(r"\]\((?!https?://)([^)#]+)", path.read_text("utf-8")):
        assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_make_targets_named_in_documents_exist(path):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for named in re.findall(r"(?:^    |`)make ([a-z]+)", path.read_text("utf-8"), re.MULTILINE):
        assert named in targets, named
