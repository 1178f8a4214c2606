"""JSON-LD (schema.org) of public pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from articles.models import Issue, Newspaper, Snapshot
from articles.public.head import JsonLd

_CONTEXT = "https://schema.org"
_LANGUAGE = "zh-Hans"


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
    snapshot: Snapshot, *, url: str, issue_url: str, newspaper_url: str, topics: Sequence[str] = ()
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
        "dateModified": snapshot.live_from.isoformat(timespec="seconds"),
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
    }
    return data | {key: value for key, value in optional.items() if value}
