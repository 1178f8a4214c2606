"""Topic suggestions: which topics an article seems to belong to. An editor decides; readers see nothing before."""

from __future__ import annotations

from collections.abc import Sequence

from articles.models import Article


def suggest_topics(articles: Sequence[Article]) -> None:
    """Work out keywords and suggested topics of these articles; call it once in a transaction."""
