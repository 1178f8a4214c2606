"""Writing the copy: what changed since the last time is made anew, the rest is left as it is."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse

from articles.models import Newspaper, Snapshot
from articles.public.export import rewriting
from articles.public.export.addresses import (
    ORIGIN,
    TITLES,
    asked_for,
    file_of,
    is_safe,
    titles_address,
    titles_asked_for,
)
from articles.public.export.folder import Counts, Folder, opened
from articles.public.export.rewriting import Target
from articles.public.export.units import Unit, digest, units
from articles.public.head import Head
from articles.public.layout import PageOfEntries, pages_of
from articles.public.reading import entries, public_paper, public_papers

_STATIC = "static:"
_HTML, _MACHINE = "text/html", ("application/atom+xml", "application/xml", "text/plain")


class ExportFailed(Exception):
    """In Chinese: a page of the site that could not be made."""


class _Request(HttpRequest):
    """Asks for a page as a reader would who came to `ORIGIN`."""

    def __init__(self, path: str, query: str) -> None:
        super().__init__()
        self.method = "GET"
        self.path = self.path_info = path
        self.GET = QueryDict(query)
        self.META = {"QUERY_STRING": query, "REQUEST_METHOD": "GET"}

    def _get_scheme(self) -> str:
        return ORIGIN.partition("://")[0]

    def get_host(self) -> str:
        return ORIGIN.partition("://")[2]


@dataclass
class Report:
    counts: Counts
    made: int = 0
    """Units made anew."""
    kept: int = 0


def export(root: Path, target: Target, *, tell: Callable[[str], None] = lambda line: None) -> Report:
    """Bring the folder up to date with what readers see now. `FolderRefused` for a folder that is not ours."""
    with opened(root) as folder:
        return _Run(folder, target, tell).all()


class _Run:
    def __init__(self, folder: Folder, target: Target, tell: Callable[[str], None]) -> None:
        self.folder, self.target, self.tell = folder, target, tell
        self.look = _look(target)
        self.brought: set[str] = set()
        self.report = Report(folder.counts)

    def all(self) -> Report:
        names = []
        for unit in units(self.look):
            names.append(unit.name)
            if unit.state and unit.state == self.folder.state(unit.name):
                self.report.kept += 1
                continue
            files, needs = self.files(unit)
            for address in needs:
                self.bring(address)
            self.folder.put(unit.name, unit.state, files, needs=needs)
            self.report.made += 1
            if self.report.made % 200 == 0:
                self.tell(f"{self.report.made} 组重做，{self.report.kept} 组没有变化 ……")
        needed = self.folder.needs(frozenset(names))
        for address in needed:
            self.bring(address)
        self.folder.drop_but([*names, *(_STATIC + address for address in needed)])
        return self.report

    def bring(self, address: str) -> None:
        """The style, script or picture at an address, before any page that needs it."""
        if address not in self.brought:
            self.brought.add(address)
            self.folder.put(_STATIC + address, self.look, _static_files(address))

    def files(self, unit: Unit) -> tuple[dict[str, bytes], set[str]]:
        """The files of the unit: its starts, and what they lead to that it owns; and the static ones they need."""
        made: dict[str, bytes] = {}
        needs: set[str] = set()
        waiting = deque(unit.starts)
        seen = set(unit.starts)
        while waiting:
            address = waiting.popleft()
            found = self.page(address, unit)
            if found is None:
                continue
            made[file_of(address)], leads_to = found
            for link in leads_to:
                if link.startswith(settings.STATIC_URL):
                    needs.add(link)
                elif link not in seen and unit.owns(link):
                    seen.add(link)
                    waiting.append(link)
        return made, needs

    def page(self, address: str, unit: Unit) -> tuple[bytes, list[str]] | None:
        if not is_safe(file_of(address)):
            return None
        year = titles_asked_for(address)
        if address == TITLES or year:
            return self.rewritten(_titles_of(*year) if year else _titles(), _HTML, address)
        response = _asked(address)
        if response is None or response.status_code != (410 if unit.is_gone else 200):
            if response is not None and response.status_code >= 500:
                raise ExportFailed(f"网页 {address} 出错（{response.status_code}），没有导出完。")
            return None
        kind, _, charset = response.headers.get("Content-Type", "").partition(";")
        if kind == _HTML or kind in _MACHINE:
            return self.rewritten(response.content.decode(), kind, address)
        if charset.strip() == "charset=utf-8":
            return rewriting.at_home(response.content.decode(), self.target).encode(), []
        return response.content, []

    def rewritten(self, text: str, kind: str, address: str) -> tuple[bytes, list[str]]:
        if kind == _HTML:
            done = rewriting.page(text, at=address, target=self.target)
        else:
            done = rewriting.machine_text(text, target=self.target)
        return done.text.encode(), done.leads_to


def _asked(address: str) -> HttpResponse | None:
    """The site's answer; None where it has no such address. Straight from the view: no session, no redirect."""
    path, query = asked_for(address)
    try:
        found = resolve(path)
        response: HttpResponse = found.func(_Request(quote(path), query), *found.args, **found.kwargs)
    except (Resolver404, Http404):
        return None
    return response


