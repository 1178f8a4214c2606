"""刊登证明: what a printed proof of publication says."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from articles.content import content_hash
from articles.models import Snapshot
from articles.public.citation import gbt7714
from articles.public.notices import Print


@dataclass(frozen=True, slots=True)
class Proof:
    newspaper: str
    date: datetime.date
    page_number: int
    section: str
    issue_number: str
    kind: str
    heading: str
    body: Sequence[dict[str, str]]
    citation: str
    fingerprint: str
    """SHA-256 in groups of eight, over exactly what the proof shows as published."""
    edition: int
    """第几次见报稿: more than 1 when the text was corrected after it went out."""
    online_since: datetime.datetime
    made_at: datetime.datetime
    prints: Sequence[Print]


def proof_of(snapshot: Snapshot, prints: Sequence[Print]) -> Proof:
    content = snapshot.content
    digest = fingerprint(snapshot)
    return Proof(
        newspaper=snapshot.newspaper.name,
        date=snapshot.date,
        page_number=snapshot.page_number,
        section=snapshot.section,
        issue_number=snapshot.issue.number,
        kind=snapshot.notice_kind,
        heading=content["heading"],
        body=content["body"],
        citation=cite_notice(snapshot),
        fingerprint=" ".join(digest[start : start + 8] for start in range(0, len(digest), 8)),
        edition=snapshot.number,
        online_since=timezone.localtime(snapshot.published_at),
        made_at=timezone.localtime(),
        prints=prints,
    )


def fingerprint(snapshot: Snapshot) -> str:
    """SHA-256 over the canonical JSON of newspaper, date, page, kind, heading and paragraphs as readers see them."""
    content = snapshot.content
    return content_hash(
        {
            "newspaper": snapshot.newspaper.name,
            "date": snapshot.date.isoformat(),
            "page": snapshot.page_number,
            "kind": snapshot.notice_kind,
            "heading": content["heading"],
            "body": [piece["text"] for piece in content["body"]],
        }
    )


def cite_notice(snapshot: Snapshot) -> str:
    """GB/T 7714—2015, 报纸析出文献; notices have no authors."""
    return gbt7714(
        authors=[],
        title=snapshot.title,
        newspaper=snapshot.newspaper.name,
        date=snapshot.date,
        page=snapshot.page_number,
    )
