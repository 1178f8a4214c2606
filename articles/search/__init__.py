"""Full-text search over everything that is published, and over everything that is being worked on.

`search` and `facets` answer a `types.Query`; `query` reads one from what a person typed. `topics_nearby` says
what the stories nearest to one are about, `holding` narrows a list of snapshots by what stands in their text.
"""

from articles.search.narrowing import holding
from articles.search.related import topics_nearby
from articles.search.searching import facets, search

__all__ = ["facets", "holding", "search", "topics_nearby"]
