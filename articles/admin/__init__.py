"""The editors' side: Django's admin, where every write goes through `articles.actions`.

A module per subject; `base`, `filters`, `acts`, `bulk` and `beside` are shared, screens are functions that take the
model admin. Sources are not known here: `ItemAdmin.beside` and `PageAdmin.beside` are the places to say them.
"""

from django.contrib import admin

from articles.admin import (
    accounts,
    addresses,
    corrections,
    findings,
    items,
    logins,
    newspapers,
    offices,
    pages,
    records,
    teamwork,
    topics,
)

__all__ = [
    "accounts",
    "addresses",
    "corrections",
    "findings",
    "items",
    "logins",
    "newspapers",
    "offices",
    "pages",
    "records",
    "teamwork",
    "topics",
]

# The header's own short list of places is enough, and leaves the width to the text.
admin.site.enable_nav_sidebar = False
