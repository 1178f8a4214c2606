"""The names guard at work: what it queries becomes findings of the article."""

from __future__ import annotations

import threading
from datetime import datetime

from django.db.models import Count, Max

from articles.models import AnyItem, Article, Finding, FindingState, Office
from articles.names import Doubt, Held, Register

CODES = ("name-title", "name-near")

_Stamp = tuple[int, int | None, datetime | None]
_lock = threading.Lock()
_kept: tuple[_Stamp, Register] | None = None


def register() -> Register:
    """The offices on record. Made anew when one was changed; otherwise a single small query."""
    global _kept
    seen = Office.objects.aggregate(count=Count("pk"), last=Max("pk"), at=Max("updated_at"))
    stamp = (seen["count"], seen["last"], seen["at"])
    with _lock:
        kept = _kept
    if kept is not None and kept[0] == stamp:
        return kept[1]
    rows = Office.objects.order_by("pk").values_list("name", "title", "since", "until")
    made = Register.of(Held(*row) for row in rows.iterator())
    with _lock:
        _kept = stamp, made
    return made


def guard_names(*, item: AnyItem) -> int:
    """Bring the article's findings about names up to what is on record, and say how many are open.

    Called by those who pass a text (校毕, 签审), under their lock of it. What an editor settled stays settled, and a
    finding that no longer holds goes. Notices are left alone: their people are private, nobody keeps them on record.
    """
    if not isinstance(item, Article):
        return 0
    wanted: dict[str, Finding] = {}
    found = _doubts(item, register())
    for doubt, piece in found:
        key = f"name:{item.pk}:{doubt.code}:{doubt.quote}"[:80]
        wanted.setdefault(key, _finding(item, key, doubt, piece))
    standing = {f.key: f for f in Finding.objects.filter(article=item, kind__in=CODES)}
    gone = [f.pk for key, f in standing.items() if key not in wanted and f.state == FindingState.OPEN]
    if gone:
        Finding.objects.filter(pk__in=gone).delete()
    Finding.objects.bulk_create(made for key, made in wanted.items() if key not in standing)
    return sum(1 for key in wanted if key not in standing or standing[key].state == FindingState.OPEN)


def _doubts(article: Article, known: Register) -> list[tuple[Doubt, str]]:
    """In the order of the text, with the piece each stands in."""
    if not known.by_name:
        return []
    day = article.page.issue.date
    signed = set(article.credits.values_list("contributor__name", flat=True))
    lines = [(line, "") for line in (article.kicker, article.headline, *article.deck)]
    lines += [(piece["text"], piece["id"]) for piece in (*article.body, *article.captions)]
    return [(doubt, piece) for text, piece in lines for doubt in known.doubts(text, day=day, known=signed)]


def _finding(article: Article, key: str, doubt: Doubt, piece: str) -> Finding:
    return Finding(
        page_id=article.page_id,
        article=article,
        key=key,
        kind=doubt.code,
        message=doubt.message[:300],
        quote=doubt.quote[:200],
        fix=doubt.fix,
        piece=piece,
        is_blocking=doubt.is_blocking,
    )
