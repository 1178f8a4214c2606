"""robots.txt and sitemaps: well-formed, as the protocol says, and nothing but what is public."""

from __future__ import annotations

import datetime
from xml.etree import ElementTree as ET

from django.utils import timezone

from articles.models import SnapshotContributor
from articles.public import sitemaps
from tests import factories

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
HOST = "http://testserver"


def xml(reader, path):
    response = reader.get(path)
    assert response.status_code == 200 and "xml" in response.headers["Content-Type"]
    tree = ET.fromstring(response.content)
    addresses = [loc.text or "" for loc in tree.iter(f"{MAP}loc")]
    assert len(addresses) == len(set(addresses)) == len(list(tree)), "one loc each, none twice"
    assert all(address.startswith(f"{HOST}/") for address in addresses)
    for changed in tree.iter(f"{MAP}lastmod"):
        assert datetime.datetime.fromisoformat(changed.text or "").tzinfo is not None
    return tree


def named(reader, path):
    return [(loc.text or "").removeprefix(HOST) for loc in xml(reader, path).iter(f"{MAP}loc")]


def test_robots_may_read_all_but_the_desk(db, reader):
    lines = reader.get("/robots.txt").content.decode().splitlines()
    assert "Disallow: /admin/" in lines and "Disallow: /search/?" in lines and f"Sitemap: {HOST}/sitemap.xml" in lines


def test_the_icon_asked_for_unasked_is_the_sites_own(reader):
    response = reader.get("/favicon.ico")
    assert (response.status_code, response.headers["Location"]) == (302, "/static/articles/public/icon.svg")
    assert "max-age=" in response.headers["Cache-Control"]


def test_the_index_leads_to_every_sitemap(edition, reader, monkeypatch):
    monkeypatch.setattr(sitemaps, "PEOPLE", 10**9)  # numbers go on from test to test
    assert named(reader, "/sitemap.xml") == [
        "/sitemap-site.xml",
        "/sitemap-news.xml",
        "/sitemap-people-1.xml",
        "/p/baisha/sitemap-2024-03.xml",
        "/p/qingxi/sitemap-2024-03.xml",
    ]


def test_the_sitemap_names_every_public_address_of_a_month(edition, reader, settings):
    settings.NOTICE_INDEX_YEARS = 900  # the notice is of 2024
    listed = named(reader, "/p/qingxi/sitemap-2024-03.xml")
    assert {edition.lead.get_absolute_url(), edition.notice.get_absolute_url(), "/p/qingxi/2024-03-05/"} <= set(listed)
    for hidden in (edition.withdrawn, edition.draft, edition.scheduled):
        assert hidden.get_absolute_url() not in listed


def test_notices_that_search_engines_shall_forget_are_not_named(edition, reader, settings):
    settings.NOTICE_INDEX_YEARS = 0
    assert edition.notice.get_absolute_url() not in named(reader, "/p/qingxi/sitemap-2024-03.xml")


def test_standing_pages_have_a_sitemap_of_their_own(edition, reader):
    listed = named(reader, "/sitemap-site.xml")
    assert {"/", "/notices/", "/p/qingxi/", "/p/qingxi/2024/"} <= set(listed)
    assert edition.topic.get_absolute_url() in listed and edition.proposed.get_absolute_url() not in listed
    for path in listed:
        assert reader.get(path).status_code == 200


def test_months_are_whole_and_apart(db, reader):
    days = [datetime.date(2023, 12, 31), datetime.date(2024, 2, 1), datetime.date(2024, 2, 29)]
    made = [factories.published(factories.article(on=factories.page(date=day))) for day in days]
    addresses = [one.get_absolute_url() for one in made]
    index = [f"/p/qingxi/sitemap-{month}.xml" for month in ("2024-02", "2024-01", "2023-12")]
    assert named(reader, "/sitemap.xml")[2:] == index
    listed = [[each for each in named(reader, path) if each in addresses] for path in index]
    assert listed == [[addresses[2], addresses[1]], [], [addresses[0]]]


def test_people_are_in_parts_by_their_numbers(edition, reader, monkeypatch):
    monkeypatch.setattr(sitemaps, "PEOPLE", 1)
    nobody = edition.author.pk
    edition.author.pk = nobody + 2  # the same person under a later number: two parts before it are empty
    edition.author.name += "二"
    edition.author.save(force_insert=True)
    SnapshotContributor.objects.filter(contributor=nobody).update(contributor=edition.author)
    parts = [path for path in named(reader, "/sitemap.xml") if "people" in path]
    assert parts[-1] == f"/sitemap-people-{edition.author.pk}.xml"
    assert named(reader, parts[-1]) == [f"/c/{edition.author.pk}/"]
    assert named(reader, parts[-2]) == named(reader, parts[-3]) == [], "what the index names is there"
    for beyond in (edition.author.pk + 1, "9" * 18):
        assert reader.get(f"/sitemap-people-{beyond}.xml").status_code == 404


def test_news_is_what_was_printed_today_and_yesterday(edition, reader):
    assert named(reader, "/sitemap-news.xml") == [], "an old issue published today is no news"
    today = timezone.localdate()
    made = [
        factories.article(on=factories.page(date=today - datetime.timedelta(back)), headline=f"<新>闻{back}")
        for back in (0, 1, 2)
    ]
    for article in made:
        factories.published(article)
    factories.published(factories.notice(on=made[0].page))
    tree = xml(reader, "/sitemap-news.xml")
    assert named(reader, "/sitemap-news.xml") == [article.get_absolute_url() for article in made[:2]]
    [first, _] = tree.iter(f"{NEWS}news")
    assert [(child.tag.removeprefix(NEWS), child.text) for child in first.iter() if child.text] == [
        ("name", "青溪日报"),
        ("language", "zh-cn"),
        ("publication_date", today.isoformat()),
        ("title", "<新>闻0"),
    ]


def test_an_empty_site_has_sitemaps_without_newspapers(db, reader):
    assert named(reader, "/sitemap.xml") == ["/sitemap-site.xml", "/sitemap-news.xml"]
    assert list(xml(reader, "/sitemap-news.xml")) == [] and "/" in named(reader, "/sitemap-site.xml")
