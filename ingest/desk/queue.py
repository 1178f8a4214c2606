"""Which page to correct next: the most doubtful one that nobody else has open."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from articles.models import Article, Finding, FindingState, Notice, Page, WorkState
from ingest.desk.presence import HERE
from ingest.models import DeskPresence


def waiting(*, user: User) -> QuerySet[Page]:
    """Pages with items that wait to be corrected, the most doubtful first, those apart that others are on."""
    here = DeskPresence.objects.filter(page=OuterRef("pk"), seen_at__gte=timezone.now() - HERE).exclude(user=user)
    on_page = {"page": OuterRef("pk"), "work_state": WorkState.IMPORTED}
    doubts = Finding.objects.filter(page=OuterRef("pk"), state=FindingState.OPEN).order_by().values("page")
    counted = doubts.annotate(n=Count("pk")).values("n")
    return (
        Page.objects.filter(Exists(Article.objects.filter(**on_page)) | Exists(Notice.objects.filter(**on_page)))
        .exclude(Exists(here))
        .annotate(doubts=Coalesce(Subquery(counted, output_field=IntegerField()), 0))
        .order_by("-doubts", "pk")
    )


def page_after(page: Page, *, user: User) -> Page | None:
    """The page that follows this one in the queue; after the last comes the first again."""
    found = waiting(user=user).exclude(pk=page.pk)
    doubts = Finding.objects.filter(page=page, state=FindingState.OPEN).count()
    return found.filter(Q(doubts__lt=doubts) | Q(doubts=doubts, pk__gt=page.pk)).first() or found.first()
