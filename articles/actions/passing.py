"""What follows when a person passes a text, or sends it back. The caller holds the item's lock."""

from __future__ import annotations

from django.contrib.auth.models import User

from articles import history
from articles.actions.names import guard_names
from articles.actions.teamwork import finish_work, return_work
from articles.models import Act, Article, Item, Notice

PASSING = (Act.CORRECTED, Act.SIGNED)


def passed(*, item: Item, actor: User) -> None:
    """校毕 or signed: the names in it are looked up, and what was asked of this person is done."""
    if isinstance(item, Article | Notice):
        guard_names(item=item)
        finish_work(items=[item], actor=actor)


def sent_back(*, item: Item, actor: User, reason: str) -> None:
    """退回: it waits for the person who passed it last. To be called before the return is written down."""
    if isinstance(item, Article | Notice):
        last = history.of(item).filter(act__in=PASSING).first()
        return_work(item=item, to=last.actor if last else None, actor=actor, reason=reason)
