"""Operations as JSON, ``{"op": "EditText", "block": "s120", …}``: what the browser sends and the log keeps."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from articles.content import FIELDS_LIMIT, PIECE_LIMIT, is_storable
from ingest.desk import operations as ops
from ingest.desk.layout import Refusal
from ingest.desk.operations import Operation

OPERATIONS: dict[str, type[Operation]] = {
    kind.__name__: kind
    for kind in (
        ops.EditText,
        ops.AddBlock,
        ops.DropBlock,
        ops.Join,
        ops.Split,
        ops.Move,
        ops.InsertItem,
        ops.RemoveItem,
        ops.PlaceItem,
        ops.SetFact,
        ops.Settle,
    )
}
OPERATIONS_LIMIT = 20_000  # of one save: a day's work on a page is some hundreds
_HIGHEST = 1_000_000


def encode(operation: Operation) -> dict[str, Any]:
    values = dataclasses.asdict(operation)
    return {
        "op": type(operation).__name__,
        **{name: list(value) if isinstance(value, tuple) else value for name, value in values.items()},
    }


def decode(value: object) -> Operation:
    """Raises `Refusal` for anything that is not an operation, before it can touch a layout."""
    if not isinstance(value, dict) or (kind := OPERATIONS.get(str(value.get("op")))) is None:
        raise Refusal("不认识的操作。")
    fields = {field.name: field for field in dataclasses.fields(kind)}
    given = {name: part for name, part in value.items() if name != "op"}
    required = {
        name
        for name, field in fields.items()
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    }
    if not required <= set(given) <= set(fields):
        raise Refusal("操作的内容不全。")
    return kind(**{name: _checked(str(fields[name].type), part) for name, part in given.items()})


def _checked(kind: str, value: object) -> Any:
    if kind == "str":
        if isinstance(value, str) and len(value) <= PIECE_LIMIT and is_storable(value):
            return value
    elif kind == "int":
        if type(value) is int and 0 <= value <= _HIGHEST:
            return value
    elif kind.startswith("tuple"):
        if value is None and kind.endswith("None"):
            return None
        if isinstance(value, list) and all(isinstance(part, str) and is_storable(part) for part in value):
            return tuple(value)
    elif kind.startswith("Mapping"):
        if isinstance(value, Mapping) and _is_plain(value):
            return dict(value)
    elif kind == "Any" and _is_plain(value):
        return value
    raise Refusal("操作的内容不合格式。")


def _is_plain(value: object, depth: int = 0) -> bool:
    """JSON that both databases store and give back equal, not too deep."""
    if depth > 6:
        return False
    if isinstance(value, str):
        return len(value) <= FIELDS_LIMIT and is_storable(value)
    if isinstance(value, Mapping):
        return all(isinstance(key, str) and _is_plain(part, depth + 1) for key, part in value.items())
    if isinstance(value, list):
        return all(_is_plain(part, depth + 1) for part in value)
    return value is None or (isinstance(value, int) and abs(value) < 2**53)


def decode_all(values: object) -> tuple[Operation, ...]:
    if not isinstance(values, list) or len(values) > OPERATIONS_LIMIT:
        raise Refusal("一次保存的操作太多，或不合格式。")
    return tuple(decode(value) for value in values)
