"""Full-text search over everything that is published, and over everything that is being worked on.

`search` and `facets` answer a `types.Query`; `query` reads one from what a person typed.
"""

from articles.search.searching import facets, search

__all__ = ["facets", "search"]
