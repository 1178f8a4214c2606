"""The copy in files: whole, true, without a broken link, brought up to date by little, right after being killed."""

from __future__ import annotations

import re
import sqlite3
from collections import deque
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree as ET

import feedparser  # type: ignore[import-untyped]
import pytest
from django.core.management import CommandError, call_command

from articles.actions import publishing
from articles.models import Snapshot
from articles.people import engine_user
from articles.public.export import site, units
from articles.public.export.addresses import ORIGIN
from articles.public.export.folder import LIST, Folder, FolderRefused, opened
from articles.public.export.rewriting import Target
from articles.public.export.site import export
from tests import factories
from tests.articles.public import markup
from tests.articles.public.conftest import DAY, HIDDEN, IDENTITY, PHONE, edit

BASE = "https://paper.example.cn/"
BELOW = "https://example.cn/old/paper/"
TARGETS = {
    "at the root": Target(BASE, is_relative=False),
    "in a folder": Target(BELOW, is_relative=False),
    "relative": Target(BASE, is_relative=True),
}
ROOT = TARGETS["at the root"]


@pytest.fixture
def every_day():
    """All 366 days of the year are made."""


@pytest.fixture(autouse=True)
def few_days(request, monkeypatch):
    """Of the 366 days that link to each other, only one with issues, but where links are what it is about."""
    if "every_day" not in request.fixturenames:
        monkeypatch.setattr(units, "DAYS", ["03-05"])


def files_in(folder: Path) -> dict[str, bytes]:
    found = {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    return {name: body for name, body in found.items() if name != LIST}


def served(folder: Path, path: str) -> Path:
    """What any plain server answers with."""
    return folder / path.removeprefix("/") / "index.html" if path.endswith("/") else folder / path.removeprefix("/")


def crawl(folder: Path, target: Target, *, days: bool = False) -> dict[str, str]:
    """Every file that can be reached, by its address, as a browser would follow links from the front page."""
    seen: dict[str, str] = {}
    start = target.path + ("index.html" if target.is_relative else "")
    waiting = deque([start, f"{target.path}robots.txt"])
    while waiting:
        path = waiting.popleft()
        if path in seen:
            continue
        assert path.startswith(target.path), path
        if not days and path.removeprefix(target.path).startswith("on/"):
            continue
        file = served(folder, "/" + path.removeprefix(target.path))
        assert file.is_file(), f"{path} is linked and not there"
        seen[path] = text = file.read_text("utf-8")
        if file.suffix == ".html":
            links = [link for link in re.findall(r'\s(?:href|src)="([^"]*)"', text) if link]
        else:
            links = re.findall(r'(?:<loc>|href="|Sitemap: |url\(["\']?)([^<"\s)\']+)', text)
        for link in links:
            parts = urlsplit(urljoin(target.base.removesuffix(target.path) + path, link.replace("&amp;", "&")))
            if parts.scheme == "data" or link.startswith("#"):
                continue
            if parts.netloc == urlsplit(target.base).netloc:
                assert not parts.query, (path, link)
                waiting.append(unquote(parts.path))
    return seen


@pytest.mark.parametrize("name", TARGETS)
def test_a_crawl_finds_no_broken_link_and_misses_no_file(edition, every_day, tmp_path, name):
    target = TARGETS[name]
    folder = tmp_path / "copy"
    export(folder, target)
    seen = crawl(folder, target, days=True)
    reached = {str(served(folder, "/" + path.removeprefix(target.path)).relative_to(folder)) for path in seen}
    gone = {f"a/{edition.withdrawn.pk}/index.html", f"n/{edition.withdrawn_notice.pk}/index.html"}
    unreached = {path for path in set(files_in(folder)) - reached if not path.startswith("on/")}
    assert unreached == gone, "only old links lead to what was withdrawn"
    for path in (
        "a/1/index.html",
        f"p/qingxi/{DAY}/4/index.html",
        "search/qingxi-2024/index.html",
        "t/跨江大桥/feed.xml",
    ):
        assert path.replace("a/1/", f"a/{edition.lead.pk}/") in reached


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_hidden_is_in_any_file_and_nothing_of_the_making(edition, tmp_path, name):
    export(tmp_path, TARGETS[name])
    for path, body in files_in(tmp_path).items():
        text = path + body.decode()
        for marker in (HIDDEN, PHONE, IDENTITY, PHONE[3:], ORIGIN, "static-copy", "testserver", "csrf"):
            assert marker not in text, (path, marker)


def test_pages_are_valid_and_say_where_they_stand(edition, tmp_path):
    export(tmp_path, ROOT)
    for path, body in files_in(tmp_path).items():
        if path.endswith(".html"):
            document = markup.read(body.decode())
            assert document.faults == [], path
            assert not {"form", "search", "input"} & set(document.tags), path
            assert not re.search(r"<a (?![^>]*href=)[^>]*(?:rel|type)=", body.decode()), path  # a link to nowhere
            if document.canonical:
                assert unquote(document.canonical) == BASE + path.removesuffix("index.html"), path
        elif path.endswith(".xml"):
            ET.fromstring(body)
        if path.endswith("feed.xml"):
            parsed = feedparser.parse(body)
            assert not parsed.bozo and all(entry.id.startswith(BASE) for entry in parsed.entries)


def test_an_article_reads_as_on_the_site(edition, reader, tmp_path):
    export(tmp_path, ROOT)
    path = edition.lead.get_absolute_url()
    copy = markup.read(served(tmp_path, path).read_text("utf-8"))
    live = markup.read(reader.get(path).content.decode())
    main = copy.text.partition("青溪大桥建成通车")[2].replace(BASE, "http://testserver/")
    assert main in live.text and copy.data[0]["headline"] == live.data[0]["headline"]
    assert copy.data[0]["url"] == BASE.removesuffix("/") + path


def test_titles_of_a_year_stand_in_for_search(edition, tmp_path):
    export(tmp_path, ROOT)
    text = (tmp_path / "search/qingxi-2024/index.html").read_text("utf-8")
    live = Snapshot.objects.live().filter(newspaper=edition.paper)
    assert live.count() >= 4 and all(snapshot.title in text for snapshot in live)
    assert 'href="/search/">篇目索引</a>' in (tmp_path / "index.html").read_text("utf-8")


def test_what_was_withdrawn_says_why(edition, tmp_path):
    export(tmp_path, ROOT)
    stub = served(tmp_path, edition.withdrawn.get_absolute_url()).read_text("utf-8")
    assert "内容失实" in stub and "noindex" in stub


def test_a_second_run_writes_nothing(edition, tmp_path):
    first = export(tmp_path, ROOT)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file() and path.name != LIST}
    second = export(tmp_path, ROOT)
    assert first.counts.written and (second.counts.written, second.counts.removed) == (0, 0)
    assert second.made == 1 and second.kept == first.made - 1, "only what shows the latest is made again, to compare"
    assert before == {path: path.stat().st_mtime_ns for path in before}


