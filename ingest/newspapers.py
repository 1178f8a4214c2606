"""Newspapers by name, made when they come in for the first time."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from django.db import IntegrityError, transaction

from articles.models import Newspaper

TITLES = Path(__file__).parent / "titles.toml"
NAME_LIMIT = 60


@cache
def known_slugs() -> dict[str, str]:
    """Addresses of titles we know, from `titles.toml`."""
    return dict(tomllib.loads(TITLES.read_text("utf-8"))["slugs"])


def newspaper_named(name: str) -> Newspaper:
    """The newspaper of that name, made where there is none; its address is safe from clashes."""
    found = Newspaper.objects.filter(name=name).first()
    if found is not None:
        return found
    number = Newspaper.objects.count() + 1
    slug = known_slugs().get(name, f"paper-{number}")
    while True:
        try:
            with transaction.atomic():
                return Newspaper.objects.get_or_create(name=name, defaults={"slug": slug})[0]
        except IntegrityError:  # the address is taken, by a person's choice or by another process just now
            slug, number = f"paper-{number}", number + 1
