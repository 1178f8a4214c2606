"""Public pages of notices: one, its proof of publication, the lists, the look-up by number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from articles.clients import LOOKUP
from articles.models import Snapshot
from articles.prepared import Rows
from articles.public import errors
from articles.public.addresses import address
from articles.public.corrections import corrections_of
from articles.public.filters import FILTERS, NoticeFilter
from articles.public.head import Head, absolute
from articles.public.lookup import LookupForm, look_up
from articles.public.notice_fields import labelled
from articles.public.notices import (
    AFTER,
    FIRST,
    Print,
    indexed_since,
    live_notices,
    notice_entries,
    open_notices,
    print_rows,
    prints_from,
    prints_of,
    sliced,
    with_prints,
)
from articles.public.paging import PAGE_SIZE, PARAMETER, WrongCursor, read_cursor
from articles.public.parameters import accepts
from articles.public.place import live_item, place_of, placed_item, placed_rows
from articles.public.proof import cite_notice, proof_of
from articles.public.reading import ALL_PAPERS, LIVE_PAPERS, all_papers, papers_from, rows_as_entries
from articles.public.remembered import read_once
from articles.public.responses import keep_from_search, refuse, show, show_from


def _unkept(template: str, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    """A page that is only for the one who asked, now."""
    response = HttpResponse(render_to_string(template, context), status=status)
    response["Cache-Control"] = "no-store"
    return keep_from_search(response)


@require_safe
@accepts()
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    rows = placed_rows("notice", pk)
    if not rows:
        return errors.missing_item(request, key="notice", pk=pk)
    found = _read(rows)
    printed = print_rows([found.pk])

    def context() -> dict[str, Any]:
        return _context(request, found, prints_from(printed, [found.pk]).get(found.pk, ()))

    response = show_from(request, "public/notice.html", (rows, printed), context)
    return response if _is_listed(found) else keep_from_search(response)


@read_once
def _read(rows: Rows) -> Any:
    return placed_item("notice", rows)


def _is_listed(found: Snapshot) -> bool:
    return found.date >= indexed_since()


def _context(request: HttpRequest, found: Any, prints: Sequence[Print]) -> dict[str, Any]:
    place = place_of(found)
    here = address("notice", found.notice_id)
    url = absolute(request, here)
    head = Head(
        title=f"{found.title} · {place.paper.name} {found.date:%Y-%m-%d}",
        description=found.summary or found.title,
        canonical=url,
        kind="article",
        published=found.date.isoformat(),
        section=found.notice_kind,
        is_listed=_is_listed(found),
    )
    return {
        "head": head,
        "place": place,
        "title": found.title,
        "kind": found.notice_kind,
        "notice": found.content,
        "corrections": corrections_of(found),
        "fields": labelled(found.content["fields"]),
        "prints": prints,
        "here": here,
        "proof_url": address("proof", found.notice_id),
        "permalink": url,
        "citation": cite_notice(found),
    }


@require_safe
@accepts()
def proof(request: HttpRequest, pk: int) -> HttpResponse:
    """Made for the moment it is asked for: it says when, so nobody keeps it."""
    found: Snapshot | None = live_item("notice", pk)
    if found is None:
        return errors.missing_item(request, key="notice", pk=pk)
    url = absolute(request, reverse("notice", args=[pk]))
    head = Head(
        title=f"刊登证明：{found.title} · {found.newspaper.name} {found.date:%Y-%m-%d}",
        description=found.summary or found.title,
        is_listed=False,
    )
    made = proof_of(found, prints_of([found.pk]).get(found.pk, ()))
    context: dict[str, object] = {
        "head": head,
        "proof": made,
        "permalink": url,
        "notice_url": reverse("notice", args=[pk]),
        "lookup": absolute(request, reverse("notice-lookup")),
    }
    return _unkept("public/notice_proof.html", context)


@require_safe
@accepts(*FILTERS, PARAMETER)
def notices(request: HttpRequest) -> HttpResponse:
    try:
        cursor = read_cursor(request.GET.get(PARAMETER, ""))
    except WrongCursor:
        return errors.wrong_cursor(request, PARAMETER)
    is_filtered = any(request.GET.get(name) for name in FILTERS)
    head = Head(
        title="分类公告",
        description="遗失声明、注销公告、债权债务公告等，按类别、报纸和日期查找。",
        canonical=absolute(request, reverse("notices")),
        feed=absolute(request, reverse("notices-feed")),
        feed_title="分类公告",
        is_listed=cursor is None and not is_filtered,
    )
    if not is_filtered and cursor is None:
        return _all_notices(request, head)
    found = NoticeFilter(data=request.GET, queryset=live_notices(), request=request)
    context = {"head": head, "form": found.form, "is_filtered": is_filtered}
    if not found.is_valid():
        return refuse("public/notices.html", context, status=400)
    shown = notice_entries(found.qs, cursor, all_papers())
    kept = urlencode({name: request.GET[name] for name in FILTERS if request.GET.get(name)})
    context |= {"slice": shown, "rows": with_prints(shown.rows), "kept": kept}
    return show(request, "public/notices.html", context)


def _all_notices(request: HttpRequest, head: Head) -> HttpResponse:
    papers, live, first = ALL_PAPERS.rows(), LIVE_PAPERS.rows(), FIRST.rows()
    printed = print_rows([pk for pk, *_ in first[:PAGE_SIZE]])

    def context() -> dict[str, Any]:
        form = NoticeFilter(data=request.GET, request=request).form
        form.fields["newspaper"].widget.choices = [("", "全部报纸"), *((slug, name) for _, name, slug in live)]
        shown = sliced(rows_as_entries(FIRST.made(first), papers_from(papers)), is_first=True)
        return {"head": head, "form": form, "slice": shown, "rows": with_prints(shown.rows, printed)}

    return show_from(request, "public/notices.html", (papers, live, first, printed), context)


@require_safe
@accepts(AFTER)
def open_list(request: HttpRequest) -> HttpResponse:
    after = request.GET.get(AFTER, "")
    try:
        shown = open_notices(after, all_papers())
    except WrongCursor:
        return errors.wrong_cursor(request, AFTER)
    head = Head(
        title="期限未满的公告",
        description="债权申报、异议等期限还没有满的公告，先到期的排在前面。",
        canonical=absolute(request, reverse("open-notices")),
        is_listed=not after,
    )
    return show(request, "public/notices_open.html", {"head": head, "slice": shown})


@csrf_exempt  # there is no session to abuse and nothing changes; without it the site would need its one cookie here
@require_http_methods(["GET", "HEAD", "POST"])
@LOOKUP
@accepts()
def lookup(request: HttpRequest) -> HttpResponse:
    """By POST, so that numbers end in no address, log or history; the answer is kept by nobody."""
    head = Head(
        title="按号码查公告",
        description="输入完整的证件、执照、票据或账号号码，查它是否在公告里刊登过。",
        canonical=absolute(request, reverse("notice-lookup")),
        is_listed=request.method != "POST",
    )
    if request.method != "POST":
        return show(request, "public/notice_lookup.html", {"head": head, "form": LookupForm()})
    form = LookupForm(request.POST)
    if not form.is_valid():
        return _unkept("public/notice_lookup.html", {"head": head, "form": form}, status=400)
    answer = look_up(form.cleaned_data["number"], all_papers())
    return _unkept("public/notice_lookup.html", {"head": head, "form": LookupForm(), "answer": answer})