def changed(folder: Path, target: Target = ROOT) -> set[str]:
    before = files_in(folder)
    export(folder, target)
    after = files_in(folder)
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


def same_as_anew(folder: Path, tmp_path: Path, target: Target = ROOT) -> None:
    fresh = tmp_path / f"fresh{len(list(tmp_path.iterdir()))}"
    export(fresh, target)
    mine, anew = files_in(folder), files_in(fresh)
    assert set(mine) == set(anew)
    assert {path for path in mine if mine[path] != anew[path]} == set()


def _publish_next_day(edition):
    page = factories.page(paper=edition.paper, date=DAY.replace(day=6))
    factories.published(factories.article(on=page, headline="次日新闻"))


def _correct(edition):
    factories.published(edit(edition.lead, headline="青溪大桥昨日通车"))


def _withdraw(edition):
    publishing.withdraw(item=edition.second, actor=engine_user(), reason="重复。")


def _withdraw_an_issue(edition):
    only = Snapshot.objects.live().get(date=DAY.replace(day=2)).article
    assert only
    publishing.withdraw(item=only, actor=engine_user(), reason="重复。")


def _publish_again(edition):
    edition.withdrawn.refresh_from_db()
    factories.published(edit(edition.withdrawn, headline="改好的标题"))


def _rename_a_topic(edition):
    edition.topic.name = "大桥"
    edition.topic.save()


def _let_time_come(edition):
    Snapshot.objects.filter(article=edition.scheduled)  # its time comes by the clock: see the test


def _amend(edition):
    from articles.actions.correcting import issue_correction
    from articles.models import CorrectionKind

    issue_correction(items=[edition.notice], kind=CorrectionKind.CORRECTION, text="应为两枚。", actor=engine_user())


@pytest.mark.parametrize(
    "act",
    [
        _publish_next_day,
        _correct,
        _withdraw,
        _withdraw_an_issue,
        _publish_again,
        _rename_a_topic,
        _amend,
        _let_time_come,
    ],
    ids=lambda act: act.__name__.strip("_"),
)
def test_a_copy_brought_up_to_date_is_the_copy_made_anew(edition, tmp_path, monkeypatch, act):
    copy = tmp_path / "copy"
    export(copy, ROOT)
    act(edition)
    if act is _let_time_come:
        monkeypatch.setattr("django.utils.timezone.now", lambda: edition.due)
    paths = changed(copy)
    assert paths and not {path for path in paths if path.startswith("p/baisha/2")}, "another newspaper's issues stay"
    same_as_anew(copy, tmp_path)
    crawl(copy, ROOT)


