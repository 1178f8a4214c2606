"""Corrections that readers may see, with the items they are about."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q, QuerySet

from articles.models import Correction, CorrectionKind, CorrectionSubject, Snapshot
from articles.public.gathering import gathered

_KEYS = ("article", "notice")


@dataclass(frozen=True, slots=True)
class Told:
    """A correction, as it stands beside an item."""

    pk: int
    kind: str
    """更正, 澄清 or 道歉."""
    text: str
    at: datetime.datetime


def _subjects(key: str) -> QuerySet[CorrectionSubject]:
    return CorrectionSubject.objects.filter(**{key: OuterRef(key)})


def with_corrections(snapshots: QuerySet[Snapshot]) -> QuerySet[Snapshot]:
    """Annotated for `corrections_of`: no query of their own."""
    public = Q(correction__in=Correction.objects.in_force())
    columns = {"pk": "correction", "kind": "correction__kind", "text": "correction__text", "at": "correction__at"}
    return snapshots.annotate(
        **{f"{key}_corrections": gathered(_subjects(key).filter(public), key, **columns) for key in _KEYS}
    )


def corrections_of(snapshot: Any) -> list[Told]:
    """Oldest first."""
    rows = (snapshot.article_corrections if snapshot.article_id else snapshot.notice_corrections) or ()
    told = [Told(row["pk"], CorrectionKind(row["kind"]).label, row["text"], _instant(row["at"])) for row in rows]
    return sorted(told, key=lambda one: (one.at, one.pk))


def _instant(text: str) -> datetime.datetime:
    """As a database writes it into JSON: SQLite without its zone, which is UTC."""
    at = datetime.datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=datetime.UTC)


def public_corrections() -> QuerySet[Correction]:
    """Newest first."""
    return Correction.objects.in_force().order_by("-at", "-pk").prefetch_related("subjects")


def subjects_of(correction: Correction) -> Sequence[tuple[str, int]]:
    """The kind and number of each item a correction of `public_corrections` is about."""
    return [
        ("article", one.article_id) if one.article_id else ("notice", one.notice_id or 0)
        for one in correction.subjects.all()
    ]
