"""审稿单: the paper that shows who read and signed an item, or a whole page, and what each of them changed.

Its number ends in that of the last signature it tells of, so that a form that is out of date can be seen to be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from articles import signoffs, versions
from articles.admin.base import demand, person
from articles.admin.item_forms import LABELS, ROLES
from articles.admin.notice_unmasking import in_full
from articles.admin.signing import stage_rows, told
from articles.diff import Change, content_diff, count_corrections
from articles.models import AnyItem, Issue, Outcome, Page, SignOff
from articles.signoffs import Standing

CHANGES_LISTED = 30


@dataclass(frozen=True)
class Line:
    """One signature or return on the form, with what was changed since the one before it."""

    row: SignOff
    is_holding: bool
    changes: Sequence[Change]
    count: int | None
    place: str
    credits: str


def number_of(item_or_page: AnyItem | Page, rows: Sequence[SignOff]) -> str:
    """Such as ``A17-S204``: what it is about, and the last signature it tells of."""
    letter = {"article": "A", "notice": "N"}.get(getattr(item_or_page, "snapshot_key", ""), "P")
    return f"{letter}{item_or_page.pk}-S{max((row.pk for row in rows), default=0)}"


def lines(item: AnyItem, standing: Standing, *, is_full: bool) -> list[Line]:
    """Oldest first. The words of a veiled notice's changes are left out, their number is told."""
    wanted = {row.version for row in standing.rows}
    contents = {}
    if wanted:
        for version in versions.versions(item):
            if version.entry.version in wanted:
                contents[version.entry.version] = version.content
            if version.entry.version is not None and version.entry.version <= min(wanted):
                break
    found: list[Line] = []
    former: SignOff | None = None
    for row in standing.rows:
        changes: list[Change] = []
        count: int | None = 0 if former else None
        if former is not None and former.version != row.version:
            if former.version in contents and row.version in contents:
                changes = content_diff(contents[former.version], contents[row.version], LABELS, ROLES)
                count = count_corrections(changes)
            else:
                count = None
        is_holding = row in standing.holding.values()
        shown = changes[:CHANGES_LISTED] if is_full else []
        place, credits = told(row.stood.get("place")), told(row.stood.get("credits"))
        found.append(Line(row, is_holding, shown, count, place, credits))
        if row.outcome != Outcome.VOIDED:
            former = row
    return found


def item_form(model_admin: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """The form of one article or notice, to be printed."""
    from articles.admin.item_screen import get_item

    demand(model_admin.has_view_permission(request))
    item = get_item(model_admin, object_id)
    standing = signoffs.standing(item)
    is_full = in_full(request, item)
    context = {
        "item": item,
        "standing": standing,
        "stage_rows": stage_rows(standing),
        "lines": lines(item, standing, is_full=is_full),
        "is_veiled": not is_full,
        "number": number_of(item, standing.rows),
        "title": f"审稿单：{item.title}",
        "page": item.page,
        "back": model_admin.address("change", item.pk),
    }
    return _render(model_admin, request, "admin/articles/review_form.html", context)


def page_form(
    model_admin: Any, request: HttpRequest, of: Page | Issue, *, items: Sequence[AnyItem], back: str
) -> HttpResponse:
    """The form of a whole page: its items in reading order, a column for each stage."""
    demand(model_admin.has_view_permission(request))
    standings = signoffs.standings(items)
    found = [(item, standings[item.snapshot_key, item.pk]) for item in items]
    stages = next((standing.stages for _, standing in found if standing.stages), ())
    rows = [(item, standing, stage_rows(standing)) for item, standing in found]
    everything = [row for _, standing in found for row in standing.rows]
    context = {
        "of": of,
        "page": of,
        "rows": rows,
        "stages": stages,
        "complete": sum(1 for _, standing in found if standing.stages and not standing.unsigned),
        "number": number_of(of, everything) if isinstance(of, Page) else "",
        "title": f"审稿单：{of}",
        "back": back,
    }
    return _render(model_admin, request, "admin/articles/review_form_page.html", context)


def _render(model_admin: Any, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    known = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "printed_at": timezone.now(),
        "printed_by": person(request),
    }
    return TemplateResponse(request, template, {**known, **context})
