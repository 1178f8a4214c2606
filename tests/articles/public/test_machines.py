"""robots.txt, sitemaps and feeds are well-formed and hold what is public."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from tests import factories

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def xml(reader, path):
    response = reader.get(path)
    assert response.status_code == 200 and "xml" in response.headers["Content-Type"]
    return ET.fromstring(response.content)


def test_robots_may_read_all_but_the_desk(db, reader):
    lines = reader.get("/robots.txt").content.decode().splitlines()
    assert "Disallow: /admin/" in lines and "Sitemap: http://testserver/sitemap.xml" in lines


def test_the_icon_asked_for_unasked_is_the_sites_own(reader):
    response = reader.get("/favicon.ico")
    assert (response.status_code, response.headers["Location"]) == (302, "/static/articles/public/icon.svg")
    assert "max-age=" in response.headers["Cache-Control"]


def test_the_sitemap_names_every_public_address_of_a_year(edition, reader, settings):
    settings.NOTICE_INDEX_YEARS = 900  # the notice is of 2024
    index = [loc.text for loc in xml(reader, "/sitemap.xml").iter(f"{MAP}loc")]
    assert sorted(index) == [f"http://testserver/p/{slug}/sitemap-2024.xml" for slug in ("baisha", "qingxi")]
    named = {loc.text for loc in xml(reader, "/p/qingxi/sitemap-2024.xml").iter(f"{MAP}loc")}
    for path in (edition.lead.get_absolute_url(), edition.notice.get_absolute_url(), "/p/qingxi/2024-03-05/"):
        assert f"http://testserver{path}" in named
    for hidden in (edition.withdrawn, edition.draft, edition.scheduled):
        assert f"http://testserver{hidden.get_absolute_url()}" not in named


def test_the_feed_has_the_full_text_and_lasting_ids(edition, reader):
    feed = xml(reader, "/p/qingxi/feed.xml")
    entry = next(e for e in feed.iter(f"{ATOM}entry") if e.findtext(f"{ATOM}title") == "青溪大桥建成通车")
    assert entry.findtext(f"{ATOM}id") == f"http://testserver{edition.lead.get_absolute_url()}"
    content = entry.find(f"{ATOM}content")
    assert content is not None and content.get("type") == "html"
    assert "<h2>一桥飞架</h2>" in (content.text or "") and "139＊＊＊＊＊＊＊＊" in (content.text or "")
    assert feed.findtext(f"{ATOM}title") == "青溪日报" and feed.findtext(f"{ATOM}updated")


def test_a_feed_of_odd_text_is_still_well_formed(db, reader):
    page = factories.page()
    factories.published(factories.article(on=page, headline="甲<乙>&丙", text="a]]>b <script> 结束"))
    feed = xml(reader, "/p/qingxi/feed.xml")
    entry = feed.find(f"{ATOM}entry")
    assert entry is not None and entry.findtext(f"{ATOM}title") == "甲<乙>&丙"
    assert "&lt;script&gt;" in (entry.findtext(f"{ATOM}content") or "")


def test_an_empty_site_has_an_empty_sitemap(db, reader):
    assert list(xml(reader, "/sitemap.xml")) == []
