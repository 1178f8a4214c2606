"""The search boxes of articles and notices: the query language readers know, over everything there is.

The index holds notices in clear. Whoever may not see numbers could still learn one, asking for it sign by sign; to them
a word with figures or letters in it counts only where it stands in the masked text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from articles.admin.base import BoundedPaginator
from articles.models import Newspaper, Notice, Topic
from articles.notice_masking import mask_notice
from articles.search import search
from articles.search.folding import fold
from articles.search.names import with_slugs
from articles.search.query import read_query
from articles.search.types import Field, Kind, Query, Scope, Term

MOST = BoundedPaginator.limit
"""A list shows no more."""
MOST_READ = 500
"""Notices whose masked text is read for one search."""

_TELLING = re.compile(r"[0-9a-z]{2}")


@dataclass(frozen=True, slots=True)
class ItemsFound:
    pks: list[int]
    is_cut: bool
    """There are more: these are the latest by date."""


def read_for_drafts(text: str) -> Query:
    """What was typed as a question to the drafts, every newspaper and topic known; `QueryRefused` when it is none."""
    reading = with_slugs(
        read_query(text),
        newspapers=Newspaper.objects.values_list("name", "slug"),
        topic=lambda name: Topic.objects.filter(name=name).values_list("slug", flat=True).first(),
    )
    return reading.query


def find_items(text: str, kind: Kind, *, in_clear: bool) -> ItemsFound:
    """Articles or notices in any state; `QueryRefused` when the text is no query.

    One query to the index, one more for each of newspaper and topic named, one for masked texts to read.
    """
    query = read_for_drafts(text)
    if query.kind not in (None, kind):
        return ItemsFound([], is_cut=False)
    query = replace(query, kind=kind)
    if kind is Kind.ARTICLE or in_clear or not _is_telling(query):
        found = search(query, scope=Scope.DRAFTS, size=MOST)
        return ItemsFound([hit.pk for hit in found.hits], is_cut=found.next is not None)
    return _masked(query)


def _is_telling(query: Query) -> bool:
    groups: Iterable[tuple[Term, ...]] = (*query.all_of, query.none_of)
    return any(_TELLING.search(fold(term.text)) for group in groups for term in group)


def _masked(query: Query) -> ItemsFound:
    """What the masked texts answer. The index leads to the candidates; words ruled out are left to the reading, or
    their absence would tell."""
    ruled_out = tuple(term for term in query.none_of if _TELLING.search(fold(term.text)))
    kept = tuple(term for term in query.none_of if term not in ruled_out)
    found = search(replace(query, none_of=kept), scope=Scope.DRAFTS, size=MOST_READ)
    notices = Notice.objects.in_bulk([hit.pk for hit in found.hits])
    pks = []
    for hit in found.hits:
        notice = notices.get(hit.pk)
        if notice is not None:
            parts = _parts(mask_notice(notice.content))
            if all(any(_has(parts, term) for term in group) for group in query.all_of) and not any(
                _has(parts, term) for term in ruled_out
            ):
                pks.append(hit.pk)
    return ItemsFound(pks, is_cut=found.next is not None)


def _parts(content: dict[str, Any]) -> dict[Field | None, str]:
    """Folded texts by the field they are found in, the whole under None."""
    heading = fold(content["heading"] or content["kind"])
    declarant = content["fields"].get("declarant") or ""
    body = "\n".join(piece["text"] for piece in content["body"])
    return {Field.HEADLINE: heading, None: "\n".join([heading, fold(str(declarant)), fold(body)])}


def _has(parts: dict[Field | None, str], term: Term) -> bool:
    """A word without telling signs was found by the index, wherever it stands."""
    text = fold(term.text)
    return not _TELLING.search(text) or text in parts.get(term.field, "")
