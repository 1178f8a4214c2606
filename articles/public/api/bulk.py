"""A year of a newspaper as JSON Lines: an item a line, written as it is read, so that no year is too large."""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse

from articles.models import Snapshot
from articles.public.api import parameters, problems, rows
from articles.public.api.problems import Problem
from articles.public.api.rows import Absolute
from articles.public.head import absolute
from articles.public.paging import Cursor
from articles.public.place import with_links
from articles.public.reading import Paper, public_paper

CHUNK = 200


def lines(paper: Paper, year: int, to: Absolute) -> Iterator[bytes]:
    """Newest first, in chunks that each ask what is public then: what is withdrawn meanwhile comes no more."""
    last: Cursor | None = None
    while True:
        live = Snapshot.objects.live().filter(newspaper=paper.pk, date__year=year)
        if last is not None:
            live = live.filter(last.older())
        chunk = list(with_links(live).order_by("-date", "-pk")[:CHUNK])
        for snapshot in chunk:
            text = json.dumps(rows.item(snapshot, paper, to), ensure_ascii=False, separators=(",", ":"))
            yield f"{text}\n".encode()
        if len(chunk) < CHUNK:
            return
        last = Cursor(chunk[-1].date, chunk[-1].pk)


def year(request: HttpRequest, newspaper: str, year: int) -> HttpResponseBase:
    try:
        if request.method not in {"GET", "HEAD"}:
            raise Problem(405, "本接口只读：请用 GET")
        parameters.read(request.GET, ())
        found = public_paper(newspaper)
        if found is None or year not in found.years:
            raise Problem(404, "没有这份报纸，或者这一年没有见报的内容")
    except Problem as problem:
        return problems.answer(problem)
    body = () if request.method == "HEAD" else lines(found.paper, year, lambda path: absolute(request, path))
    response = StreamingHttpResponse(body, content_type="application/jsonl; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{newspaper}-{year}.jsonl"'
    response["Cache-Control"] = "no-cache"
    return problems.opened(response)
