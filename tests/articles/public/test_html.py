"""Every kind of public page, read by a real parser that mends nothing, and weighed."""

from __future__ import annotations

import re
from pathlib import Path

import html5lib
import pytest
from django.contrib.staticfiles import finders

from tests.articles.public import markup
from tests.articles.public.everything import addresses

pytestmark = pytest.mark.django_db

_MOST_BYTES = 60_000


def test_every_page_is_html_without_a_single_error_and_light(edition, reader):
    """Styles and scripts of a page together stay under 60 kB before compression."""
    for kind, path in addresses(edition).items():
        html = reader.get(path).content.decode()
        parser = html5lib.HTMLParser(strict=False)
        parser.parse(html)
        errors = [error for error in parser.errors if error[1] != "unknown-dangerous"]
        assert errors == [], (kind, errors)
        assert markup.read(html).faults == [], kind
        names = set(re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js))"', html))
        assert "articles/public/paper.css" in names, kind
        sizes = {name: Path(str(finders.find(name))).stat().st_size for name in names}
        assert sum(sizes.values()) < _MOST_BYTES, (kind, sizes)
