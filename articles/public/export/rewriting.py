"""A page of the site made into a page of the copy: links lead to files, and what needs a server is gone. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from urllib.parse import quote

from articles.public.export.addresses import ORIGIN, TITLES, address_in_copy, path_of, relative

_LINKS = {"a": "href", "link": "href", "script": "src", "img": "src", "source": "src"}
_NEED_SERVER = {"form", "search"}
_TO_TITLES = '<p class="to-titles"><a href="{}">篇目索引</a></p>'
# Links of a head that say an address to machines, who are not to take the copy for the place.
_SPOKEN = {"canonical", "alternate", "search"}


# What an element may only say that leads somewhere.
_OF_A_LINK = re.compile(r'\s(?:href|src|rel|type)="[^"]*"')


@dataclass(frozen=True, slots=True)
class Target:
    """Where the copy will stand."""

    base: str
    """Its address, ending in a slash."""
    is_relative: bool
    """Whether links between pages are relative, so that the folder can stand anywhere, also on a disk."""

    def link(self, address: str, at: str) -> str:
        if self.is_relative:
            return quote(relative(address, at), safe="/-._~")
        return self.path + quote(address.removeprefix("/"), safe="/-._~")

    @property
    def path(self) -> str:
        return "/" + self.base.partition("://")[2].partition("/")[2]


@dataclass
class Rewritten:
    text: str
    leads_to: list[str] = field(default_factory=list)
    """Addresses in the copy, in the order they come."""


class _Page(HTMLParser):
    """Says the page back as it is, but for links and what needs a server."""

    def __init__(self, at: str, target: Target) -> None:
        super().__init__(convert_charrefs=False)
        self.at, self.target = at, target
        self.said: list[str] = []
        self.leads_to: list[str] = []
        self.dropping: list[str] = []
        self.is_search = False

    def say(self, text: str) -> None:
        if not self.dropping:
            self.said.append(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in _NEED_SERVER:
            self.dropping.append(tag)
        if self.dropping:
            self.is_search = self.is_search or values.get("action") == TITLES
            return
        text = self.get_starttag_text() or ""
        name = _LINKS.get(tag)
        self.say(self.linked(tag, name, values, text) if name and name in values else text)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def linked(self, tag: str, name: str, values: dict[str, str], text: str) -> str:
        found = path_of(values[name], self.at)
        if found is None or values[name].startswith("#"):
            return text
        path, query, fragment = found
        address = address_in_copy(path, query)
        written = re.search(rf'\s{name}="[^"]*"', text)
        if address is None or written is None:
            return "" if tag == "link" else _OF_A_LINK.sub("", text) if written else text
        self.leads_to.append(address)
        if tag == "link" and _SPOKEN & set(values.get("rel", "").split()):
            link = ORIGIN + quote(address, safe="/-._~")
        else:
            link = self.target.link(address, self.at)
        link += f"#{fragment}" if fragment else ""
        return text.replace(written[0], f' {name}="{escape(link)}"')

    def handle_endtag(self, tag: str) -> None:
        if not self.dropping:
            self.say(f"</{tag}>")
        elif self.dropping[-1] == tag:
            self.dropping.pop()
            if not self.dropping and self.is_search:
                self.is_search = False
                self.leads_to.append(TITLES)
                self.say(_TO_TITLES.format(escape(self.target.link(TITLES, self.at))))

    def handle_data(self, data: str) -> None:
        self.say(data)

    def handle_entityref(self, name: str) -> None:
        self.say(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.say(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.say(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.say(f"<!{decl}>")


def page(html: str, *, at: str, target: Target) -> Rewritten:
    reader = _Page(at, target)
    reader.feed(html)
    reader.close()
    return Rewritten(at_home("".join(reader.said), target), reader.leads_to)


_ADDRESS = re.compile(re.escape(ORIGIN) + r'(/[^<"\s?]*)?(\?[^<"\s]*)?')
_ENTRY = re.compile(r"<(url|sitemap)>.*?</\1>", re.DOTALL)


def machine_text(text: str, *, target: Target) -> Rewritten:
    """A feed, a sitemap, robots.txt: absolute addresses; a sitemap's entry without a place in the copy is gone."""
    leads_to: list[str] = []

    def entry(found: re.Match[str]) -> str:
        link = _ADDRESS.search(found[0])
        return found[0] if link is None or _known(link, leads_to) else ""

    text = _ENTRY.sub(entry, text)
    for link in _ADDRESS.finditer(text):
        _known(link, leads_to)
    return Rewritten(at_home(text, target), leads_to)


def _known(link: re.Match[str], leads_to: list[str]) -> bool:
    found = path_of(link[0].replace("&amp;", "&"), "/")
    address = address_in_copy(found[0], found[1]) if found else None
    if address is not None:
        leads_to.append(address)
    return address is not None


_STYLE_URL = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")


def style_links(css: str, at: str) -> list[str]:
    """The addresses a style sheet needs. They are relative to it, and stay so."""
    found = (path_of(link, at) for link in _STYLE_URL.findall(css) if not link.startswith(("data:", "#")))
    return [one[0] for one in found if one is not None]


def at_home(text: str, target: Target) -> str:
    """The text with the copy's address where it says the site's."""
    return text.replace(f"{ORIGIN}/", target.base).replace(ORIGIN, target.base.removesuffix("/"))
