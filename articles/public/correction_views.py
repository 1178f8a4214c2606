"""更正与说明: everything readers were told to be wrong, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.models import Correction, Snapshot
from articles.public import errors
from articles.public.corrections import public_corrections, subjects_of
from articles.public.head import Head, absolute
from articles.public.paging import PAGE_SIZE, PARAMETER, Slice
from articles.public.parameters import accepts
from articles.public.reading import Entry, all_papers, entries
from articles.public.responses import show


@dataclass(frozen=True, slots=True)
class Listed:
    """A correction, and what of its items readers can still open."""

    correction: Correction
    entries: Sequence[Entry]


def _listed(found: Sequence[Correction]) -> list[Listed]:
    """Two queries: what the corrections are about, as far as it is public now."""
    subjects = {one.pk: subjects_of(one) for one in found}
    numbers = {
        kind: {pk for each in subjects.values() for key, pk in each if key == kind} for kind in ("article", "notice")
    }
    live = Snapshot.objects.live().filter(Q(article__in=numbers["article"]) | Q(notice__in=numbers["notice"]))
    by_url = {entry.url: entry for entry in entries(live, all_papers())} if found else {}

    def of(one: Correction) -> list[Entry]:
        urls = (reverse(kind, args=[pk]) for kind, pk in subjects[one.pk])
        return [by_url[url] for url in urls if url in by_url]

    return [Listed(one, of(one)) for one in found]


@require_safe
@accepts(PARAMETER)
def corrections(request: HttpRequest) -> HttpResponse:
    before = request.GET.get(PARAMETER, "")
    if before and not (before.isascii() and before.isdigit() and before[0] != "0" and len(before) <= 18):
        return errors.wrong_cursor(request, PARAMETER)
    found = public_corrections().order_by("-pk")  # numbers are given in the order in which they are issued
    if before:
        found = found.filter(pk__lt=int(before))
    rows = list(found[: PAGE_SIZE + 1])
    shown = rows[:PAGE_SIZE]
    head = Head(
        title="更正与说明",
        description="本站见报内容的更正、澄清和道歉，新的在前。",
        canonical=absolute(request, reverse("corrections")),
        is_listed=not before,
    )
    older = str(shown[-1].pk) if len(rows) > PAGE_SIZE else ""
    context = {"head": head, "slice": Slice(_listed(shown), older, is_first=not before), "kept": ""}
    return show(request, "public/corrections.html", context)