class Killed(BaseException):
    pass


@pytest.mark.once  # about files, whatever database they are made from; so are the two below
@pytest.mark.parametrize("after", [0, 3, 9, 20])
def test_killed_in_the_middle_and_run_again_is_right(edition, tmp_path, monkeypatch, after):
    copy = tmp_path / "copy"
    export(copy, ROOT)
    _publish_next_day(edition)
    _correct(edition)
    _withdraw(edition)
    wrote = Folder._write
    left = after

    def write(self: Folder, path: str, body: bytes) -> None:
        nonlocal left
        if left == 0:
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / f"{path}.part").write_bytes(body[: len(body) // 2])
            raise Killed
        left -= 1
        wrote(self, path, body)

    monkeypatch.setattr(Folder, "_write", write)
    with pytest.raises(Killed):
        export(copy, ROOT)
    monkeypatch.setattr(Folder, "_write", wrote)
    _publish_again(edition)
    export(copy, ROOT)
    same_as_anew(copy, tmp_path)


@pytest.mark.once
def test_a_new_look_makes_every_page_anew_even_when_killed_between(edition, tmp_path, monkeypatch):
    copy = tmp_path / "copy"
    export(copy, ROOT)
    put, left = Folder.put, 4

    def few(self, *given, **more):
        nonlocal left
        left -= 1
        if left < 0:
            raise Killed
        put(self, *given, **more)

    monkeypatch.setattr(Folder, "put", few)
    with pytest.raises(Killed):
        export(copy, TARGETS["relative"])
    monkeypatch.setattr(Folder, "put", put)
    export(copy, TARGETS["relative"])
    same_as_anew(copy, tmp_path, TARGETS["relative"])


def test_a_folder_with_anything_else_is_left_alone(edition, tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(CommandError, match="别的文件"):
        call_command("export_site", str(tmp_path), base_url=BASE)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
    with pytest.raises(CommandError, match="不是文件夹"):
        call_command("export_site", str(tmp_path / "letter.txt"), base_url=BASE)


@pytest.mark.once
def test_what_others_put_into_the_folder_later_stays(edition, tmp_path):
    export(tmp_path, ROOT)
    (tmp_path / "CNAME").write_text("paper.example.cn")
    _withdraw(edition)
    export(tmp_path, ROOT)
    assert (tmp_path / "CNAME").read_text() == "paper.example.cn"


def test_two_runs_at_once_do_not_meet(edition, tmp_path):
    with opened(tmp_path), pytest.raises(FolderRefused, match="另一个导出"):
        export(tmp_path, ROOT)


def test_a_list_that_is_broken_is_said_to_be(edition, tmp_path):
    (tmp_path / LIST).write_bytes(b"nothing of the kind" * 100)
    with pytest.raises(FolderRefused, match="读不懂"):
        export(tmp_path, ROOT)


@pytest.mark.parametrize("url", ["paper.example.cn", "ftp://x/", "https://", "https://x/?a=1", "https://u:p@x/"])
def test_a_wrong_address_is_refused(db, tmp_path, url):
    with pytest.raises(CommandError, match="--base-url"):
        call_command("export_site", str(tmp_path / "copy"), base_url=url)
    assert not (tmp_path / "copy").exists()


def test_the_command_says_what_it_did(edition, tmp_path, capsys):
    call_command("export_site", str(tmp_path), base_url=BASE.removesuffix("/"), relative=True)
    assert re.search(r"写了 \d+ 个文件，0 个没有变，删了 0 个", capsys.readouterr().out)
    assert 'href="../../index.html"' in (tmp_path / f"a/{edition.lead.pk}/index.html").read_text("utf-8")


def test_an_empty_site_can_be_copied(db, tmp_path):
    export(tmp_path, ROOT)
    crawl(tmp_path, ROOT)


def test_a_page_that_fails_stops_the_run_by_name(edition, tmp_path, monkeypatch):
    from django.http import HttpResponse

    monkeypatch.setattr(site, "_asked", lambda address: HttpResponse(status=500))
    with pytest.raises(site.ExportFailed, match="出错"):
        export(tmp_path, ROOT)


def test_the_list_knows_every_file(edition, tmp_path):
    export(tmp_path, ROOT)
    with sqlite3.connect(tmp_path / LIST) as known:
        assert {path for (path,) in known.execute("SELECT path FROM file")} == set(files_in(tmp_path))
