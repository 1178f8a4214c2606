"""An article's published text beside the source lines it was made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from articles.extracts import HEAD
from articles.masking import MASK
from articles.models import Article


@dataclass(frozen=True, slots=True)
class Beside:
    """A piece. `label` says what it is; `lines` is empty where the source has none: an editor added it."""

    label: str
    texts: Sequence[str]
    lines: Sequence[str]

    @property
    def is_covered(self) -> bool:
        return any(MASK in line for line in self.lines)


def beside(content: dict[str, Any], extracted: dict[str, Any]) -> list[Beside]:
    """The pieces in reading order: head, body, captions."""
    rows = []
    for name in HEAD:
        value = content[name]
        texts = [value] if isinstance(value, str) else value
        if any(texts):
            label = str(Article._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            rows.append(Beside(label, texts, extracted["head"].get(name, ())))
    number = 0
    for piece, lines in zip(content["body"], extracted["body"], strict=True):
        number += piece["role"] == "paragraph"
        label = f"第{number}段" if piece["role"] == "paragraph" else "小标题"
        rows.append(Beside(label, [piece["text"]], lines))
    for text, lines in zip(content["captions"], extracted["captions"], strict=True):
        rows.append(Beside("图片说明", [text], lines))
    return rows
