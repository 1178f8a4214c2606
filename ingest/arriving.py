"""Pages that are not there yet: made ready without the database, then written several at once.

What takes long, cutting words above all, is done before the transaction, so that no lock is held meanwhile; and several
pages share their statements. Either all of them go in or none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User

from articles.actions.notices import index_notices
from articles.inserting import insert, number
from articles.models import Article, Finding, Notice, Page
from articles.suggest import Clues, Reading, read, suggest_from
from ingest.cutting import OUTSIDE, cut_page
from ingest.engine import PageLayout
from ingest.findings import Holder, rows_for
from ingest.loading import NewItem, new_items, write_items
from ingest.models import Source
from ingest.placement import Place, make_pages, place_of
from ingest.planning import PagePlan, StandingPage, plan_page
from ingest.standing import check_rows


class Overtaken(Exception):
    """Another process has written this page since we looked: look again."""


@dataclass(frozen=True)
class Arrival:
    """A new page with everything that is written for it, unsaved."""

    place: Place
    page: Page
    source: Source
    plan: PagePlan
    items: list[NewItem]
    findings: list[Finding]
    readings: list[Reading]
    clues: Clues


def prepare(source: Source, layout: PageLayout, clues: Clues) -> Arrival:
    """Everything that can be done without the database. Raises `TooMuch`."""
    plan = plan_page(source.text, cut_page(layout), StandingPage((), ()))
    place = place_of(layout)
    lists = {role: [block.entry for block in plan.outside if block.role == role] for role in OUTSIDE}
    page = Page(number=place.number, section=place.section, **lists)
    source.page = page
    source.outside = [{"role": block.role, **block.entry} for block in plan.outside]
    items = new_items(plan, page=page, source=source)
    holders = [Holder(each.item, each.plan.pieces, is_kept=False) for each in items]
    findings = list(rows_for(page, source.text, layout.findings, holders).values())
    readings = [read(each.item, clues) for each in items if isinstance(each.item, Article)]
    for reading in readings:
        reading.article.keywords = reading.keywords
    return Arrival(place, page, source, plan, items, findings, readings, clues)


def write(arrivals: Sequence[Arrival], *, actor: User) -> None:
    """Save these pages, in the caller's transaction. Raises `Overtaken` and `Clash`, also for one of many."""
    if Source.objects.filter(sha256__in=[each.source.sha256 for each in arrivals]).exists():
        raise Overtaken
    make_pages([(each.place, each.page) for each in arrivals], actor=actor)
    number([each.source for each in arrivals])
    insert(each.source for each in arrivals)
    items = [item for each in arrivals for item in each.items]
    write_items(items, actor=actor)
    insert(finding for each in arrivals for finding in each.findings)
    check_rows({each.source.pk: each.source.text for each in arrivals})
    # Last, because here one import may have to wait for the end of another: new series of notices, proposed topics.
    index_notices([each.item for each in items if isinstance(each.item, Notice)])
    suggest_from([reading for each in arrivals for reading in each.readings], arrivals[0].clues)
