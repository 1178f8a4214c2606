"""When two notices are the same one printed again. Pure."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from articles.numbers import normalise, strings

_TEXT_AT_LEAST = 20
"""Characters: “遗失声明作废” alone says nothing about who printed it."""


def repeat_keys(content: Mapping[str, Any]) -> tuple[str, str]:
    """Two keys: by kind, declarant, documents and numbers; by text. Notices that share either are the same; an empty
    key shares nothing.

    Phones are no numbers here: one person lets three flats under one phone. Documents count: a company that gives its
    credit code each time may lose its seal today and its invoices in a year.
    """
    fields = content.get("fields") or {}
    declarant = _plain("".join(strings(fields.get("declarant"))))
    printed = [*strings(fields.get("numbers")), *strings(fields.get("uscc"))]
    numbers = sorted({value for number in printed if len(value := normalise(number)) > 3})
    documents = sorted(_plain(name) for name in strings(fields.get("documents")))
    by_fields = _digest([str(content["kind"]), declarant, *documents, "", *numbers]) if declarant and numbers else ""
    text = _plain("".join(piece["text"] for piece in content["body"]))
    by_text = _digest([str(content["kind"]), text]) if len(text) >= _TEXT_AT_LEAST else ""
    return by_fields, by_text


def _plain(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).upper() if sign.isalnum())


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
