"""The one order of locks: the page first, then what stands on it, then issues by number.

Whoever holds a page's lock may change its trays and its items and publish them; nobody else does meanwhile. Rows are
read after the lock is held, in a query of their own: PostgreSQL looks again at the locked row only, not at those
joined to it. The locks are of the kind that does not hold up foreign keys pointing at the row. SQLite needs none of
this, its transactions begin as writers.
"""

from __future__ import annotations

from typing import TypeVar

from articles.errors import ActionRefused, StaleVersion
from articles.models import Item, Page

I = TypeVar("I", bound=Item)  # noqa: E741 - the items


def locked_page(pk: int) -> Page:
    """The page as it is now, with its issue and newspaper, locked for this transaction."""
    if not list(Page.objects.select_for_update(no_key=True).filter(pk=pk).values_list("pk")):
        raise ActionRefused("这一版已经不在了，请刷新页面。")
    return Page.objects.select_related("issue__newspaper").get(pk=pk)


def locked(item: I, *, base_version: int | None = None, page: Page | None = None) -> I:
    """The item as it is now, locked with its page; `StaleVersion` if it is not the version the caller saw.

    `page` is the item's page where the caller holds its lock already.
    """
    page = page or locked_page(item.page_id)
    manager = type(item)._default_manager
    current = manager.select_for_update(no_key=True).filter(pk=item.pk, page=page).first()
    if current is None:
        raise ActionRefused("这一条已经不在这一版了，请刷新页面。")
    current.page = page
    if base_version is not None and current.version != base_version:
        raise StaleVersion(current)
    return current
