"""The names in a query as the index knows them: newspapers and topics by their slugs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from articles.search.folding import fold
from articles.search.query import Narrowing, QueryRefused, Reading

_LISTED = 8


def with_slugs(
    reading: Reading, *, newspapers: Iterable[tuple[str, str]], topic: Callable[[str], str | None]
) -> Reading:
    """The same with slugs for the names typed; `QueryRefused` for a name that nothing has.

    `newspapers` are names and slugs of those whoever asks may know of; `topic` finds the slug of such a topic.
    """
    query = reading.query
    for one in reading.narrowed:
        if one.by is Narrowing.NEWSPAPER:
            query = replace(query, newspaper=_newspaper(one.says, list(newspapers), one.start, one.end))
        elif one.by is Narrowing.TOPIC:
            slug = topic(one.says)
            if slug is None:
                raise QueryRefused(
                    f"没有叫“{one.says}”的专题：请核对名称，或者去掉“专题:”直接找这个词。", one.start, one.end
                )
            query = replace(query, topic=slug)
    return replace(reading, query=query)


def _newspaper(asked: str, newspapers: list[tuple[str, str]], start: int, end: int) -> str:
    """By slug or name; part of a name will do when only one newspaper has it."""
    wanted = fold(asked)
    for name, slug in newspapers:
        if asked == slug or wanted == fold(name):
            return slug
    alike = [slug for name, slug in newspapers if wanted and wanted in fold(name)]
    if len(alike) == 1:
        return alike[0]
    known = "、".join(name for name, _ in newspapers[:_LISTED])
    raise QueryRefused(
        f"没有叫“{asked}”的报纸{f'：有{known}' if known else ''}。"
        if not alike
        else f"不止一份报纸叫“{asked}”：请写全名。",
        start,
        end,
    )
