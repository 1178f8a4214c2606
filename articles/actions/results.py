"""What became of each item of a bulk act."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from articles.errors import ActionRefused, NotPublishable
from articles.models import AnyItem


@dataclass(frozen=True)
class Result:
    """`reason` is empty when it was done."""

    item: AnyItem
    reason: str = ""

    @property
    def is_done(self) -> bool:
        return not self.reason


def attempt(act: Callable[..., object], *, item: AnyItem, **more: Any) -> Result:
    """Do it to one item; a refusal becomes its reason. The act has a transaction of its own."""
    try:
        act(item=item, **more)
    except NotPublishable as refusal:
        return Result(item, "；".join(refusal.problems))
    except ActionRefused as refusal:
        return Result(item, str(refusal))
    return Result(item)
