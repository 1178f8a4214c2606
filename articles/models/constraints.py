"""Rules that several tables keep, as constraints of the database."""

from __future__ import annotations

from django.db.models import CheckConstraint, Q


def one_of(*fields: str, name: str) -> CheckConstraint:
    """Exactly one of those fields is set."""
    condition = Q()
    for each in fields:
        condition |= Q(**{f"{other}__isnull": other != each for other in fields})
    return CheckConstraint(condition=condition, name=name)


def one_item(name: str) -> CheckConstraint:
    """About an article or about a notice, never both."""
    return one_of("article", "notice", name=name)


def one_item_at_most(name: str) -> CheckConstraint:
    """About an article, about a notice, or about neither."""
    return CheckConstraint(condition=Q(article__isnull=True) | Q(notice__isnull=True), name=name)


def done_by_somebody(done: str, name: str) -> CheckConstraint:
    """What has a time, `<done>_at`, has a person, `<done>_by`, and the reverse."""
    at, by = f"{done}_at__isnull", f"{done}_by__isnull"
    return CheckConstraint(condition=Q(**{at: True, by: True}) | Q(**{at: False, by: False}), name=name)
