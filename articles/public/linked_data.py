"""JSON-LD (schema.org) of public pages."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from articles.models import Issue, Newspaper, Snapshot
from articles.public.corrections import Told
from articles.public.head import JsonLd

_CONTEXT = "https://schema.org"
_LANGUAGE = "zh-Hans"


# 本报讯, 本报北京3月5日电, 新华社福州12月20日电: what stands before the first words of a report.
_DATELINE = re.compile(
    r"\s*(本报(?:综合)?(?:消息|讯)|[\u4e00-\u9fff]{1,6}[社报网][\u4e00-\u9fff]{0,8}(?:\d{1,2}月\d{1,2}日)?[电讯])(?=[\s（(:：])"
)


def dateline(content: dict[str, Any]) -> str:
    """电头, as printed at the beginning of the text; empty where there is none."""
    first = next((piece["text"] for piece in content["body"] if piece["role"] == "paragraph"), "")
    found = _DATELINE.match(first)
    return found[1] if found else ""


def _instant(at: datetime.datetime) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds")


def _periodical(newspaper: Newspaper, url: str) -> JsonLd:
    return {"@type": "Periodical", "name": newspaper.name, "url": url}


def publication_issue(issue: Issue, newspaper: Newspaper, *, url: str, newspaper_url: str) -> JsonLd:
    data: JsonLd = {
        "@type": "PublicationIssue",
        "url": url,
        "datePublished": issue.date.isoformat() if issue.date else "",
        "isPartOf": _periodical(newspaper, newspaper_url),
    }
    if issue.number:
        data["issueNumber"] = issue.number
    return data


def issue_page(issue: Issue, newspaper: Newspaper, *, url: str, newspaper_url: str) -> JsonLd:
    """The head of an issue."""
    name = f"{newspaper.name} {issue.date:%Y-%m-%d}" if issue.date else newspaper.name
    issue_data = publication_issue(issue, newspaper, url=url, newspaper_url=newspaper_url)
    return {"@context": _CONTEXT, **issue_data, "@id": url, "name": name, "inLanguage": _LANGUAGE}


def website(*, name: str, url: str) -> JsonLd:
    return {"@context": _CONTEXT, "@type": "WebSite", "name": name, "url": url, "inLanguage": _LANGUAGE}


def news_article(
    snapshot: Snapshot,
    *,
    url: str,
    issue_url: str,
    newspaper_url: str,
    topics: Sequence[str] = (),
    corrections: Sequence[Told] = (),
) -> JsonLd:
    """The head of an article. Only what readers see: the snapshot's masked content."""
    content: dict[str, Any] = snapshot.content
    data: JsonLd = {
        "@context": _CONTEXT,
        "@type": "NewsArticle",
        "@id": url,
        "url": url,
        "mainEntityOfPage": url,
        "headline": snapshot.title,
        "inLanguage": _LANGUAGE,
        "datePublished": snapshot.date.isoformat(),
        "dateModified": _instant(snapshot.live_from),
        "printEdition": snapshot.issue.number or snapshot.date.isoformat(),
        "printPage": str(snapshot.page_number),
        "isAccessibleForFree": True,
        "publisher": {"@type": "Organization", "name": snapshot.newspaper.name, "url": newspaper_url},
        "isPartOf": publication_issue(snapshot.issue, snapshot.newspaper, url=issue_url, newspaper_url=newspaper_url),
    }
    optional = {
        "alternativeHeadline": " ".join(content.get("deck") or ()),
        "description": snapshot.summary,
        "printSection": snapshot.section,
        "articleSection": content.get("column") or snapshot.section,
        "author": [{"@type": "Person", "name": credit["name"]} for credit in content.get("credits") or ()],
        "about": [{"@type": "Thing", "name": name} for name in topics],
        "dateline": dateline(content),
        "correction": [
            {"@type": "CorrectionComment", "text": f"{told.kind}：{told.text}", "datePublished": _instant(told.at)}
            for told in corrections
        ],
    }
    return data | {key: value for key, value in optional.items() if value}
