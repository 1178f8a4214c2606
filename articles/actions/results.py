"""What became of each item of a bulk act."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError

from articles.errors import ActionRefused, AlreadySo, NotPublishable
from articles.models import AnyItem

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Result:
    """Done, when there is no `reason`; skipped, when there was nothing to do or the item is not what was confirmed;
    else failed."""

    item: AnyItem
    reason: str = ""
    is_skipped: bool = False

    @property
    def is_done(self) -> bool:
        return not self.reason

    @property
    def is_failed(self) -> bool:
        return bool(self.reason) and not self.is_skipped


def attempt(act: Callable[..., object], *, item: AnyItem, **more: Any) -> Result:
    """Do it to one item; a refusal becomes its reason. The act has a transaction of its own, so that what a database
    cannot take now, for one item, says nothing of those before and after it."""
    try:
        act(item=item, **more)
    except NotPublishable as refusal:
        return Result(item, "；".join(refusal.problems))
    except AlreadySo as refusal:
        return Result(item, str(refusal), is_skipped=True)
    except ActionRefused as refusal:
        return Result(item, str(refusal))
    except DatabaseError:
        log.exception("bulk act failed for %s %s", item.snapshot_key, item.pk)
        return Result(item, "数据库没有写成，没有动它：请再试一次")
    return Result(item)
