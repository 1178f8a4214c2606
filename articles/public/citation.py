"""How to cite an article: GB/T 7714—2015, 报纸析出文献."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from articles.models import Snapshot

_NAMED = 3  # the standard names the first three authors and says 等 for the rest


def gbt7714(*, authors: Sequence[str], title: str, newspaper: str, date: datetime.date, page: int) -> str:
    """``丁文祥. 数字革命与竞争国际化[N]. 中国青年报, 2000-11-20(15).`` Unsigned articles start with the title."""
    names = ", ".join(authors[:_NAMED]) + (", 等" if len(authors) > _NAMED else "")
    lead = f"{names}. " if names else ""
    return f"{lead}{title}[N]. {newspaper}, {date.isoformat()}({page})."


def cite(snapshot: Snapshot) -> str:
    """The citation of a published article."""
    return gbt7714(
        authors=[credit["name"] for credit in snapshot.content["credits"]],
        title=snapshot.title,
        newspaper=snapshot.newspaper.name,
        date=snapshot.date,
        page=snapshot.page_number,
    )
