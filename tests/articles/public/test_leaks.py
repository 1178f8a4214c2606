"""What is not public is nowhere: a crawl over every address a reader can reach."""

from __future__ import annotations

import re
from collections import deque
from urllib.parse import unquote, urljoin, urlsplit

from django.contrib.staticfiles import finders
from django.test import Client

from articles.models import Contributor
from tests.articles.public import markup
from tests.articles.public.conftest import DAY, HIDDEN, IDENTITY, PHONE

_HOST = "http://testserver"
_EXPECTED_KINDS = {"/", "/a/", "/n/", "/notices/", "/topics/", "/t/", "/about/", "/p/"}


def crawl(reader: Client, *starts: str) -> dict[str, tuple[int, str]]:
    """Status and text of every address that can be reached from these, and of the files they name."""
    seen: dict[str, tuple[int, str]] = {}
    waiting = deque(starts)
    while waiting:
        path = waiting.popleft()
        if path in seen:
            continue
        response = reader.get(path)
        text = response.content.decode()
        seen[path] = (response.status_code, text)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            document = markup.read(text)
            assert document.faults == [], path
            found = document.links
        else:
            found = re.findall(r'(?:<loc>|href="|Sitemap: )([^<"\s]+)', text)
        for link in found:
            parts = urlsplit(urljoin(_HOST + path, link))
            if parts.netloc != "testserver":
                assert parts.netloc in {"www.w3.org", "www.google.com"}, link
            elif parts.path.startswith("/static/"):
                assert finders.find(parts.path.removeprefix("/static/")), link
            else:
                waiting.append(parts.path + (f"?{parts.query}" if parts.query else ""))
    return seen


def test_a_crawl_finds_no_broken_link_and_nothing_that_is_not_public(edition, reader):
    seen = crawl(reader, "/", "/robots.txt", f"/c/{edition.author.pk}/")
    assert {path: status for path, (status, _) in seen.items() if status != 200} == {}
    kinds = {re.match(r"/\w*/?", path)[0] for path in seen if "." not in path}  # type: ignore[index]
    assert kinds >= _EXPECTED_KINDS
    machines = {"/p/qingxi/feed.xml", "/notices/feed.xml", f"/c/{edition.author.pk}/feed.xml"}
    machines |= {"/sitemap.xml", "/sitemap-site.xml", "/sitemap-news.xml", "/p/qingxi/sitemap-2024-03.xml"}
    machines.add(edition.topic.get_absolute_url() + "feed.xml")
    assert machines <= seen.keys() | {unquote(path) for path in seen}

    unseen = Contributor.objects.filter(name__contains=HIDDEN)
    assert unseen
    refused = [
        *(item.get_absolute_url() for item in (edition.draft, edition.scheduled, edition.withdrawn)),
        edition.withdrawn_notice.get_absolute_url(),
        edition.proposed.get_absolute_url(),
        edition.proposed.get_absolute_url() + "feed.xml",
        *(f"/c/{hidden.pk}/{name}" for hidden in unseen for name in ("", "feed.xml")),
        "/p/unseen/",
        f"/p/unseen/{DAY}/",
        "/p/qingxi/2024-03-12/",
        f"/p/qingxi/{DAY}/2/",
        "/p/qingxi/2019/",
        "/nothing/",
        "/?x=1",
    ]
    errors = {path: reader.get(path) for path in refused}
    assert all(400 <= response.status_code < 500 for response in errors.values())
    texts = {path: text for path, (_, text) in seen.items()} | {
        path: response.content.decode() for path, response in errors.items()
    }
    for path, text in texts.items():
        for marker in (HIDDEN, PHONE, IDENTITY, PHONE[3:], IDENTITY[:14]):
            assert marker not in text, (path, marker)


def test_an_unpublished_item_and_one_that_does_not_exist_look_the_same(edition, reader):
    hidden = reader.get(edition.draft.get_absolute_url())
    absent = reader.get("/a/999999999/")
    assert hidden.status_code == absent.status_code == 404
    assert hidden.content == absent.content


def test_a_public_page_is_the_same_for_an_editor_and_carries_no_cookie(edition, reader, as_chief):
    for path in ("/", f"/p/qingxi/{DAY}/", edition.lead.get_absolute_url(), "/notices/", "/nothing/"):
        anonymous, editor = reader.get(path), as_chief.get(path)
        assert anonymous.content == editor.content
        for response in (anonymous, editor):
            assert not response.cookies and "Cookie" not in response.headers.get("Vary", "")
