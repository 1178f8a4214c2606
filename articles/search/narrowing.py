"""Lists that are narrowed by what stands in the text."""

from __future__ import annotations

from typing import Final

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from articles.models import Snapshot
from articles.search.conditions import conditions
from articles.search.engines import engine
from articles.search.types import Kind, Query, Scope, Term

FEW: Final = 500
"""So many are looked up one by one. Of more a page is full soon, in whatever order the list is walked."""


def holding(snapshots: QuerySet[Snapshot], text: str, kind: Kind) -> QuerySet[Snapshot]:
    """Those of the live snapshots of that kind whose text as readers see it holds the string. One query more."""
    asked = conditions(Query(all_of=((Term(text),),), kind=kind))
    if asked is None:
        return snapshots.none()
    index = engine(Scope.PUBLIC, snapshots.db)
    found = index.some(("d.snapshot_id",), asked, FEW + 1)
    if len(found) <= FEW:
        return snapshots.filter(pk__in=[number for (number,) in found])
    return snapshots.filter(pk__in=RawSQL(*index.all_of("d.snapshot_id", asked)))  # noqa: S611 - our own SQL
