"""The editors' side: Django's admin, where every write goes through `articles.actions`.

A module per subject; `base`, `filters`, `acts`, `bulk` and `beside` are shared, screens are functions that take the
model admin. Sources are not known here: `ItemAdmin.beside` and `PageAdmin.beside` are the places to say them.
"""

from articles.admin import findings, items, newspapers, pages, records, topics

__all__ = ["findings", "items", "newspapers", "pages", "records", "topics"]
