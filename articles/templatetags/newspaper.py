"""How public templates write dates and machine-readable data."""

from __future__ import annotations

import datetime
import json
import re
from typing import Any

from django import template
from django.conf import settings
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_WEEKDAYS = "一二三四五六日"

# Inside a script element only these could end it, open a comment, or trip an old parser; JSON has an escape for each.
_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


@register.filter
def long_date(date: datetime.date) -> str:
    """2024年3月5日 星期二."""
    return f"{short_date(date)} 星期{_WEEKDAYS[date.weekday()]}"


@register.filter
def short_date(date: datetime.date) -> str:
    """2024年3月5日."""
    return f"{date.year}年{date.month}月{date.day}日"


@register.filter
def local_day(at: datetime.datetime) -> str:
    """2024年3月5日, the day it was in the newspaper's town."""
    return short_date(timezone.localtime(at).date())


@register.filter
def iso(date: datetime.date) -> str:
    """2024-03-05, or 2024-03-05T08:00:00+08:00, for machines."""
    return date.isoformat(timespec="seconds") if isinstance(date, datetime.datetime) else date.isoformat()


# A phrase of a headline longer than this may have to break on a phone.
_PHRASE = 12
_BETWEEN_PHRASES = re.compile(r"\s+|(?<=[，：；！？、])")
_GAP = re.compile(r"(\s+)|(?<=[，：；！？])(?![\s”’）》」』，：；！？]|$)")


@register.filter
def in_lines(headline: str) -> bool:
    """Whether the headline is made of short phrases: 全省唯一 池店桥南社区 入选全国典型案例."""
    phrases = [phrase for phrase in _BETWEEN_PHRASES.split(headline) if phrase]
    return len(phrases) > 1 and max(map(len, phrases)) <= _PHRASE


@register.filter
def in_phrases(headline: str) -> SafeString:
    """Each phrase in a span of its own: on a narrow screen the headline breaks between them first, as it was set in
    lines, and inside one only where the phrase is longer than a line."""
    parts = [part for part in _GAP.split(headline.strip()) if part]
    if len(parts) == 1:
        return escape(headline)
    return mark_safe(  # noqa: S308 - escaped piece by piece
        "".join(part if part.isspace() else f'<span class="phrase">{escape(part)}</span>' for part in parts)
    )


@register.simple_tag
def json_ld(data: dict[str, Any]) -> SafeString:
    """A JSON-LD block. No text in it, whoever wrote it, can end the block or start a tag."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - escaped just above


class _FixedNode(template.Node):
    def __init__(self, nodes: template.NodeList) -> None:
        self.nodes = nodes
        self.rendered: dict[tuple[str, str], SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        key = (get_script_prefix(), settings.SITE_NAME)
        if key not in self.rendered:
            self.rendered[key] = self.nodes.render(context)
        return self.rendered[key]


@register.tag
def fixed(parser: template.base.Parser, token: template.base.Token) -> _FixedNode:
    """``{% fixed %}…{% endfixed %}``: rendered once a process. It may depend on nothing but the name of the site and
    where the site is mounted."""
    nodes = parser.parse(("endfixed",))
    parser.delete_first_token()
    return _FixedNode(nodes)
