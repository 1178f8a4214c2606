"""The fields of a notice as readers see them: labelled, in a fixed order, only those that were read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from articles.content import NOTICE_FIELD_LABELS

_ISO_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    label: str
    values: tuple[str, ...]


def _spoken(value: str) -> str:
    found = _ISO_DATE.fullmatch(value)
    return f"{int(found[1])}年{int(found[2])}月{int(found[3])}日" if found else value


def labelled(fields: Mapping[str, Any]) -> list[Field]:
    """A field without a label here is not shown: it was not made for readers."""
    shown = []
    for name, label in NOTICE_FIELD_LABELS.items():
        value = fields.get(name)
        values = value if isinstance(value, list) else [value]
        texts = tuple(_spoken(text.strip()) for text in values if isinstance(text, str) and text.strip())
        if texts:
            shown.append(Field(name, label, texts))
    return shown