def _look(target: Target) -> str:
    """The state of what all pages share: code, templates, style, names, and where the copy will stand."""
    here = Path(__file__).resolve().parents[2]
    hashed = hashlib.sha256()
    for folder in (here, Path(settings.BASE_DIR) / "templates"):
        for file in sorted(folder.rglob("*")):
            if file.suffix in {".py", ".html", ".xml", ".css", ".js", ".svg"} and "migrations" not in file.parts:
                hashed.update(f"{file.relative_to(folder)}\0".encode() + file.read_bytes())
    names = list(Newspaper.objects.order_by("pk").values_list("pk", "name", "slug", "description", "expected_pages"))
    return digest(hashed.hexdigest(), names, settings.SITE_NAME, settings.STATIC_URL, target.base, target.is_relative)


# Files that pages need


def _static_files(address: str) -> dict[str, bytes]:
    """The file behind this address, and those that it needs if it is a style sheet."""
    body = _static(address)
    if body is None:
        return {}
    files = {file_of(address): body}
    if address.endswith(".css"):
        for link in rewriting.style_links(body.decode(), address):
            files |= _static_files(link)
    return files


def _static(address: str) -> bytes | None:
    name = address.removeprefix(settings.STATIC_URL)
    if staticfiles_storage.exists(name):
        with staticfiles_storage.open(name) as file:
            body: bytes = file.read()
        return body
    found = finders.find(name)
    return Path(found).read_bytes() if isinstance(found, str) else None


# The list of titles, in place of search


@dataclass(frozen=True, slots=True)
class _Day:
    date: Any
    url: str
    pages: list[PageOfEntries]


def _titles() -> str:
    papers = [
        (found.paper, [(year, f"{TITLES}{found.row.slug}-{year}/") for year in found.years])
        for found in public_papers()
    ]
    head = Head(title="篇目索引", description="各报每年的全部篇目。", canonical=ORIGIN + TITLES)
    return render_to_string("public/titles.html", {"head": head, "papers": papers})


def _titles_of(slug: str, year: int) -> str:
    found = public_paper(slug)
    if found is None:
        raise ExportFailed(f"报纸 {slug} 在导出中途不见了：请再导出一次。")
    live = Snapshot.objects.live().filter(newspaper=found.row, date__year=year)
    told = entries(live.order_by("date", "page_number", "position", "pk"), [found.paper])
    days: dict[Any, list[Any]] = {}
    for entry in told:
        days.setdefault(entry.date, []).append(entry)
    head = Head(
        title=f"{found.row.name} {year}年篇目",
        description=f"《{found.row.name}》{year}年的全部篇目。",
        canonical=ORIGIN + titles_address(slug, year),
    )
    shown = [_Day(date, reverse("issue", args=[slug, date]), pages_of(mine)) for date, mine in days.items()]
    return render_to_string(
        "public/titles_of_year.html", {"head": head, "paper": found.paper, "year": year, "days": shown}
    )
