"""Which file of the copy an address of the site has, and what a copy has no file for. Pure."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import parse_qsl, unquote, urlsplit

ORIGIN = "https://static-copy.invalid"
"""The site's own origin while pages are made: no text of a newspaper holds it, so it can be told and replaced."""

TITLES = "/search/"
"""Where the list of titles stands that a copy has in place of search."""

_TITLES_OF = re.compile(re.escape(TITLES) + r"([-\w]+)-(\d{4})/", re.ASCII)

# Answers that a server has to give when they are asked for.
_NEEDS_SERVER = re.compile(
    r"/(admin|api|static-copy)/|/search/.+|/opensearch\.xml$|/notices/lookup/|/favicon\.ico$|.*/proof/$"
)
_CURSORS = {"before", "after"}
_CURSOR = re.compile(r"[-0-9.]+", re.ASCII)
# Their pages shift with every new notice; the lists of titles have them all.
_PAGED_BY_TITLES = "/notices/"


def path_of(link: str, at: str) -> tuple[str, str, str] | None:
    """Path, query and fragment of a link on the page at that path; None when it leads to another site."""
    parts = urlsplit(link)
    if (parts.scheme or parts.netloc) and f"{parts.scheme}://{parts.netloc}" != ORIGIN:
        return None
    path = unquote(parts.path) or at
    if not path.startswith("/"):
        path = posixpath.join(at if at.endswith("/") else posixpath.dirname(at) + "/", path)
    return path, parts.query, parts.fragment


def address_in_copy(path: str, query: str = "") -> str | None:
    """The address that stands for it in the copy, without a query; None where it has none."""
    if path == TITLES or (path == _PAGED_BY_TITLES and query):
        return TITLES
    if titles_asked_for(path):
        return path
    if _NEEDS_SERVER.match(path):
        return None
    given = dict(parse_qsl(query))
    [place] = [f"{name}-{value}" for name, value in given.items() if name in _CURSORS] or [""]
    if not place:
        return path
    return f"{path}{place}/" if path.endswith("/") and _CURSOR.fullmatch(place.partition("-")[2]) else None


def titles_asked_for(address: str) -> tuple[str, int] | None:
    """Newspaper and year, where the address is that of a year's titles."""
    found = _TITLES_OF.fullmatch(address)
    return (found[1], int(found[2])) if found else None


def titles_address(newspaper: str, year: int) -> str:
    return f"{TITLES}{newspaper}-{year}/"


def asked_for(address: str) -> tuple[str, str]:
    """Path and query to ask the site for: the way back from `address_in_copy`."""
    found = re.fullmatch(r"(.*/)(before|after)-([-0-9.]+)/", address)
    return (found[1], f"{found[2]}={found[3]}") if found else (address, "")


def file_of(address: str) -> str:
    """The file of an address, as a path below the folder."""
    return address.removeprefix("/") + ("index.html" if address.endswith("/") else "")


def is_safe(file: str) -> bool:
    """Whether the file lies below the folder and no name on its way is hidden or too long for a file system."""
    names = file.split("/")
    return all(name and not name.startswith(".") and len(name.encode()) <= 240 for name in names) and "\x00" not in file


def relative(target: str, at: str) -> str:
    """The way from the page at one address to the file of another, that needs no server to find index files."""
    return posixpath.relpath("/" + file_of(target), posixpath.dirname("/" + file_of(at)))
