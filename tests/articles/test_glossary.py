"""The glossary says what the code says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Field

from articles.models import Act, Item

GLOSSARY = (Path(__file__).resolve().parents[2] / "docs/glossary.md").read_text("utf-8")
ROWS = re.findall(r"^\| `([\w.]+)` \| (\S+) \|", GLOSSARY, re.MULTILINE)
MODELS = {
    model.__name__: model for label in ("articles", "ingest") for model in apps.get_app_config(label).get_models()
}


@pytest.mark.parametrize(("name", "chinese"), ROWS)
def test_every_word_is_the_one_the_screens_show(name, chinese):
    model, _, member = name.partition(".")
    if model == "Act":
        assert Act[member].label == chinese
    elif member:
        field = MODELS[model]._meta.get_field(member)
        assert isinstance(field, Field) and field.verbose_name == chinese
    elif model != Item.__name__:
        assert MODELS[model]._meta.verbose_name == chinese


def test_every_model_is_in_it():
    made_by_us = {name for name, model in MODELS.items() if not model._meta.auto_created}
    assert made_by_us <= {name for name, _ in ROWS}
