"""People whose articles readers may see, and the entries of one."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from articles.models import Contributor, Snapshot, SnapshotContributor
from articles.models.publication import is_live

_NEWEST_LINKS = 400


def live_contributions() -> QuerySet[SnapshotContributor]:
    return SnapshotContributor.objects.filter(Exists(Snapshot.objects.live().filter(pk=OuterRef("snapshot"))))


def public_contributors() -> QuerySet[Contributor]:
    """Everyone who signed at least one article that readers may see."""
    mine = live_contributions().filter(contributor=OuterRef("pk"))
    return Contributor.objects.filter(Exists(mine))


def public_contributor(pk: int) -> Contributor | None:
    """Someone who signed at least one article that readers may see."""
    return public_contributors().filter(pk=pk).first()


def contributions_of(contributor: Contributor) -> QuerySet[SnapshotContributor]:
    return SnapshotContributor.objects.filter(is_live("snapshot__"), contributor=contributor)


@dataclass(frozen=True, slots=True)
class Active:
    """Someone who signed lately, and when last."""

    pk: int
    name: str
    latest: datetime.date

    @property
    def url(self) -> str:
        return reverse("contributor", args=[self.pk])


def recent_contributors() -> list[Active]:
    """Those who signed the newest few hundred articles, the latest first: one query, whatever the archive's size."""
    links = live_contributions().order_by("-date", "-snapshot")
    found: dict[int, Active] = {}
    for pk, name, date in links.values_list("contributor", "contributor__name", "date")[:_NEWEST_LINKS]:
        found.setdefault(pk, Active(pk, name, date))
    return list(found.values())
