"""What signatures and corrections say of the quality of the work: 差错率, errors per 10,000 characters. Reads only.

A signature tells how many errors its stage found, in how many characters: that is the rate of the text as the stage
before had left it. The rate readers got is that of the corrections published afterwards; the rule for newspapers
(报纸期刊质量管理规定) sets its limit at 3.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Count, Q
from django.utils import timezone

from articles.content import running_text
from articles.models import CorrectionKind, CorrectionSubject, Issue, Newspaper, SignOff, Snapshot

LIMIT = 3
"""Errors per 10,000 characters; above it a newspaper has failed."""

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Rate:
    errors: int = 0
    characters: int = 0

    def __add__(self, other: Rate) -> Rate:
        return Rate(self.errors + other.errors, self.characters + other.characters)

    @property
    def per_10_000(self) -> float | None:
        """None where nothing was read."""
        return self.errors * 10_000 / self.characters if self.characters else None

    @property
    def is_over(self) -> bool:
        rate = self.per_10_000
        return rate is not None and rate > LIMIT

    def __str__(self) -> str:
        rate = self.per_10_000
        return "" if rate is None else f"{rate:.1f}"


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature, as far as the figures need it."""

    item: tuple[str, int]
    issue: int
    page: int
    round: int
    position: int
    stage: str
    person: int
    errors: int | None
    characters: int

    @property
    def rate(self) -> Rate:
        """Nothing, where nobody counted."""
        return Rate() if self.errors is None else Rate(self.errors, self.characters)


ROWS = 50_000
"""Signatures looked at, the newest; a report says when there were more."""

_COLUMNS = ("round", "stage__position", "stage_name", "by", "errors", "characters")


def signatures(
    *, since: datetime.datetime | None = None, newspaper: Newspaper | None = None, issue: Issue | None = None
) -> tuple[list[Signature], bool]:
    """Signatures in the order they were given, and whether there were more than are looked at. Two queries."""
    found: list[tuple[int, Signature]] = []
    is_cut = False
    for kind in ("article", "notice"):
        rows = SignOff.objects.signatures().filter(**{f"{kind}__isnull": False})
        if since is not None:
            rows = rows.filter(at__gte=since)
        if newspaper is not None:
            rows = rows.filter(stage__newspaper=newspaper)
        if issue is not None:
            rows = rows.filter(**{f"{kind}__page__issue": issue})
        listed = rows.order_by("-pk").values_list("pk", kind, f"{kind}__page__issue", f"{kind}__page", *_COLUMNS)
        taken = list(listed[: ROWS + 1])
        is_cut = is_cut or len(taken) > ROWS
        found += [(pk, Signature((kind, item), *rest)) for pk, item, *rest in taken[:ROWS]]
    return [signature for _, signature in sorted(found, key=lambda pair: pair[0])], is_cut


def rates(found: Iterable[Signature], key: Callable[[Signature], K]) -> dict[K, Rate]:
    """The sum of the signatures of each group."""
    groups: dict[K, Rate] = {}
    for signature in found:
        mine = key(signature)
        groups[mine] = groups.get(mine, Rate()) + signature.rate
    return groups


def by_stage(found: Iterable[Signature]) -> dict[str, Rate]:
    """What each stage found, in the order of the stages."""
    groups = rates(found, lambda each: (each.position, each.stage))
    ordered: dict[str, Rate] = {}
    for (_, stage), rate in sorted(groups.items()):
        ordered[stage] = ordered.get(stage, Rate()) + rate
    return ordered


def left_by_person(found: Sequence[Signature]) -> dict[int, Rate]:
    """What each person left for the next to find: of every text two people signed one after the other in one round,
    the errors of the second count against the first."""
    latest: dict[tuple[tuple[str, int], int], Signature] = {}
    groups: dict[int, Rate] = {}
    for signature in found:
        before = latest.get((signature.item, signature.round))
        if before is not None and before.person != signature.person and signature.errors is not None:
            mine = groups.get(before.person, Rate())
            groups[before.person] = mine + Rate(signature.errors, before.characters)
        latest[signature.item, signature.round] = signature
    return groups


_OURS = (CorrectionKind.CORRECTION, CorrectionKind.APOLOGY)
"""A clarification admits no error."""


def corrected_after(issues: Iterable[int]) -> dict[int, int]:
    """How many corrections of what was published in each of these issues are in force. Two queries."""
    wanted = list(issues)
    now = timezone.now()
    standing = Q(correction__withdrawn_at__isnull=True) | Q(correction__withdrawn_at__gt=now)
    rows = CorrectionSubject.objects.filter(standing, correction__at__lte=now, correction__kind__in=_OURS)
    found: dict[int, int] = {}
    for kind in ("article", "notice"):
        column = f"{kind}__page__issue"
        counted = rows.filter(**{f"{column}__in": wanted}).order_by().values_list(column)
        for issue, count in counted.annotate(count=Count("correction", distinct=True)):
            found[issue] = found.get(issue, 0) + count
    return found


def published_rate(issue: Issue) -> Rate:
    """The rate readers got: corrections in force in the characters that are public. Three queries."""
    contents = Snapshot.objects.live().filter(issue=issue).values_list("content", flat=True)
    characters = sum(len(running_text(_flat(content))) for content in contents.iterator())
    return Rate(corrected_after([issue.pk]).get(issue.pk, 0), characters)


def _flat(content: dict[str, object]) -> dict[str, object]:
    """Captions of a snapshot are texts; those of an item are pieces."""
    captions = content.get("captions", ())
    assert isinstance(captions, list | tuple)  # noqa: S101 - written by articles.snapshots
    return {**content, "captions": [{"text": text} for text in captions]}
