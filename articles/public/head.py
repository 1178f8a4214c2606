"""What the head of a page says to machines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest

JsonLd = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Head:
    title: str
    description: str = ""
    canonical: str = ""
    """Absolute; empty on error pages, which are nobody's address."""
    kind: str = "website"
    """`og:type`."""
    published: str = ""
    modified: str = ""
    section: str = ""
    feed: str = ""
    feed_title: str = ""
    is_listed: bool = True
    """False keeps the page out of search engines: error pages, filtered lists."""
    data: JsonLd | None = None

    @property
    def site_name(self) -> str:
        return str(settings.SITE_NAME)


def absolute(request: HttpRequest, path: str) -> str:
    """The address with scheme and host. The host is one of ALLOWED_HOSTS, or Django has refused the request."""
    return request.build_absolute_uri(path)
